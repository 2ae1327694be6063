// SPDX-License-Identifier: Apache-2.0

/// Something in a package graph that a message can be about.
package enum GraphItem: Hashable, Sendable {
    case package(PackageID)
    case interface(InterfaceID)
    case world(WorldID)
    case type(TypeID)
    /// A function of an interface, by its name in components.
    case function(InterfaceID, String)
    /// An import or export of a world.
    case worldItem(WorldID, WorldKey, isImport: Bool)
}

extension PackageGraph {
    /// The item in words: "interface `a:b/i`".
    package func words(for item: GraphItem) -> String {
        switch item {
        case .package(let id): "package `\(self[id].name)`"
        case .interface(let id): qualifiedName(of: id).map { "interface `\($0)`" } ?? "an interface in a world"
        case .world(let id):
            "world `\(self[id].package.map { self[$0].name.qualified(self[id].name) } ?? self[id].name)`"
        case .type(let id): "type `\(types[id].name ?? "?")`" + words(behind: types[id].owner)
        case .function(let id, let name): "function `\(name)` of " + words(for: GraphItem.interface(id))
        case .worldItem(let id, let key, let isImport):
            "\(isImport ? "import" : "export") `\(externName(of: key))` of " + words(for: GraphItem.world(id))
        }
    }

    private func words(behind owner: TypeOwner) -> String {
        switch owner {
        case .none: ""
        case .interface(let id): " of " + words(for: GraphItem.interface(id))
        case .world(let id): " of " + words(for: GraphItem.world(id))
        }
    }
}
