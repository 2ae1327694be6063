// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
import DovetailWITReader

/// Compares a world that is there with one that is wanted, and collects all that differs.
///
/// The rules are those of component subtyping (Explainer.md, "Type Checking"): a component fits when it imports nothing but
/// what is offered and exports all that is asked for. Types are the same when they are built the same; resources are the
/// same when they stand under the same names.
package struct WorldMatcher {
    /// When two interface names are the same.
    package enum Versions: Sendable {
        /// Letter for letter.
        case exact
        /// Versions of one compatible series match as well.
        case compatible
    }

    /// A resource of one world: an interface that is imported and exported has two of each.
    struct Identity: Hashable {
        var isExport: Bool
        var key: WorldKey
        var type: TypeID
    }

    /// One of the two sides of a comparison.
    struct Side {
        let graph: PackageGraph
        var exports: OrderedMap<WorldKey, WorldItem>
        var isExport = false
        /// The import or export that is being compared.
        var key = WorldKey.name("")
        /// Its interface, if it is one.
        var interface: InterfaceID?

        /// Which resource a handle to `id` is about, as seen from the current import or export.
        func identity(_ id: TypeID) -> Identity {
            let base = graph.types.resource(id)
            guard case .interface(let owner) = graph.types[base].owner else {
                let name = graph.types[base].name ?? ""
                return Identity(isExport: false, key: .name(name), type: base)
            }
            if owner == interface { return Identity(isExport: isExport, key: key, type: base) }
            // Functions of the world itself see the imported interface.
            let other = WorldKey.interface(owner)
            return Identity(
                isExport: isExport && interface != nil && exports[other] != nil, key: other, type: base)
        }
    }

    private let versions: Versions
    /// The side whose things are used, and the one that says what is needed; they change places between imports and exports.
    var supplied: Side
    var wanted: Side
    /// The resource that is supplied for each wanted one.
    var resources: [Identity: Identity] = [:]
    /// Whether types that were compared are the same, within the current interface or among the items of the world.
    var compared: [TypePair: Bool] = [:]
    var path: [String] = []
    /// What was found, in the order of the worlds.
    package private(set) var differences: [WorldDifference] = []
    /// After so many differences no more are kept.
    private static let maximumDifferences = 1000
    /// How many near names were searched for.
    private var suggestions = 0

    struct TypePair: Hashable {
        var supplied: TypeID
        var wanted: TypeID
    }

    init(supplied: PackageGraph, wanted: PackageGraph, versions: Versions) {
        self.supplied = Side(graph: supplied, exports: OrderedMap())
        self.wanted = Side(graph: wanted, exports: OrderedMap())
        self.versions = versions
    }

    /// Why a component of the world `world` cannot be used as one of `target`; empty when it can.
    package static func differences(
        of world: WorldID, in graph: PackageGraph, toTarget target: WorldID, in targetGraph: PackageGraph,
        versions: Versions = .exact, missingExport: String = "the component does not export it"
    ) -> [WorldDifference] {
        let component = graph[world]
        let wanted = targetGraph[target]
        var matcher = WorldMatcher(supplied: targetGraph, wanted: graph, versions: versions)
        matcher.supplied.exports = wanted.exports
        matcher.wanted.exports = component.exports
        matcher.matchAll(
            supplied: wanted.imports, wanted: component.imports, what: "import",
            missing: "the world `\(wanted.name)` does not offer it")
        matcher.turn()
        matcher.matchAll(
            supplied: component.exports, wanted: wanted.exports, what: "export",
            missing: missingExport)
        return matcher.differences
    }

    /// Why users of some interfaces could not use their successors; empty when these have everything the old ones have.
    ///
    /// The interfaces are compared as the imports of one world, so each is looked at once, however many others use it.
    /// Resources of other interfaces are equal when these interfaces have the same names and compatible versions.
    ///
    /// - Throws: when the interfaces depend on too many others.
    static func differences(
        of pairs: [(old: InterfaceID, new: InterfaceID)], in graph: PackageGraph, toSuccessorsIn newGraph: PackageGraph
    ) throws(WITError) -> [WorldDifference] {
        func world(_ interfaces: [InterfaceID], _ graph: inout PackageGraph) throws(WITError) -> WorldID {
            var world = World(name: "successor", package: interfaces.first.flatMap { graph[$0].package })
            for id in interfaces { world.imports[.interface(id)] = WorldItem(.interface(id)) }
            graph.worlds.append(world)
            let added = WorldID(graph.worlds.count - 1)
            try graph.elaborate(added)
            return added
        }
        var one = graph
        var other = newGraph
        let oldWorld = try world(pairs.map(\.old), &one)
        let newWorld = try world(pairs.map(\.new), &other)
        return differences(of: oldWorld, in: one, toTarget: newWorld, in: other, versions: .compatible)
    }

    /// From imports, which the target supplies, to exports, which the component does.
    private mutating func turn() {
        swap(&supplied, &wanted)
        compared = [:]
        supplied.isExport = true
        wanted.isExport = true
        var turned: [Identity: Identity] = [:]
        for (wanted, supplied) in resources { turned[supplied] = wanted }
        // Several imports of the component can stand for one of the target: keep what each of them stands for.
        imported = resources
        resources = turned
    }

    /// The resource of the target for each one that the component imports, once exports are compared.
    private var imported: [Identity: Identity] = [:]

    func sameResource(_ one: TypeID, _ other: TypeID) -> Bool {
        let have = supplied.identity(one)
        let want = wanted.identity(other)
        if let known = resources[want], known == have { return true }
        return imported[have] == want
    }

    mutating func report(_ message: String) {
        if differences.count < Self.maximumDifferences { differences.append(WorldDifference(message, at: path)) }
    }

    mutating func within(_ step: String, _ body: (inout WorldMatcher) -> Void) {
        path.append(step)
        body(&self)
        path.removeLast()
    }

    // MARK: - Imports and exports

    private mutating func matchAll(
        supplied items: OrderedMap<WorldKey, WorldItem>, wanted needs: OrderedMap<WorldKey, WorldItem>, what: String,
        missing: String
    ) {
        var names: [String: WorldKey] = [:]
        var tracks: [String: (version: SemanticVersion, key: WorldKey)] = [:]
        var known: [String]?
        for key in items.keys {
            names[supplied.graph.externName(of: key)] = key
            guard versions == .compatible, case .interface(let id) = key,
                let track = supplied.graph.compatibilityTrack(of: id), let package = supplied.graph[id].package,
                let version = supplied.graph[package].name.version
            else { continue }
            if let known = tracks[track], known.version >= version { continue }
            tracks[track] = (version, key)
        }
        for (key, need) in needs {
            let name = wanted.graph.externName(of: key)
            var found = names[name]
            if found == nil, case .interface(let id) = key, let track = wanted.graph.compatibilityTrack(of: id) {
                found = tracks[track]?.key
            }
            within("\(what) `\(name)`") { matcher in
                guard let found, let item = items[found] else {
                    return matcher.reportMissing(missing, name, "it has") {
                        known = known ?? names.keys.sorted()
                        return known ?? []
                    }
                }
                matcher.supplied.key = found
                matcher.wanted.key = key
                matcher.match(item, need)
            }
        }
    }

    private mutating func match(_ item: WorldItem, _ need: WorldItem) {
        supplied.interface = nil
        wanted.interface = nil
        switch (item.kind, need.kind) {
        case (.interface(let a), .interface(let b)):
            // Which resource a handle is about depends on the interface; among the items of the world it is always the same.
            let outside = compared
            compared = [:]
            matchInterfaces(supplied: a, wanted: b)
            compared = outside
        case (.function(let a), .function(let b)): match(a, b)
        case (.type(let a), .type(let b)): match(named: a, b)
        default: report("expected \(Self.word(need)), found \(Self.word(item))")
        }
    }

    private static func word(_ item: WorldItem) -> String {
        switch item.kind {
        case .interface: "an interface"
        case .function: "a function"
        case .type: "a type"
        }
    }

    /// Compares two interfaces of the current import or export.
    mutating func matchInterfaces(supplied have: InterfaceID, wanted need: InterfaceID) {
        supplied.interface = have
        wanted.interface = need
        let interface = supplied.graph[have]
        for (name, type) in wanted.graph[need].types {
            within("type `\(name)`") { matcher in
                guard let found = interface.types[name] else {
                    return matcher.reportMissing(name, interface.types.keys)
                }
                matcher.match(named: found, type)
            }
        }
        for (name, function) in wanted.graph[need].functions {
            within("function `\(name)`") { matcher in
                guard let found = interface.functions[name] else {
                    return matcher.reportMissing(name, interface.functions.keys)
                }
                matcher.match(found, function)
            }
        }
    }

    private mutating func reportMissing(_ name: String, _ known: [String]) {
        var place = ""
        if let id = supplied.interface, let name = supplied.graph.qualifiedName(of: id) { place = " in `\(name)`" }
        reportMissing("it is missing\(place)", name, "there is") { known }
    }

    /// Reports what is missing, with a near name; the search for one is costly, so only the first ones get it.
    private mutating func reportMissing(
        _ message: String, _ name: String, _ hint: String, _ known: () -> [String]
    ) {
        suggestions += 1
        let near = suggestions > 100 ? nil : NameSuggestion.nearest(to: name, among: known())
        report(message + (near.map { "; \(hint) `\($0)`" } ?? ""))
    }
}
