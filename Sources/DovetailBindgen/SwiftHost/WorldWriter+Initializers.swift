// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// How instances of a world are made.
extension WorldWriter {
    func initializers(
        _ properties: [(name: String, type: SwiftType)], _ bindings: [SwiftStatement], _ requirements: Requirements,
        _ functions: ScopeWriter.HostFunctions
    ) -> [SwiftDeclaration] {
        [
            instantiating(requirements, definesAny: !functions.isEmpty || !requirements.definitions.isEmpty),
            wrapping(properties, bindings), reference,
        ]
    }

    /// The one that links a component and makes an instance.
    private func instantiating(_ requirements: Requirements, definesAny: Bool) -> SwiftDeclaration {
        let needsHost = !requirements.protocols.isEmpty
        let linker = SwiftExpression.name("linker")
        var parameters = [
            SwiftParameter(.none, "component", host.library("Component")),
            SwiftParameter(.word("in"), "store", host.library("Store")),
        ]
        if needsHost { parameters.append(SwiftParameter("imports", .some(.named("Imports")))) }
        parameters.append(SwiftParameter("linker", .optional(host.library("Linker")), initial: .name("nil")))
        let fresh = SwiftExpression.call(
            .implicitMember(requirements.usesWASI ? "wasi" : "init"),
            [SwiftArgument("engine", SwiftExpression.name("component").member("engine"))])
        let chosen = SwiftExpression.infix(linker, "??", fresh)
        var body: [SwiftStatement] = [definesAny ? .var("linker", chosen) : .let("linker", chosen)]
        if definesAny {
            let target = SwiftArgument("in", .inout(linker))
            var closure: SwiftClosure?
            if needsHost {
                body.append(
                    .let("host", .make(host.library("HostReference"), [SwiftArgument(.name("imports"))])))
                closure = SwiftClosure(
                    parameters: ["_"], body: [.expression(SwiftExpression.name("host").member("value"))])
            }
            body.append(.expression(.call(.name("Self.defineImports"), [target], closure)))
        }
        let instance = SwiftExpression.type(host.library("ExportBinder")).calling(
            "instantiate",
            [
                SwiftArgument(.name("component")), SwiftArgument("in", .name("store")), SwiftArgument("linker", linker),
                SwiftArgument("world", .name("Self.world")),
            ])
        body.append(
            .expression(SwiftExpression.this.calling("init", [SwiftArgument(instance)]).tried()))
        var documentation = [
            "Makes an instance of a component of this world.", "", "- Parameters:", "  - component: the component.",
            "  - store: the store it lives in.",
        ]
        if needsHost { documentation.append("  - imports: what the component may call.") }
        documentation += [
            requirements.usesWASI
                ? "  - linker: further definitions; `nil` for those of WASI."
                : "  - linker: further definitions, as one of `Linker.wasi(engine:)`.",
            "- Throws: `LinkError` or `BindingError` when the component does not fit, or what its start runs into.",
        ]
        return root.initializer(
            parameters, body, effects: .throwing, documentation: documentation, modifiers: ["convenience"])
    }

    /// The one for an instance that is there.
    private func wrapping(
        _ properties: [(name: String, type: SwiftType)], _ bindings: [SwiftStatement]
    ) -> SwiftDeclaration {
        var body: [SwiftStatement] = [.assign(.this.member("instance"), .name("instance"))]
        if !properties.isEmpty || !bindings.isEmpty {
            let exports = SwiftExpression.name("exports")
            body.append(
                .var(
                    "exports",
                    .make(
                        host.library("ExportBinder"),
                        [SwiftArgument(.name("instance")), SwiftArgument("of", .name("Self.self"))])))
            body += properties.map {
                let interface = SwiftExpression.make($0.type, [SwiftArgument(.inout(exports))])
                return .assign(.this.member(SwiftNames.escaped($0.name)), interface)
            }
            body += bindings + [.expression(exports.calling("finish").tried())]
        }
        return root.initializer(
            [SwiftParameter(.none, "instance", host.library("Instance"))], body, effects: .throwing,
            documentation: [
                "Wraps an instance that was made with a linker of your own.", "",
                "- Throws: `BindingError` when the component does not export what the world does.",
            ])
    }

    /// What names the world in messages.
    private var reference: SwiftDeclaration {
        let type = host.library("WorldReference")
        let value = SwiftExpression.make(
            type,
            [
                SwiftArgument("name", .string(model.qualifiedName)),
                SwiftArgument("command", .string(host.options.command)),
                SwiftArgument("format", .integer(GeneratedCode.format)),
            ])
        var declaration = root.computed("world", type, value)
        declaration.documentation = ["The world, and how these bindings were made."]
        return declaration
    }
}
