// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

extension PackageResolver {
    mutating func resolveInterface(
        _ id: InterfaceID, _ members: [WITSyntax.InterfaceMember], documentation: WITSyntax.Documentation?,
        attributes: [WITSyntax.Attribute]
    ) {
        let place = id.index - baseInterfaces
        interfaces[place].interface.documentation = documentation?.text
        interfaces[place].interface.stability = stability(attributes)
        resolveTypes(
            uses: members.compactMap { if case .use(let use) = $0 { use } else { nil } },
            declarations: members.compactMap { if case .type(let type) = $0 { type } else { nil } },
            owner: .interface(id))
        var functions: [(FunctionDefinition, SourceSpan)] = []
        for member in members {
            switch member {
            case .use: break
            case .function(let item):
                if let function = resolveFunction(item, kind: nil, resource: nil) {
                    functions.append((function, item.name.span))
                }
            case .type(let declaration):
                functions += resolveMembers(of: declaration)
            }
        }
        var names: [(name: String, span: SourceSpan)] = scope.order.compactMap { name in
            scope.names[name].map { (name, $0.span) }
        }
        names += functions.map { ($0.0.name, $0.1) }
        checkUnique(names)
        functions = Self.withSettersBehindGetters(functions)
        checkSetters(functions)
        for name in scope.order {
            if let type = scope.names[name]?.type { interfaces[place].interface.types[name] = type }
        }
        interfaces[place].functions = functions.map(\.0)
        interfaces[place].functionSpans = functions.map(\.1)
        interfaces[place].scope = scope
    }

    mutating func resolveMembers(of declaration: WITSyntax.TypeDeclaration) -> [(FunctionDefinition, SourceSpan)] {
        guard case .resource(let members) = declaration.body, let id = scope.names[declaration.name.name]?.type
        else { return [] }
        var functions: [(FunctionDefinition, SourceSpan)] = []
        for member in members {
            if let function = resolveFunction(member.item, kind: member.kind, resource: (declaration.name.name, id)) {
                functions.append((function, member.item.name.span))
            }
        }
        return functions
    }

    /// The function with its name in components. (WIT.md, "Item: `resource`")
    mutating func resolveFunction(
        _ item: WITSyntax.FunctionItem, kind: WITSyntax.ResourceMember.Kind?, resource: (name: String, id: TypeID)?
    ) -> FunctionDefinition? {
        let syntax = item.function
        var name = item.name.name
        let role =
            switch syntax.role {
            case .plain: ""
            case .getter: "[get]"
            case .setter: "[set]"
            }
        var owner = FunctionDefinition.Owner.none
        var parameters: [FunctionDefinition.Parameter] = []
        var labels: [WITSyntax.Identifier] = []
        if let kind, let resource {
            switch kind {
            case .method:
                name = "[method]\(role)\(resource.name).\(name)"
                owner = .method(resource.id)
                let handle = anonymousType(.borrow(resource.id), .unknown, at: item.name.span)
                parameters.append(.init(name: "self", type: .defined(handle)))
                labels.append(.init(name: "self", span: item.name.span))
            case .static:
                name = "[static]\(role)\(resource.name).\(name)"
                owner = .static(resource.id)
            case .constructor:
                name = "[constructor]\(resource.name)"
                owner = .constructor(resource.id)
            }
        } else {
            name = role + name
        }
        var isBroken = false
        for parameter in syntax.parameters {
            labels.append(parameter.name)
            if let type = resolveType(parameter.type, .unknown) {
                parameters.append(.init(name: parameter.name.name, type: type))
            } else {
                isBroken = true
            }
        }
        checkLabels("parameter", labels)
        var result: ValueType?
        if let syntax = syntax.result {
            result = resolveType(syntax, .unknown)
            if let result, case .constructor(let id) = owner, let resource {
                checkConstructor(result, syntax, resource.name, id)
            }
            isBroken = isBroken || result == nil
        } else if case .constructor(let id) = owner {
            result = .defined(id)
        }
        guard !isBroken else { return nil }
        return FunctionDefinition(
            name: name, owner: owner, role: syntax.role, isAsync: syntax.isAsync, parameters: parameters,
            result: result, documentation: item.documentation?.text, stability: stability(item.attributes),
            externalID: externalID(item.attributes))
    }

    private func checkConstructor(
        _ result: ValueType, _ syntax: WITSyntax.TypeReference, _ name: String, _ resource: TypeID
    ) {
        guard case .defined(let id) = result, case .result(let ok, _) = draft(id).kind else {
            return report(.constructorResult(at: syntax.span))
        }
        guard ok != .defined(resource) else { return }
        if case .result(let okSyntax?, _) = syntax.kind {
            report(.constructorOk(name, at: okSyntax.span))
        } else {
            report(.constructorOk(name, at: syntax.span))
        }
    }

    /// Names of one scope must differ in more than case, hyphens and annotations. (Explainer.md, "Name Uniqueness")
    func checkUnique(_ names: [(name: String, span: SourceSpan)]) {
        var seen: [String: (name: String, span: SourceSpan)] = [:]
        for item in names {
            let canonical = ExternName.canonical(item.name)
            if let first = seen[canonical] {
                report(.nameConflict(item.name, first.name, at: item.span, firstAt: first.span))
            } else {
                seen[canonical] = item
            }
        }
    }

    static func getterName(of setter: String) -> String {
        guard let range = setter.utf8.firstRange(of: "[set]".utf8) else { return setter }
        return setter[..<range.lowerBound] + "[get]" + setter[range.upperBound...]
    }

    private static func withSettersBehindGetters(
        _ functions: [(FunctionDefinition, SourceSpan)]
    ) -> [(FunctionDefinition, SourceSpan)] {
        guard functions.contains(where: { $0.0.role == .setter }) else { return functions }
        let getters = Set(functions.filter { $0.0.role == .getter }.map(\.0.name))
        var setters: [String: (FunctionDefinition, SourceSpan)] = [:]
        for item in functions where item.0.role == .setter { setters[getterName(of: item.0.name)] = item }
        var ordered: [(FunctionDefinition, SourceSpan)] = []
        for item in functions {
            if item.0.role == .setter, getters.contains(getterName(of: item.0.name)) { continue }
            ordered.append(item)
            if item.0.role == .getter, let setter = setters[item.0.name] { ordered.append(setter) }
        }
        return ordered
    }

    private func checkSetters(_ functions: [(FunctionDefinition, SourceSpan)]) {
        guard functions.contains(where: { $0.0.role == .setter }) else { return }
        var getters: [String: FunctionDefinition] = [:]
        for (getter, _) in functions where getter.role == .getter { getters[getter.name] = getter }
        for (setter, span) in functions where setter.role == .setter {
            let wanted = Self.getterName(of: setter.name)
            guard let getter = getters[wanted] else {
                report(.setterWithoutGetter(setter.name, wanted, at: span))
                continue
            }
            var property = getter.result
            if case .defined(let id)? = property, case .result(let ok, _) = draft(id).kind { property = ok }
            if setter.parameters.last?.type != property { report(.setterType(setter.name, at: span)) }
        }
    }
}

extension String.UTF8View {
    fileprivate func firstRange(of part: String.UTF8View) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            let rest = self[start...]
            if rest.starts(with: part) { return start..<index(start, offsetBy: part.count) }
            start = index(after: start)
        }
        return nil
    }
}
