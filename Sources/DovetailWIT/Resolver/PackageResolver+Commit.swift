// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

extension PackageResolver {
    /// Brings what the gates let through into the graph.
    mutating func commit() {
        packageID = PackageID(shared.graph.packages.count)
        shared.graph.packages.append(Package(name: package.name, documentation: package.documentation))
        shared.packageIDs[package.name] = packageID
        for type in types { commitType(type) }
        for draft in interfaces { commitInterface(draft) }
        for id in typeMap.compactMap({ $0 }) { fixInterfaceOwner(of: id) }
        for draft in worlds { commitWorld(draft) }
        for id in typeMap.compactMap({ $0 }) {
            guard case .world(let owner) = shared.graph.types[id].owner, owner.index >= baseWorlds else { continue }
            if let new = worldMap[owner.index - baseWorlds] {
                shared.graph.types[id].owner = .world(new)
            } else {
                report(.excluded("a world", at: shared.typeSpans[id.index] ?? package.span))
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
        let span = draft.span
        switch kind {
        case .record(var fields):
            for index in fields.indices {
                let place = draft.memberSpans.indices.contains(index) ? draft.memberSpans[index] : span
                fields[index].type = committed(fields[index].type, at: place)
            }
            return .record(fields)
        case .variant(var cases):
            for index in cases.indices { cases[index].type = cases[index].type.map { committed($0, at: span) } }
            return .variant(cases)
        case .flags, .enum, .resource: return kind
        case .tuple(let elements): return .tuple(elements.map { committed($0, at: span) })
        case .option(let type): return .option(committed(type, at: span))
        case .result(let ok, let error):
            let first = ok.map { committed($0, at: span) }
            return .result(ok: first, error: error.map { committed($0, at: span) })
        case .list(let type): return .list(committed(type, at: span))
        case .fixedLengthList(let type, let count): return .fixedLengthList(committed(type, at: span), count: count)
        case .map(let key, let value):
            let first = committed(key, at: span)
            return .map(key: first, value: committed(value, at: span))
        case .stream(let type): return .stream(type.map { committed($0, at: span) })
        case .future(let type): return .future(type.map { committed($0, at: span) })
        case .own(let id): return mapped(id, at: span).map { .own($0) } ?? Self.placeholder
        case .borrow(let id): return mapped(id, at: span).map { .borrow($0) } ?? Self.placeholder
        // An alias of a resource is a resource and a handle at once; it is not made a handle here.
        case .alias(.defined(let id)): return mapped(id, at: span).map { .alias(.defined($0)) } ?? Self.placeholder
        case .alias: return kind
        }
    }

    /// Stands for what was reported as a mistake: a graph with mistakes is given to nobody.
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
        guard case .resource? = shared.graph.types.resolvedKind(of: .defined(id)) else { return .defined(id) }
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
            report(.excluded("an interface", at: shared.typeSpans[id.index] ?? package.span))
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
        }
        interfaceMap.append(InterfaceID(shared.graph.interfaces.count))
        shared.graph.interfaces.append(interface)
        shared.interfaceSpans.append(draft.span)
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
        worldMap.append(WorldID(shared.graph.worlds.count))
        shared.graph.worlds.append(world)
        shared.worldSpans.append(draft.span)
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
        func borrows(_ type: ValueType?) -> Bool {
            if case .defined(let id)? = type { containsBorrow[id.index] } else { false }
        }
        let hasBorrow: Bool =
            switch definition.kind {
            case .borrow: true
            case .own, .resource, .flags, .enum: false
            case .record(let fields): fields.contains { borrows($0.type) }
            case .variant(let cases): cases.contains { borrows($0.type) }
            case .tuple(let elements): elements.contains { borrows($0) }
            case .option(let type), .list(let type), .fixedLengthList(let type, _), .alias(let type): borrows(type)
            case .stream(let type), .future(let type): borrows(type)
            case .result(let ok, let error): borrows(ok) || borrows(error)
            case .map(let key, let value): borrows(key) || borrows(value)
            }
        containsBorrow.append(hasBorrow)
        typeSpans.append(span)
        return graph.types.append(definition)
    }
}
