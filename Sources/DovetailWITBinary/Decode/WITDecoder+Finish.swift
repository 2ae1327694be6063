// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailWITReader

// The end of decoding: packages get their order, and what WIT cannot say is refused.
extension WITDecoder {
    /// Puts the packages into the graph, those that others use first and `main` last.
    mutating func finish(main: PackageName) throws(BinaryError) -> PackageID {
        for index in graph.worlds.indices { try check(WorldID(index)) }
        for index in graph.interfaces.indices { try check(InterfaceID(index)) }
        var order = PackageSorter(dependencies: try dependencies())
        for name in packageOrder where name != main { try order.visit(name, depth: 0, at: offset) }
        try order.visit(main, depth: 0, at: offset)
        var ids: [PackageName: PackageID] = [:]
        // The main package is the last one unless others need it.
        for name in order.order {
            guard let package = packages[name] else { continue }
            ids[name] = PackageID(graph.packages.count)
            graph.packages.append(package)
        }
        for index in graph.interfaces.indices {
            if let name = packageNames[index] { graph.interfaces[index].package = ids[name] }
        }
        for (name, package) in packages {
            for world in package.worlds.values { graph[world].package = ids[name] }
        }
        for (name, metadata) in notes {
            if let id = ids[name] { metadata.apply(to: id, in: &graph) }
        }
        guard let id = ids[main] else { throw .notWIT("it has no package", at: offset) }
        return id
    }

    /// The other packages that each package needs.
    private func dependencies() throws(BinaryError) -> [PackageName: [PackageName]] {
        var result: [PackageName: [PackageName]] = [:]
        func name(of id: InterfaceID) -> PackageName? { packageNames[id.index] }
        for (package, content) in packages {
            var needed = OrderedMap<PackageName, Bool>()
            func need(_ id: InterfaceID) {
                if let other = name(of: id), other != package { needed[other] = true }
            }
            for id in content.interfaces.values { for other in uses(of: id) { need(other) } }
            for world in content.worlds.values {
                for item in graph[world].imports.values + graph[world].exports.values {
                    switch item.kind {
                    case .interface(let id):
                        need(id)
                        for other in uses(of: id) { need(other) }
                    case .type(let id): if let other = source(of: id) { need(other) }
                    case .function: continue
                    }
                }
            }
            result[package] = needed.keys
        }
        return result
    }

    /// The interface that a type comes from by `use`.
    private func source(of id: TypeID) -> InterfaceID? {
        let type = graph.types[id]
        guard case .alias(.defined(let target)) = type.kind, graph.types[target].owner != type.owner,
            case .interface(let other) = graph.types[target].owner
        else { return nil }
        return other
    }

    /// The interfaces that an interface uses types of.
    func uses(of id: InterfaceID) -> [InterfaceID] {
        graph[id].types.values.compactMap { source(of: $0) }
    }

    // MARK: - What WIT cannot say

    private func check(_ id: InterfaceID) throws(BinaryError) {
        let owner = TypeOwner.interface(id)
        for (name, type) in graph[id].types { try check(type, name, owner: owner) }
        for function in graph[id].functions.values { try check(function, owner: owner) }
    }

    /// Checks the types and functions of a world, and that what its interfaces use is there before them.
    private func check(_ id: WorldID) throws(BinaryError) {
        let owner = TypeOwner.world(id)
        var imported: Set<InterfaceID> = []
        var exported: Set<InterfaceID> = []
        for (key, item) in graph[id].imports {
            switch item.kind {
            case .type(let type): try check(type, graph.externName(of: key), owner: owner)
            case .function(let function): try check(function, owner: owner)
            case .interface(let interface):
                for other in uses(of: interface) where !imported.contains(other) {
                    throw missingDependency(of: interface, other)
                }
                if case .interface = key { imported.insert(interface) }
            }
        }
        for (key, item) in graph[id].exports {
            switch item.kind {
            case .type(let type): try check(type, graph.externName(of: key), owner: owner)
            case .function(let function): try check(function, owner: owner)
            case .interface(let interface):
                for other in uses(of: interface) where !imported.contains(other) && !exported.contains(other) {
                    throw missingDependency(of: interface, other)
                }
                if case .interface = key { exported.insert(interface) }
            }
        }
    }

    private func missingDependency(of id: InterfaceID, _ other: InterfaceID) -> BinaryError {
        .notWIT(
            "interface `\(fullName(id))` uses types of `\(fullName(other))`, which its world does not have before it",
            at: offset)
    }

    func fullName(_ id: InterfaceID) -> String {
        guard let name = graph[id].name else { return "(without a name)" }
        return packageNames[id.index]?.qualified(name) ?? name
    }

    /// Checks that what a named type refers to can be named in its place.
    private func check(_ id: TypeID, _ name: String, owner: TypeOwner) throws(BinaryError) {
        let type = graph.types[id]
        if case .alias(.defined(let target)) = type.kind, graph.types[target].owner != owner {
            guard case .interface(let other) = graph.types[target].owner, graph[other].name != nil else {
                throw .foreignType(name, at: offset)
            }
            return
        }
        try check(type.kind, name, owner: owner)
    }

    private func check(_ function: FunctionDefinition, owner: TypeOwner) throws(BinaryError) {
        for parameter in function.parameters { try check(parameter.type, function.name, owner: owner) }
        if let result = function.result { try check(result, function.name, owner: owner) }
    }

    private func check(_ type: ValueType, _ name: String, owner: TypeOwner) throws(BinaryError) {
        guard case .defined(let id) = type else { return }
        let definition = graph.types[id]
        if definition.name != nil {
            guard definition.owner == owner else { throw .foreignReference(definition.name ?? "", name, at: offset) }
        } else {
            try check(definition.kind, name, owner: owner)
        }
    }

    private func check(_ kind: TypeKind, _ name: String, owner: TypeOwner) throws(BinaryError) {
        switch kind {
        case .flags, .enum, .resource: return
        case .record(let fields): for field in fields { try check(field.type, name, owner: owner) }
        case .variant(let cases):
            for case let type? in cases.map(\.type) { try check(type, name, owner: owner) }
        case .tuple(let elements): for element in elements { try check(element, name, owner: owner) }
        case .option(let type), .list(let type), .fixedLengthList(let type, _), .alias(let type):
            try check(type, name, owner: owner)
        case .result(let ok, let error):
            for case let type? in [ok, error] { try check(type, name, owner: owner) }
        case .map(let key, let value):
            try check(key, name, owner: owner)
            try check(value, name, owner: owner)
        case .stream(let payload), .future(let payload):
            if let payload { try check(payload, name, owner: owner) }
        case .own(let id), .borrow(let id):
            guard graph.types[id].owner == owner else {
                throw .foreignReference(graph.types[id].name ?? "", name, at: offset)
            }
        }
    }
}

/// Finds an order of packages in which each comes after those it needs.
private struct PackageSorter {
    let dependencies: [PackageName: [PackageName]]
    private(set) var order: [PackageName] = []
    private var done: Set<PackageName> = []
    private var open: Set<PackageName> = []

    init(dependencies: [PackageName: [PackageName]]) {
        self.dependencies = dependencies
    }

    mutating func visit(_ name: PackageName, depth: Int, at offset: Int) throws(BinaryError) {
        guard !done.contains(name) else { return }
        guard open.insert(name).inserted else { throw .packageCycle(name.description, at: offset) }
        guard depth < 1_000 else { throw .nestedTooDeeply("packages", maximum: 1_000, at: offset) }
        for other in dependencies[name] ?? [] { try visit(other, depth: depth + 1, at: offset) }
        open.remove(name)
        done.insert(name)
        order.append(name)
    }
}
