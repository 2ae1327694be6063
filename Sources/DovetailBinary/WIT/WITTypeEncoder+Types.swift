// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailValidation
import DovetailWITBinary
import DovetailWITReader

extension WITTypeEncoder {
    /// Deeper types are refused; valid ones are far from it.
    private static let maximumDepth = 1_000

    /// The index of a function's type.
    mutating func function(_ function: FunctionDefinition) throws(BinaryError) -> UInt32 {
        let type = try type(of: function)
        if let known = scope.functions[type] { return known }
        let index = try scope.define(.function(type))
        scope.functions[type] = index
        return index
    }

    mutating func define(_ type: ComponentTypeDefinition) throws(BinaryError) -> UInt32 {
        try scope.define(type)
    }

    var place: Int { log.place }

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
}
