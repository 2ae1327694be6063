// SPDX-License-Identifier: Apache-2.0

public import DovetailTypes

/// Resolved WIT: packages, interfaces, worlds and types that refer to each other by position.
///
/// Packages, interfaces, worlds and types stand in order of dependence. The subscripts change things in their places, so
/// adding to a large interface or world does not copy it.
public struct PackageGraph: Sendable {
    /// All packages.
    public var packages: [Package] = []
    /// All interfaces, those without a name included.
    public var interfaces: [Interface] = []
    /// All worlds.
    public var worlds: [World] = []
    /// All types.
    public var types = TypeTable()

    /// Makes an empty graph.
    public init() {}

    /// The package that `id` names; `id` must come from this graph.
    public subscript(id: PackageID) -> Package {
        get { packages[id.index] }
        _modify { yield &packages[id.index] }
    }

    /// The interface that `id` names; `id` must come from this graph.
    public subscript(id: InterfaceID) -> Interface {
        get { interfaces[id.index] }
        _modify { yield &interfaces[id.index] }
    }

    /// The world that `id` names; `id` must come from this graph.
    public subscript(id: WorldID) -> World {
        get { worlds[id.index] }
        _modify { yield &worlds[id.index] }
    }

    /// The package of that exact name and version.
    public func package(named name: PackageName) -> PackageID? {
        packages.firstIndex { $0.name == name }.map(PackageID.init)
    }

    /// The full name of an interface, `wasi:io/streams@0.2.3`; `nil` when it has no name or package.
    public func qualifiedName(of id: InterfaceID) -> String? {
        guard let name = self[id].name, let package = self[id].package else { return nil }
        return self[package].name.qualified(name)
    }

    /// The name of an import or export in a component.
    public func externName(of key: WorldKey) -> String {
        switch key {
        case .name(let name): name
        case .interface(let id): qualifiedName(of: id) ?? ""
        }
    }
}

/// A WIT package.
public struct Package: Sendable {
    /// The name, with its version.
    public var name: PackageName
    /// The comment at the `package` line.
    public var documentation: String?
    /// The interfaces by name.
    public var interfaces = OrderedMap<String, InterfaceID>()
    /// The worlds by name.
    public var worlds = OrderedMap<String, WorldID>()

    /// Makes an empty package.
    public init(name: PackageName, documentation: String? = nil) {
        self.name = name
        self.documentation = documentation
    }
}

/// A WIT interface. (WIT.md, "WIT Interfaces")
public struct Interface: Sendable {
    /// The name, `nil` when it is written out inside a world.
    public var name: String?
    /// The types by name, those that come from `use` included.
    public var types = OrderedMap<String, TypeID>()
    /// The functions by name; methods under names like `[method]blob.read`.
    public var functions = OrderedMap<String, FunctionDefinition>()
    /// The WIT comment, without its slashes.
    public var documentation: String?
    /// Since when, or behind which feature, the interface exists.
    public var stability: Stability
    /// The package that the interface is part of.
    public var package: PackageID?
    /// The interface that this one was copied from when a world included another.
    public var cloneOf: InterfaceID?

    /// Makes an empty interface.
    public init(
        name: String? = nil, documentation: String? = nil, stability: Stability = .unknown, package: PackageID? = nil
    ) {
        self.name = name
        self.documentation = documentation
        self.stability = stability
        self.package = package
    }
}

/// A WIT world. (WIT.md, "WIT Worlds")
public struct World: Sendable {
    /// The name.
    public var name: String
    /// What a component of this world may import; types of the world are imports, too.
    public var imports = OrderedMap<WorldKey, WorldItem>()
    /// What a component of this world exports.
    public var exports = OrderedMap<WorldKey, WorldItem>()
    /// The WIT comment, without its slashes.
    public var documentation: String?
    /// Since when, or behind which feature, the world exists.
    public var stability: Stability
    /// The package that the world is part of.
    public var package: PackageID?

    /// Makes an empty world.
    public init(
        name: String, documentation: String? = nil, stability: Stability = .unknown, package: PackageID? = nil
    ) {
        self.name = name
        self.documentation = documentation
        self.stability = stability
        self.package = package
    }
}

/// An import or export of a world.
public struct WorldItem: Sendable {
    /// What is imported or exported.
    public enum Kind: Sendable {
        case interface(InterfaceID)
        indirect case function(FunctionDefinition)
        case type(TypeID)
    }

    /// What is imported or exported.
    public var kind: Kind
    /// The comment at the `import` or `export` of an interface; functions and types carry their own.
    public var documentation: String?
    /// The feature gate at the `import` or `export` of an interface; functions and types carry their own.
    public var stability: Stability
    /// The name for the world outside, `@external-id("…")`, of an interface; functions and types carry their own.
    public var externalID: String?

    /// Makes an item.
    public init(
        _ kind: Kind, documentation: String? = nil, stability: Stability = .unknown, externalID: String? = nil
    ) {
        self.kind = kind
        self.documentation = documentation
        self.stability = stability
        self.externalID = externalID
    }
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
