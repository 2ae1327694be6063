// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

extension PackageResolver {
    func draft(_ id: TypeID) -> TypeDefinition {
        id.index < baseTypes ? shared.graph.types[id] : types[id.index - baseTypes].definition
    }

    private mutating func append(_ type: DraftType) -> TypeID {
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
        // What is gated away may use what its package gates away.
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

    /// The type that `reference` says; anonymous types of one shape are one type. `nil` after a mistake.
    mutating func resolveType(_ reference: WITSyntax.TypeReference, _ stability: Stability) -> ValueType? {
        guard let kind = resolveKind(reference, stability) else { return nil }
        switch kind {
        case .alias(let type): return type
        // An anonymous `own` is the same as the resource's name.
        case .own(let id): return .defined(id)
        default: return .defined(anonymousType(kind, stability, at: reference.span))
        }
    }

    mutating func anonymousType(_ kind: TypeKind, _ stability: Stability, at span: SourceSpan) -> TypeID {
        if let known = anonymous[kind] { return known }
        let gate = stability == .unknown ? inheritedStability(kind) : stability
        let id = append(DraftType(definition: TypeDefinition(kind: kind, stability: gate), span: span))
        anonymous[kind] = id
        return id
    }

    /// An anonymous type is gated as the first gated type in it.
    private func inheritedStability(_ kind: TypeKind) -> Stability {
        func gate(_ type: ValueType?) -> Stability? {
            guard case .defined(let id)? = type else { return nil }
            let stability = draft(id).stability
            return stability == .unknown ? nil : stability
        }
        switch kind {
        case .own(let id), .borrow(let id): return gate(.defined(id)) ?? .unknown
        default: return kind.parts.lazy.compactMap(gate).first ?? .unknown
        }
    }

    private mutating func resolveKind(_ reference: WITSyntax.TypeReference, _ stability: Stability) -> TypeKind? {
        switch reference.kind {
        case .primitive(let type): return .alias(type)
        case .name(let name):
            return typeNamed(name).map { .alias(.defined($0)) }
        case .list(let element): return resolveType(element, stability).map { .list($0) }
        case .fixedLengthList(let element, let count):
            return resolveType(element, stability).map { .fixedLengthList($0, count: count) }
        case .map(let key, let value):
            let keyType = resolveType(key, stability)
            let valueType = resolveType(value, stability)
            guard let keyType, let valueType else { return nil }
            switch keyType {
            case .bool, .u8, .u16, .u32, .u64, .s8, .s16, .s32, .s64, .char, .string: break
            case .f32, .f64, .errorContext, .defined: report(.invalidMapKey(at: reference.span))
            }
            return .map(key: keyType, value: valueType)
        case .tuple(let elements):
            if elements.isEmpty { report(.empty("tuple", at: reference.span)) }
            var resolved: [ValueType] = []
            for element in elements {
                guard let type = resolveType(element, stability) else { return nil }
                resolved.append(type)
            }
            return .tuple(resolved)
        case .option(let element): return resolveType(element, stability).map { .option($0) }
        case .result(let ok, let error):
            let okType = ok.map { resolveType($0, stability) }
            let errorType = error.map { resolveType($0, stability) }
            if case .some(.none) = okType { return nil }
            if case .some(.none) = errorType { return nil }
            return .result(ok: okType ?? nil, error: errorType ?? nil)
        case .future(let element):
            guard let element else { return .future(nil) }
            return resolveType(element, stability).map { .future($0) }
        case .stream(let element):
            guard let element else { return .stream(nil) }
            return resolveType(element, stability).map { .stream($0) }
        case .own(let name): return resourceNamed(name).map { .own($0) }
        case .borrow(let name): return resourceNamed(name).map { .borrow($0) }
        }
    }

    private func typeNamed(_ name: WITSyntax.Identifier) -> TypeID? {
        if let found = scope.names[name.name] {
            shared.symbols.add(name.span, to: found.span)
            return found.type
        }
        if !scope.broken.contains(name.name) {
            report(.typeNotFound(name.name, known: scope.order, at: name.span))
        }
        return nil
    }

    private func resourceNamed(_ name: WITSyntax.Identifier) -> TypeID? {
        guard let id = typeNamed(name) else { return nil }
        guard isResource(id) else {
            report(.notAResource(name.name, at: name.span))
            return nil
        }
        return id
    }

    /// Whether a type is a resource, perhaps behind aliases.
    private func isResource(_ id: TypeID) -> Bool {
        id.index < baseTypes ? shared.isResource[id.index] : types[id.index - baseTypes].isResource
    }

    /// Calls `body` for every type name in a declaration, in order.
    static func forEachName(in body: WITSyntax.TypeBody, _ visit: (WITSyntax.Identifier) -> Void) {
        switch body {
        case .alias(let type): forEachName(in: type, visit)
        case .record(let fields): for field in fields { forEachName(in: field.type, visit) }
        case .variant(let cases): for item in cases { if let type = item.type { forEachName(in: type, visit) } }
        case .enum, .flags, .resource: break
        }
    }

    private static func forEachName(in type: WITSyntax.TypeReference, _ visit: (WITSyntax.Identifier) -> Void) {
        switch type.kind {
        case .primitive, .future(nil), .stream(nil): break
        case .name(let name), .own(let name), .borrow(let name): visit(name)
        case .list(let element), .fixedLengthList(let element, _), .option(let element), .future(let element?),
            .stream(let element?):
            forEachName(in: element, visit)
        case .map(let key, let value):
            forEachName(in: key, visit)
            forEachName(in: value, visit)
        case .tuple(let elements): for element in elements { forEachName(in: element, visit) }
        case .result(let ok, let error):
            if let ok { forEachName(in: ok, visit) }
            if let error { forEachName(in: error, visit) }
        }
    }
}
