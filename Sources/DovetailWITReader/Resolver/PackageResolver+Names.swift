// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

// The names that a package and its files have.
extension PackageResolver {
    /// Collects the names of the package and its files; gives its items, dependencies first.
    mutating func declare() -> [Place] {
        var places: [Place] = []
        var indices: [String: Int] = [:]
        for (file, list) in package.files.enumerated() {
            for item in list {
                guard let name = Self.name(of: item) else { continue }
                if let other = indices[name.name], let first = Self.name(of: places[other].item) {
                    report(.itemTwice(name.name, at: name.span, firstAt: first.span))
                    continue
                }
                indices[name.name] = places.count
                places.append(Place(file: file, item: item))
            }
        }
        let fileAliases = aliases()
        var edges = [[Int]](repeating: [], count: places.count)
        var edgeSpans = [[(String, SourceSpan)]](repeating: [], count: places.count)
        for (index, place) in places.enumerated() {
            for path in Self.dependencies(of: place.item) where path.package == nil {
                let name = path.item.name
                var target = indices[name]
                if let alias = fileAliases[place.file][name] {
                    target = alias.package == nil ? indices[alias.item.name] : nil
                }
                guard let target, let declared = Self.name(of: places[target].item) else { continue }
                edges[index].append(target)
                edgeSpans[index].append((declared.name, declared.span))
            }
        }
        let (order, cycle) = TopologicalSort.order(edges)
        if let cycle {
            let (name, span) = edgeSpans[cycle.node][cycle.edge]
            report(.cycle("interface or world", name, at: span))
        }
        for index in order { allocate(places[index].item) }
        for index in places.indices {
            guard let name = Self.name(of: places[index].item), items[name.name] == nil else { continue }
            items[name.name] = (.missing, name.span)
        }
        nameFiles()
        return order.map { places[$0] }
    }

    private static func name(of item: WITSyntax.Item) -> WITSyntax.Identifier? {
        switch item {
        case .interface(let interface): interface.name
        case .world(let world): world.name
        case .use, .package: nil
        }
    }

    /// The interfaces that an interface uses, the worlds that a world includes.
    private static func dependencies(of item: WITSyntax.Item) -> [WITSyntax.UsePath] {
        switch item {
        case .interface(let interface):
            interface.items.compactMap { if case .use(let use) = $0 { use.path } else { nil } }
        case .world(let world):
            world.items.compactMap { if case .include(let include) = $0 { include.path } else { nil } }
        case .use, .package: []
        }
    }

    /// The names that `use` brings into each file, and mistakes with them.
    private func aliases() -> [[String: WITSyntax.UsePath]] {
        package.files.map { list in
            var seen: [String: SourceSpan] = [:]
            var aliases: [String: WITSyntax.UsePath] = [:]
            for item in list {
                let name: WITSyntax.Identifier
                switch item {
                case .use(let use):
                    name = use.alias ?? use.path.item
                    aliases[name.name] = use.path
                case .interface, .world:
                    guard let found = Self.name(of: item) else { continue }
                    name = found
                case .package: continue
                }
                if let first = seen[name.name] {
                    report(.itemTwice(name.name, at: name.span, firstAt: first))
                } else {
                    seen[name.name] = name.span
                }
            }
            return aliases
        }
    }

    private mutating func allocate(_ item: WITSyntax.Item) {
        switch item {
        case .interface(let interface):
            let id = allocateInterface(name: interface.name.name, span: interface.name.span)
            items[interface.name.name] = (.interface(id), interface.name.span)
        case .world(let world):
            let id = WorldID(baseWorlds + worlds.count)
            worlds.append(DraftWorld(world: World(name: world.name.name), span: world.name.span))
            items[world.name.name] = (.world(id), world.name.span)
        case .use, .package: break
        }
    }

    mutating func allocateInterface(name: String?, span: SourceSpan) -> InterfaceID {
        interfaces.append(DraftInterface(interface: Interface(name: name), span: span))
        return InterfaceID(baseInterfaces + interfaces.count - 1)
    }

    private mutating func nameFiles() {
        func path(_ path: WITSyntax.UsePath) -> String { path.package?.qualified(path.item.name) ?? path.item.name }
        // `use` at the top of a file takes interfaces: one and the same name cannot be included as a world, too.
        var includes: [String: SourceSpan] = [:]
        package.forEachPath { found, _, use in
            if use == .world, found.package != nil { includes[path(found)] = found.item.span }
        }
        for list in package.files {
            var names: [String: (item: ItemReference, span: SourceSpan)] = [:]
            for item in list {
                guard case .use(let use) = item else { continue }
                let name = use.alias ?? use.path.item
                if use.path.package == nil {
                    if let target = items[use.path.item.name] {
                        names[name.name] = (target.item, target.span)
                        shared.symbols.add(use.path.item.span, to: target.span)
                    } else {
                        report(
                            .itemNotFound(
                                use.path.item.name, near: nearestItem(use.path.item.name), at: use.path.item.span))
                        names[name.name] = (.missing, name.span)
                    }
                } else {
                    if let include = includes[path(use.path)] {
                        report(.wrongItem(name.name, is: "an interface, by `use`,", not: "a world", at: include))
                    }
                    let target = foreignItem(use.path, wanting: .topLevel)
                    names[name.name] = (target.item, target.span ?? name.span)
                }
            }
            fileNames.append(names)
        }
    }

    func nearestItem(_ name: String) -> String? {
        let seen = fileNames.indices.contains(currentFile) ? Array(fileNames[currentFile].keys) : []
        return NameSuggestion.nearest(to: name, among: (Array(items.keys) + seen).sorted())
    }

    /// What `path` refers to; `missing` after a mistake, which is reported.
    func lookUp(_ path: WITSyntax.UsePath, wanting use: WITPackage.PathUse) -> ItemReference {
        let found: (item: ItemReference, span: SourceSpan?)
        if path.package != nil {
            found = foreignItem(path, wanting: use)
        } else if let local = fileNames[currentFile][path.item.name] ?? items[path.item.name] {
            found = (local.item, local.span)
            shared.symbols.add(path.item.span, to: local.span)
        } else {
            report(.itemNotFound(path.item.name, near: nearestItem(path.item.name), at: path.item.span))
            return .missing
        }
        switch (found.item, use) {
        case (.world, .interface):
            report(.wrongItem(path.item.name, is: "a world", not: "an interface", at: path.item.span))
            return .missing
        case (.interface, .world):
            report(.wrongItem(path.item.name, is: "an interface", not: "a world", at: path.item.span))
            return .missing
        default: return found.item
        }
    }

    private func foreignItem(
        _ path: WITSyntax.UsePath, wanting use: WITPackage.PathUse
    ) -> (item: ItemReference, span: SourceSpan?) {
        guard let name = path.package, !shared.failed.contains(name) else { return (.missing, nil) }
        if name == package.name {
            report(.packageCycle(name, at: path.packageSpan, closedAt: path.packageSpan))
            return (.missing, nil)
        }
        guard let id = shared.packageIDs[name] else {
            report(.packageNotFound(name, known: shared.known, at: path.packageSpan))
            return (.missing, nil)
        }
        let found = shared.graph[id]
        if use == .world {
            if let world = found.worlds[path.item.name] {
                let span = shared.places.worlds[world.index]
                shared.symbols.add(path.item.span, to: span)
                return (.world(world), span)
            }
            report(
                .notInPackage("world", path.item.name, name, known: found.worlds.keys, at: path.item.span))
            return (.missing, nil)
        }
        if let interface = found.interfaces[path.item.name] {
            let span = shared.places.interfaces[interface.index]
            shared.symbols.add(path.item.span, to: span)
            return (.interface(interface), span)
        }
        report(.notInPackage("interface", path.item.name, name, known: found.interfaces.keys, at: path.item.span))
        return (.missing, nil)
    }
}
