// SPDX-License-Identifier: Apache-2.0

/// A list of type definitions that refer to each other by position.
///
/// Definitions only refer to earlier ones, so a type is always finite; sharing keeps hostile types small.
/// The table that a component's plan builds is interned: two structurally equal types have one ``TypeID``.
public struct TypeTable: Sendable {
    /// All definitions, in order of dependence.
    public private(set) var definitions: [TypeDefinition] = []
    private var interned: [TypeKind: TypeID] = [:]
    /// What each definition stands for, all outer aliases removed, so that a chain of aliases is followed once and not at
    /// every use. Covers the first definitions only after one has become another alias.
    private var bases: [ValueType] = []

    /// Makes an empty table.
    public init() {}

    /// The definition that `id` names; `id` must come from this table.
    public subscript(id: TypeID) -> TypeDefinition {
        get { definitions[id.index] }
        _modify {
            let before = definitions[id.index].kind.aliased
            defer {
                if definitions[id.index].kind.aliased != before { bases.removeSubrange(min(id.index, bases.count)...) }
            }
            yield &definitions[id.index]
        }
    }

    /// Adds a definition of its own identity.
    public mutating func append(_ definition: TypeDefinition) -> TypeID {
        definitions.append(definition)
        findBases()
        return TypeID(definitions.count - 1)
    }

    private mutating func findBases() {
        while bases.count < definitions.count {
            var base = ValueType.defined(TypeID(bases.count))
            if let target = definitions[bases.count].kind.aliased {
                base = target
                if case .defined(let id) = target {
                    guard id.index < bases.count else { return }
                    base = bases[id.index]
                }
            }
            bases.append(base)
        }
    }

    /// The identifier of the anonymous structural type `kind`, added when it is new.
    ///
    /// Resources have an identity of their own and are never interned: use ``append(_:)``.
    public mutating func intern(_ kind: TypeKind) -> TypeID {
        if let known = interned[kind] { return known }
        let id = append(TypeDefinition(kind: kind))
        interned[kind] = id
        return id
    }

    /// The kind behind `type`, through aliases; `nil` for a primitive.
    public func resolvedKind(of type: ValueType) -> TypeKind? {
        guard case .defined(let id) = dealiased(type) else { return nil }
        return self[id].kind
    }

    /// `type` with all outer aliases removed.
    public func dealiased(_ type: ValueType) -> ValueType {
        var type = type
        while case .defined(let id) = type {
            if id.index < bases.count { return bases[id.index] }
            guard let target = self[id].kind.aliased else { break }
            type = target
        }
        return type
    }

    /// The identifier of the resource that `id` stands for, through aliases.
    public func resource(_ id: TypeID) -> TypeID {
        guard case .defined(let target) = dealiased(.defined(id)) else { return id }
        return target
    }
}

/// A named or anonymous type.
public struct TypeDefinition: Sendable {
    /// What is defined.
    public var kind: TypeKind
    /// The name in WIT, `nil` for an anonymous type.
    public var name: String?
    /// Where a named type belongs.
    public var owner: TypeOwner
    /// The WIT comment, without its slashes.
    public var documentation: String?
    /// Since when, or behind which feature, the type exists.
    public var stability: Stability
    /// The name for the world outside, `@external-id("…")`. (WIT.md, "Item: `world`")
    public var externalID: String?

    /// Makes a definition.
    public init(
        kind: TypeKind, name: String? = nil, owner: TypeOwner = .none, documentation: String? = nil,
        stability: Stability = .unknown, externalID: String? = nil
    ) {
        self.kind = kind
        self.name = name
        self.owner = owner
        self.documentation = documentation
        self.stability = stability
        self.externalID = externalID
    }
}

/// What a named type is declared in.
public enum TypeOwner: Hashable, Sendable {
    case none
    case interface(InterfaceID)
    case world(WorldID)
}

/// The position of an interface in its package graph.
public struct InterfaceID: Hashable, Sendable {
    /// The index into the graph's interfaces.
    public let index: Int

    /// Makes the identifier of the interface at `index`.
    public init(_ index: Int) {
        self.index = index
    }
}

/// The position of a world in its package graph.
public struct WorldID: Hashable, Sendable {
    /// The index into the graph's worlds.
    public let index: Int

    /// Makes the identifier of the world at `index`.
    public init(_ index: Int) {
        self.index = index
    }
}
