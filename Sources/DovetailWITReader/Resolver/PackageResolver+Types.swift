// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

extension PackageResolver {
    func draft(_ id: TypeID) -> TypeDefinition {
        id.index < baseTypes ? shared.graph.types[id] : types[id.index - baseTypes].definition
    }

    mutating func append(_ type: DraftType) -> TypeID {
        var type = type
        switch type.definition.kind {
        case .resource: type.isResource = true
        case .alias(.defined(let target)): type.isResource = isResource(target)
        // The stand-in of a foreign type that is gated away.
        case .alias(.bool): type.isResource = isGatedAway(type.definition.stability)
        default: break
        }
        types.append(type)
        return TypeID(baseTypes + types.count - 1)
    }

    private func span(of id: TypeID) -> SourceSpan? {
        id.index < baseTypes ? shared.places.types[id.index] : types[id.index - baseTypes].span
    }

    mutating func define(_ name: WITSyntax.Identifier, _ type: TypeID) {
        if let first = scope.names[name.name] {
            report(.nameConflict(name.name, name.name, at: name.span, firstAt: first.span))
        } else {
            scope.names[name.name] = (type, name.span)
            scope.order.append(name.name)
        }
    }

    /// Fills the scope: first what `use` brings, then declarations in order of dependence.
    mutating func resolveTypes(
        uses: [WITSyntax.Use], declarations: [WITSyntax.TypeDeclaration], owner: TypeOwner
    ) {
        scope = Scope()
        for use in uses { resolveUse(use, owner: owner) }
        var indices: [String: Int] = [:]
        var unique: [WITSyntax.TypeDeclaration] = []
        for declaration in declarations {
            let name = declaration.name
            if let first = scope.names[name.name]?.span ?? indices[name.name].map({ unique[$0].name.span }) {
                report(.nameConflict(name.name, name.name, at: name.span, firstAt: first))
                continue
            }
            indices[name.name] = unique.count
            unique.append(declaration)
        }
        var edges = [[Int]](repeating: [], count: unique.count)
        var edgeNames = [[WITSyntax.Identifier]](repeating: [], count: unique.count)
        for (index, declaration) in unique.enumerated() {
            Self.forEachName(in: declaration.body) { name in
                if let target = indices[name.name] {
                    edges[index].append(target)
                    edgeNames[index].append(name)
                    shared.symbols.add(name.span, to: unique[target].name.span)
                }
            }
        }
        let (order, cycle) = TopologicalSort.order(edges)
        if let cycle {
            let name = edgeNames[cycle.node][cycle.edge]
            report(.cycle("type", name.name, at: name.span))
            scope.broken = Set(indices.keys)
        }
        for index in order { resolveDeclaration(unique[index], owner: owner) }
    }

    private mutating func resolveUse(_ use: WITSyntax.Use, owner: TypeOwner) {
        let stability = stability(use.attributes)
        let externalID = externalID(use.attributes)
        let isForeign = use.path.package != nil
        var target = ItemReference.missing
        // An item that is gated off may use what other packages gate off.
        let isGatedAway = isGatedAway(stability)
        if !(isForeign && isGatedAway) { target = lookUp(use.path, wanting: .interface) }
        for name in use.names {
            var type = ValueType.bool
            if case .interface(let id) = target {
                let found: TypeID?
                let candidates: [String]
                if id.index < baseInterfaces {
                    found = shared.graph[id].types[name.name.name]
                    candidates = shared.graph[id].types.keys
                } else {
                    let scope = interfaces[id.index - baseInterfaces].scope
                    if scope.broken.contains(name.name.name) { continue }
                    found = scope.names[name.name.name]?.type
                    candidates = scope.order
                }
                guard let found else {
                    report(.notInInterface(name.name.name, known: candidates, at: name.name.span))
                    scope.broken.insert(name.local.name)
                    continue
                }
                shared.symbols.add(name.name.span, to: span(of: found))
                type = .defined(found)
            } else if !isGatedAway {
                scope.broken.insert(name.local.name)
                continue
            }
            let definition = TypeDefinition(
                kind: .alias(type), name: name.local.name, owner: owner, stability: stability,
                externalID: externalID)
            define(name.local, append(DraftType(definition: definition, span: name.name.span)))
        }
    }

    private mutating func resolveDeclaration(_ declaration: WITSyntax.TypeDeclaration, owner: TypeOwner) {
        let stability = stability(declaration.attributes)
        var spans: [SourceSpan] = []
        guard let kind = resolveBody(declaration, stability, &spans) else {
            scope.broken.insert(declaration.name.name)
            return
        }
        let definition = TypeDefinition(
            kind: kind, name: declaration.name.name, owner: owner, documentation: declaration.documentation?.text,
            stability: stability, externalID: externalID(declaration.attributes))
        define(
            declaration.name,
            append(DraftType(definition: definition, span: declaration.name.span, memberSpans: spans)))
    }

    private mutating func resolveBody(
        _ declaration: WITSyntax.TypeDeclaration, _ stability: Stability, _ spans: inout [SourceSpan]
    ) -> TypeKind? {
        let name = declaration.name.span
        switch declaration.body {
        case .alias(let type):
            return resolveKind(type, stability)
        case .record(let fields):
            if fields.isEmpty { report(.empty("record", at: name)) }
            checkLabels("field", fields.map(\.name))
            var resolved: [Field] = []
            for field in fields {
                guard let type = resolveType(field.type, stability) else { return nil }
                resolved.append(
                    Field(name: field.name.name, type: type, documentation: field.documentation?.text))
                spans.append(field.name.span)
            }
            return .record(resolved)
        case .variant(let cases):
            if cases.isEmpty { report(.empty("variant", at: name)) }
            checkLabels("case", cases.map(\.name))
            var resolved: [Case] = []
            for item in cases {
                var payload: ValueType?
                if let type = item.type {
                    guard let found = resolveType(type, stability) else { return nil }
                    payload = found
                }
                resolved.append(Case(name: item.name.name, type: payload, documentation: item.documentation?.text))
            }
            return .variant(resolved)
        case .enum(let cases):
            if cases.isEmpty { report(.empty("enum", at: name)) }
            checkLabels("case", cases.map(\.name))
            return .enum(cases.map { Label(name: $0.name.name, documentation: $0.documentation?.text) })
        case .flags(let flags):
            if flags.isEmpty { report(.empty("flags", at: name)) }
            if flags.count > 32 { report(.tooManyFlags(at: flags[32].name.span)) }
            checkLabels("flag", flags.map(\.name))
            return .flags(flags.map { Label(name: $0.name.name, documentation: $0.documentation?.text) })
        case .resource(let members):
            var constructor: SourceSpan?
            for member in members where member.kind == .constructor {
                if let constructor {
                    report(.constructorTwice(at: member.item.name.span, firstAt: constructor))
                } else {
                    constructor = member.item.name.span
                }
            }
            return .resource
        }
    }

    /// Labels of one type must differ in more than case and hyphens. (Explainer.md, "Name Uniqueness")
    func checkLabels(_ kind: String, _ labels: [WITSyntax.Identifier]) {
        var seen: [String: WITSyntax.Identifier] = [:]
        for label in labels {
            let canonical = ExternName.canonical(label.name)
            if let first = seen[canonical] {
                report(.labelTwice(kind, label.name, first.name, at: label.span, firstAt: first.span))
            } else {
                seen[canonical] = label
            }
        }
    }
}
