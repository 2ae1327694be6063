// SPDX-License-Identifier: Apache-2.0

// The core type section. (Binary.md, "Type Definitions")
extension ComponentDecoder {
    /// A `core:deftype`.
    mutating func coreType(
        _ reader: inout ByteReader
    ) throws(BinaryError) -> CoreTypeDefinition {
        switch reader.peek() {
        case 0x00:
            // A non-final subtype is marked, since a module type took its code.
            _ = try reader.byte("a core type")
            let start = reader.offset
            guard let code = reader.peek() else { throw .unexpectedEnd(reading: "a core type", at: start) }
            guard code == 0x50 else { throw .unknownByte(code, for: "a non-final subtype", at: start) }
            return .recursive([try reader.coreSubtype()])
        case 0x50:
            _ = try reader.byte("a module type")
            return .module(try moduleDeclarations(&reader))
        default: return .recursive(try reader.coreRecursionGroup())
        }
    }

    private mutating func moduleDeclarations(
        _ reader: inout ByteReader
    ) throws(BinaryError) -> [Located<ModuleDeclaration>] {
        let count = try reader.count("declarations", maximum: Limits.typeDeclarations)
        var declarations: [Located<ModuleDeclaration>] = []
        declarations.reserveCapacity(min(count, 64))
        for _ in 0..<count {
            let start = reader.offset
            try spend(at: start)
            let declaration: ModuleDeclaration
            switch try reader.byte("a module type declaration") {
            case 0x00:
                let module = try reader.name("a module name")
                let name = try reader.name("an import's name")
                declaration = .import(module: module, name: name, try reader.coreExternType())
            case 0x01: declaration = .type(.recursive(try reader.coreRecursionGroup()))
            case 0x02:
                let sortOffset = reader.offset
                let sort = try reader.byte("an alias's sort")
                guard sort == CoreSort.type.rawValue else {
                    throw .unknownByte(
                        sort, for: "an alias in a module type, which is of a core type (0x10)", at: sortOffset)
                }
                let kindOffset = reader.offset
                let kind = try reader.byte("an alias's target")
                guard kind == 0x01 else {
                    throw .unknownByte(
                        kind, for: "an alias in a module type, which is an outer one (0x1)", at: kindOffset)
                }
                let count = try reader.u32("a number of scopes")
                declaration = .outerAlias(count: count, index: try reader.u32("a core type index"))
            case 0x03:
                let name = try reader.name("an export's name")
                declaration = .export(name: name, try reader.coreExternType())
            case let other: throw .unknownByte(other, for: "a module type declaration", at: start)
            }
            declarations.append(Located(declaration, at: start))
        }
        return declarations
    }
}
