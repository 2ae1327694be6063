// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
package import DovetailTypes
import DovetailValidation
import DovetailWITBinary
package import DovetailWITReader

/// Something that component types are written to: a component, a component type or an instance type.
///
/// It decides how a type is referred to, by ``value(_:depth:)``; what a type consists of is written the same everywhere.
package protocol WITTypeSink {
    /// Where the types come from.
    var graph: PackageGraph { get }
    /// The item that is being written, for errors.
    var place: Int { get }

    /// How a type is referred to; it is written first when that is needed.
    mutating func value(_ type: ValueType, depth: Int) throws(BinaryError) -> ValueTypeReference
    /// Writes a type definition and gives its index.
    mutating func define(_ type: ComponentTypeDefinition) throws(BinaryError) -> UInt32
}

extension WITTypeSink {
    /// The type of a function; types that it uses are written.
    package mutating func type(of function: FunctionDefinition) throws(BinaryError) -> FunctionTypeDefinition {
        var parameters: [LabeledType] = []
        for parameter in function.parameters {
            parameters.append(LabeledType(label: parameter.name, type: try value(parameter.type, depth: 0)))
        }
        guard parameters.count <= Limits.parameters else {
            throw .limit("parameters of a function", maximum: Limits.parameters, at: place)
        }
        let result = try optional(function.result, depth: 0)
        return FunctionTypeDefinition(isAsync: function.isAsync, parameters: parameters, result: result)
    }

    private mutating func optional(_ type: ValueType?, depth: Int) throws(BinaryError) -> ValueTypeReference? {
        guard let type else { return nil }
        return try value(type, depth: depth)
    }

    /// Writes what a type consists of.
    package mutating func structure(_ kind: TypeKind, depth: Int) throws(BinaryError) -> ValueTypeReference {
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
        case .resource: throw .notWIT("a resource has no name", at: place)
        }
        return .index(try define(.value(type)))
    }

    private func check(_ count: Int, _ what: String) throws(BinaryError) {
        guard count <= Limits.fields else { throw .limit(what, maximum: Limits.fields, at: place) }
    }

    private mutating func resource(_ id: TypeID, depth: Int) throws(BinaryError) -> UInt32 {
        guard case .index(let index) = try value(.defined(id), depth: depth) else {
            throw .notWIT("`\(graph.types[id].name ?? "")` is not a resource", at: place)
        }
        return index
    }
}
