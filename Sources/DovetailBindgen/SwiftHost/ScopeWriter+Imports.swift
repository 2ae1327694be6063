// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWITReader

/// What the host implements: protocols, and the definitions that carry calls to them.
extension ScopeWriter {
    /// A resource of the host and the functions of its objects.
    struct HostResource {
        let id: TypeID
        let methods: [SwiftFunctionForm]
    }

    /// What a namespace asks of the host.
    struct HostFunctions {
        var free: [SwiftFunctionForm] = []
        var resources: [HostResource] = []

        var isEmpty: Bool { free.isEmpty && resources.isEmpty }
    }

    /// What this namespace asks of the host.
    var hostFunctions: HostFunctions {
        HostFunctions(
            free: host.forms(namespace.functions, from: scope),
            resources: namespace.resources.map {
                HostResource(id: $0.id, methods: host.forms($0.methods, from: scope))
            })
    }

    /// The protocol of a host resource.
    func resourceProtocol(_ resource: HostResource) -> SwiftDeclaration {
        let definition = graph.types[resource.id]
        var documentation = Documentation.lines(definition.documentation, definition.stability)
        if documentation.isEmpty { documentation = ["The resource `\(definition.name ?? name(resource.id))`."] }
        return hostProtocol(name(resource.id), library("AnyObject"), resource.methods, documentation)
    }

    /// A protocol that asks for functions.
    func hostProtocol(
        _ name: String, _ base: SwiftType, _ functions: [SwiftFunctionForm], _ documentation: [String]
    ) -> SwiftDeclaration {
        let members = functions.map { $0.declaration(nil, documentation: self.documentation($0.signature)) }
        return SwiftDeclaration(
            .type(SwiftTypeDeclaration(keyword: .protocol, name: name, inherits: [base], members: members)),
            documentation: documentation, modifiers: access)
    }

    /// The protocol of the functions that belong to no object.
    func importsProtocol(
        _ name: String, _ functions: [SwiftFunctionForm], _ documentation: String
    ) -> SwiftDeclaration {
        hostProtocol(name, library("SendableMetatype"), functions, [documentation])
    }

    // MARK: Definitions

    /// `define(in:)`: enters everything of an interface, or of the world, into a linker.
    ///
    /// - Parameters:
    ///   - hostType: the protocol of the object that is called; `nil` where only objects of resources are.
    ///   - others: what else it does.
    func definitions(
        _ name: String, _ functions: HostFunctions, hostType: String?, documentation: [String],
        others: [SwiftStatement] = []
    ) -> SwiftDeclaration {
        let placement = namespace.externName.map { [SwiftArgument("in", .string($0))] } ?? []
        var body: [SwiftStatement] = functions.resources.map { resource in
            let arguments =
                [SwiftArgument(.string(graph.types[resource.id].name ?? ""))] + placement
                + [SwiftArgument(.metatype(.any(.named(self.name(resource.id)))))]
            return .unbroken(SwiftExpression.name("linker").calling("defineHostResource", arguments))
        }
        body += functions.free.map { definition($0, placement) }
        body += functions.resources.flatMap(\.methods).map { definition($0, placement) }
        var function = SwiftFunction(name: name, body: body + others)
        function.parameters = [SwiftParameter(.word("in"), "linker", ["inout"], library("Linker"))]
        if let hostType {
            let placeholder =
                ["Host", "HostType", "SomeHost"].first { !host.names.shadowed.contains($0) } ?? "GenericHost"
            function.generics = [SwiftGeneric(name: placeholder, bound: .named(hostType))]
            function.parameters.append(
                SwiftParameter(
                    .none, "host", ["@escaping", "@Sendable"],
                    .function([library("Caller")], .throwing, .named(placeholder))))
        }
        return SwiftDeclaration(.function(function), documentation: documentation, modifiers: access + ["static"])
    }

    private func definition(_ function: SwiftFunctionForm, _ placement: [SwiftArgument]) -> SwiftStatement {
        let signature = function.signature
        let parameters = host.parametersCodec(of: signature, from: scope, lendsReceiver: Self.isLent(signature))
        let closure = SwiftClosure(
            parameters: [signature.isMethod ? "_" : "caller", function.count == 0 ? "_" : "p"],
            body: implementation(function))
        return .expression(
            .call(
                SwiftExpression.name("linker").member("define"),
                identification(function, placement, parameters, function.resultCodec), closure))
    }

    /// The arguments that say which function is meant, and its codecs.
    func identification(
        _ function: SwiftFunctionForm, _ placement: [SwiftArgument], _ parameters: SwiftType, _ result: SwiftType
    ) -> [SwiftArgument] {
        [SwiftArgument(.string(function.signature.definition.name))] + placement + [
            SwiftArgument("parameters", .metatype(parameters)),
            SwiftArgument("result", .metatype(result)),
        ]
    }

    /// Whether the object of a method is not kept beyond the call: an `async` one may outlast the store.
    private static func isLent(_ signature: Signature) -> Bool { signature.isMethod && !signature.isAsync }

    /// Calls the host's function with `p`, the parameters.
    private func implementation(_ function: SwiftFunctionForm) -> [SwiftStatement] {
        let signature = function.signature
        let p = SwiftExpression.name("p")
        func parameter(_ position: Int) -> SwiftExpression { function.count == 1 ? p : p.member("\(position)") }
        let isLent = Self.isLent(signature)
        let receiver: SwiftExpression =
            isLent
            ? .name("$0")
            : signature.isMethod ? parameter(0) : .call(.name("host"), [SwiftArgument(.name("caller"))])
        let first = signature.isMethod ? 1 : 0
        let arguments = function.parameters.enumerated().map { position, value in
            SwiftArgument(value.label, parameter(position + first))
        }
        let plain =
            signature.isProperty
            ? receiver.member(function.escapedName) : receiver.calling(function.escapedName, arguments)
        let tried = plain.tried(awaiting: signature.isAsync)
        let call =
            isLent
            ? SwiftExpression.call(parameter(0).member("with"), [], SwiftClosure(body: [.expression(tried)])).tried()
            : tried
        let body: [SwiftStatement] =
            function.output == nil ? [.expression(call), .return(.make(library("Empty"), []))] : [.return(call)]
        guard signature.isFallible else { return body }
        let reporting = SwiftExpression.call(
            SwiftExpression.type(function.resultCodec).member("reporting"), [], SwiftClosure(body: body))
        return [.return(reporting.tried(awaiting: signature.isAsync))]
    }
}
