// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Copies the types, functions and unnamed interfaces of a world into a world that includes it.
struct Cloner {
    let resolver: WITResolver
    let from: TypeOwner
    let to: TypeOwner
    let package: PackageID?
    /// Where the other world is included.
    let span: SourceSpan
    var types: [TypeID: TypeID] = [:]

    init(resolver: WITResolver, from: TypeOwner, to: TypeOwner, package: PackageID?, at span: SourceSpan) {
        self.resolver = resolver
        self.from = from
        self.to = to
        self.package = package
        self.span = span
    }

    mutating func clone(_ item: inout WorldItem) {
        switch item.kind {
        case .type(let id): item.kind = .type(cloned(id))
        case .function(let function): item.kind = .function(cloned(function))
        case .interface(let id):
            if resolver.graph[id].name == nil { item.kind = .interface(cloned(id)) }
        }
    }

    private mutating func cloned(_ old: InterfaceID) -> InterfaceID {
        guard resolver.spend(at: span) else { return old }
        let new = InterfaceID(resolver.graph.interfaces.count)
        var interface = resolver.graph[old]
        // The place is taken before the types: they may copy interfaces of their own.
        resolver.graph.interfaces.append(interface)
        resolver.places.interfaces.append(resolver.places.interfaces[old.index])
        var inner = Cloner(resolver: resolver, from: .interface(old), to: .interface(new), package: package, at: span)
        inner.types = types
        for (index, id) in interface.types.values.enumerated() {
            interface.types.replaceValue(at: index, with: inner.cloned(id))
        }
        for (index, function) in interface.functions.values.enumerated() {
            interface.functions.replaceValue(at: index, with: inner.cloned(function))
        }
        types = inner.types
        interface.package = package
        interface.cloneOf = old
        resolver.graph[new] = interface
        return new
    }

    private mutating func cloned(_ id: TypeID) -> TypeID {
        if let known = types[id] { return known }
        guard resolver.spend(at: span) else { return id }
        var definition = resolver.graph.types[id]
        if definition.owner == from { definition.owner = to }
        definition.kind = cloned(definition.kind)
        let new = resolver.append(definition, at: resolver.places.types[id.index])
        types[id] = new
        return new
    }

    private mutating func cloned(_ type: ValueType) -> ValueType {
        if case .defined(let id) = type { .defined(cloned(id)) } else { type }
    }

    private mutating func cloned(_ kind: TypeKind) -> TypeKind {
        if case .alias(.defined(let id)) = kind {
            if resolver.graph.types[id].owner == from { return .alias(.defined(cloned(id))) }
            return .alias(.defined(types[id] ?? id))
        }
        return kind.mapped(value: { cloned($0) }, handle: { cloned($0) })
    }

    private mutating func cloned(_ function: FunctionDefinition) -> FunctionDefinition {
        _ = resolver.spend(at: span)
        return function.mapped(value: { cloned($0) }, resource: { cloned($0) })
    }
}
