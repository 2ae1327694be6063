// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTypes
import DovetailWITReader

/// Writes the functions that call imports, and the core functions they call.
struct ImportWriter {
    let writer: GuestScope
    /// Declarations outside of all types.
    private(set) var globals: [SwiftDeclaration] = []

    init(_ writer: GuestScope) { self.writer = writer }

    private var guest: SwiftGuest { writer.guest }
    /// The name of the core module that has the functions.
    private var module: String { writer.namespace.externName ?? "$root" }

    // MARK: Declarations

    /// The static functions, classes and initializers of what a namespace imports.
    mutating func members() throws(BindgenError) -> (functions: [SwiftDeclaration], classes: [SwiftDeclaration]) {
        var classes: [SwiftDeclaration] = []
        let all = writer.namespace.functions
        for resource in writer.namespace.resources {
            classes.append(
                try resourceClass(resource, all.filter { $0.definition.owner.staticResource == resource.id }))
        }
        var functions: [SwiftDeclaration] = []
        for form in guest.forms(all.filter { $0.definition.owner.staticResource == nil }, from: writer.scope) {
            functions += try self.functions(form, modifiers: ["static"])
        }
        return (functions, classes)
    }

    private static let reserved: Set<String> = [
        "resourceHandle", "resourceParent", "lendResource", "giveResource", "dropResource",
    ]

    private mutating func resourceClass(
        _ resource: Resource, _ functions: [Signature]
    ) throws(BindgenError) -> SwiftDeclaration {
        let definition = writer.graph.types[resource.id]
        let name = definition.name ?? ""
        var documentation = Documentation.lines(definition.documentation, definition.stability)
        if documentation.isEmpty { documentation = ["The resource `\(name)`."] }
        documentation += ["", "Dropped with the last reference, or earlier by `dropResource()`."]
        let drop = core("[resource-drop]\(name)", [.i32], [])
        var members = [
            SwiftDeclaration(.deinitializer([.expression(.call(.name("dropResource"), []))])),
            SwiftDeclaration(
                .function(
                    SwiftFunction(
                        name: "dropResource", parameters: [SwiftParameter(.none, "handle", writer.library("Int32"))],
                        body: [.expression(.call(.name(drop), [SwiftArgument(.name("handle"))]))])),
                documentation: ["Drops a handle."], modifiers: writer.access + ["static"]),
        ]
        for form in guest.forms(
            functions + resource.methods, from: writer.scope, reserved: Self.reserved, isMember: true)
        {
            if form.signature.constructed != nil {
                members.append(try initializer(form))
            } else {
                members += try self.functions(form, modifiers: form.signature.isMethod ? [] : ["static"])
            }
        }
        return SwiftDeclaration(
            .type(
                SwiftTypeDeclaration(
                    keyword: .class, name: writer.name(resource.id),
                    inherits: [
                        writer.library("ResourceHandle"), writer.library("ImportedResource"),
                        .named("@unchecked \(writer.library("Sendable").text)"),
                    ], members: members)
            ),
            documentation: documentation, modifiers: writer.access + ["final"])
    }

    /// The function that calls an import; for an async one, also that which can be cancelled.
    private mutating func functions(
        _ form: SwiftFunctionForm, modifiers: [String]
    ) throws(BindgenError) -> [SwiftDeclaration] {
        if form.signature.definition.isAsync {
            return try [
                asyncFunction(form, modifiers, isCancellable: false),
                asyncFunction(form, modifiers, isCancellable: true),
            ]
        }
        let output = form.output == nil ? nil : form.resultCodec
        let body = try body(form, result: output ?? (form.signature.isFallible ? form.resultCodec : nil))
        return [
            form.declaration(
                body, documentation: writer.documentation(form.signature), modifiers: writer.access + modifiers)
        ]
    }

    /// The initializer for a constructor; what comes in is the handle.
    private mutating func initializer(_ form: SwiftFunctionForm) throws(BindgenError) -> SwiftDeclaration {
        let handle = SwiftType.named(writer.library("Int32").text + ".Codec")
        let codec =
            form.signature.isFallible
            ? writer.library(
                "ResultCodec", [handle, guest.errorCodec(of: form.signature.failure, from: writer.scope)])
            : handle
        var body = try body(form, result: codec)
        if case .return(let value)? = body.last {
            body[body.count - 1] = .let("handle", value)
            body.append(
                .expression(
                    SwiftExpression.this.calling("init", [SwiftArgument("resourceHandle", .name("handle"))])))
        }
        return writer.initializer(
            form.parameters.map(\.declaration), body, effects: form.effects,
            documentation: documented(form, "Makes a resource."), modifiers: ["convenience"])
    }

    private func documented(_ form: SwiftFunctionForm, _ otherwise: String) -> [String] {
        let lines = writer.documentation(form.signature)
        return lines.isEmpty ? [otherwise] : lines
    }

    // MARK: Calls

    /// Declares an imported core function.
    private mutating func core(_ name: String, _ parameters: [FlatType], _ results: [FlatType], area: Int = 0) -> String
    {
        let types =
            parameters.map { guest.core($0) } + [SwiftType](repeating: guest.pointer, count: area)
        return declare(name, types, results.first.map { guest.core($0) })
    }

    /// Declares an imported core function, if that was not done yet.
    private mutating func declareOnce(_ name: String, _ parameters: [SwiftType], _ result: SwiftType?) -> String {
        guest.coreImports["\(module)#\(name)"] ?? declare(name, parameters, result)
    }

    private mutating func declare(_ name: String, _ parameters: [SwiftType], _ result: SwiftType?) -> String {
        let swiftName = guest.global("import", writer.namespace.externName ?? "", name)
        guest.coreImports["\(module)#\(name)"] = swiftName
        globals.append(.imported(module, name, as: swiftName, parameters, result))
        return swiftName
    }

    /// The statements that call the import; the last one returns what it gives.
    private mutating func body(
        _ form: SwiftFunctionForm, result codec: SwiftType?
    ) throws(BindgenError) -> [SwiftStatement] {
        let signature = form.signature
        let steps = try writer.model.callSteps(signature.definition)
        var call = ImportCall(writer, steps, reserved: Set(form.parameters.map(\.name)))
        call.lowerParameters(of: form)
        let returnsArea = steps.resultIsIndirect
        let name = declare(
            signature.definition.name, call.coreTypes + (returnsArea ? [guest.pointer] : []),
            returnsArea ? nil : steps.result.first.map { guest.core($0) })
        let isCore = writer.isCore(signature.definition.result)
        let value = call.finish(.name(name), result: codec, isCore: isCore, parent: parent(signature))
        guard codec != nil, signature.isFallible else { return value }
        // The last statement gives the whole result.
        guard case .return(let whole)? = value.last else { return value }
        let success = SwiftExpression.try(SwiftExpression.name("result").calling("get"))
        return value.dropLast() + [
            .let("result", whole),
            form.output == nil && signature.constructed == nil ? .discard(success) : .return(success),
        ]
    }

    /// The object that handles in the result may depend on.
    private func parent(_ signature: Signature) -> SwiftExpression? {
        let ownsHandles = signature.definition.result.map { writer.model.facts.ownsHandles($0) } ?? false
        return signature.isMethod && ownsHandles ? .this : nil
    }
}

// MARK: - Async functions

extension ImportWriter {
    /// A function that calls an import and suspends the task until it has returned.
    ///
    /// - Parameter isCancellable: whether the import is cancelled with the task.
    private mutating func asyncFunction(
        _ form: SwiftFunctionForm, _ modifiers: [String], isCancellable: Bool
    ) throws(BindgenError) -> SwiftDeclaration {
        let signature = form.signature
        let steps = try writer.model.callSteps(signature.definition, isAsync: true)
        var call = ImportCall(writer, steps, reserved: Set(form.parameters.map(\.name)), isAsync: true)
        call.lowerParameters(of: form)
        let core = declareOnce(
            "[async-lower]" + signature.definition.name,
            call.coreTypes + (steps.resultIsIndirect ? [guest.pointer] : []), writer.library("Int32"))
        let codec = signature.definition.result == nil ? nil : form.resultCodec
        var ending: [SwiftStatement] = form.output == nil ? [] : [.return(.name("result"))]
        if signature.isFallible {
            let success = SwiftExpression.try(SwiftExpression.name("result").calling("get"))
            ending = [form.output == nil ? .discard(success) : .return(success)]
        }
        if isCancellable, form.output == nil { ending.append(.return(.name("true"))) }
        let body = call.finishAsync(
            .name(core), result: codec, parent: parent(signature), ending: ending,
            nothing: isCancellable ? .name(form.output == nil ? "false" : "nil") : nil)
        if !isCancellable {
            return form.declaration(
                body, documentation: writer.documentation(signature), modifiers: writer.access + modifiers)
        }
        let function = SwiftFunction(
            name: guest.cancellableName(form), parameters: form.parameters.map(\.declaration), effects: form.effects,
            result: form.output.map { .optional($0) } ?? writer.library("Bool"), body: body)
        let answer =
            form.output == nil
            ? "whether it ended by itself: `false` when it was cancelled." : "`nil` when it was cancelled."
        return SwiftDeclaration(
            .function(function),
            documentation: [
                "Calls `\(form.name)`, and cancels it when the running task is cancelled.", "", "- Returns: \(answer)",
            ] + (signature.isFallible ? writer.documentation(signature).suffix(1) : []),
            attributes: form.output == nil ? ["@discardableResult"] : [], modifiers: writer.access + modifiers)
    }
}

extension SwiftDeclaration {
    /// A core function that is imported.
    static func imported(
        _ module: String, _ name: String, as swiftName: String, _ parameters: [SwiftType], _ result: SwiftType?
    ) -> SwiftDeclaration {
        let place = SwiftExpression.string(module).text
        let symbol = SwiftExpression.string("\(module)#\(name)").text
        return SwiftDeclaration(
            .function(
                SwiftFunction(
                    name: swiftName,
                    parameters: parameters.enumerated().map { SwiftParameter(.none, "a\($0)", $1) }, result: result)),
            attributes: [
                "@_extern(wasm, module: \(place), name: \(SwiftExpression.string(name).text))",
                "@_extern(c, \(symbol))",
            ], modifiers: ["private"])
    }
}

extension FunctionDefinition.Owner {
    /// The resource whose constructor or static function it is.
    var staticResource: TypeID? {
        switch self {
        case .constructor(let id), .static(let id): id
        case .none, .method: nil
        }
    }
}

extension GuestScope {
    /// Whether values of the type are one core value each, with a codec that says so.
    func isCore(_ type: ValueType?) -> Bool {
        guard let type else { return false }
        switch model.facts.dealiased(type) {
        case .string: return false
        case .defined(let id):
            switch graph.types[id].kind {
            case .enum, .flags, .own, .borrow, .stream, .future: return true
            default: return false
            }
        default: return true
        }
    }

    /// Whether a list of the type can be lent as Swift has it.
    func isLendable(_ type: ValueType) -> Bool {
        switch model.facts.dealiased(type) {
        case .string: return true
        case .defined(let id):
            guard case .list(let element) = graph.types[id].kind else { return false }
            switch model.facts.dealiased(element) {
            case .string, .errorContext, .defined: return false
            default: return true
            }
        default: return false
        }
    }
}
