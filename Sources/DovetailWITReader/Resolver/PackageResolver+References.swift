// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

// Types where they are used.
extension PackageResolver {
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

    mutating func resolveKind(_ reference: WITSyntax.TypeReference, _ stability: Stability) -> TypeKind? {
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
    func isResource(_ id: TypeID) -> Bool {
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
