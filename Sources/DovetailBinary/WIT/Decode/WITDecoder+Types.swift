// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

extension WITDecoder {
    /// The type that `type`, or one that it is another name of, is known as.
    private mutating func alias(of type: Int?) throws(BinaryError) -> TypeID? {
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
        guard known[type] == nil else { throw .typeTwice(name.name, at: offset) }
        let node = evaluator.types[type]
        var kind: TypeKind?
        if let target = try alias(of: node.origin) {
            if let first = anonymous[target] {
                guard first.owner == owner else { throw .foreignType(name.name, at: offset) }
                // What has no name is not referred to by one.
                kind = graph.types[target].kind
            } else {
                kind = .alias(.defined(target))
            }
        }
        if kind == nil {
            switch node.shape {
            case .resource: kind = .resource
            case .value(let definition): kind = try self.kind(definition, of: type, owner: owner, depth: 0)
            case .function, .instance, .component:
                throw .notWIT("type `\(name.name)` is neither a value type nor a resource", at: offset)
            }
        }
        guard let kind else { throw .notWIT("type `\(name.name)` has no definition", at: offset) }
        let id = graph.types.append(
            TypeDefinition(kind: kind, name: name.name, owner: owner, externalID: name.externalID))
        known[type] = id
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
            if let id = known[type] {
                // An anonymous type is spelled out wherever it is used.
                if let size = anonymous[id]?.size { try evaluator.spend(size) }
                return .defined(id)
            }
            guard case .value(let definition) = evaluator.types[type].shape else {
                throw .typeMismatch("type index \(index) is not a value type", at: offset)
            }
            if case .primitive(let primitive) = definition { return primitive }
            switch definition {
            case .record, .variant, .flags, .enum:
                if let id = try alias(of: evaluator.types[type].origin) { return .defined(id) }
                throw .notWIT("a type that needs a name has none", at: offset)
            default: break
            }
            let kind = try self.kind(definition, of: type, owner: owner, depth: depth + 1)
            let id = graph.types.append(TypeDefinition(kind: kind))
            known[type] = id
            anonymous[id] = Anonymous(owner: owner, size: size(of: kind))
            return .defined(id)
        }
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
            guard case .defined(let id)? = part, let size = anonymous[id]?.size else { return sum + 1 }
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
            guard let id = try decoder.alias(of: try decoder.evaluator.type(index, from: type)) else {
                throw .notWIT("a resource that needs a name has none", at: decoder.offset)
            }
            return id
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
        case .label, .interface: break
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
        guard let id, case .resource? = graph.types.resolvedKind(of: .defined(id)) else {
            throw .notWIT("there is no resource `\(label)` beside its functions", at: offset)
        }
        return id
    }
}
