// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
import DovetailWITReader

extension PackageGraph {
    /// Gives each import and export of a world that is an interface types of its own.
    ///
    /// In a graph an interface is the same wherever a world mentions it, but in a component the resources of an imported and
    /// of an exported interface are not the same. After this, an interface that comes again is a copy, and exports use the
    /// copies of other exports.
    package mutating func makeTypesNominal(in world: WorldID) {
        // An interface under its own name is the one whose types others use.
        var seen: Set<InterfaceID> = []
        for case .interface(let id) in self[world].imports.keys { seen.insert(id) }
        var imports = self[world].imports
        for (place, (key, item)) in self[world].imports.enumerated() {
            guard case .name = key, case .interface(let id) = item.kind, !seen.insert(id).inserted else { continue }
            var copier = InterfaceCopier(outside: [:])
            var item = item
            item.kind = .interface(copier.copy(id, in: &self))
            imports.replaceValue(at: place, with: item)
        }
        self[world].imports = imports
        // The copies of the types of exported interfaces.
        var copies: [TypeID: TypeID] = [:]
        var exports = OrderedMap<WorldKey, WorldItem>()
        for (key, item) in self[world].exports {
            guard case .interface(let id) = item.kind else {
                exports[key] = item
                continue
            }
            let usesCopies = self[id].types.values.contains { type in
                if case .alias(.defined(let target)) = types[type].kind { copies[target] != nil } else { false }
            }
            guard !seen.insert(id).inserted || usesCopies else {
                exports[key] = item
                continue
            }
            var copier = InterfaceCopier(outside: copies)
            var item = item
            let copy = copier.copy(id, in: &self)
            item.kind = .interface(copy)
            let own = copier.own
            // While the copier held them, each change would copy them all.
            copier = InterfaceCopier(outside: [:])
            if case .interface = key {
                exports[.interface(copy)] = item
                copies.merge(own) { _, new in new }
            } else {
                exports[key] = item
            }
        }
        self[world].exports = exports
    }
}

/// Makes a copy of an interface.
private struct InterfaceCopier {
    /// The types of other interfaces that the copy uses in place of others.
    let outside: [TypeID: TypeID]
    /// The copies of the interface's own types, unnamed ones included.
    private(set) var own: [TypeID: TypeID] = [:]

    init(outside: [TypeID: TypeID]) { self.outside = outside }

    mutating func copy(_ id: InterfaceID, in graph: inout PackageGraph) -> InterfaceID {
        let copy = InterfaceID(graph.interfaces.count)
        var interface = graph[id]
        interface.cloneOf = id
        graph.interfaces.append(interface)
        for (place, type) in interface.types.values.enumerated() {
            var definition = graph.types[type]
            definition.kind = mapped(definition.kind, &graph)
            definition.owner = .interface(copy)
            own[type] = graph.types.append(definition)
            interface.types.replaceValue(at: place, with: own[type] ?? type)
        }
        for (place, function) in interface.functions.values.enumerated() {
            interface.functions.replaceValue(at: place, with: mapped(function, &graph))
        }
        graph[copy] = interface
        return copy
    }

    /// The copy of `id`; an unnamed type is copied when a type in it is.
    private mutating func mapped(_ id: TypeID, _ graph: inout PackageGraph) -> TypeID {
        if let known = own[id] { return known }
        let definition = graph.types[id]
        // Unnamed types are made of the interface's own even where another copy of the interface has copies of them.
        guard definition.name == nil else { return outside[id] ?? id }
        let kind = mapped(definition.kind, &graph)
        guard kind != definition.kind else { return id }
        var copy = definition
        copy.kind = kind
        let new = graph.types.append(copy)
        own[id] = new
        return new
    }

    private mutating func mapped(_ kind: TypeKind, _ graph: inout PackageGraph) -> TypeKind {
        var replacements: [TypeID: TypeID] = [:]
        for reference in kind.references { replacements[reference] = mapped(reference, &graph) }
        return GraphMap(replacing: replacements).map(kind)
    }

    private mutating func mapped(_ function: FunctionDefinition, _ graph: inout PackageGraph) -> FunctionDefinition {
        var replacements: [TypeID: TypeID] = [:]
        for case .defined(let id) in function.parameters.map(\.type) + [function.result].compactMap({ $0 }) {
            replacements[id] = mapped(id, &graph)
        }
        if let resource = function.owner.resource { replacements[resource] = mapped(resource, &graph) }
        return GraphMap(replacing: replacements).map(function)
    }
}
