// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import DovetailWITReader

/// Random packages and difficult ones, and components of their worlds.
struct WorldsSuite: Suite {
    private let manifest: Manifest

    init(folder: DataFolder) throws { manifest = try Manifest(folder) }

    func cases() throws -> [CaseReference] {
        try manifest.cases { try ["package"] + ($0["worlds"]?.array ?? []).map { try $0.text("name") } }
    }

    func run(_ identifier: String, recorder: Recorder) throws {
        let entry = try manifest.entry(identifier)
        let base = manifest.base(entry)
        recorder.unit(0) { try checkPackage(entry, base) }
        for (index, world) in (entry["worlds"]?.array ?? []).enumerated() {
            recorder.unit(index + 1) { try checkWorld(world, of: entry, base) }
        }
    }

    private func checkPackage(_ entry: JSON, _ base: DataFolder) throws {
        let path = try entry.text("wit")
        let resolved = try WIT.resolve(try WITLoader.load(base.file(path)), features: .all)
        if let found = JSON(WITJSON.tree(of: resolved.graph)).difference(from: try base.json(try entry.text("json"))) {
            throw CaseFailure("graph: \(found)")
        }
        if let name = entry["json_no_features"]?.string {
            let stable = try WIT.resolve(try WITLoader.load(base.file(path)))
            if let found = JSON(WITJSON.tree(of: stable.graph)).difference(from: try base.json(name)) {
                throw CaseFailure("graph without features: \(found)")
            }
        }
        let printed = String(decoding: try base.bytes(entry["printed"]?.string ?? path), as: UTF8.self)
        let decoded = try WITDecoder.decode(try base.bytes(try entry.text("package_wasm")))
        try WITTexts.expect(
            WITText.text(of: decoded.package, in: decoded.graph), equals: printed, "the recorded binary, printed")
        try WITTexts.expectReadsBack(decoded.package, in: decoded.graph)
        try WITTexts.expectReadsBack(resolved.root, in: resolved.graph)
        try WITTexts.expectEncodes(resolved.root, in: resolved.graph)
        try WITTexts.expectEncodes(decoded.package, in: decoded.graph)
        for world in resolved.graph[resolved.root].worlds.values { try checkSection(world, in: resolved.graph) }
    }

    /// Checks that a world comes back from the section of a core module.
    private func checkSection(_ world: WorldID, in graph: PackageGraph) throws {
        let module = try ComponentTypeSection.embed(
            world, of: graph, in: CoreModuleSections.emptyModule, stringEncoding: .utf16)
        guard let section = try module.withUnsafeBytes({ try ComponentTypeSection.sections(ofCoreModule: $0) }).first
        else { throw CaseFailure("the section is not found again") }
        guard section.stringEncoding == .utf16 else { throw CaseFailure("the string encoding is lost") }
        let found = WorldMatcher.differences(of: section.world, in: section.wit.graph, toTarget: world, in: graph)
        guard found.isEmpty else { throw CaseFailure("section: \(found.map(\.description).joined(separator: "; "))") }
        let back = WorldMatcher.differences(of: world, in: graph, toTarget: section.world, in: section.wit.graph)
        guard back.isEmpty else { throw CaseFailure("section: \(back.map(\.description).joined(separator: "; "))") }
        guard try module.withUnsafeBytes({ try WITDecoder.decode($0) }).source == .coreModule else {
            throw CaseFailure("the module is not taken for one")
        }
    }

    private func checkWorld(_ item: JSON, of entry: JSON, _ base: DataFolder) throws {
        let bytes = try base.bytes(try item.text("component"))
        var features = ComponentFeatures.standard
        for name in item["needs"]?.strings ?? [] {
            guard let known = ComponentFeatures.names.first(where: { $0.name == name }) else {
                throw CaseFailure("the feature `\(name)` is not known")
            }
            features.insert(known.feature)
        }
        try WITTexts.validate(bytes, features: features)
        let resolved = try WIT.resolve(try WITLoader.load(base.file(try entry.text("wit"))), features: .all)
        let world = try resolved.graph.world(try item.text("name"), in: resolved.root)
        let decoded = try WITDecoder.decode(bytes)
        guard let own = decoded.world else { throw CaseFailure("the component has no world") }
        try WITTexts.expectReadsBack(decoded.package, in: decoded.graph)
        let found = WorldMatcher.differences(of: own, in: decoded.graph, toTarget: world, in: resolved.graph)
        guard found.isEmpty else { throw CaseFailure(found.map(\.description).joined(separator: "; ")) }
        try checkNames(of: own, in: decoded.graph, against: world, in: resolved.graph)
        try WITTexts.expectEncodes(decoded.package, in: decoded.graph)
    }

    /// Fails unless a component has all functions of a world, and no others: it uses every import.
    private func checkNames(
        of own: WorldID, in graph: PackageGraph, against world: WorldID, in other: PackageGraph
    ) throws {
        func functions(_ items: OrderedMap<WorldKey, WorldItem>, _ graph: PackageGraph) -> Set<String> {
            var names: Set<String> = []
            for (key, item) in items {
                switch item.kind {
                case .function(let function): names.insert(function.name)
                case .interface(let id):
                    for name in graph[id].functions.keys { names.insert("\(graph.externName(of: key))#\(name)") }
                case .type: continue
                }
            }
            return names
        }
        for (what, path) in [("imports", \World.imports), ("exports", \World.exports)] {
            let found = functions(graph[own][keyPath: path], graph)
            let expected = functions(other[world][keyPath: path], other)
            let different = found.symmetricDifference(expected).sorted()
            guard different.isEmpty else { throw CaseFailure("\(what) differ: \(different.joined(separator: ", "))") }
        }
    }
}
