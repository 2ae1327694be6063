// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

// The WIT of a core module: that of all its `component-type` sections together.
extension WITDecoder {
    /// The package that is made up around a core module's world.
    private static let modulePackage = PackageName(namespace: "root", name: "root")

    /// Reads the worlds of a core module as one.
    static func decode(coreModule bytes: UnsafeRawBufferPointer) throws(BinaryError) -> DecodedWIT {
        var decoder = WITDecoder()
        var worlds: [WorldID] = []
        for section in try CoreModuleOutline(bytes).customSections
        where section.name.hasPrefix(ComponentTypeSection.namePrefix) {
            let payload = UnsafeRawBufferPointer(rebasing: bytes[section.range])
            let binary = try ComponentDecoder.decode(payload)
            let root = try decoder.evaluator.root(binary)
            guard isPackage(root) else {
                throw .notWIT("expected a package in section `\(section.name)`", at: section.offset)
            }
            let before = decoder.graph.worlds.count
            // Sections may be of one package; each has worlds of its own.
            for name in decoder.packages.keys { decoder.packages[name]?.worlds = OrderedMap() }
            _ = try decoder.read(package: root, binary, bytes: payload)
            worlds += (before..<decoder.graph.worlds.count).map { WorldID($0) }
        }
        guard !worlds.isEmpty else { throw .noComponentType() }
        let name = modulePackage
        let merged = try decoder.merge(worlds, package: name)
        for package in decoder.packages.keys { decoder.packages[package]?.worlds = OrderedMap() }
        decoder.packages[name] = Package(name: name)
        decoder.packages[name]?.worlds["root"] = merged
        let id = try decoder.finish(main: name)
        return DecodedWIT(source: .coreModule, graph: decoder.graph, package: id, world: merged)
    }

    /// Replaces all worlds by one that has the imports and exports of all.
    private mutating func merge(_ worlds: [WorldID], package: PackageName) throws(BinaryError) -> WorldID {
        let all = worlds.map { graph[$0] }
        graph.worlds = [World(name: "root")]
        let id = WorldID(0)
        for world in all {
            for (key, item) in world.imports {
                if let existing = graph[id].imports[key] {
                    guard isSame(existing, item) else {
                        throw .notWIT("import `\(graph.externName(of: key))` differs between sections", at: offset)
                    }
                    continue
                }
                adopt(item, by: id, package: package)
                graph[id].imports[key] = item
            }
            for (key, item) in world.exports {
                if let existing = graph[id].exports[key] {
                    guard isSame(existing, item) else {
                        throw .notWIT("export `\(graph.externName(of: key))` differs between sections", at: offset)
                    }
                    continue
                }
                adopt(item, by: id, package: package)
                graph[id].exports[key] = item
            }
        }
        sortImports(of: id)
        return id
    }

    /// Makes the types and the unnamed interface of an item those of another world.
    private mutating func adopt(_ item: WorldItem, by world: WorldID, package: PackageName) {
        switch item.kind {
        case .type(let type): graph.types[type].owner = .world(world)
        case .interface(let interface): if graph[interface].name == nil { packageNames[interface.index] = package }
        case .function: break
        }
    }

    /// Interfaces come first: sections that come later may bring what types of earlier ones do not need.
    private mutating func sortImports(of id: WorldID) {
        var sorted = OrderedMap<WorldKey, WorldItem>()
        func rank(_ item: WorldItem) -> Int {
            switch item.kind {
            case .interface: 0
            case .type: 1
            case .function: 2
            }
        }
        for wanted in 0...2 {
            for (key, item) in graph[id].imports where rank(item) == wanted { sorted[key] = item }
        }
        graph[id].imports = sorted
    }

    private func isSame(_ one: WorldItem, _ other: WorldItem) -> Bool {
        switch (one.kind, other.kind) {
        case (.function(let left), .function(let right)):
            return left.isAsync == right.isAsync && left.parameters.map(\.name) == right.parameters.map(\.name)
                && zip(left.parameters, right.parameters).allSatisfy { isSame($0.type, $1.type) }
                && isSame(left.result, right.result)
        case (.interface(let left), .interface(let right)):
            if left == right { return true }
            guard graph[left].name == nil, graph[right].name == nil else { return false }
            return graph[left].types.keys == graph[right].types.keys
                && graph[left].functions.keys == graph[right].functions.keys
                && zip(graph[left].types.values, graph[right].types.values).allSatisfy {
                    isSame(.defined($0), .defined($1))
                }
                && zip(graph[left].functions.values, graph[right].functions.values).allSatisfy {
                    isSame(WorldItem(.function($0)), WorldItem(.function($1)))
                }
        case (.type(let left), .type(let right)): return isSame(.defined(left), .defined(right))
        default: return false
        }
    }

    private func isSame(_ one: ValueType?, _ other: ValueType?) -> Bool {
        switch (one, other) {
        case (nil, nil): true
        case (let left?, let right?): isSame(left, right, depth: 0)
        default: false
        }
    }

    /// Whether a type is an interface's of its own name, of which there is only one.
    private func isShared(_ type: TypeDefinition) -> Bool {
        if case .interface(let id) = type.owner { graph[id].name != nil } else { false }
    }

    /// Whether two types have the same structure and the same names in it.
    private func isSame(_ one: ValueType, _ other: ValueType, depth: Int) -> Bool {
        guard depth < Limits.typeDepth, case .defined(let left) = one, case .defined(let right) = other else {
            return one == other
        }
        if left == right { return true }
        let (first, second) = (graph.types[left], graph.types[right])
        guard first.name == second.name else { return false }
        // Named types are compared where they are declared.
        if depth > 0, first.name != nil { return !isShared(first) && !isShared(second) }
        func same(_ one: ValueType?, _ other: ValueType?) -> Bool {
            switch (one, other) {
            case (nil, nil): true
            case (let one?, let other?): isSame(one, other, depth: depth + 1)
            default: false
            }
        }
        switch (first.kind, second.kind) {
        case (.resource, .resource): return true
        case (.record(let a), .record(let b)):
            return a.map(\.name) == b.map(\.name) && zip(a, b).allSatisfy { same($0.type, $1.type) }
        case (.variant(let a), .variant(let b)):
            return a.map(\.name) == b.map(\.name) && zip(a, b).allSatisfy { same($0.type, $1.type) }
        case (.flags(let a), .flags(let b)), (.enum(let a), .enum(let b)): return a.map(\.name) == b.map(\.name)
        case (.tuple(let a), .tuple(let b)): return a.count == b.count && zip(a, b).allSatisfy { same($0, $1) }
        case (.option(let a), .option(let b)), (.list(let a), .list(let b)), (.alias(let a), .alias(let b)):
            return same(a, b)
        case (.fixedLengthList(let a, let m), .fixedLengthList(let b, let n)): return m == n && same(a, b)
        case (.result(let a, let e), .result(let b, let f)): return same(a, b) && same(e, f)
        case (.map(let a, let x), .map(let b, let y)): return same(a, b) && same(x, y)
        case (.stream(let a), .stream(let b)), (.future(let a), .future(let b)): return same(a, b)
        case (.own(let a), .own(let b)), (.borrow(let a), .borrow(let b)): return same(.defined(a), .defined(b))
        default: return false
        }
    }
}
