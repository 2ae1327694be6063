// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailWITReader

// The WIT of a core module: that of all its `component-type` sections together.
extension WITDecoder {
    /// The package that is made up around a core module's world.
    private static let modulePackage = PackageName(namespace: "root", name: "root")

    /// Reads the packages of a core module, and one world with the imports and exports of all its worlds.
    static func decode(
        coreModule bytes: UnsafeRawBufferPointer, checking check: Check?
    ) throws(BinaryError) -> DecodedWIT {
        var decoder = WITDecoder()
        decoder.repeatsWorlds = true
        let world = WorldID(0)
        decoder.graph.worlds.append(World(name: "root"))
        var merger = WorldMerger(world: world, package: modulePackage)
        for section in try CoreModuleOutline(bytes).customSections
        where section.name.hasPrefix(worldSectionPrefix) {
            do throws(BinaryError) {
                try decoder.read(section, of: bytes, checking: check, into: &merger)
            } catch {
                throw error.inside(section)
            }
        }
        guard decoder.graph.worlds.count > 1 else { throw .noComponentType() }
        merger.sort(&decoder)
        try merger.checkExports(of: decoder)
        decoder.addPackage(modulePackage)
        decoder.packages[modulePackage]?.worlds["root"] = world
        let id = try decoder.finish(main: modulePackage)
        return DecodedWIT(source: .coreModule, graph: decoder.graph, package: id, world: world)
    }

    /// Reads the package of a section and brings its worlds together with those of earlier sections.
    private mutating func read(
        _ section: CustomSection, of bytes: UnsafeRawBufferPointer, checking check: Check?,
        into merger: inout WorldMerger
    ) throws(BinaryError) {
        let payload = UnsafeRawBufferPointer(rebasing: bytes[section.range])
        let binary = try ComponentDecoder.decode(payload)
        if let check { try check(binary, payload) }
        let root = try evaluator.root(binary)
        guard Self.isPackage(root) else { throw .notWIT("expected a package", at: 0) }
        let first = graph.worlds.count
        _ = try read(package: root, binary, bytes: payload)
        var worlds: [String: [World]] = [:]
        for world in graph.worlds[first...] { worlds[world.name, default: []].append(world) }
        for entry in root.exports.exports {
            for own in worlds[entry.name.name] ?? [] {
                // A second look makes types of their own for the merged world.
                guard case .component(let component) = try definition(entry).inner.item else { continue }
                try merger.add(own, try evaluator.open(component), to: &self)
            }
        }
    }
}

/// Brings the imports and exports of several worlds into one.
private struct WorldMerger {
    /// The world that takes them.
    let world: WorldID
    /// The package of that world.
    let package: PackageName
    /// The items as the worlds have them that they come from.
    private var imports: [WorldKey: WorldItem] = [:]
    private var exports = OrderedMap<WorldKey, WorldItem>()
    /// The first export that uses each interface.
    private var users: [InterfaceID: WorldKey] = [:]

    init(world: WorldID, package: PackageName) {
        self.world = world
        self.package = package
    }

    /// Adds the items of `own`, which were read from another look at `items`.
    mutating func add(
        _ own: World, _ items: WITInterfaceOfComponent, to decoder: inout WITDecoder
    ) throws(BinaryError) {
        for entry in items.imports {
            decoder.names[.world(world), default: []].insert(
                ExternName.canonical(entry.name.name))
        }
        for entry in items.imports {
            guard let key = try key(of: entry, decoder), let item = own.imports[key] else { continue }
            if let existing = imports[key] {
                guard decoder.graph.isSame(existing, item) else {
                    throw .notWIT("import `\(entry.name.name)` differs between sections", at: decoder.offset)
                }
                try skip(entry, decoder.graph[world].imports[key], &decoder)
                continue
            }
            imports[key] = item
            if let (key, item) = try decoder.worldItem(entry, isImport: true, world: world, package: package) {
                decoder.graph.worlds[world.index].imports[key] = item
            }
        }
        for entry in items.exports.exports {
            guard let key = try key(of: entry, decoder), let item = own.exports[key] else { continue }
            if let existing = exports[key] {
                guard decoder.graph.isSame(existing, item) else {
                    throw .notWIT("export `\(entry.name.name)` differs between sections", at: decoder.offset)
                }
                continue
            }
            try checkMeaning(of: key, own, decoder)
            if let (key, item) = try decoder.worldItem(entry, isImport: false, world: world, package: package) {
                decoder.graph.worlds[world.index].exports[key] = item
            }
        }
        for (key, item) in own.exports {
            exports[key] = item
            guard case .interface(let user) = item.kind else { continue }
            for id in decoder.uses(of: user) where users[id] == nil { users[id] = key }
        }
    }

    private func key(of entry: WITEntry, _ decoder: WITDecoder) throws(BinaryError) -> WorldKey? {
        guard case .instance = entry.item, entry.name.implements == nil,
            entry.name.name.utf8.contains(UInt8(ascii: ":"))
        else { return .name(entry.name.name) }
        let (package, name) = try decoder.interfaceName(entry.name)
        return decoder.interfaces[package.qualified(name)].map { .interface($0) }
    }

    /// Makes the types of an import known that the world has already.
    private func skip(_ entry: WITEntry, _ existing: WorldItem?, _ decoder: inout WITDecoder) throws(BinaryError) {
        switch (entry.item, existing?.kind) {
        case (.type(let type), .type(let id)?): decoder.known[type] = id
        case (.instance(let instance), .interface(let id)?) where decoder.graph[id].name != nil:
            try decoder.fill(id, with: instance)
        default: break
        }
    }

    /// Refuses an export that earlier exports meant as an import.
    private func checkMeaning(of key: WorldKey, _ own: World, _ decoder: WITDecoder) throws(BinaryError) {
        guard case .interface(let id) = key, let other = users[id] else { return }
        throw .notWIT(
            "export `\(decoder.fullName(id))` changes what `\(decoder.graph.externName(of: other))` refers to",
            at: decoder.offset)
    }

    /// Refuses exports that imports, which other exports need, depend on.
    func checkExports(of decoder: WITDecoder) throws(BinaryError) {
        var exported: Set<InterfaceID> = []
        for case .interface(let id) in decoder.graph[world].exports.keys { exported.insert(id) }
        var pending: [InterfaceID] = []
        for case .interface(let id) in decoder.graph[world].exports.values.map(\.kind) {
            pending += decoder.uses(of: id).filter { !exported.contains($0) }
        }
        var seen: Set<InterfaceID> = []
        while let id = pending.popLast() {
            guard seen.insert(id).inserted else { continue }
            for other in decoder.uses(of: id) {
                guard !exported.contains(other) else {
                    throw .notWIT(
                        "`\(decoder.fullName(other))` is exported, and needed by the import `\(decoder.fullName(id))`",
                        at: decoder.offset)
                }
                pending.append(other)
            }
        }
    }

    /// Puts items into the order that worlds have in WIT: among imports interfaces, then types, then functions, as
    /// later sections may bring what types of earlier ones do not need; among exports functions, then interfaces.
    func sort(_ decoder: inout WITDecoder) {
        func sorted(_ items: OrderedMap<WorldKey, WorldItem>, isImport: Bool) -> OrderedMap<WorldKey, WorldItem> {
            func rank(_ item: WorldItem) -> Int {
                switch item.kind {
                case .interface: isImport ? 0 : 3
                case .type: 1
                case .function: 2
                }
            }
            var result = OrderedMap<WorldKey, WorldItem>()
            for wanted in 0...3 {
                for (key, item) in items where rank(item) == wanted { result[key] = item }
            }
            return result
        }
        let merged = decoder.graph[world]
        decoder.graph.worlds[world.index].imports = sorted(merged.imports, isImport: true)
        decoder.graph.worlds[world.index].exports = sorted(merged.exports, isImport: false)
    }
}
