// SPDX-License-Identifier: Apache-2.0

/// The `producers` custom section: which languages and tools made a binary.
package struct ProducersSection: Hashable, Sendable {
    /// One kind of producers.
    package struct Field: Hashable, Sendable {
        /// `language`, `processed-by` or `sdk`.
        package var name: String
        /// The producers of that kind.
        package var values: [Value]

        /// Makes a kind of producers.
        package init(name: String, values: [Value]) {
            self.name = name
            self.values = values
        }
    }

    /// One producer.
    package struct Value: Hashable, Sendable {
        /// The name of the tool or language.
        package var name: String
        /// Its version; may be empty.
        package var version: String

        /// Makes a producer.
        package init(name: String, version: String) {
            self.name = name
            self.version = version
        }
    }

    /// The kinds in file order.
    package var fields: [Field]

    /// Makes a section.
    package init(fields: [Field]) { self.fields = fields }

    /// Reads the payload `section.range` of `bytes`; `nil` for another section, and for one that cannot be read,
    /// since custom sections never make a binary invalid.
    package init?(_ section: CustomSection, in bytes: UnsafeRawBufferPointer) {
        guard section.name == "producers" else { return nil }
        var reader = ByteReader(bytes, range: section.range)
        do throws(BinaryError) {
            fields = try reader.vector("fields", maximum: 1_000) { reader throws(BinaryError) -> Field in
                let name = try reader.name("a field's name")
                let values = try reader.vector("values", maximum: 10_000) { reader throws(BinaryError) -> Value in
                    Value(name: try reader.name("a name"), version: try reader.name("a version"))
                }
                return Field(name: name, values: values)
            }
        } catch {
            return nil
        }
    }
}

extension ProducersSection {
    /// The name of the custom section.
    package static let name = "producers"

    /// Says that a tool has worked on the binary.
    package init(processedBy tool: String, version: String) {
        self.init(fields: [Field(name: "processed-by", values: [Value(name: tool, version: version)])])
    }

    /// The payload of the custom section.
    package func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.vector(fields) { writer, field in
            writer.name(field.name)
            writer.vector(field.values) { writer, value in
                writer.name(value.name)
                writer.name(value.version)
            }
        }
        return writer.bytes
    }
}
