// SPDX-License-Identifier: Apache-2.0

/// The names that the `name` section of a core module gives, for people. (WebAssembly 3.0, "Name Section")
package struct CoreNames: Sendable {
    /// Names by index.
    package typealias Map = [UInt32: String]

    /// The module's own name.
    package private(set) var module: String?
    /// The names in each index space.
    package private(set) var names: [CoreIndexSpace: Map] = [:]
    /// The names of locals, and those of labels, by the index of their function.
    package private(set) var locals: [UInt32: Map] = [:]
    package private(set) var labels: [UInt32: Map] = [:]
    /// The names of fields, by the index of their type.
    package private(set) var fields: [UInt32: Map] = [:]

    /// Reads the names of `module`; none when there is no such section. What cannot be read is left out, since custom
    /// sections never make a module invalid.
    package init(_ module: CoreModuleBinary) {
        guard let section = module.customSections.first(where: { $0.name == "name" }) else { return }
        section.payload.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            try? read(&reader)
        }
    }

    private mutating func read(_ reader: inout ByteReader) throws(BinaryError) {
        while !reader.isAtEnd {
            let id = try reader.byte("a subsection")
            var part = try reader.part(Int(try reader.u32("the size of a subsection")), "a subsection")
            switch id {
            case 0: module = try part.name("a module's name")
            case 1: names[.function] = try part.names()
            case 2: locals = try part.indirectNames()
            case 3: labels = try part.indirectNames()
            case 4: names[.type] = try part.names()
            case 5: names[.table] = try part.names()
            case 6: names[.memory] = try part.names()
            case 7: names[.global] = try part.names()
            case 8: names[.element] = try part.names()
            case 9: names[.data] = try part.names()
            case 10: fields = try part.indirectNames()
            case 11: names[.tag] = try part.names()
            default: continue
            }
        }
    }
}

extension ByteReader {
    fileprivate mutating func names() throws(BinaryError) -> CoreNames.Map {
        var names: CoreNames.Map = [:]
        let count = try count("names", maximum: Limits.sectionItems)
        for _ in 0..<count {
            let index = try u32("an index")
            names[index] = try name("a name")
        }
        return names
    }

    fileprivate mutating func indirectNames() throws(BinaryError) -> [UInt32: CoreNames.Map] {
        var names: [UInt32: CoreNames.Map] = [:]
        let count = try count("groups of names", maximum: Limits.sectionItems)
        for _ in 0..<count {
            let index = try u32("an index")
            names[index] = try self.names()
        }
        return names
    }
}
