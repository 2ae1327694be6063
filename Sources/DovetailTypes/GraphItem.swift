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

/// The position of a package in its graph.
public struct PackageID: Hashable, Sendable {
    /// The index into the graph's packages.
    public let index: Int

    /// Makes the identifier of the package at `index`.
    public init(_ index: Int) {
        self.index = index
    }
}

/// The name of an import or export of a world.
public enum WorldKey: Hashable, Sendable {
    /// A plain name.
    case name(String)
    /// An interface under its own name.
    case interface(InterfaceID)
}
