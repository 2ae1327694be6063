// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

// Instances, aliases, imports, exports, starts and values. (Binary.md)
extension ByteReader {
    mutating func coreInstance() throws(BinaryError) -> CoreInstanceExpression {
        let start = offset
        switch try byte("a core instance") {
        case 0x00:
            let module = try u32("a core module index")
            let arguments = try vector("arguments", maximum: Limits.arguments) {
                reader throws(BinaryError) -> CoreInstantiateArgument in
                let name = try reader.name("an argument's name")
                let start = reader.offset
                let sort = try reader.byte("an argument's sort")
                guard sort == CoreSort.instance.rawValue else {
                    throw .unknownByte(
                        sort, for: "an instantiation argument, which is a core instance (0x12)", at: start)
                }
                return CoreInstantiateArgument(name: name, instance: try reader.u32("a core instance index"))
            }
            return .instantiate(module: module, arguments: arguments)
        case 0x01:
            return .exports(
                try vector("inline exports", maximum: Limits.arguments) {
                    reader throws(BinaryError) -> CoreInlineExport in
                    let name = try reader.name("an export's name")
                    let sort = try reader.coreSort()
                    return CoreInlineExport(
                        name: name, item: CoreSortIndex(sort: sort, index: try reader.u32("a \(sort) index")))
                })
        case let other: throw .unknownByte(other, for: "a core instance", at: start)
        }
    }

    mutating func instance() throws(BinaryError) -> InstanceExpression {
        let start = offset
        switch try byte("an instance") {
        case 0x00:
            let component = try u32("a component index")
            let arguments = try vector("arguments", maximum: Limits.arguments) {
                reader throws(BinaryError) -> InstantiateArgument in
                InstantiateArgument(name: try reader.name("an argument's name"), item: try reader.sortIndex())
            }
            return .instantiate(component: component, arguments: arguments)
        case 0x01:
            return .exports(
                try vector("inline exports", maximum: Limits.arguments) {
                    reader throws(BinaryError) -> InlineExport in
                    InlineExport(name: try reader.externName(), item: try reader.sortIndex())
                })
        case let other: throw .unknownByte(other, for: "an instance", at: start)
        }
    }

    package mutating func coreSort() throws(BinaryError) -> CoreSort {
        let start = offset
        let code = try byte("a core sort")
        guard let sort = CoreSort(rawValue: code) else { throw .unknownByte(code, for: "a core sort", at: start) }
        return sort
    }

    package mutating func sort() throws(BinaryError) -> Sort {
        let start = offset
        switch try byte("a sort") {
        case 0x00: return .core(try coreSort())
        case 0x01: return .function
        case 0x02: return .value
        case 0x03: return .type
        case 0x04: return .component
        case 0x05: return .instance
        case let other: throw .unknownByte(other, for: "a sort", at: start)
        }
    }

    mutating func sortIndex() throws(BinaryError) -> SortIndex {
        let sort = try sort()
        return SortIndex(sort: sort, index: try u32("a \(sort) index"))
    }

    mutating func alias() throws(BinaryError) -> Alias {
        let sort = try sort()
        let start = offset
        switch try byte("an alias") {
        case 0x00:
            let instance = try u32("an instance index")
            return Alias(sort: sort, target: .export(instance: instance, name: try name("an export's name")))
        case 0x01:
            let instance = try u32("a core instance index")
            return Alias(sort: sort, target: .coreExport(instance: instance, name: try name("an export's name")))
        case 0x02:
            switch sort {
            case .type, .component, .core(.type), .core(.module): break
            case .core, .function, .value, .instance:
                throw .malformed("a \(sort) cannot be aliased from an outer scope", at: start)
            }
            let count = try u32("a number of scopes")
            return Alias(sort: sort, target: .outer(count: count, index: try u32("a \(sort) index")))
        case let other: throw .unknownByte(other, for: "an alias", at: start)
        }
    }

    /// A name with its attributes. (Binary.md, `nameattributes`)
    mutating func externName() throws(BinaryError) -> ExternName {
        let start = offset
        let form = try byte("an extern name")
        guard form <= 0x02 else { throw .unknownByte(form, for: "an extern name", at: start) }
        var name = ExternName(name: try self.name("an extern name"))
        guard form == 0x02 else { return name }
        let count = try count("attributes", maximum: Limits.canonicalOptions)
        for _ in 0..<count {
            let start = offset
            switch try byte("an attribute") {
            case 0x00:
                guard name.implements == nil else {
                    throw .malformed("attribute `implements` is given twice", at: start)
                }
                name.implements = try self.name("an interface name")
            case 0x01:
                guard name.versionSuffix == nil else {
                    throw .malformed("attribute `version-suffix` is given twice", at: start)
                }
                name.versionSuffix = try self.name("a version suffix")
            case 0x02:
                guard name.externalID == nil else {
                    throw .malformed("attribute `external-id` is given twice", at: start)
                }
                name.externalID = try self.name("an external identifier")
            case let other: throw .unknownByte(other, for: "an attribute of an extern name", at: start)
            }
        }
        return name
    }

    mutating func externType() throws(BinaryError) -> ExternTypeReference {
        let start = offset
        switch try byte("an extern type") {
        case 0x00:
            let start = offset
            let sort = try byte("a core extern type")
            guard sort == CoreSort.module.rawValue else {
                throw .unknownByte(sort, for: "a core extern type, which is a core module (0x11)", at: start)
            }
            return .coreModule(try u32("a core type index"))
        case 0x01: return .function(try u32("a type index"))
        case 0x02: return .value(try valueBound())
        case 0x03: return .type(try typeBound())
        case 0x04: return .component(try u32("a type index"))
        case 0x05: return .instance(try u32("a type index"))
        case let other: throw .unknownByte(other, for: "an extern type", at: start)
        }
    }

    private mutating func typeBound() throws(BinaryError) -> TypeBound {
        let start = offset
        switch try byte("a type bound") {
        case 0x00: return .equal(try u32("a type index"))
        case 0x01: return .subResource
        case let other: throw .unknownByte(other, for: "a type bound", at: start)
        }
    }

    private mutating func valueBound() throws(BinaryError) -> ValueBound {
        let start = offset
        // The reference encoder leaves the bound's code out; a primitive's code cannot be mistaken for one.
        if let code = peek(), Self.primitive(code) != nil { return .type(try valueType()) }
        switch try byte("a value bound") {
        case 0x00: return .equal(try u32("a value index"))
        case 0x01: return .type(try valueType())
        case let other: throw .unknownByte(other, for: "a value bound", at: start)
        }
    }

    mutating func exportDefinition() throws(BinaryError) -> ExportDefinition {
        let name = try externName()
        let item = try sortIndex()
        let type = try boolean("an optional extern type") ? try externType() : nil
        return ExportDefinition(name: name, item: item, type: type)
    }

    mutating func startDefinition() throws(BinaryError) -> StartDefinition {
        let function = try u32("a function index")
        let arguments = try vector("arguments of a start function", maximum: Limits.parameters) {
            reader throws(BinaryError) -> UInt32 in try reader.u32("a value index")
        }
        let start = offset
        let results = try u32("the number of results")
        guard results <= UInt32(Limits.parameters) else {
            throw .limit("results of a start function", maximum: Limits.parameters, at: start)
        }
        return StartDefinition(function: function, arguments: arguments, resultCount: results)
    }

    mutating func valueDefinition() throws(BinaryError) -> ValueDefinition {
        let type = try valueType()
        let length = Int(try u32("the length of a value"))
        return ValueDefinition(type: type, range: try skip(length, "a value"))
    }
}
