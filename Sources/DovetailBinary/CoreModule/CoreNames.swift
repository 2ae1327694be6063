// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

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

    /// The name of the custom section.
    package static let section = "name"

    /// The payload of a section that names functions, each of them once.
    package static func encoded(functions: [(index: UInt32, name: String)]) -> [UInt8] {
        var names = ByteWriter()
        names.vector(functions.sorted { $0.index < $1.index }) { writer, function in
            writer.u32(function.index)
            writer.name(function.name)
        }
        var writer = ByteWriter()
        writer.section(1, names.bytes)
        return writer.bytes
    }

    /// Reads the names of `module`; none when there is no such section. What cannot be read is left out, since custom
    /// sections never make a module invalid.
    package init(_ module: CoreModuleBinary) {
        guard let section = module.customSections.first(where: { $0.name == Self.section }) else { return }
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
            case 1: try part.names(into: &names[.function, default: [:]])
            case 2: try part.indirectNames(into: &locals)
            case 3: try part.indirectNames(into: &labels)
            case 4: try part.names(into: &names[.type, default: [:]])
            case 5: try part.names(into: &names[.table, default: [:]])
            case 6: try part.names(into: &names[.memory, default: [:]])
            case 7: try part.names(into: &names[.global, default: [:]])
            case 8: try part.names(into: &names[.element, default: [:]])
            case 9: try part.names(into: &names[.data, default: [:]])
            case 10: try part.indirectNames(into: &fields)
            case 11: try part.names(into: &names[.tag, default: [:]])
            default: continue
            }
        }
    }
}

extension ByteReader {
    /// Reads names by index; those before what cannot be read are kept.
    mutating func names(into names: inout [UInt32: String]) throws(BinaryError) {
        let count = try count("names", maximum: Limits.sectionItems)
        for _ in 0..<count {
            let index = try u32("an index")
            names[index] = try name("a name")
        }
    }

    fileprivate mutating func indirectNames(into names: inout [UInt32: CoreNames.Map]) throws(BinaryError) {
        let count = try count("groups of names", maximum: Limits.sectionItems)
        for _ in 0..<count { try self.names(into: &names[try u32("an index"), default: [:]]) }
    }
}
