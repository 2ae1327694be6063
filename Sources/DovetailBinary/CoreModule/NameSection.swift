// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

/// The `component-name` custom section: names for people. (Binary.md, "Name Section")
package struct NameSection: Sendable {
    /// The component's own name.
    package private(set) var component: String?
    /// The names in each index space.
    package private(set) var names: [Sort: [UInt32: String]] = [:]

    /// Reads the payload `section.range` of `bytes`; `nil` for another section. What cannot be read is left out,
    /// since custom sections never make a binary invalid.
    package init?(_ section: CustomSection, in bytes: UnsafeRawBufferPointer) {
        guard section.name == "component-name" else { return nil }
        var reader = ByteReader(bytes, range: section.range)
        // A subsection that cannot be read ends the reading: nothing behind it can be trusted.
        try? read(&reader)
    }

    private mutating func read(_ reader: inout ByteReader) throws(BinaryError) {
        while !reader.isAtEnd {
            let id = try reader.byte("a subsection")
            var part = try reader.part(Int(try reader.u32("the size of a subsection")), "a subsection")
            switch id {
            case 0: component = try part.name("a component's name")
            case 1:
                let sort = try part.sort()
                try part.names(into: &names[sort, default: [:]])
            default: continue
            }
        }
    }
}

/// The `name` custom section of a core module, as far as it names the module.
package enum CoreNameSection {
    /// The module's name; `nil` when the section is another one, does not name the module, or cannot be read.
    package static func moduleName(_ section: CustomSection, in bytes: UnsafeRawBufferPointer) -> String? {
        guard section.name == CoreNames.section else { return nil }
        var reader = ByteReader(bytes, range: section.range)
        do throws(BinaryError) {
            while !reader.isAtEnd {
                let id = try reader.byte("a subsection")
                var part = try reader.part(Int(try reader.u32("the size of a subsection")), "a subsection")
                if id == 0 { return try part.name("a module's name") }
            }
        } catch {
            return nil
        }
        return nil
    }
}
