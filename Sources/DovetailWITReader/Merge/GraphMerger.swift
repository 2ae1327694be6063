// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// Merges one package graph into another.
///
/// Items with the same package name, version and name are merged: interfaces are united, and what occurs on both
/// sides must be the same; worlds must have the same imports and exports.
struct GraphMerger {
    let from: PackageGraph
    var into: PackageGraph
    /// Where things of `from` are found in `into`.
    var map: GraphMap
    /// Where things that `into` had before are now.
    private(set) var moved = GraphMap(replacing: [:])
    /// The interfaces that are in both, as positions in `from`.
    var shared: [InterfaceID] = []
    private var place = ""
    /// Unnamed types that were found to be the same.
    var equal: Set<TypePair> = []

    struct TypePair: Hashable {
        let from: TypeID
        let into: TypeID
    }

    init(_ from: PackageGraph, into: PackageGraph) {
        self.from = from
        self.into = into
        map = GraphMap(of: from)
    }

    /// The union of both graphs.
    ///
    /// - Throws: at the first thing that is in both and not the same, or when packages would depend on each other.
    mutating func merge() throws(WITError) -> PackageGraph {
        var pairs: [(PackageID, PackageID)] = []
        var known: [PackageName: PackageID] = [:]
        for (index, package) in into.packages.enumerated() where known[package.name] == nil {
            known[package.name] = PackageID(index)
        }
        for (index, package) in from.packages.enumerated() {
            guard let existing = known[package.name] else { continue }
            map.packages[index] = existing
            pairs.append((PackageID(index), existing))
            for (name, interface) in package.interfaces {
                guard let other = into[existing].interfaces[name] else { continue }
                map.interfaces[interface.index] = other
                for (name, type) in from[interface].types { map.types[type.index] = into[other].types[name] }
            }
        }
        for (one, other) in pairs { try matchPackage(one, other) }
        append()
        moved = try into.sort()
        compose(moved)
        return into
    }

    // MARK: - Items in both graphs

    private func fail(_ reason: String) -> WITError { WITError(.mergeConflict(place, reason)) }

    private mutating func matchPackage(_ one: PackageID, _ other: PackageID) throws(WITError) {
        let package = from[one]
        if into[other].documentation == nil { into[other].documentation = package.documentation }
        for (name, interface) in package.interfaces {
            guard let existing = into[other].interfaces[name] else {
                guard into[other].worlds[name] == nil else {
                    throw WITError(.mergeConflict("package `\(package.name)`", "`\(name)` is an interface and a world"))
                }
                continue
            }
            place = "interface `\(package.name.qualified(name))`"
            try matchInterface(interface, existing)
        }
        for (name, world) in package.worlds {
            guard let existing = into[other].worlds[name] else {
                guard into[other].interfaces[name] == nil else {
                    throw WITError(.mergeConflict("package `\(package.name)`", "`\(name)` is a world and an interface"))
                }
                continue
            }
            map.worlds[world.index] = existing
            place = "world `\(package.name.qualified(name))`"
            try matchWorld(world, existing)
        }
    }

    private mutating func matchInterface(_ one: InterfaceID, _ other: InterfaceID) throws(WITError) {
        let interface = from[one]
        map.interfaces[one.index] = other
        shared.append(one)
        if into[other].documentation == nil { into[other].documentation = interface.documentation }
        into[other].stability = try united(into[other].stability, interface.stability, nil)
        for (name, type) in interface.types {
            if let existing = into[other].types[name] { map.types[type.index] = existing }
        }
        for (name, type) in interface.types {
            guard let existing = into[other].types[name] else { continue }
            try matchType(type, existing, name)
        }
        for (name, function) in interface.functions {
            guard let index = into[other].functions.index(of: name) else { continue }
            var existing = into[other].functions.values[index]
            try matchFunction(function, &existing)
            into[other].functions.replaceValue(at: index, with: existing)
        }
    }

    private mutating func matchWorld(_ one: WorldID, _ other: WorldID) throws(WITError) {
        let world = from[one]
        if into[other].documentation == nil { into[other].documentation = world.documentation }
        into[other].stability = try united(into[other].stability, world.stability, nil)
        for (what, items, existing) in [
            ("import", world.imports, into[other].imports), ("export", world.exports, into[other].exports),
        ] {
            guard items.count == existing.count else {
                throw fail("it has \(items.count) \(what)s on one side, \(existing.count) on the other")
            }
            for (key, item) in items {
                let name = from.externName(of: key)
                let key = map.map(key)
                if case .interface(let id) = key, map.interfaces.indices.contains(id.index) == false,
                    existing[key] == nil
                {
                    throw fail("\(what) `\(name)` is only on one side")
                }
                guard var found = existing[key], isMapped(item) || !isInterfaceKey(key) else {
                    throw fail("\(what) `\(name)` is only on one side")
                }
                try matchItem(item, &found, what, name)
                if what == "import" { into[other].imports[key] = found } else { into[other].exports[key] = found }
            }
        }
    }

    private func isInterfaceKey(_ key: WorldKey) -> Bool { if case .interface = key { true } else { false } }

    /// Whether an imported or exported interface has its place in the other graph.
    private func isMapped(_ item: WorldItem) -> Bool {
        if case .interface(let id) = item.kind { map.interfaces[id.index] != nil } else { true }
    }

    private mutating func matchItem(
        _ item: WorldItem, _ other: inout WorldItem, _ what: String, _ name: String
    ) throws(WITError) {
        other.stability = try united(other.stability, item.stability, name)
        if other.documentation == nil { other.documentation = item.documentation }
        guard same(item.externalID, other.externalID) else {
            throw fail("\(what) `\(name)` has another `@external-id`")
        }
        switch (item.kind, other.kind) {
        case (.interface(let a), .interface(let b)):
            if from[a].name != nil || into[b].name != nil {
                guard map.interfaces[a.index] == b else { throw fail("\(what) `\(name)` is another interface") }
            } else {
                try matchInterface(a, b)
            }
        case (.function(let a), .function(var b)):
            try matchFunction(a, &b)
            other.kind = .function(b)
        case (.type(let a), .type(let b)):
            map.types[a.index] = b
            try matchType(a, b, name)
        default: throw fail("\(what) `\(name)` is of another kind")
        }
    }

    private mutating func matchType(_ one: TypeID, _ other: TypeID, _ name: String) throws(WITError) {
        into.types[other].stability = try united(into.types[other].stability, from.types[one].stability, name)
        if into.types[other].documentation == nil {
            into.types[other].documentation = from.types[one].documentation
        }
        guard same(from.types[one].externalID, into.types[other].externalID) else {
            throw fail("type `\(name)` has another `@external-id`")
        }
        guard matches(from.types[one].kind, into.types[other].kind, depth: 0) else {
            throw fail("type `\(name)` is not the same")
        }
    }

    private mutating func matchFunction(
        _ one: FunctionDefinition, _ other: inout FunctionDefinition
    ) throws(WITError) {
        let name = one.name
        other.stability = try united(other.stability, one.stability, name)
        if other.documentation == nil { other.documentation = one.documentation }
        guard same(one.externalID, other.externalID) else {
            throw fail("function `\(name)` has another `@external-id`")
        }
        guard one.isAsync == other.isAsync else { throw fail("function `\(name)` is async on one side only") }
        guard one.parameters.map(\.name) == other.parameters.map(\.name) else {
            throw fail("function `\(name)` has other parameters")
        }
        for (a, b) in zip(one.parameters, other.parameters) where !matches(a.type, b.type, depth: 0) {
            throw fail("parameter `\(a.name)` of function `\(name)` has another type")
        }
        guard matches(one.result, other.result, depth: 0) else { throw fail("function `\(name)` has another result") }
    }

    /// An unknown gate gives way to a known one.
    private func united(_ one: Stability, _ other: Stability, _ name: String?) throws(WITError) -> Stability {
        if one == other || other == .unknown { return one }
        if one == .unknown { return other }
        throw fail("\(name.map { "`\($0)`" } ?? "it") has other feature gates")
    }

    private func same(_ one: String?, _ other: String?) -> Bool {
        // Byte by byte: a string's own comparison equates what Unicode calls equivalent.
        one.map { Array($0.utf8) } == other.map { Array($0.utf8) }
    }
}

extension PackageGraph {
    /// Merges all packages of `other` into this graph; packages of the same name and version become one.
    ///
    /// - Returns: where the packages of `other`, in their order, are now.
    /// - Throws: at the first thing that both graphs have and that is not the same, or when packages would depend on each
    ///   other.
    @discardableResult
    package mutating func merge(_ other: PackageGraph) throws(WITError) -> [PackageID] {
        var merger = GraphMerger(other, into: self)
        self = try merger.merge()
        return merger.map.packages.compactMap { $0 }
    }
}
