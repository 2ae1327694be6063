// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

extension PackageResolver {
    /// Adds the items whose feature gates are open to the graph.
    mutating func commit() {
        packageID = PackageID(shared.graph.packages.count)
        shared.graph.packages.append(Package(name: package.name, documentation: package.documentation))
        shared.packageIDs[package.name] = packageID
        shared.places.others[.package(packageID)] = package.span
        for type in types { commitType(type) }
        for draft in interfaces { commitInterface(draft) }
        for id in typeMap.compactMap({ $0 }) { fixInterfaceOwner(of: id) }
        for draft in worlds { commitWorld(draft) }
        for id in typeMap.compactMap({ $0 }) {
            guard case .world(let owner) = shared.graph.types[id].owner, owner.index >= baseWorlds else { continue }
            if let new = worldMap[owner.index - baseWorlds] {
                shared.graph.types[id].owner = .world(new)
            } else {
                report(.excluded("a world", at: shared.places.types[id.index] ?? package.span))
            }
        }
        for (place, draft) in worlds.enumerated() {
            guard let id = worldMap[place] else { continue }
            finishWorld(id, draft)
        }
        for id in interfaceMap.compactMap({ $0 }) {
            if let name = shared.graph[id].name { shared.graph[packageID].interfaces[name] = id }
        }
        for id in worldMap.compactMap({ $0 }) { shared.graph[packageID].worlds[shared.graph[id].name] = id }
    }

    // MARK: - Types

    private mutating func commitType(_ draft: DraftType) {
        guard isIncluded(draft.definition.stability, at: draft.span) else {
            typeMap.append(nil)
            return
        }
        var definition = draft.definition
        definition.kind = committed(definition.kind, draft)
        typeMap.append(shared.append(definition, at: draft.span))
    }

    private mutating func committed(_ kind: TypeKind, _ draft: DraftType) -> TypeKind {
        switch kind {
        case .record(var fields):
            for index in fields.indices {
                let place = draft.memberSpans.indices.contains(index) ? draft.memberSpans[index] : draft.span
                fields[index].type = committed(fields[index].type, at: place)
            }
            return .record(fields)
        // An alias of a resource is a resource and a handle at once; it is not made a handle here.
        case .alias(.defined(let id)):
            return mapped(id, at: draft.span).map { .alias(.defined($0)) } ?? Self.placeholder
        default:
            do {
                return try kind.mapped(value: { committed($0, at: draft.span) }) { id in
                    guard let id = mapped(id, at: draft.span) else { throw Excluded() }
                    return id
                }
            } catch {
                return Self.placeholder
            }
        }
    }

    private struct Excluded: Error {}

    /// A placeholder after a mistake; a graph with mistakes is never returned.
    private static let placeholder = TypeKind.alias(.bool)

    private func mapped(_ id: TypeID, at span: SourceSpan) -> TypeID? {
        guard id.index >= baseTypes else { return id }
        if let new = typeMap[id.index - baseTypes] { return new }
        report(.excluded("a type", at: span))
        return nil
    }

    /// The graph's type; a resource where a value is meant becomes an `own` handle.
    private mutating func committed(_ type: ValueType, at span: SourceSpan) -> ValueType {
        guard case .defined(let old) = type else { return type }
        guard let id = mapped(old, at: span) else { return .bool }
        guard shared.isResource[id.index] else { return .defined(id) }
        if let handle = shared.ownHandles[id] { return .defined(handle) }
        let handle = shared.append(TypeDefinition(kind: .own(id)), at: nil)
        shared.ownHandles[id] = handle
        return .defined(handle)
    }

    private func fixInterfaceOwner(of id: TypeID) {
        guard case .interface(let owner) = shared.graph.types[id].owner, owner.index >= baseInterfaces else { return }
        if let new = interfaceMap[owner.index - baseInterfaces] {
            shared.graph.types[id].owner = .interface(new)
        } else {
            report(.excluded("an interface", at: shared.places.types[id.index] ?? package.span))
        }
    }

    // MARK: - Interfaces and worlds

    private mutating func commitInterface(_ draft: DraftInterface) {
        guard isIncluded(draft.interface.stability, at: draft.span) else {
            interfaceMap.append(nil)
            return
        }
        var interface = draft.interface
        interface.package = packageID
        var kept = OrderedMap<String, TypeID>()
        for (name, old) in interface.types {
            if let new = typeMap[old.index - baseTypes] { kept[name] = new }
        }
        interface.types = kept
        for (function, span) in zip(draft.functions, draft.functionSpans) {
            guard isIncluded(function.stability, at: span) else { continue }
            interface.functions[function.name] = committed(function, at: span)
            shared.places.others[.function(InterfaceID(shared.graph.interfaces.count), function.name)] = span
        }
        interfaceMap.append(InterfaceID(shared.graph.interfaces.count))
        shared.graph.interfaces.append(interface)
        shared.places.interfaces.append(draft.span)
    }

    private mutating func committed(_ function: FunctionDefinition, at span: SourceSpan) -> FunctionDefinition {
        var function = function
        switch function.owner {
        case .none: break
        case .method(let id): function.owner = mapped(id, at: span).map { .method($0) } ?? .none
        case .static(let id): function.owner = mapped(id, at: span).map { .static($0) } ?? .none
        case .constructor(let id): function.owner = mapped(id, at: span).map { .constructor($0) } ?? .none
        }
        for index in function.parameters.indices {
            function.parameters[index].type = committed(function.parameters[index].type, at: span)
        }
        if let result = function.result {
            let type = committed(result, at: span)
            if case .defined(let id) = type, shared.containsBorrow[id.index] {
                report(.returnsBorrow(function.name, at: span))
            }
            function.result = type
        }
        return function
    }

    private mutating func commitWorld(_ draft: DraftWorld) {
        guard isIncluded(draft.world.stability, at: draft.span) else {
            worldMap.append(nil)
            return
        }
        var world = draft.world
        world.package = packageID
        world.imports = committed(draft.world.imports, draft.importSpans, draft.span)
        world.exports = committed(draft.world.exports, draft.exportSpans, draft.span)
        let id = WorldID(shared.graph.worlds.count)
        for (key, span) in draft.importSpans {
            shared.places.others[.worldItem(id, committed(key), isImport: true)] = span
        }
        for (key, span) in draft.exportSpans {
            shared.places.others[.worldItem(id, committed(key), isImport: false)] = span
        }
        worldMap.append(WorldID(shared.graph.worlds.count))
        shared.graph.worlds.append(world)
        shared.places.worlds.append(draft.span)
    }

    private func committed(_ key: WorldKey) -> WorldKey {
        guard case .interface(let id) = key, id.index >= baseInterfaces,
            let new = interfaceMap[id.index - baseInterfaces]
        else { return key }
        return .interface(new)
    }

    private mutating func committed(
        _ items: OrderedMap<WorldKey, WorldItem>, _ spans: [WorldKey: SourceSpan], _ whole: SourceSpan
    ) -> OrderedMap<WorldKey, WorldItem> {
        var result = OrderedMap<WorldKey, WorldItem>()
        for (key, item) in items {
            let span = spans[key] ?? whole
            var item = item
            switch item.kind {
            case .type(let old):
                guard let id = typeMap[old.index - baseTypes] else { continue }
                item.kind = .type(id)
            case .function(let function):
                guard isIncluded(function.stability, at: span) else { continue }
                item.kind = .function(committed(function, at: span))
            case .interface(let old):
                guard isIncluded(item.stability, at: span), let id = mapped(old, at: span) else { continue }
                item.kind = .interface(id)
                if case .interface = key {
                    result[.interface(id)] = item
                    continue
                }
            }
            result[key] = item
        }
        return result
    }

    private func mapped(_ id: InterfaceID, at span: SourceSpan) -> InterfaceID? {
        guard id.index >= baseInterfaces else { return id }
        if let new = interfaceMap[id.index - baseInterfaces] { return new }
        report(.excluded("an interface", at: span))
        return nil
    }

    /// Joins the included worlds, checks names and adds what is imported implicitly.
    private func finishWorld(_ id: WorldID, _ draft: DraftWorld) {
        for include in draft.includes {
            guard isIncluded(include.stability, at: include.span) else { continue }
            var target = include.world
            if target.index >= baseWorlds {
                guard let new = worldMap[target.index - baseWorlds] else {
                    report(.excluded("a world", at: include.span))
                    continue
                }
                target = new
            }
            shared.include(target, into: id, names: include.names, at: include.span)
        }
        if !draft.includes.isEmpty { shared.checkUnique(in: id, draft) }
        shared.checkSetters(in: id, draft)
        shared.elaborate(id, at: draft.span)
    }
}

extension WITResolver {
    func append(_ definition: TypeDefinition, at span: SourceSpan?) -> TypeID {
        noteProperties(of: definition)
        places.types.append(span)
        return graph.types.append(definition)
    }

    /// Records whether the next type is a resource or contains a `borrow`, so that aliases need not be followed.
    func noteProperties(of definition: TypeDefinition) {
        func borrows(_ type: ValueType) -> Bool {
            if case .defined(let id) = type { containsBorrow[id.index] } else { false }
        }
        switch definition.kind {
        case .borrow: containsBorrow.append(true)
        default: containsBorrow.append(definition.kind.parts.contains { borrows($0) })
        }
        switch definition.kind {
        case .resource: isResource.append(true)
        case .alias(.defined(let target)): isResource.append(isResource[target.index])
        default: isResource.append(false)
        }
    }
}
