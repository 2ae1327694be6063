// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWITReader

/// A set of types with all that they are made of, those that others need first.
struct LiveTypes {
    let graph: PackageGraph
    /// The types, in order of dependence.
    private(set) var order: [TypeID] = []
    private var seen: Set<TypeID> = []

    init(graph: PackageGraph) { self.graph = graph }

    /// The interfaces that the types belong to.
    var owners: Set<InterfaceID> {
        Set(
            order.compactMap { type in
                if case .interface(let owner) = graph.types[type].owner { owner } else { nil }
            })
    }

    /// Adds the types and functions of an interface.
    mutating func add(interface id: InterfaceID) {
        for type in graph[id].types.values { add(.defined(type)) }
        for function in graph[id].functions.values { add(function) }
    }

    /// Adds the types of a function.
    mutating func add(_ function: FunctionDefinition) {
        if let resource = function.owner.resource { add(.defined(resource)) }
        for parameter in function.parameters { add(parameter.type) }
        if let result = function.result { add(result) }
    }

    /// Adds a type. Types refer to earlier ones only, and how deep is limited where they are read.
    mutating func add(_ type: ValueType) {
        guard case .defined(let id) = type, seen.insert(id).inserted else { return }
        switch graph.types[id].kind {
        case .own(let resource), .borrow(let resource): add(.defined(resource))
        default: for part in graph.types[id].kind.parts { add(part) }
        }
        order.append(id)
    }
}
