// SPDX-License-Identifier: Apache-2.0

extension ProducersSection {
    /// The name of the custom section.
    package static let name = "producers"

    /// Says that a tool has worked on the binary.
    package init(processedBy tool: String, version: String) {
        fields = [Field(name: "processed-by", values: [Value(name: tool, version: version)])]
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
