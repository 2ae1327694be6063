// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import DovetailWITReader

/// The types that have an index in some scope.
struct TypeMaps {
    /// Types by their identity.
    var types: [TypeID: ValueTypeReference] = [:]
    /// Anonymous types by their structure: each is written once.
    var anonymous: [TypeKind: ValueTypeReference] = [:]
    /// Function types by their parameters and results.
    var functions: [FunctionKey: UInt32] = [:]

    struct FunctionKey: Hashable {
        var isAsync: Bool
        var parameters: [FunctionDefinition.Parameter]
        var result: ValueType?

        init(_ function: FunctionDefinition) {
            isAsync = function.isAsync
            parameters = function.parameters
            result = function.result
        }
    }

    func index(_ id: TypeID) -> UInt32? {
        if case .index(let index)? = types[id] { index } else { nil }
    }
}

/// A scope that writes each type once, under its name where the scope gives names.
protocol NamingTypeSink: WITTypeSink {
    var maps: TypeMaps { get set }
    /// Types and functions without named parts, which may be known to several scopes.
    var common: TypeMaps { get set }
    /// The interface whose types are the scope's own; those of the world without one.
    var interface: InterfaceID? { get }

    /// The index of a type of another interface.
    mutating func foreign(_ id: TypeID, of owner: InterfaceID) throws(BinaryError) -> UInt32?
    /// Gives a type its name; `nil` when the scope gives none.
    mutating func name(_ definition: TypeDefinition, _ name: String, _ index: UInt32) throws(BinaryError) -> UInt32?
    /// Declares a resource.
    mutating func resource(_ definition: TypeDefinition, _ name: String) throws(BinaryError) -> UInt32
}

extension NamingTypeSink {
    var place: Int { 0 }

    mutating func value(_ type: ValueType, depth: Int) throws(BinaryError) -> ValueTypeReference {
        guard case .defined(let id) = type else { return .primitive(type) }
        if let known = maps.types[id] { return known }
        let definition = graph.types[id]
        if case .interface(let owner) = definition.owner, definition.name != nil, owner != interface,
            let index = try foreign(id, of: owner)
        {
            maps.types[id] = .index(index)
            return .index(index)
        }
        if case .resource = definition.kind {
            let index = try resource(definition, definition.name ?? "")
            maps.types[id] = .index(index)
            return .index(index)
        }
        guard let name = definition.name else {
            let isPlain = !definition.kind.parts.contains(where: \.isDefined) && !definition.kind.isHandle
            if let known = isPlain ? common.anonymous[definition.kind] : maps.anonymous[definition.kind] {
                maps.types[id] = known
                return known
            }
            let reference = try structure(definition.kind, depth: depth)
            if isPlain {
                common.anonymous[definition.kind] = reference
            } else {
                maps.anonymous[definition.kind] = reference
            }
            maps.types[id] = reference
            return reference
        }
        let index: UInt32
        switch try structure(definition.kind, depth: depth) {
        case .index(let known): index = known
        case .primitive(let primitive): index = try define(.value(.primitive(primitive)))
        }
        let named = try self.name(definition, name, index) ?? index
        maps.types[id] = .index(named)
        return .index(named)
    }

    /// The index of a type; primitives have none.
    mutating func index(of id: TypeID) throws(BinaryError) -> UInt32 {
        switch try value(.defined(id), depth: 0) {
        case .index(let index): return index
        case .primitive(let primitive): return try define(.value(.primitive(primitive)))
        }
    }

    /// The index of a function's type.
    mutating func functionType(_ function: FunctionDefinition) throws(BinaryError) -> UInt32 {
        let key = TypeMaps.FunctionKey(function)
        let isPlain = !function.parameters.contains { $0.type.isDefined } && function.result?.isDefined != true
        if let known = isPlain ? common.functions[key] : maps.functions[key] { return known }
        let type = try type(of: function)
        let index = try define(.function(type))
        if isPlain { common.functions[key] = index } else { maps.functions[key] = index }
        return index
    }
}

extension ValueType {
    fileprivate var isDefined: Bool {
        if case .defined = self { true } else { false }
    }
}

extension TypeKind {
    fileprivate var isHandle: Bool {
        switch self {
        case .own, .borrow: true
        default: false
        }
    }
}
