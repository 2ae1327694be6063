// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

extension WITTypeEncoder {
    /// Deeper types are refused; valid ones are far from it.
    private static let maximumDepth = 1_000

    /// The index of a function's type.
    mutating func function(_ function: FunctionDefinition) throws(BinaryError) -> UInt32 {
        var parameters: [LabeledType] = []
        for parameter in function.parameters {
            parameters.append(LabeledType(label: parameter.name, type: try value(parameter.type, depth: 0)))
        }
        guard parameters.count <= Limits.parameters else {
            throw .limit("parameters of a function", maximum: Limits.parameters, at: log.place)
        }
        let result = try optional(function.result, depth: 0)
        let type = FunctionTypeDefinition(isAsync: function.isAsync, parameters: parameters, result: result)
        if let known = scope.functions[type] { return known }
        let index = try scope.define(.function(type))
        scope.functions[type] = index
        return index
    }

    private mutating func optional(_ type: ValueType?, depth: Int) throws(BinaryError) -> ValueTypeReference? {
        guard let type else { return nil }
        return try value(type, depth: depth)
    }

    /// How a type is referred to in the current scope; it is written first when that is needed.
    mutating func value(_ type: ValueType, depth: Int) throws(BinaryError) -> ValueTypeReference {
        guard case .defined(let id) = type else { return .primitive(type) }
        if let known = scope.types[id] { return known }
        guard depth < Self.maximumDepth else {
            throw .nestedTooDeeply("types", maximum: Self.maximumDepth, at: log.place)
        }
        let definition = graph.types[id]
        let reference: ValueTypeReference
        if case .interface(let other) = definition.owner, other != interface {
            reference = .index(try use(id, of: other))
        } else if isInner, case .world = definition.owner, case .index(let index)? = outer.types[id] {
            reference = .index(try lend(index))
        } else if let name = definition.name {
            reference = .index(try named(name, id, depth: depth))
        } else if let known = scope.anonymous[definition.kind] {
            reference = known
        } else {
            reference = try structure(definition.kind, depth: depth)
            scope.anonymous[definition.kind] = reference
        }
        scope.types[id] = reference
        return reference
    }

    /// Declares a named type: an export of the instance type, or an import of the world.
    private mutating func named(
        _ name: String, _ id: TypeID, depth: Int
    ) throws(BinaryError) -> UInt32 {
        let outer = log.place
        defer { log.resume(outer) }
        log.enter(.type(id))
        let definition = graph.types[id]
        let name = ExternName(name: name, externalID: definition.externalID)
        let isImport = !isInner
        if case .resource = definition.kind {
            return try scope.name(name, .subResource, isImport: isImport)
        }
        let index: UInt32
        switch try structure(definition.kind, depth: depth) {
        case .index(let known): index = known
        case .primitive(let primitive): index = try scope.define(.value(.primitive(primitive)))
        }
        return try scope.name(name, .equal(index), isImport: isImport)
    }

    /// Writes what a type consists of.
    private mutating func structure(_ kind: TypeKind, depth: Int) throws(BinaryError) -> ValueTypeReference {
        let depth = depth + 1
        let type: DefinedValueType
        switch kind {
        case .alias(let target): return try value(target, depth: depth)
        case .record(let fields):
            try check(fields.count, "fields of a record")
            var written: [LabeledType] = []
            for field in fields {
                written.append(LabeledType(label: field.name, type: try value(field.type, depth: depth)))
            }
            type = .record(written)
        case .variant(let cases):
            try check(cases.count, "cases of a variant")
            var written: [VariantCase] = []
            for item in cases {
                written.append(VariantCase(label: item.name, type: try optional(item.type, depth: depth)))
            }
            type = .variant(written)
        case .flags(let labels):
            try check(labels.count, "flags of one type")
            type = .flags(labels.map(\.name))
        case .enum(let labels):
            try check(labels.count, "cases of an enum")
            type = .enum(labels.map(\.name))
        case .tuple(let elements):
            try check(elements.count, "elements of a tuple")
            var written: [ValueTypeReference] = []
            for element in elements { written.append(try value(element, depth: depth)) }
            type = .tuple(written)
        case .option(let payload): type = .option(try value(payload, depth: depth))
        case .result(let ok, let error):
            let success = try optional(ok, depth: depth)
            type = .result(ok: success, error: try optional(error, depth: depth))
        case .list(let element): type = .list(try value(element, depth: depth))
        case .fixedLengthList(let element, let count):
            type = .fixedLengthList(try value(element, depth: depth), count)
        case .map(let key, let element):
            let first = try value(key, depth: depth)
            type = .map(first, try value(element, depth: depth))
        case .stream(let payload): type = .stream(try optional(payload, depth: depth))
        case .future(let payload): type = .future(try optional(payload, depth: depth))
        case .own(let id): type = .own(try resource(id, depth: depth))
        case .borrow(let id): type = .borrow(try resource(id, depth: depth))
        case .resource: throw .notWIT("a resource has no name", at: log.place)
        }
        return .index(try scope.define(.value(type)))
    }

    private func check(_ count: Int, _ what: String) throws(BinaryError) {
        guard count <= Limits.fields else { throw .limit(what, maximum: Limits.fields, at: log.place) }
    }

    private mutating func resource(_ id: TypeID, depth: Int) throws(BinaryError) -> UInt32 {
        guard case .index(let index) = try value(.defined(id), depth: depth) else {
            throw .notWIT("`\(graph.types[id].name ?? "")` is not a resource", at: log.place)
        }
        return index
    }
}
