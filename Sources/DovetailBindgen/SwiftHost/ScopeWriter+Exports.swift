// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWITReader

/// What the component implements: functions to call, classes for its resources.
extension ScopeWriter {
    /// A function and the property that holds it.
    struct BoundFunction {
        let form: SwiftFunctionForm
        let property: String
    }

    /// A resource of the component and the functions of its objects.
    struct GuestResource {
        let id: TypeID
        let constructors: [BoundFunction]
        let methods: [BoundFunction]
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
        func makes(_ function: BoundFunction, _ id: TypeID) -> Bool { function.form.signature.constructed == id }
        let bound = resources.map { resource in
            let name = name(resource.id)
            return GuestResource(
                id: resource.id, constructors: free.filter { makes($0, resource.id) },
                methods: bind(
                    host.forms(resource.methods, from: scope, reserved: ["resource", "interface"]),
                    name.prefix(1).lowercased() + name.dropFirst()))
        }
        return (free.filter { function in !resources.contains { makes(function, $0.id) } }, bound)
    }

    /// The stored properties for functions.
    func properties(_ functions: [BoundFunction]) -> [SwiftDeclaration] {
        functions.map { function in
            stored(
                function.property,
                library(
                    "BoundFunction",
                    [host.parametersCodec(of: function.form.signature, from: scope), resultCodec(function.form)]),
                modifiers: ["fileprivate"])
        }
    }

    /// The statements that look the functions up.
    func bindings(_ functions: [BoundFunction]) -> [SwiftStatement] {
        let placement = namespace.externName.map { [SwiftArgument("in", .string($0))] } ?? []
        return functions.map { function in
            let parameters = host.parametersCodec(of: function.form.signature, from: scope)
            return .assign(
                .name(function.property),
                SwiftExpression.name("exports").calling(
                    "function", identification(function.form, placement, parameters, resultCodec(function.form))))
        }
    }

    /// The codec of the result; a constructor's is what the object is made of.
    private func resultCodec(_ form: SwiftFunctionForm) -> SwiftType {
        guard let resource = form.signature.constructed else { return form.resultCodec }
        let handle = library("GuestHandleCodec", [host.resource(resource, from: scope)])
        guard form.signature.isFallible else { return handle }
        return library("ResultCodec", [handle, host.errorCodec(of: form.signature.failure, from: scope)])
    }

    /// A function that calls the component; `owner` is where the stored function is found.
    func function(_ bound: BoundFunction, owner: SwiftExpression) -> SwiftDeclaration {
        bound.form.declaration(
            call(bound, owner), documentation: documentation(bound.form.signature), modifiers: access)
    }

    private func call(_ bound: BoundFunction, _ owner: SwiftExpression) -> [SwiftStatement] {
        let result = result(bound, owner)
        return [bound.form.output == nil ? .discard(result) : .return(result)]
    }

    /// What the component returns, or what its failure throws.
    private func result(_ bound: BoundFunction, _ owner: SwiftExpression) -> SwiftExpression {
        let form = bound.form
        let signature = form.signature
        var values = form.parameters.map { SwiftExpression.name(SwiftNames.escaped($0.name)) }
        if signature.isMethod { values.insert(.this, at: 0) }
        let all: SwiftExpression =
            switch values.count {
            case 0: .make(library("Empty"), [])
            case 1: values[0]
            default: .tuple(values)
            }
        // Only then: to give away costs counting a reference.
        let gives = !signature.isAsync && signature.givesAway
        let returned = owner.member(bound.property).calling(
            signature.isAsync ? "callAsync" : "call", [SwiftArgument(gives ? "giving" : nil, all)])
        return (signature.isFallible ? returned.calling("get") : returned).tried(awaiting: signature.isAsync)
    }

    /// The initializer that calls a constructor.
    private func initializer(_ bound: BoundFunction, interface: SwiftType) -> SwiftDeclaration {
        let form = bound.form
        let made = SwiftExpression.name("made")
        let placement = SwiftParameter(.word("in"), "interface", interface)
        var documentation = documentation(form.signature)
        if documentation.isEmpty { documentation = ["Makes a resource in the component that has the interface."] }
        return initializer(
            [placement] + form.parameters.map(\.declaration),
            [
                .let("made", result(bound, .name("interface"))),
                .expression(
                    SwiftExpression.this.calling(
                        "init",
                        ["resource", "interface"].map { SwiftArgument($0, made.member($0)) })),
            ], effects: form.effects, documentation: documentation, modifiers: form.isolation + ["convenience"])
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
                documentation: ["Wraps a handle."]),
        ]
        members += resource.constructors.map { initializer($0, interface: interface) }
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
