// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTypes
import DovetailWITReader

/// Writes the protocols of what a component exports, and the core functions that call the author's types.
struct ExportWriter {
    let writer: GuestScope
    let functions: [Signature]
    let resources: [Resource]
    /// Whether `print` goes anywhere, so that what it has collected is written behind each function.
    let prints: Bool
    /// Declarations outside of all types.
    private(set) var globals: [SwiftDeclaration] = []
    /// What an author begins with.
    private(set) var stubs: [SwiftDeclaration] = []

    /// - Parameter functions: those that belong to no object.
    init(_ writer: GuestScope, _ functions: [Signature], _ resources: [Resource], prints: Bool) {
        self.writer = writer
        self.functions = functions
        self.resources = resources
        self.prints = prints
    }

    private var guest: SwiftGuest { writer.guest }
    private var outside: GuestScope { writer.outside }
    private var extern: String? { writer.namespace.externName }
    /// The type that the author extends.
    private var target: SwiftType { guest.qualified(writer.scope.index) }

    /// The protocols, for the namespace's type.
    mutating func protocols() throws(BindgenError) -> [SwiftDeclaration] {
        let free = guest.forms(functions.filter { $0.definition.owner.staticResource == nil }, from: writer.scope)
        var requirements: [SwiftDeclaration] = []
        var protocols: [SwiftDeclaration] = []
        var classes: [SwiftDeclaration] = []
        for resource in resources {
            let name = guest.resourceProtocol(resource.id)
            requirements.append(
                SwiftDeclaration(
                    .associatedType(writer.name(resource.id), .named(name)),
                    documentation: ["The class of the resource `\(witName(resource.id))`."]))
            let forms = guest.forms(
                functions.filter { $0.definition.owner.staticResource == resource.id } + resource.methods,
                from: writer.scope, reserved: Self.reserved, isMember: true)
            protocols.append(resourceProtocol(resource, name, forms))
            classes.append(stub(resource, name, forms))
            handles(resource, name)
            for form in forms { try export(form, of: resource.id) }
        }
        for form in free {
            requirements.append(
                form.declaration(nil, documentation: writer.documentation(form.signature), modifiers: ["static"]))
            classes.append(form.declaration(Self.unwritten, documentation: [], modifiers: writer.access + ["static"]))
            try export(form, of: nil)
        }
        guard !requirements.isEmpty else { return [] }
        let name = extern.map { "the interface `\($0)`" } ?? "the world itself"
        let all = SwiftTypeDeclaration(keyword: .protocol, name: "Exports", members: requirements)
        protocols.append(
            SwiftDeclaration(
                .type(all),
                documentation: [
                    "What a component has to implement of \(name): write",
                    "`extension \(target.text): \(target.text).Exports`.",
                ], modifiers: writer.access))
        stubs.append(
            SwiftDeclaration(.extension(target, [.named("\(target.text).Exports")], where: [], classes)))
        return protocols
    }

    private static let reserved: Set<String> = [
        "newResource", "resourceRepresentation", "dropResource", "destroyResource",
    ]
    private static let unwritten: [SwiftStatement] = [
        .expression(.call(.name("Swift.fatalError"), [SwiftArgument(.string("not written yet"))]))
    ]

    private func witName(_ id: TypeID) -> String { writer.graph.types[id].name ?? "" }

    // MARK: Resources

    private func resourceProtocol(
        _ resource: Resource, _ name: String, _ forms: [SwiftFunctionForm]
    ) -> SwiftDeclaration {
        let definition = writer.graph.types[resource.id]
        var documentation = Documentation.lines(definition.documentation, definition.stability)
        if documentation.isEmpty { documentation = ["The resource `\(witName(resource.id))`."] }
        documentation += ["", "Handles and the component's own references keep an object alive together."]
        let members = forms.map { form in
            member(form, nil, documentation: writer.documentation(form.signature), access: [])
        }
        return SwiftDeclaration(
            .type(
                SwiftTypeDeclaration(
                    keyword: .protocol, name: name, inherits: [writer.library("ExportedResource")], members: members)),
            documentation: documentation, modifiers: writer.access)
    }

    /// An initializer, static function or method of a resource's class.
    private func member(
        _ form: SwiftFunctionForm, _ body: [SwiftStatement]?, documentation: [String], access: [String]
    ) -> SwiftDeclaration {
        guard form.signature.constructed != nil else {
            return form.declaration(
                body, documentation: documentation,
                modifiers: access + (form.signature.isMethod ? [] : ["static"]))
        }
        return SwiftDeclaration(
            .function(
                SwiftFunction(
                    name: "init", parameters: form.parameters.map(\.declaration), effects: form.effects, body: body)),
            documentation: documentation, modifiers: access)
    }

    private func stub(_ resource: Resource, _ name: String, _ forms: [SwiftFunctionForm]) -> SwiftDeclaration {
        SwiftDeclaration(
            .type(
                SwiftTypeDeclaration(
                    keyword: .class, name: writer.name(resource.id), inherits: [.named(name)],
                    members: forms.map { member($0, Self.unwritten, documentation: [], access: writer.access) })),
            modifiers: writer.access + ["final"])
    }

    /// The built-ins for handles, as members of the resource's protocol, and the destructor.
    private mutating func handles(_ resource: Resource, _ name: String) {
        let int = writer.library("Int32")
        let address = writer.library("UnsafeRawPointer")
        let module = "[export]" + (extern ?? "$root")
        let builtins: [(wit: String, name: String, parameter: SwiftType, result: SwiftType?)] = [
            ("new", "newResource", address, int), ("rep", "resourceRepresentation", int, address),
            ("drop", "dropResource", int, nil),
        ]
        var members: [SwiftDeclaration] = []
        for item in builtins {
            let core = guest.global("import-export", extern ?? "", item.wit, witName(resource.id))
            globals.append(
                .imported(
                    module, "[resource-\(item.wit)]\(witName(resource.id))", as: core, [item.parameter], item.result))
            members.append(
                SwiftDeclaration(
                    .function(
                        SwiftFunction(
                            name: item.name, parameters: [SwiftParameter(.none, "handle", item.parameter)],
                            result: item.result,
                            body: [.expression(.call(.name(core), [SwiftArgument(.name("handle"))]))])),
                    documentation: ["`resource.\(item.wit)`"], modifiers: writer.access + ["static"]))
        }
        globals.append(.extension(.named("\(target.text).\(name)"), members))
        let type = outside.type(resource.id)
        let destroy = SwiftExpression.type(type).calling("destroyResource", [SwiftArgument(.name("a0"))])
        globals.append(
            exported(exportName("[dtor]\(witName(resource.id))"), [address], nil, [.expression(destroy)]))
    }

    // MARK: Core functions

    private func exportName(_ function: String) -> String { extern.map { "\($0)#\(function)" } ?? function }

    private func exported(
        _ name: String, _ parameters: [SwiftType], _ result: SwiftType?, _ body: [SwiftStatement]
    ) -> SwiftDeclaration {
        let text = SwiftExpression.string(name).text
        let symbol = SwiftExpression.string("export \(name)").text
        return SwiftDeclaration(
            .function(
                SwiftFunction(
                    // Several worlds may be in one module, and what is private is left out by the optimiser.
                    name: guest.global("export", guest.names.world, name),
                    parameters: parameters.enumerated().map { SwiftParameter(.none, "a\($0)", $1) }, result: result,
                    body: body)),
            attributes: ["@_expose(wasm, \(text))", "@_cdecl(\(symbol))"])
    }

    /// The core function of `form`, and what frees its result.
    private mutating func export(_ form: SwiftFunctionForm, of resource: TypeID?) throws(BindgenError) {
        if form.signature.definition.isAsync { return try exportAsync(form, of: resource) }
        let signature = form.signature
        let steps = try writer.model.callSteps(signature.definition)
        var lifting = ExportCall(outside, steps)
        let values = lifting.lift(signature.definition.parameters.map(\.type))
        let plain = call(form, values, of: resource)
        let name = exportName(signature.definition.name)
        let codec = outside.codec(of: signature.definition.result)
        var value = plain
        if signature.isFallible {
            lifting.statements.append(
                .let("result", .call(.type(outside.library("Result")), [], throwing(form, plain))))
            value = .name("result")
        }
        if prints {
            // A value is lowered behind it, so that nothing is printed while the result lies in the runtime's area.
            if signature.definition.result != nil, !signature.isFallible {
                lifting.statements.append(.let("result", value))
                value = .name("result")
            } else if signature.definition.result == nil {
                lifting.statements.append(.expression(value))
            }
            lifting.statements.append(
                .expression(SwiftExpression.type(outside.library("StandardOutput")).calling("flush")))
        }
        let ending = lifting.lower(
            prints && signature.definition.result == nil ? nil : value, signature.definition.result, codec,
            isCore: outside.isCore(signature.definition.result))
        globals.append(exported(name, lifting.coreTypes, ending.type, lifting.statements + ending.statements))
        if ending.needsPostReturn {
            let release = SwiftExpression.type(outside.library("Arena")).calling(
                "release", [SwiftArgument(.name("a0"))])
            globals.append(exported("cabi_post_" + name, [guest.pointer], nil, [.expression(release)]))
        }
    }

    /// The call of what the author wrote.
    private func call(
        _ form: SwiftFunctionForm, _ values: [SwiftExpression], of resource: TypeID?
    ) -> SwiftExpression {
        let signature = form.signature
        let labels = form.parameters.map(\.label)
        let arguments = zip(labels, values.dropFirst(signature.isMethod ? 1 : 0)).map { SwiftArgument($0, $1) }
        let owner: SwiftExpression =
            signature.isMethod ? values[0] : .type(resource.map { outside.type($0) } ?? target)
        if signature.constructed != nil { return .call(owner, arguments) }
        return signature.isProperty
            ? owner.member(form.escapedName) : owner.calling(form.escapedName, arguments)
    }

    /// A closure that makes a result of a value or an error.
    private func throwing(
        _ form: SwiftFunctionForm, _ call: SwiftExpression, behind statements: [SwiftStatement] = []
    ) -> SwiftClosure {
        let error = guest.errorType(of: form.signature.failure, from: outside.scope).text
        let isAsync = form.signature.definition.isAsync
        let value = call.tried(awaiting: isAsync)
        let body: [SwiftStatement] =
            form.output == nil && form.signature.constructed == nil
            ? [.expression(value), .return(.make(outside.library("Empty"), []))]
            : statements.isEmpty ? [.expression(value)] : [.return(value)]
        return SwiftClosure(
            parameters: ["()\(isAsync ? " async" : "") throws(\(error))"], body: statements + body)
    }
}

// MARK: - Async functions

extension ExportWriter {
    /// The core function of an async `form`, lifted with a callback, and the callback.
    private mutating func exportAsync(_ form: SwiftFunctionForm, of resource: TypeID?) throws(BindgenError) {
        let definition = form.signature.definition
        let name = exportName(definition.name)
        var lifting = ExportCall(outside, try writer.model.callSteps(definition))
        let values = lifting.lift(definition.parameters.map(\.type))
        let plain = call(form, values, of: resource)
        var body: [SwiftStatement]
        var returning = ImportCall(outside, try writer.model.returnSteps(definition))
        if let result = definition.result {
            let run: SwiftExpression
            if form.signature.isFallible {
                run = .call(
                    outside.libraryFunction("outcome"), [], throwing(form, plain, behind: lifting.statements))
            } else {
                let type = outside.valueType(of: result).text
                run = .call(
                    outside.libraryFunction("perform"), [],
                    SwiftClosure(
                        parameters: ["() async -> \(type)"], body: lifting.statements + [.return(.await(plain))]))
            }
            body = [.let("result", .await(run))]
            returning.lower([.name("result")], [result])
        } else {
            let run = SwiftClosure(
                parameters: ["() async -> Void"], body: lifting.statements + [.expression(.await(plain))])
            body = [.expression(.await(.call(outside.libraryFunction("perform"), [], run)))]
        }
        let core = guest.global("import-export", extern ?? "", "task-return", definition.name)
        globals.append(
            .imported(
                "[export]" + (extern ?? "$root"), "[task-return]" + definition.name, as: core, returning.coreTypes, nil)
        )
        let end = returning.finish(.name(core), result: nil, isCore: false, parent: nil)
        body.append(.expression(.call(outside.libraryFunction("returnFromCall"), [], SwiftClosure(body: end))))
        let int = outside.library("Int32")
        globals.append(
            exported(
                "[async-lift]" + name, lifting.coreTypes, int,
                [.return(.call(outside.libraryFunction("runCall"), [], SwiftClosure(body: body)))]))
        let event = (0..<3).map { SwiftArgument(.name("a\($0)")) }
        globals.append(
            exported(
                "[callback][async-lift]" + name, [int, int, int], int,
                [.return(.call(outside.libraryFunction("continueCall"), event))]))
    }
}
