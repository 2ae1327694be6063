// SPDX-License-Identifier: Apache-2.0

/// The names that the `name` section of a core module gives globals. (WebAssembly 3.0, "Name Section")
package struct GlobalNames: Sendable {
    /// The names by index; none when there is no such section or it cannot be read.
    package private(set) var names: [UInt32: String] = [:]

    /// Reads the names of `module`.
    package init(_ module: CoreModuleBinary) {
        guard let section = module.customSections.first(where: { $0.name == "name" }) else { return }
        names = section.payload.withUnsafeBytes { bytes in
            var names: [UInt32: String] = [:]
            // Custom sections never make a module invalid: what cannot be read is left out.
            try? Self.read(ByteReader(bytes), into: &names)
            return names
        }
    }

    private static func read(_ reader: ByteReader, into names: inout [UInt32: String]) throws(BinaryError) {
        var reader = reader
        while !reader.isAtEnd {
            let id = try reader.byte("a subsection")
            var part = try reader.part(Int(try reader.u32("the size of a subsection")), "a subsection")
            guard id == 7 else { continue }
            let count = try part.count("names", maximum: Limits.sectionItems)
            for _ in 0..<count {
                let index = try part.u32("an index")
                names[index] = try part.name("a name")
            }
        }
    }
}
