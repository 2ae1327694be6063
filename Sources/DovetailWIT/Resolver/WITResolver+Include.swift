// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

extension WITResolver {
    /// Adds the imports and exports of `source` to `target`. (WIT.md, "Union of Worlds with `include`")
    func include(_ source: WorldID, into target: WorldID, names: [WITSyntax.Renaming], at span: SourceSpan) {
        let world = graph[source]
        let plain = (world.imports.keys + world.exports.keys).compactMap { key in
            if case .name(let name) = key { name } else { nil }
        }
        for name in names where !plain.contains(where: { Self.renamed($0, [name]) != nil }) {
            let near = NameSuggestion.nearest(to: name.name.name, among: plain)
            diagnostics.add(.includeRename(name.name.name, near: near, at: span))
            return
        }
        var cloner = Cloner(resolver: self, from: .world(source), to: .world(target), package: graph[target].package)
        let isForeign = world.package != graph[target].package
        for (key, item) in world.imports {
            add(key, item, to: target, isImport: true, names, isForeign, &cloner, span)
        }
        for (key, item) in world.exports {
            add(key, item, to: target, isImport: false, names, isForeign, &cloner, span)
        }
    }

    private func add(
        _ key: WorldKey, _ item: WorldItem, to target: WorldID, isImport: Bool, _ names: [WITSyntax.Renaming],
        _ isForeign: Bool, _ cloner: inout Cloner, _ span: SourceSpan
    ) {
        let existing = isImport ? graph[target].imports[key] : graph[target].exports[key]
        switch key {
        case .interface:
            var merged = existing ?? item
            if isForeign, case .stable = item.stability {
                // A version of the other package says nothing about this one.
                merged.stability = .unknown
            } else if item.stability != .unknown, merged.stability != item.stability {
                if merged.stability == .unknown {
                    merged.stability = item.stability
                } else {
                    diagnostics.add(.stabilityMismatch(at: span))
                }
            }
            set(key, merged, in: target, isImport)
        case .name(let old):
            let name = Self.renamed(old, names) ?? old
            var item = item
            cloner.clone(&item)
            switch item.kind {
            case .function(var function):
                function.name = name
                item.kind = .function(function)
            case .type(let id): graph.types[id].name = name
            case .interface: break
            }
            let taken =
                isImport ? graph[target].imports[.name(name)] : graph[target].exports[.name(name)]
            guard taken == nil else {
                diagnostics.add(.includeShadows(isImport ? "import" : "export", name, at: span))
                return
            }
            set(.name(name), item, in: target, isImport)
        }
    }

    private func set(_ key: WorldKey, _ item: WorldItem, in target: WorldID, _ isImport: Bool) {
        if isImport { graph[target].imports[key] = item } else { graph[target].exports[key] = item }
    }

    /// `a as b` also renames the resource in `[method]a.f` and the property in `[get]a`.
    private static func renamed(_ name: String, _ names: [WITSyntax.Renaming]) -> String? {
        for renaming in names {
            let old = renaming.name.name
            let new = renaming.local.name
            if name == old { return new }
            guard name.first == "[", let close = name.lastIndex(of: "]") else { continue }
            let start = name.index(after: close)
            let rest = name[start...]
            if rest == old { return name[..<start] + new }
            if let dot = rest.firstIndex(of: "."), rest[..<dot] == old { return name[..<start] + new + rest[dot...] }
        }
        return nil
    }

    // MARK: - Checks

    func checkUnique(in id: WorldID, _ draft: DraftWorld) {
        for (items, spans) in [
            (graph[id].imports, draft.importSpans), (graph[id].exports, draft.exportSpans),
        ] {
            var seen: [String: String] = [:]
            for case .name(let name) in items.keys {
                guard let first = seen.updateValue(name, forKey: ExternName.canonical(name)) else { continue }
                let place = spans[.name(name)] ?? spans[.name(first)]
                diagnostics.add(
                    .nameConflict(name, first, at: place ?? draft.span, firstAt: spans[.name(first)] ?? draft.span))
            }
        }
    }

    /// Every setter of a world needs its getter, and stands right behind it.
    func checkSetters(in id: WorldID, _ draft: DraftWorld) {
        for isImport in [true, false] {
            var items = isImport ? graph[id].imports : graph[id].exports
            var setters: [(WorldKey, WorldItem, FunctionDefinition)] = []
            for (key, item) in items {
                if case .function(let function) = item.kind, function.role == .setter {
                    setters.append((key, item, function))
                }
            }
            guard !setters.isEmpty else { continue }
            for (key, item, setter) in setters {
                let span = (isImport ? draft.importSpans : draft.exportSpans)[key]
                let wanted = PackageResolver.getterName(of: setter.name)
                guard case .function(let getter)? = items[.name(wanted)]?.kind else {
                    diagnostics.add(.setterWithoutGetter(setter.name, wanted, at: span ?? draft.span))
                    continue
                }
                var property = getter.result
                if case .defined(let type)? = property, case .result(let ok, _) = graph.types[type].kind {
                    property = ok
                }
                if setter.parameters.last?.type != property {
                    diagnostics.add(.setterType(setter.name, at: span ?? draft.span))
                }
                items.remove(key)
                if let place = items.index(of: .name(wanted)) { items.insert(item, forKey: key, at: place + 1) }
            }
            if isImport { graph[id].imports = items } else { graph[id].exports = items }
        }
    }
}

/// Copies what a world owns for a world that includes it: types, functions, interfaces without a name.
struct Cloner {
    let resolver: WITResolver
    let from: TypeOwner
    let to: TypeOwner
    let package: PackageID?
    var types: [TypeID: TypeID] = [:]

    init(resolver: WITResolver, from: TypeOwner, to: TypeOwner, package: PackageID?) {
        self.resolver = resolver
        self.from = from
        self.to = to
        self.package = package
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
        let new = InterfaceID(resolver.graph.interfaces.count)
        var interface = resolver.graph[old]
        // The place is taken before the types: they may copy interfaces of their own.
        resolver.graph.interfaces.append(interface)
        resolver.interfaceSpans.append(resolver.interfaceSpans[old.index])
        var inner = Cloner(resolver: resolver, from: .interface(old), to: .interface(new), package: package)
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
        var definition = resolver.graph.types[id]
        if definition.owner == from { definition.owner = to }
        definition.kind = cloned(definition.kind)
        let new = resolver.append(definition, at: resolver.typeSpans[id.index])
        types[id] = new
        return new
    }

    private mutating func cloned(_ type: ValueType) -> ValueType {
        if case .defined(let id) = type { .defined(cloned(id)) } else { type }
    }

    private mutating func cloned(_ kind: TypeKind) -> TypeKind {
        switch kind {
        case .alias(.defined(let id)):
            if resolver.graph.types[id].owner == from { return .alias(.defined(cloned(id))) }
            return .alias(.defined(types[id] ?? id))
        case .alias, .resource, .flags, .enum: return kind
        case .own(let id): return .own(cloned(id))
        case .borrow(let id): return .borrow(cloned(id))
        case .option(let type): return .option(cloned(type))
        case .list(let type): return .list(cloned(type))
        case .fixedLengthList(let type, let count): return .fixedLengthList(cloned(type), count: count)
        case .map(let key, let value):
            let first = cloned(key)
            return .map(key: first, value: cloned(value))
        case .tuple(let elements): return .tuple(elements.map { cloned($0) })
        case .record(var fields):
            for index in fields.indices { fields[index].type = cloned(fields[index].type) }
            return .record(fields)
        case .variant(var cases):
            for index in cases.indices { cases[index].type = cases[index].type.map { cloned($0) } }
            return .variant(cases)
        case .result(let ok, let error):
            let first = ok.map { cloned($0) }
            return .result(ok: first, error: error.map { cloned($0) })
        case .stream(let type): return .stream(type.map { cloned($0) })
        case .future(let type): return .future(type.map { cloned($0) })
        }
    }

    private mutating func cloned(_ function: FunctionDefinition) -> FunctionDefinition {
        var function = function
        switch function.owner {
        case .none: break
        case .method(let id): function.owner = .method(cloned(id))
        case .static(let id): function.owner = .static(cloned(id))
        case .constructor(let id): function.owner = .constructor(cloned(id))
        }
        for index in function.parameters.indices {
            function.parameters[index].type = cloned(function.parameters[index].type)
        }
        function.result = function.result.map { cloned($0) }
        return function
    }
}
