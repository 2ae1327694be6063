// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

extension PackageResolver {
    mutating func resolveWorld(_ id: WorldID, _ declaration: WITSyntax.WorldDeclaration) {
        let place = id.index - baseWorlds
        worlds[place].world.documentation = declaration.documentation?.text
        worlds[place].world.stability = stability(declaration.attributes)
        resolveTypes(
            uses: declaration.items.compactMap { if case .use(let use) = $0 { use } else { nil } },
            declarations: declaration.items.compactMap { if case .type(let type) = $0 { type } else { nil } },
            owner: .world(id))
        for item in declaration.items {
            guard case .include(let include) = item else { continue }
            let stability = stability(include.attributes)
            if case .unstable(let feature, _) = stability, !shared.features.contains(feature) { continue }
            guard case .world(let target) = lookUp(include.path, wanting: .world) else { continue }
            worlds[place].includes.append(
                .init(world: target, names: include.names, stability: stability, span: include.path.item.span))
        }
        var importNames: [(name: String, span: SourceSpan)] = []
        var exportNames: [(name: String, span: SourceSpan)] = []
        for name in scope.order {
            guard let type = scope.names[name] else { continue }
            worlds[place].world.imports[.name(name)] = WorldItem(.type(type.type))
            worlds[place].importSpans[.name(name)] = type.span
            importNames.append((name, type.span))
        }
        for item in declaration.items {
            switch item {
            case .import(let extern):
                if let name = resolveExtern(extern, place, isImport: true) { importNames.append((name, extern.span)) }
            case .export(let extern):
                if let name = resolveExtern(extern, place, isImport: false) { exportNames.append((name, extern.span)) }
            case .type(let type):
                for (function, span) in resolveMembers(of: type) {
                    worlds[place].world.imports[.name(function.name)] = WorldItem(.function(function))
                    worlds[place].importSpans[.name(function.name)] = span
                    importNames.append((function.name, span))
                }
            case .use, .include: break
            }
        }
        checkUnique(importNames)
        checkUnique(exportNames)
    }

    /// Adds an import or export; gives its name when it has a plain one that is new.
    private mutating func resolveExtern(_ extern: WITSyntax.Extern, _ place: Int, isImport: Bool) -> String? {
        let direction = isImport ? "import" : "export"
        let key: WorldKey
        let item: WorldItem
        var label: String?
        switch extern.kind {
        case .function(let name, let function):
            let syntax = WITSyntax.FunctionItem(
                documentation: extern.documentation, attributes: extern.attributes, name: name, function: function)
            guard let resolved = resolveFunction(syntax, kind: nil, resource: nil) else { return nil }
            key = .name(resolved.name)
            label = resolved.name
            item = WorldItem(.function(resolved))
        case .inline(let name, let members):
            let id = allocateInterface(name: nil, span: name.span)
            let outer = scope
            resolveInterface(id, members, documentation: extern.documentation, attributes: extern.attributes)
            scope = outer
            key = .name(name.name)
            label = name.name
            item = WorldItem(
                .interface(id), stability: stability(extern.attributes), externalID: externalID(extern.attributes))
        case .path(let path):
            guard let id = interface(at: path, extern) else { return nil }
            key = .interface(id)
            item = worldItem(id, extern)
        case .namedPath(let name, let path):
            guard let id = interface(at: path, extern) else { return nil }
            key = .name(name.name)
            label = name.name
            item = worldItem(id, extern)
        }
        let span = if case .path(let path) = extern.kind { path.item.span } else { extern.span }
        if let previous = isImport ? worlds[place].world.imports[key] : worlds[place].world.exports[key] {
            let first = isImport ? worlds[place].importSpans[key] : worlds[place].exportSpans[key]
            switch key {
            case .interface: report(.interfaceTwice(direction, at: span, firstAt: first))
            case .name(let name):
                let kind =
                    switch previous.kind {
                    case .interface: "interface"
                    case .function: "function"
                    case .type: "type"
                    }
                report(.externConflict(direction, name, kind, at: span, firstAt: first))
            }
            return nil
        }
        if isImport {
            worlds[place].world.imports[key] = item
            worlds[place].importSpans[key] = span
        } else {
            worlds[place].world.exports[key] = item
            worlds[place].exportSpans[key] = span
        }
        return label
    }

    /// The interface that a path names, `nil` after a mistake or when the features leave the item out.
    private func interface(at path: WITSyntax.UsePath, _ extern: WITSyntax.Extern) -> InterfaceID? {
        if case .unstable(let feature, _) = stability(extern.attributes), !shared.features.contains(feature),
            path.package != nil
        {
            return nil
        }
        guard case .interface(let id) = lookUp(path, wanting: .interface) else { return nil }
        return id
    }

    private func worldItem(_ id: InterfaceID, _ extern: WITSyntax.Extern) -> WorldItem {
        WorldItem(
            .interface(id), documentation: extern.documentation?.text, stability: stability(extern.attributes),
            externalID: externalID(extern.attributes))
    }
}
