// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailWITReader

extension WITDecoder {
    /// The named type that `type`, or one that it is another name of, stands for.
    private mutating func named(_ type: Int?) throws(BinaryError) -> TypeID? {
        var current = type
        while let type = current {
            if let id = known[type] { return id }
            try evaluator.spend()
            current = evaluator.types[type].origin
        }
        return nil
    }

    /// Defines the named type `type` of an interface or a world.
    mutating func typeExport(_ name: ExternName, _ type: Int, owner: TypeOwner) throws(BinaryError) -> TypeID {
        try checkLabel(name.name)
        guard known[type] == nil else { throw .typeTwice(name.name, at: offset) }
        let node = evaluator.types[type]
        let kind: TypeKind
        if let target = try named(node.origin) {
            kind = .alias(.defined(target))
        } else {
            if let origin = node.origin, let first = anonymous.firstUses[origin], first != owner {
                throw .foreignType(name.name, at: offset)
            }
            switch node.shape {
            case .resource: kind = .resource
            case .value(let definition): kind = try self.kind(definition, of: type, owner: owner, depth: 0)
            case .function, .instance, .component:
                throw .notWIT("type `\(name.name)` is neither a value type nor a resource", at: offset)
            }
        }
        let id = graph.types.append(
            TypeDefinition(kind: kind, name: name.name, owner: owner, externalID: name.externalID))
        known[type] = id
        if case .alias(.defined(let target)) = kind {
            let use = Anonymous.NamedUse(type: target, owner: owner)
            if anonymous.namedUses[use] == nil { anonymous.namedUses[use] = id }
        }
        return id
    }

    /// The value type that an index in the scope of `node` means.
    private mutating func value(
        _ reference: ValueTypeReference, of node: Int, owner: TypeOwner, depth: Int
    ) throws(BinaryError) -> ValueType {
        try evaluator.spend()
        switch reference {
        case .primitive(let type): return type
        case .index(let index):
            let type = try evaluator.type(index, from: node)
            guard case .value(let definition) = evaluator.types[type].shape else {
                throw .typeMismatch("type index \(index) is not a value type", at: offset)
            }
            if let id = known[type] { return .defined(try use(id, in: owner)) }
            switch definition {
            case .primitive(let primitive): return primitive
            case .record, .variant, .flags, .enum:
                guard let id = try named(evaluator.types[type].origin) else {
                    throw .notWIT("a type that needs a name has none", at: offset)
                }
                return .defined(try use(id, in: owner))
            default: break
            }
            if let id = anonymous.ids[Anonymous.Use(type: type, owner: owner)] {
                // An anonymous type is spelled out wherever it is used.
                try evaluator.spend(anonymous.sizes[id] ?? 1)
                return .defined(id)
            }
            let kind = try self.kind(definition, of: type, owner: owner, depth: depth + 1)
            let id = graph.types.append(TypeDefinition(kind: kind))
            anonymous.ids[Anonymous.Use(type: type, owner: owner)] = id
            anonymous.sizes[id] = size(of: kind)
            if anonymous.firstUses[type] == nil { anonymous.firstUses[type] = owner }
            return .defined(id)
        }
    }

    /// How `owner` refers to a named type. Functions may use types of other interfaces without giving them a name beside
    /// the function; WIT needs one.
    private mutating func use(_ id: TypeID, in owner: TypeOwner) throws(BinaryError) -> TypeID {
        guard graph.types[id].owner != owner, case .interface(let interface) = graph.types[id].owner,
            let name = graph.types[id].name, let interfaceName = graph[interface].name
        else { return id }
        let use = Anonymous.NamedUse(type: id, owner: owner)
        if let known = anonymous.namedUses[use] { return known }
        switch owner {
        case .none: return id
        case .interface: break
        case .world(let world):
            // A `use` would make an import of what is only exported.
            guard graph[world].imports[.interface(interface)] != nil else { return id }
        }
        var free = name
        let numbered = Anonymous.Numbered(name: name, owner: owner)
        var number = anonymous.numbers[numbered] ?? 1
        defer { anonymous.numbers[numbered] = number }
        while names[owner]?.contains(ExternName.canonical(free)) == true {
            free = number == 1 ? "\(interfaceName)-\(name)" : "\(name)-\(number)"
            number += 1
        }
        names[owner, default: []].insert(ExternName.canonical(free))
        let alias = graph.types.append(TypeDefinition(kind: .alias(.defined(id)), name: free, owner: owner))
        switch owner {
        case .none: break
        case .interface(let user): graph.interfaces[user.index].types[free] = alias
        case .world(let world): graph.worlds[world.index].imports[.name(free)] = WorldItem(.type(alias))
        }
        anonymous.namedUses[use] = alias
        return alias
    }

    /// How many types are written where an anonymous type is written.
    private func size(of kind: TypeKind) -> Int {
        let parts: [ValueType?] =
            switch kind {
            case .tuple(let elements): elements
            case .option(let type), .list(let type), .fixedLengthList(let type, _): [type]
            case .result(let ok, let error): [ok, error]
            case .stream(let payload), .future(let payload): [payload]
            case .map(let key, let value): [key, value]
            default: []
            }
        return parts.reduce(1) { sum, part in
            guard case .defined(let id)? = part, let size = anonymous.sizes[id] else { return sum + 1 }
            return min(sum + size, Limits.typeSize + 1)
        }
    }

    private mutating func optional(
        _ reference: ValueTypeReference?, of node: Int, owner: TypeOwner, depth: Int
    ) throws(BinaryError) -> ValueType? {
        guard let reference else { return nil }
        return try value(reference, of: node, owner: owner, depth: depth)
    }

    /// What the value type `type` consists of.
    private mutating func kind(
        _ definition: DefinedValueType, of type: Int, owner: TypeOwner, depth: Int
    ) throws(BinaryError) -> TypeKind {
        guard depth < Limits.typeDepth else {
            throw .nestedTooDeeply("types", maximum: Limits.typeDepth, at: offset)
        }
        func resource(_ index: UInt32, _ decoder: inout WITDecoder) throws(BinaryError) -> TypeID {
            guard let id = try decoder.named(try decoder.evaluator.type(index, from: type)) else {
                throw .notWIT("a resource that needs a name has none", at: decoder.offset)
            }
            return try decoder.use(id, in: owner)
        }
        switch definition {
        case .primitive(let primitive): return .alias(primitive)
        case .record(let fields):
            var result: [Field] = []
            for field in fields {
                result.append(
                    Field(name: field.label, type: try value(field.type, of: type, owner: owner, depth: depth)))
            }
            return .record(result)
        case .variant(let cases):
            var result: [Case] = []
            for item in cases {
                result.append(
                    Case(name: item.label, type: try optional(item.type, of: type, owner: owner, depth: depth)))
            }
            return .variant(result)
        case .flags(let labels): return .flags(labels.map { Label(name: $0) })
        case .enum(let labels): return .enum(labels.map { Label(name: $0) })
        case .tuple(let elements):
            var result: [ValueType] = []
            for element in elements { result.append(try value(element, of: type, owner: owner, depth: depth)) }
            return .tuple(result)
        case .list(let element): return .list(try value(element, of: type, owner: owner, depth: depth))
        case .fixedLengthList(let element, let count):
            return .fixedLengthList(try value(element, of: type, owner: owner, depth: depth), count: count)
        case .option(let payload): return .option(try value(payload, of: type, owner: owner, depth: depth))
        case .result(let ok, let error):
            let success = try optional(ok, of: type, owner: owner, depth: depth)
            return .result(ok: success, error: try optional(error, of: type, owner: owner, depth: depth))
        case .own(let index): return .own(try resource(index, &self))
        case .borrow(let index): return .borrow(try resource(index, &self))
        case .stream(let payload): return .stream(try optional(payload, of: type, owner: owner, depth: depth))
        case .future(let payload): return .future(try optional(payload, of: type, owner: owner, depth: depth))
        case .map(let key, let value):
            let first = try self.value(key, of: type, owner: owner, depth: depth)
            return .map(key: first, value: try self.value(value, of: type, owner: owner, depth: depth))
        }
    }

    // MARK: - Functions

    /// The function `name` of an interface or a world, whose type is `type`.
    mutating func function(
        _ name: ExternName, _ type: Int, owner: TypeOwner
    ) throws(BinaryError) -> FunctionDefinition {
        guard case .function(let definition) = evaluator.types[type].shape else {
            throw .notWIT("`\(name.name)` is not a function", at: offset)
        }
        var result = FunctionDefinition(name: name.name, isAsync: definition.isAsync, externalID: name.externalID)
        switch try NameGrammar.parse(name.name, features: .all, at: offset) {
        case .label: break
        case .interface: throw .notWIT("function `\(name.name)` has the name of an interface", at: offset)
        case .accessor(let accessor, _): result.role = accessor == .get ? .getter : .setter
        case .constructor(let label): result.owner = .constructor(try resource(label, of: owner))
        case .method(let accessor, let label, _):
            result.owner = .method(try resource(label, of: owner))
            if let accessor { result.role = accessor == .get ? .getter : .setter }
        case .static(let accessor, let label, _):
            result.owner = .static(try resource(label, of: owner))
            if let accessor { result.role = accessor == .get ? .getter : .setter }
        }
        for parameter in definition.parameters {
            let value = try value(parameter.type, of: type, owner: owner, depth: 0)
            result.parameters.append(FunctionDefinition.Parameter(name: parameter.label, type: value))
        }
        result.result = try optional(definition.result, of: type, owner: owner, depth: 0)
        return result
    }

    private func resource(_ label: String, of owner: TypeOwner) throws(BinaryError) -> TypeID {
        let id: TypeID?
        switch owner {
        case .none: id = nil
        case .interface(let interface): id = graph[interface].types[label]
        case .world(let world):
            if case .type(let type)? = (graph[world].imports[.name(label)] ?? graph[world].exports[.name(label)])?.kind
            {
                id = type
            } else {
                id = nil
            }
        }
        // WIT declares functions of a resource inside of it, so another name of one does not do.
        guard let id, graph.types[id].kind == .resource, graph.types[id].owner == owner else {
            throw .notWIT("there is no resource `\(label)` that is declared beside its functions", at: offset)
        }
        return id
    }
}
