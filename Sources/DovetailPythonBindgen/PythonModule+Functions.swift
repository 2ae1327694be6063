// SPDX-License-Identifier: Apache-2.0
import DovetailBindgen
import DovetailTypes
import DovetailWITReader

extension PythonModule {
    /// Writes the functions that are imported from a namespace, and the classes of its resources.
    mutating func addImports(of namespace: Int) {
        let content = guest.model.namespaces[namespace]
        for resource in content.resources { add(imported: resource, of: namespace) }
        for signature in content.functions where signature.definition.owner == .none {
            let name = guest.name(of: signature.definition)
            let variable = privateName(name)
            let function = call(name, variable, signature, namespace, first: nil)
            code.append(.definition([bound(variable, signature, namespace), function]))
        }
    }

    /// Writes the class that the app's own functions of a namespace are methods of.
    mutating func addProtocol(_ name: String, _ signatures: [Signature], of namespace: Int, _ documentation: [String]) {
        let scope = Scope(index: namespace, direction: .exported)
        let methods = signatures.map { declared($0, scope, first: "self", own: nil) }
        code.append(.type(name, [helper("Protocol")], documentation: documentation, methods))
    }

    /// Writes the protocols of the resources that a namespace exports.
    mutating func addExportedResources(of namespace: Int) {
        let model = guest.model
        for resource in model.namespaces[namespace].resources {
            guard let name = guest.types[namespace][resource.id] else { continue }
            let methods = functions(of: resource, in: namespace).map { signature in
                switch signature.definition.owner {
                case .static:
                    declared(
                        signature, model.scope(namespace), first: "cls", own: resource.id,
                        decorators: [builtin("classmethod")])
                default: declared(signature, model.scope(namespace), first: "self", own: resource.id)
                }
            }
            code.append(
                .type(
                    name, [helper("Protocol")],
                    documentation: Documentation.lines(model.graph.types[resource.id].documentation), methods))
        }
    }

    /// Everything that is called by way of a resource's class: constructor, methods, static functions.
    private func functions(of resource: Resource, in namespace: Int) -> [Signature] {
        let others = guest.model.namespaces[namespace].functions.filter { signature in
            signature.definition.owner.resource.map(guest.model.facts.resource) == resource.id
        }
        let constructors = others.filter { $0.constructed != nil }
        return constructors + resource.methods + others.filter { $0.constructed == nil }
    }

    // MARK: Imports

    private mutating func bound(_ variable: String, _ signature: Signature, _ namespace: Int) -> PythonCode {
        let interface = PythonCode.literal(guest.model.namespaces[namespace].externName ?? "")
        let name = PythonCode.literal(signature.definition.name)
        let find = signature.definition.isAsync ? helper("imported") : "_dovetail.function"
        return .line("\(variable) = \(find)(\(interface), \(name))")
    }

    /// Writes the functions that make streams and futures of the world.
    mutating func addMakers() {
        for (position, transfer) in guest.transfers.enumerated() {
            let element = annotation(transfer.element, from: transfer.scope)
            let suffix = transfer.isStream ? "Stream" : "Future"
            let isOctets = transfer.maker == "byte_stream"
            let ends = ["Writer", "Reader"].map { end in
                isOctets ? helper("ByteStream\(end)") : "\(helper(suffix + end))[\(element)]"
            }
            var parameters: [String] = []
            var body = "return \(helper(transfer.isStream ? "make_stream" : "make_future"))(\(position)"
            var documentation = ["Makes a stream: what is written to the one end is read from the other."]
            if !transfer.isStream {
                parameters = ["default: \(helper("Callable"))[[], \(element)]"]
                body += ", default"
                documentation = ["Makes a future, of the value that `default` gives when nothing is written."]
            }
            code.append(
                .function(
                    transfer.maker, parameters, "\(builtin("tuple"))[\(ends.joined(separator: ", "))]",
                    documentation: documentation, [.line(body + ")")]))
        }
    }

    private mutating func add(imported resource: Resource, of namespace: Int) {
        let model = guest.model
        guard let class_ = guest.types[namespace][resource.id] else { return }
        let interface = PythonCode.literal(model.namespaces[namespace].externName ?? "")
        let wit = PythonCode.literal(model.graph.types[resource.id].name ?? "")
        var body: [PythonCode] = [
            .line("__slots__ = ()"), .line("_resource = _dovetail.resource(\(interface), \(wit))"),
        ]
        let functions = functions(of: resource, in: namespace)
        var variables: [PythonCode] = []
        if !functions.contains(where: { $0.constructed != nil }) {
            body.append(
                .function(
                    "__init__", ["self"], "None",
                    [.line("raise TypeError(\(PythonCode.literal("`\(class_)` has no constructor")))")]))
        }
        for signature in functions {
            let name = guest.name(of: signature.definition)
            let variable = privateName("\(class_)_\(signature.constructed == nil ? name : "new")")
            variables.append(bound(variable, signature, namespace))
            let isStatic = signature.constructed == nil && !signature.isMethod
            body.append(
                call(
                    name, variable, signature, namespace, first: isStatic ? "cls" : "self", own: resource.id,
                    decorators: isStatic ? [builtin("classmethod")] : []))
        }
        if !variables.isEmpty { code.append(.definition(variables)) }
        code.append(
            .type(
                class_, [helper("Resource")],
                documentation: Documentation.lines(model.graph.types[resource.id].documentation), body))
    }

    /// A function that calls an import.
    private mutating func call(
        _ name: String, _ variable: String, _ signature: Signature, _ namespace: Int, first: String?,
        own: TypeID? = nil, decorators: [String] = []
    ) -> PythonCode {
        let scope = guest.model.scope(namespace)
        let (parameters, names) = parameters(signature, scope, first: first, own: own)
        let arguments = (signature.isMethod ? [first ?? "self"] : []) + names
        let isAsync = signature.definition.isAsync
        let start =
            (signature.constructed != nil ? "self._handle = " : signature.output == nil ? "" : "return ")
            + (isAsync ? "await " : "")
        let body = PythonCode.list("\(start)\(variable)(", arguments, ")")
        return .function(
            name, parameters, result(signature, scope, own), decorators: decorators, isAsync: isAsync,
            documentation: documentation(signature, scope, own), [body])
    }

    // MARK: Exports

    private mutating func declared(
        _ signature: Signature, _ scope: Scope, first: String, own: TypeID?, decorators: [String] = []
    ) -> PythonCode {
        let (parameters, _) = parameters(signature, scope, first: first, own: own)
        return .function(
            guest.name(of: signature.definition), parameters, result(signature, scope, own), decorators: decorators,
            isAsync: signature.definition.isAsync,
            documentation: documentation(signature, scope, own), [.line("raise NotImplementedError")])
    }

    // MARK: Both

    private mutating func parameters(
        _ signature: Signature, _ scope: Scope, first: String?, own: TypeID?
    ) -> (declarations: [String], names: [String]) {
        var taken = NameScope(reserved: Set([first].compactMap { $0 }))
        let names = signature.parameters.map { taken.claim(PythonNames.member($0.name)) }
        let types = signature.parameters.map { annotation($0.type, from: scope, own: own) }
        return ([first].compactMap { $0 } + zip(names, types).map { "\($0): \($1)" }, names)
    }

    private mutating func result(_ signature: Signature, _ scope: Scope, _ own: TypeID?) -> String {
        signature.constructed != nil ? "None" : annotation(signature.output, from: scope, own: own)
    }

    private mutating func documentation(_ signature: Signature, _ scope: Scope, _ own: TypeID?) -> [String] {
        let lines = Documentation.lines(signature.definition.documentation, signature.definition.stability)
        guard signature.isFallible else { return lines }
        let failure = annotation(signature.failure, from: scope, own: own)
        return Documentation.adding("Raises: `componentize_py_types.Err[\(failure)]`", to: lines)
    }
}
