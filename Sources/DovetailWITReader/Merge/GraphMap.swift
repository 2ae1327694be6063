// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// New positions for everything in a package graph.
///
/// A position without a new one keeps its old one, so an empty map changes nothing.
package struct GraphMap {
    var types: [TypeID?] = []
    var interfaces: [InterfaceID?] = []
    var worlds: [WorldID?] = []
    var packages: [PackageID?] = []
    /// New positions of single types; they count before those in ``types``.
    var replacements: [TypeID: TypeID] = [:]

    /// A map that replaces single types.
    package init(replacing replacements: [TypeID: TypeID]) {
        self.replacements = replacements
    }

    /// A map of `graph` in which nothing has a new position yet.
    init(of graph: PackageGraph) {
        types = Array(repeating: nil, count: graph.types.definitions.count)
        interfaces = Array(repeating: nil, count: graph.interfaces.count)
        worlds = Array(repeating: nil, count: graph.worlds.count)
        packages = Array(repeating: nil, count: graph.packages.count)
    }

    func map(_ id: TypeID) -> TypeID {
        if let replacement = replacements[id] { return replacement }
        return types.indices.contains(id.index) ? types[id.index] ?? id : id
    }
    func map(_ id: InterfaceID) -> InterfaceID {
        interfaces.indices.contains(id.index) ? interfaces[id.index] ?? id : id
    }
    func map(_ id: WorldID) -> WorldID { worlds.indices.contains(id.index) ? worlds[id.index] ?? id : id }
    package func map(_ id: PackageID) -> PackageID {
        packages.indices.contains(id.index) ? packages[id.index] ?? id : id
    }

    func map(_ type: ValueType) -> ValueType {
        if case .defined(let id) = type { .defined(map(id)) } else { type }
    }

    package func map(_ kind: TypeKind) -> TypeKind { kind.mapped(value: { map($0) }, handle: { map($0) }) }

    func map(_ owner: TypeOwner) -> TypeOwner {
        switch owner {
        case .none: .none
        case .interface(let id): .interface(map(id))
        case .world(let id): .world(map(id))
        }
    }

    func map(_ definition: TypeDefinition) -> TypeDefinition {
        var definition = definition
        definition.kind = map(definition.kind)
        definition.owner = map(definition.owner)
        return definition
    }

    package func map(_ function: FunctionDefinition) -> FunctionDefinition {
        function.mapped(value: { map($0) }, resource: { map($0) })
    }

    func map(_ interface: Interface) -> Interface {
        var interface = interface
        for (index, type) in interface.types.values.enumerated() {
            interface.types.replaceValue(at: index, with: map(type))
        }
        for (index, function) in interface.functions.values.enumerated() {
            interface.functions.replaceValue(at: index, with: map(function))
        }
        interface.package = interface.package.map { map($0) }
        interface.cloneOf = interface.cloneOf.map { map($0) }
        return interface
    }

    func map(_ key: WorldKey) -> WorldKey {
        if case .interface(let id) = key { .interface(map(id)) } else { key }
    }

    func map(_ item: WorldItem) -> WorldItem {
        var item = item
        switch item.kind {
        case .interface(let id): item.kind = .interface(map(id))
        case .function(let function): item.kind = .function(map(function))
        case .type(let id): item.kind = .type(map(id))
        }
        return item
    }

    func map(_ items: OrderedMap<WorldKey, WorldItem>) -> OrderedMap<WorldKey, WorldItem> {
        var result = OrderedMap<WorldKey, WorldItem>()
        for (key, item) in items { result[map(key)] = map(item) }
        return result
    }

    func map(_ world: World) -> World {
        var world = world
        world.imports = map(world.imports)
        world.exports = map(world.exports)
        world.package = world.package.map { map($0) }
        return world
    }

    func map(_ package: Package) -> Package {
        var package = package
        for (index, id) in package.interfaces.values.enumerated() {
            package.interfaces.replaceValue(at: index, with: map(id))
        }
        for (index, id) in package.worlds.values.enumerated() {
            package.worlds.replaceValue(at: index, with: map(id))
        }
        return package
    }
}
