// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// What the host implements: protocols, and the definitions that carry calls to them.
extension Emitter {
    /// A resource of the host and the functions of its objects.
    struct HostResource {
        var id: TypeID
        var name: String
        var methods: [FunctionSignature]
    }

    /// The functions of a scope, those of objects apart.
    func importedFunctions(_ all: [FunctionDefinition]) -> (free: [FunctionSignature], resources: [HostResource]) {
        let isMethod = { (function: FunctionDefinition) -> Bool in
            if case .method = function.owner { true } else { false }
        }
        let free = model.signatures(all.filter { !isMethod($0) }, .imported, from: index, reserved: [])
        let resources = namespace.resources(in: graph).map { resource in
            HostResource(
                id: resource.id, name: resource.name,
                methods: model.signatures(
                    all.filter { isMethod($0) && $0.owner.resource.map { graph.types.resource($0) } == resource.id },
                    .imported, from: index, reserved: []))
        }
        return (free, resources)
    }

    /// The protocol of a host resource.
    func resourceProtocol(_ resource: HostResource) -> SwiftDeclaration {
        let definition = graph.types[resource.id]
        var documentation = Self.lines(definition.documentation, definition.stability)
        if documentation.isEmpty { documentation = ["The resource `\(definition.name ?? resource.name)`."] }
        return SwiftDeclaration(
            "\(access)protocol \(resource.name): \(library("AnyObject"))", documentation: documentation,
            body: .members(resource.methods.map(requirement)))
    }

    /// The protocol of the functions that belong to no object.
    func hostProtocol(
        _ name: String, _ functions: [FunctionSignature], _ documentation: [String]
    ) -> SwiftDeclaration {
        SwiftDeclaration(
            "\(access)protocol \(name): \(library("SendableMetatype"))", documentation: documentation,
            body: .members(functions.map(requirement)))
    }

    private func requirement(_ signature: FunctionSignature) -> SwiftDeclaration {
        let documentation = self.documentation(signature)
        if signature.isProperty, let output = signature.output {
            return SwiftDeclaration(
                "\(signature.prefix(""))var \(SwiftNames.escaped(signature.name)): \(output.type) "
                    + "{ get\(signature.isAsync ? " async" : "") throws }", documentation: documentation)
        }
        return SwiftDeclaration(
            SwiftHead(
                "\(signature.prefix(""))func \(SwiftNames.escaped(signature.name))",
                signature.parameters.map(\.declaration), signature.effects), documentation: documentation)
    }

    /// The doc comment of a function, with what it throws.
    func documentation(_ signature: FunctionSignature) -> [String] {
        var lines = Self.lines(signature.definition.documentation, signature.definition.stability)
        if signature.isFallible, let result = signature.definition.result,
            case .result(_, let error)? = model.anonymousOrAliasedKind(result)
        {
            if !lines.isEmpty { lines.append("") }
            lines.append("- Throws: `\(model.error(error, direction, from: index))`")
        }
        return lines
    }

    /// `define(in:)`: enters everything of an interface, or of the world, into a linker.
    func definitions(
        _ free: [FunctionSignature], _ resources: [HostResource], interface: String?, host: String?,
        name: String, others: [SwiftStatement] = [], documentation: [String]
    ) -> SwiftDeclaration {
        var body: [SwiftStatement] = []
        let place = interface.map { ", in: \(Self.literal($0))" } ?? ""
        for resource in resources {
            body.append(
                .line(
                    "linker.defineHostResource(\(Self.literal(graph.types[resource.id].name ?? ""))\(place), "
                        + "(any \(resource.name)).self)"))
        }
        for signature in free { body.append(definition(signature, interface, receiver: "host(caller)")) }
        for resource in resources {
            for signature in resource.methods {
                body.append(
                    definition(
                        signature, interface, receiver: signature.parameterCount == 1 ? "p.object" : "p.v0.object"))
            }
        }
        body += others
        var parameters = ["in linker: inout \(library("Linker"))"]
        var generics = ""
        if let host {
            let placeholder = ["Host", "HostType", "SomeHost"].first { !model.shadowed.contains($0) } ?? "GenericHost"
            generics = "<\(placeholder): \(host)>"
            parameters.append(
                "_ host: @escaping @Sendable (\(library("Caller"))) throws -> \(placeholder)")
        }
        return SwiftDeclaration(
            SwiftHead("\(access)static func \(name)\(generics)", parameters, ""), documentation: documentation,
            body: .statements(body))
    }

    private func definition(_ signature: FunctionSignature, _ interface: String?, receiver: String) -> SwiftStatement {
        var arguments = [Self.literal(signature.definition.name)]
        if let interface { arguments.append("in: \(Self.literal(interface))") }
        arguments.append("parameters: \(signature.parametersType).self")
        arguments.append("result: \(signature.resultType).self")
        let first = signature.isMethod ? 1 : 0
        let values = signature.parameters.enumerated().map { position, parameter in
            parameter.argument(
                parameter.surface.lift(signature.parameterCount == 1 ? "p" : "p.v\(position + first)"))
        }
        let wait = signature.isAsync ? "await " : ""
        var call = "try \(wait)\(receiver).\(SwiftNames.escaped(signature.name))"
        if !signature.isProperty { call += "(\(values.joined(separator: ", ")))" }
        func statement(_ prefix: String) -> SwiftStatement {
            let plain = "\(prefix)try \(wait)\(receiver).\(SwiftNames.escaped(signature.name))"
            return signature.isProperty ? .line(plain) : .call(plain, values)
        }
        var body: [SwiftStatement] = []
        if let output = signature.output {
            // What a tuple is made of is named more than once.
            if output.needsName {
                body = [statement("let returned = "), .line("return \(output.lower("returned"))")]
            } else if output.lower("") == "" {
                body = [statement("return ")]
            } else {
                body = [.line("return \(output.lower(call).hoistingTry())")]
            }
        } else {
            body = [statement(""), .line("return \(library("Empty"))()")]
        }
        if signature.isFallible {
            let kind = signature.isAsync ? "try await " : "try "
            body = [.block(SwiftHead("return \(kind)\(signature.resultType).reporting"), body, [])]
        }
        let usesCaller = receiver.hasPrefix("host")
        let closure = "\(usesCaller ? "caller" : "_"), \(signature.parameterCount == 0 ? "_" : "p")"
        return .closureCall(
            signature.isAsync ? "linker.defineAsync" : "linker.define", arguments, closure, body)
    }
}

extension String {
    /// `try` and `await` moved out of a call's argument: `HostOwn(try f())` is written `try HostOwn(f())`.
    func hoistingTry() -> String {
        for words in ["try await ", "try "] {
            guard !hasPrefix(words), let range = firstRange(of: "(" + words) else { continue }
            return words + self[..<range.lowerBound] + "(" + self[range.upperBound...]
        }
        return self
    }

    private func firstRange(of text: String) -> Range<Index>? {
        var position = startIndex
        while position < endIndex {
            if self[position...].hasPrefix(text) { return position..<index(position, offsetBy: text.count) }
            position = index(after: position)
        }
        return nil
    }
}
