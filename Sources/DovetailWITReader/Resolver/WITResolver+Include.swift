// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

extension WITResolver {
    /// Adds the imports and exports of `source` to `target`. (WIT.md, "Union of Worlds with `include`")
    func include(_ source: WorldID, into target: WorldID, names: [WITSyntax.Renaming], at span: SourceSpan) {
        let world = graph[source]
        let renamings = Renamings(names)
        if let unused = renamings.firstUnused(in: world) {
            diagnostics.add(
                .includeRename(unused.name, known: Renamings.plainNames(of: world), at: span))
            return
        }
        let isForeign = world.package != graph[target].package
        var cloner = Cloner(
            resolver: self, from: .world(source), to: .world(target), package: graph[target].package, at: span)
        for isImport in [true, false] {
            for (key, item) in isImport ? world.imports : world.exports {
                guard spend(at: span) else { return }
                switch key {
                case .interface: join(key, item, to: target, isImport: isImport, isForeign, span)
                case .name(let name):
                    var item = item
                    cloner.clone(&item)
                    add(renamings.renamed(name) ?? name, item, to: target, isImport: isImport, span)
                }
            }
        }
    }

    /// Adds an interface under its own name, which the target may have already.
    private func join(
        _ key: WorldKey, _ item: WorldItem, to target: WorldID, isImport: Bool, _ isForeign: Bool, _ span: SourceSpan
    ) {
        var merged = (isImport ? graph[target].imports[key] : graph[target].exports[key]) ?? item
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
    }

    /// Adds what has a plain name, which must be new.
    private func add(_ name: String, _ item: WorldItem, to target: WorldID, isImport: Bool, _ span: SourceSpan) {
        var item = item
        switch item.kind {
        case .function(var function):
            function.name = name
            item.kind = .function(function)
        case .type(let id): graph.types[id].name = name
        case .interface: break
        }
        guard (isImport ? graph[target].imports[.name(name)] : graph[target].exports[.name(name)]) == nil else {
            diagnostics.add(.includeShadows(isImport ? "import" : "export", name, at: span))
            return
        }
        set(.name(name), item, in: target, isImport)
    }

    private func set(_ key: WorldKey, _ item: WorldItem, in target: WorldID, _ isImport: Bool) {
        if isImport { graph[target].imports[key] = item } else { graph[target].exports[key] = item }
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

    /// Checks that every setter of a world has a getter, and moves it right behind that.
    func checkSetters(in id: WorldID, _ draft: DraftWorld) {
        let imports = graph[id].imports
        let exports = graph[id].exports
        if let ordered = withSettersBehindGetters(imports, draft.importSpans, draft.span) {
            graph[id].imports = ordered
        }
        if let ordered = withSettersBehindGetters(exports, draft.exportSpans, draft.span) {
            graph[id].exports = ordered
        }
    }

    /// The items in order; `nil` when there are no setters.
    private func withSettersBehindGetters(
        _ items: OrderedMap<WorldKey, WorldItem>, _ spans: [WorldKey: SourceSpan], _ whole: SourceSpan
    ) -> OrderedMap<WorldKey, WorldItem>? {
        /// The setters that have a getter, by its key.
        var setters: [WorldKey: (key: WorldKey, item: WorldItem)] = [:]
        for (key, item) in items {
            guard case .function(let setter) = item.kind, setter.role == .setter else { continue }
            let span = spans[key] ?? whole
            let wanted = PackageResolver.getterName(of: setter.name)
            guard case .function(let getter)? = items[.name(wanted)]?.kind else {
                diagnostics.add(.setterWithoutGetter(setter.name, wanted, at: span))
                continue
            }
            var property = getter.result
            if case .defined(let type)? = property, case .result(let ok, _) = graph.types[type].kind { property = ok }
            if setter.parameters.last?.type != property { diagnostics.add(.setterType(setter.name, at: span)) }
            setters[.name(wanted)] = (key, item)
        }
        guard !setters.isEmpty else { return nil }
        let moved = Set(setters.values.map(\.key))
        var ordered = OrderedMap<WorldKey, WorldItem>()
        for (key, item) in items where !moved.contains(key) {
            ordered[key] = item
            if let setter = setters[key] { ordered[setter.key] = setter.item }
        }
        return ordered
    }
}

/// The new names that `include … with { a as b }` gives.
private struct Renamings {
    private let renamings: [WITSyntax.Renaming]
    /// The index of each old name in ``renamings``; the first one counts.
    private var places: [String: Int] = [:]

    init(_ renamings: [WITSyntax.Renaming]) {
        self.renamings = renamings
        for (place, renaming) in renamings.enumerated() where places[renaming.name.name] == nil {
            places[renaming.name.name] = place
        }
    }

    static func plainNames(of world: World) -> [String] {
        (world.imports.keys + world.exports.keys).compactMap { if case .name(let name) = $0 { name } else { nil } }
    }

    /// The first renaming whose old name is not a plain name of the world.
    func firstUnused(in world: World) -> WITSyntax.Renaming? {
        guard !renamings.isEmpty else { return nil }
        var used: Set<String> = []
        for name in Self.plainNames(of: world) {
            for part in Self.parts(of: name) { used.insert(String(name[part])) }
        }
        return renamings.first { !used.contains($0.name.name) }
    }

    /// The new name; `a as b` also renames the resource in `[method]a.f` and the property in `[get]a`.
    func renamed(_ name: String) -> String? {
        guard !renamings.isEmpty else { return nil }
        var best: (place: Int, part: Range<String.Index>)?
        for part in Self.parts(of: name) {
            guard let place = places[String(name[part])], place < best?.place ?? .max else { continue }
            best = (place, part)
        }
        guard let best else { return nil }
        return name[..<best.part.lowerBound] + renamings[best.place].local.name + name[best.part.upperBound...]
    }

    /// The parts of a name that can be renamed.
    private static func parts(of name: String) -> [Range<String.Index>] {
        var parts = [name.startIndex..<name.endIndex]
        guard name.utf8.first == UInt8(ascii: "["), let close = name.lastIndex(of: "]") else { return parts }
        let start = name.index(after: close)
        parts.append(start..<name.endIndex)
        if let dot = name[start...].firstIndex(of: ".") { parts.append(start..<dot) }
        return parts
    }
}
