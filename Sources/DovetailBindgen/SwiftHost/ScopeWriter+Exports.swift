// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// What the component implements: functions to call, classes for its resources.
extension ScopeWriter {
    /// A function and the property that holds it.
    struct BoundFunction {
        var form: SwiftFunctionForm
        var property: String
    }

    /// A resource of the component and the functions of its objects.
    struct GuestResource {
        var id: TypeID
        var methods: [BoundFunction]
    }

    /// The functions of a scope, each with a property of the interface's or world's type.
    func guestFunctions(
        _ functions: [Signature], _ resources: [Resource], reserved: Set<String>
    ) -> (free: [BoundFunction], resources: [GuestResource]) {
        var properties = NameScope()
        func bind(_ forms: [SwiftFunctionForm], _ prefix: String) -> [BoundFunction] {
            forms.map { form in
                let item =
                    prefix.isEmpty ? form.name : prefix + form.name.prefix(1).uppercased() + form.name.dropFirst()
                return BoundFunction(form: form, property: properties.claim("_" + item))
            }
        }
        let free = bind(host.forms(functions, from: scope, reserved: reserved), "")
        let bound = resources.map { resource in
            let name = name(resource.id)
            return GuestResource(
                id: resource.id,
                methods: bind(
                    host.forms(resource.methods, from: scope, reserved: ["resource", "interface"]),
                    name.prefix(1).lowercased() + name.dropFirst()))
        }
        return (free, bound)
    }

    /// The stored properties for functions.
    func properties(_ functions: [BoundFunction]) -> [SwiftDeclaration] {
        functions.map { function in
            stored(
                function.property,
                library("TypedFunction", [function.form.parametersCodec, function.form.resultCodec]),
                modifiers: [host.isPublic ? "@usableFromInline" : "fileprivate"])
        }
    }

    /// The statements that look the functions up.
    func bindings(_ functions: [BoundFunction]) -> [SwiftStatement] {
        let placement = namespace.externName.map { [SwiftArgument("in", .string($0))] } ?? []
        return functions.map { function in
            let found = SwiftExpression.name("exports").calling(
                "function", Self.identification(function.form, placement))
            return .assign(.name(function.property), found.tried())
        }
    }

    /// A function that calls the component; `owner` is where the stored function is found.
    func function(_ bound: BoundFunction, owner: SwiftExpression) -> SwiftDeclaration {
        bound.form.declaration(
            call(bound, owner), documentation: documentation(bound.form.signature), attributes: host.inlinable,
            modifiers: access)
    }

    private func call(_ bound: BoundFunction, _ owner: SwiftExpression) -> [SwiftStatement] {
        let form = bound.form
        let signature = form.signature
        var values = form.parameters.map { $0.surface.lower(.name(SwiftNames.escaped($0.name))) }
        if signature.isMethod { values.insert(.make(library("GuestBorrow"), [SwiftArgument(.this)]), at: 0) }
        let all: SwiftExpression =
            switch values.count {
            case 0: .make(library("Empty"), [])
            case 1: values[0]
            default: .make(host.tuple(values.count), values.map { SwiftArgument($0) })
            }
        // Only then: to give away costs counting a reference.
        let gives = !signature.isAsync && signature.givesAway
        var result = owner.member(bound.property).calling(
            signature.isAsync ? "callAsync" : "call", [SwiftArgument(gives ? "giving" : nil, all)])
        if signature.isFallible { result = result.calling("get") }
        guard let output = form.output else { return [.discard(result.tried(awaiting: signature.isAsync))] }
        guard output.needsName else { return [.return(output.lift(result).tried(awaiting: signature.isAsync))] }
        return [
            .let("returned", result.tried(awaiting: signature.isAsync)), .return(output.lift(.name("returned"))),
        ]
    }

    /// The class of a resource that the component implements; `interface` is the class of its interface.
    func resourceClass(_ resource: GuestResource, interface: SwiftType) -> SwiftDeclaration {
        let definition = graph.types[resource.id]
        let name = name(resource.id)
        var documentation = Documentation.lines(definition.documentation, definition.stability)
        if documentation.isEmpty { documentation = ["The resource `\(definition.name ?? name)` of the component."] }
        documentation += ["", "Destroyed when the last reference goes, or earlier by `close()`."]
        let handle = library("Resource")
        var members = [
            stored("resource", handle, documentation: ["The handle."]),
            stored("interface", interface, documentation: ["The interface it is of."]),
            initializer(
                [SwiftParameter("resource", handle), SwiftParameter("interface", interface)],
                ["resource", "interface"].map { .assign(.this.member($0), .name($0)) },
                documentation: ["Wraps a handle; resources come from calls."]),
        ]
        members += resource.methods.map { function($0, owner: .this.member("interface")) }
        return finalClass(name, library("GuestResource"), members, documentation)
    }

    /// A class that nothing inherits from.
    func finalClass(
        _ name: String, _ base: SwiftType, _ members: [SwiftDeclaration], _ documentation: [String]
    ) -> SwiftDeclaration {
        SwiftDeclaration(
            .type(SwiftTypeDeclaration(keyword: .class, name: name, inherits: [base], members: members)),
            documentation: documentation, modifiers: access + ["final"])
    }
}
