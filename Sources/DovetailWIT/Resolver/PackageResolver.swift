// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Resolves one package whose dependencies are in the graph.
///
/// First everything is resolved into drafts, gated items included; then what the features let through is committed
/// to the graph. Draft identifiers continue those that the graph had at the start.
struct PackageResolver {
    let shared: WITResolver
    let package: WITPackage
    let baseTypes: Int
    let baseInterfaces: Int
    let baseWorlds: Int

    var types: [DraftType] = []
    var anonymous: [TypeKind: TypeID] = [:]
    var interfaces: [DraftInterface] = []
    var worlds: [DraftWorld] = []
    /// The top-level names of the package.
    var items: [String: (item: ItemReference, span: SourceSpan)] = [:]
    /// The names that each file sees besides.
    var fileNames: [[String: (item: ItemReference, span: SourceSpan)]] = []
    /// The file whose names are looked up.
    var currentFile = 0
    /// The types of the interface or world that is being resolved.
    var scope = Scope()

    var typeMap: [TypeID?] = []
    var interfaceMap: [InterfaceID?] = []
    var worldMap: [WorldID?] = []
    var packageID = PackageID(0)

    init(_ shared: WITResolver, _ package: WITPackage) {
        self.shared = shared
        self.package = package
        baseTypes = shared.graph.types.definitions.count
        baseInterfaces = shared.graph.interfaces.count
        baseWorlds = shared.graph.worlds.count
    }

    func report(_ diagnostic: @autoclosure () -> Diagnostic) { shared.diagnostics.add(diagnostic()) }

    mutating func resolve() {
        let errors = shared.diagnostics.errorCount
        let order = declare()
        for place in order {
            guard case .interface(let declaration) = place.item,
                case .interface(let id) = items[declaration.name.name]?.item
            else { continue }
            currentFile = place.file
            resolveInterface(
                id, declaration.items, documentation: declaration.documentation, attributes: declaration.attributes)
        }
        for place in order {
            guard case .world(let declaration) = place.item, case .world(let id) = items[declaration.name.name]?.item
            else { continue }
            currentFile = place.file
            resolveWorld(id, declaration)
        }
        guard shared.diagnostics.errorCount == errors else { return }
        commit()
    }

    struct Place {
        var file: Int
        var item: WITSyntax.Item
    }

    // MARK: - Names

    /// Collects the names of the package and its files; gives its items, dependencies first.
    private mutating func declare() -> [Place] {
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

    /// What `path` leads to; a mistake is reported and gives `missing`.
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

    // MARK: - Gates

    /// The gate that attributes say.
    func stability(_ attributes: [WITSyntax.Attribute]) -> Stability {
        var since: SemanticVersion?
        var feature: String?
        var deprecated: SemanticVersion?
        var spans: [String: SourceSpan] = [:]
        for attribute in attributes {
            let name: String
            switch attribute.kind {
            case .since(let version):
                name = "since"
                since = version
            case .unstable(let found):
                name = "unstable"
                feature = found
            case .deprecated(let version):
                name = "deprecated"
                deprecated = version
            case .externalID: continue
            }
            if spans.updateValue(attribute.span, forKey: name) != nil {
                report(.attributeTwice(name, at: attribute.span))
            }
        }
        if let since {
            if feature != nil, let span = spans["since"] { report(.sinceAndUnstable(at: span)) }
            return .stable(since: since, deprecated: deprecated)
        }
        if let feature { return .unstable(feature: feature, deprecated: deprecated) }
        if let span = spans["deprecated"] { report(.deprecatedAlone(at: span)) }
        return .unknown
    }

    func externalID(_ attributes: [WITSyntax.Attribute]) -> String? {
        for attribute in attributes {
            if case .externalID(let text) = attribute.kind { return text }
        }
        return nil
    }

    /// Whether the features leave an item out.
    func isGatedAway(_ stability: Stability) -> Bool {
        if case .unstable(let feature, _) = stability { !shared.features.contains(feature) } else { false }
    }

    /// Whether the gate lets an item through; wrong versions are reported at `span`.
    func isIncluded(_ stability: Stability, at span: SourceSpan) -> Bool {
        switch stability {
        case .unknown: return true
        case .unstable(let feature, _): return shared.features.contains(feature)
        case .stable(let since, _):
            guard let version = package.name.version else {
                report(.gateWithoutVersion(package.name, at: span))
                return true
            }
            if since > version { report(.unreleased(since, package.name, at: span)) }
            return true
        }
    }
}

/// What a name at the top of a file stands for.
enum ItemReference: Hashable {
    case interface(InterfaceID)
    case world(WorldID)
    /// A mistake that has been reported.
    case missing
}

/// The types that an interface or world has by name.
struct Scope {
    var names: [String: (type: TypeID, span: SourceSpan)] = [:]
    var order: [String] = []
    /// Types that were declared but could not be resolved.
    var broken: Set<String> = []
}

struct DraftType {
    var definition: TypeDefinition
    var span: SourceSpan
    /// The places of record fields, for messages.
    var memberSpans: [SourceSpan] = []
    /// Whether it is a resource, perhaps behind aliases.
    var isResource = false
}

struct DraftInterface {
    var interface: Interface
    var span: SourceSpan
    var scope = Scope()
    var functionSpans: [SourceSpan] = []
    var functions: [FunctionDefinition] = []
}

struct DraftWorld {
    struct Include {
        var world: WorldID
        var names: [WITSyntax.Renaming]
        var stability: Stability
        var span: SourceSpan
    }

    var world: World
    var span: SourceSpan
    var importSpans: [WorldKey: SourceSpan] = [:]
    var exportSpans: [WorldKey: SourceSpan] = [:]
    var includes: [Include] = []
}
