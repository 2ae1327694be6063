// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// What the component implements: functions to call, classes for its resources.
extension Emitter {
    /// A function and the property that holds it.
    struct BoundFunction {
        var signature: FunctionSignature
        var property: String
    }

    /// The functions of a scope, each with a property of the interface's or world's type.
    func exportedFunctions(
        _ all: [FunctionDefinition], reserved: Set<String>
    ) -> (free: [BoundFunction], resources: [(id: TypeID, name: String, methods: [BoundFunction])]) {
        let isMethod = { (function: FunctionDefinition) -> Bool in
            if case .method = function.owner { true } else { false }
        }
        var properties = NameScope()
        func bind(_ signature: FunctionSignature, _ prefix: String) -> BoundFunction {
            let item =
                prefix.isEmpty
                ? signature.name : prefix + signature.name.prefix(1).uppercased() + signature.name.dropFirst()
            return BoundFunction(signature: signature, property: properties.claim("_" + item))
        }
        let free = model.signatures(all.filter { !isMethod($0) }, .exported, from: index, reserved: reserved)
            .map { bind($0, "") }
        let resources = index == 0 ? [] : namespace.resources(in: graph)
        let bound = resources.map { resource in
            (
                id: resource.id, name: resource.name,
                methods: model.signatures(
                    all.filter { isMethod($0) && $0.owner.resource.map { graph.types.resource($0) } == resource.id },
                    .exported, from: index, reserved: ["resource", "interface"]
                ).map { bind($0, resource.name.prefix(1).lowercased() + resource.name.dropFirst()) }
            )
        }
        return (free, bound)
    }

    /// The stored properties for functions.
    func properties(_ functions: [BoundFunction]) -> [SwiftDeclaration] {
        functions.map { function in
            SwiftDeclaration(
                (model.options.access == .public ? "@usableFromInline " : "fileprivate ")
                    + "let \(function.property): \(functionType(function.signature))")
        }
    }

    private func functionType(_ signature: FunctionSignature) -> String {
        library("TypedFunction") + "<\(signature.parametersType), \(signature.resultType)>"
    }

    /// The statements that look the functions up.
    func bindings(_ functions: [BoundFunction], interface: String?) -> [SwiftStatement] {
        functions.map { function in
            var arguments = [Self.literal(function.signature.definition.name)]
            if let interface { arguments.append("in: \(Self.literal(interface))") }
            arguments.append("parameters: \(function.signature.parametersType).self")
            arguments.append("result: \(function.signature.resultType).self")
            return .call("\(function.property) = try exports.function", arguments)
        }
    }

    /// A function that calls the component; `owner` is where the stored function is found.
    func function(_ bound: BoundFunction, owner: String) -> SwiftDeclaration {
        let signature = bound.signature
        var values = signature.parameters.map { $0.surface.lower(SwiftNames.escaped($0.name)) }
        if signature.isMethod { values.insert(library("GuestBorrow") + "(self)", at: 0) }
        let suffix = ")" + (signature.isFallible ? ".get()" : "")
        let wait = signature.isAsync ? "await " : ""
        let method = signature.isAsync ? "callAsync" : "call"
        // Only then: to give away costs counting a reference.
        let gives = !signature.isAsync && signature.definition.parameters.contains { model.givesAway($0.type) }
        var prefix = "try \(wait)\(owner).\(bound.property).\(method)(\(gives ? "giving: " : "")"
        var closing = suffix
        if values.isEmpty {
            values = [library("Empty") + "()"]
        } else if values.count > 1 {
            prefix += model.tupleName(values.count) + "("
            closing = ")" + suffix
        }
        var body: [SwiftStatement]
        if let output = signature.output {
            if output.needsName {
                body = [
                    .broken("let returned = " + prefix, values, closing), .line("return " + output.lift("returned")),
                ]
            } else {
                body = [.broken("return " + prefix, values, output.lift(closing))]
            }
        } else {
            body = [.broken("_ = " + prefix, values, closing)]
        }
        let documentation = self.documentation(signature)
        if signature.isProperty, let output = signature.output {
            return SwiftDeclaration(
                "\(signature.prefix(access))var \(SwiftNames.escaped(signature.name)): \(output.type)",
                documentation: documentation,
                body: .statements([
                    .block(SwiftHead("get\(signature.isAsync ? " async" : "") throws"), body, [])
                ]))
        }
        return SwiftDeclaration(
            SwiftHead(
                "\(signature.prefix(access))func \(SwiftNames.escaped(signature.name))",
                signature.parameters.map(\.declaration), signature.effects),
            documentation: documentation, attributes: inlinable, body: .statements(body))
    }

    /// The class of a resource that the component implements.
    func resourceClass(_ id: TypeID, _ name: String, _ methods: [BoundFunction], interface: String) -> SwiftDeclaration
    {
        let definition = graph.types[id]
        var documentation = Self.lines(definition.documentation, definition.stability)
        if documentation.isEmpty { documentation = ["The resource `\(definition.name ?? name)` of the component."] }
        documentation += ["", "Destroyed when the last reference goes, or earlier by `close()`."]
        let members: [SwiftDeclaration] =
            [
                SwiftDeclaration(
                    "\(access)let resource: \(library("Resource"))", documentation: ["The handle."]),
                SwiftDeclaration("\(access)let interface: \(interface)", documentation: ["The interface it is of."]),
                SwiftDeclaration(
                    SwiftHead(
                        "\(access)init", ["resource: \(library("Resource"))", "interface: \(interface)"], ""),
                    documentation: ["Wraps a handle; resources come from calls."],
                    body: .statements([.line("self.resource = resource"), .line("self.interface = interface")])),
            ] + methods.map { function($0, owner: "self.interface") }
        return SwiftDeclaration(
            "\(access)final class \(name): \(library("GuestResource"))", documentation: documentation,
            body: .members(members))
    }
}
