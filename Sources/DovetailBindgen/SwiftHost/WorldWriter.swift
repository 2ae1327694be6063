// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWITReader

/// Writes the type of a world with everything in it.
struct WorldWriter {
    let host: SwiftHost
    let root: ScopeWriter

    var model: WorldModel { host.model }
    var access: [String] { host.access }

    init(_ host: SwiftHost) {
        self.host = host
        root = ScopeWriter(host: host, scope: .world)
    }

    /// What the host has to implement.
    struct Requirements {
        /// The protocols, as they are called inside the world's type.
        var protocols: [String] = []
        /// The statements that define the interfaces in a linker; those of DovetailWASI left out.
        var definitions: [SwiftStatement] = []
        var usesWASI = false
    }

    /// All declarations, in order.
    func declarations() throws(BindgenError) -> [SwiftDeclaration] {
        var requirements = Requirements()
        var interfaces: [SwiftDeclaration] = []
        for (index, namespace) in model.namespaces.enumerated().dropFirst() {
            let writer = ScopeWriter(host: host, scope: model.scope(index))
            if namespace.origin == .generated { interfaces.append(try interface(writer)) }
            guard namespace.direction == .imported else { continue }
            if namespace.isServed {
                requirements.usesWASI = true
            } else {
                require(writer, &requirements)
            }
        }
        let world = try host.options.interfacesOnly ? namespace() : self.world(&requirements)
        let type = SwiftType.named(host.names.world)
        let helpers = helpers()
        return [world] + interfaces.map { .extension(type, [$0]) }
            + (helpers.isEmpty ? [] : [.extension(type, helpers)])
    }

    private func require(_ writer: ScopeWriter, _ requirements: inout Requirements) {
        let functions = writer.hostFunctions
        let type = host.type(of: writer.scope.index)
        if !functions.free.isEmpty { requirements.protocols.append("\(type.text).Imports") }
        if !functions.isEmpty {
            requirements.definitions.append(
                .expression(
                    SwiftExpression.type(type).calling("define", Self.definingArguments(!functions.free.isEmpty))))
        }
    }

    /// What a function that defines things is called with.
    static func definingArguments(_ needsHost: Bool) -> [SwiftArgument] {
        [SwiftArgument("in", .inout(.name("linker")))] + (needsHost ? [SwiftArgument(.name("host"))] : [])
    }

    /// What `define` and its like take, for their comments.
    static let definingParameters = [
        "", "- Parameters:", "  - linker: gets the definitions.",
        "  - host: gives the implementation that serves a caller.",
    ]

    // MARK: Interfaces

    private func interface(_ writer: ScopeWriter) throws(BindgenError) -> SwiftDeclaration {
        var documentation = Documentation.lines(writer.namespace.documentation)
        let extern = writer.namespace.externName ?? ""
        if documentation.isEmpty { documentation = ["The interface `\(extern)`."] }
        return try writer.scope.direction == .imported
            ? imported(writer, extern, documentation) : exported(writer, extern, documentation)
    }

    private func imported(
        _ writer: ScopeWriter, _ extern: String, _ documentation: [String]
    ) throws(BindgenError) -> SwiftDeclaration {
        let functions = writer.hostFunctions
        var members = try writer.typeDeclarations() + functions.resources.map(writer.resourceProtocol)
        let hasFunctions = !functions.free.isEmpty
        if hasFunctions {
            members.append(
                writer.importsProtocol("Imports", functions.free, "What the host implements of `\(extern)`."))
        }
        if !functions.isEmpty {
            members.append(
                writer.definitions(
                    "define", functions, hostType: hasFunctions ? "Imports" : nil,
                    documentation: ["Defines the interface in a linker."]
                        + (hasFunctions ? Self.definingParameters : [])))
        }
        return SwiftDeclaration(
            .type(
                SwiftTypeDeclaration(
                    keyword: .enum, name: host.names.namespaces[writer.scope.index], members: members)),
            documentation: documentation, modifiers: access)
    }

    private func exported(
        _ writer: ScopeWriter, _ extern: String, _ documentation: [String]
    ) throws(BindgenError) -> SwiftDeclaration {
        let (free, resources) = writer.guestFunctions(
            writer.namespace.functions, writer.namespace.resources, reserved: ["instance"])
        let name = host.names.namespaces[writer.scope.index]
        let type = SwiftType.named("\(host.names.world).\(name)")
        var members = try writer.typeDeclarations()
        members += resources.map { writer.resourceClass($0, interface: type) }
        let all = free + resources.flatMap { $0.constructors + $0.methods }
        members.append(
            writer.stored("instance", host.library("Instance"), documentation: ["The instance that is called."]))
        members += writer.properties(all)
        let exports = SwiftExpression.name("exports")
        let body =
            [SwiftStatement.assign(.name("instance"), exports.member("instance"))] + writer.bindings(all)
            + resources.map { resource in
                let arguments = [
                    SwiftArgument(.string(model.graph.types[resource.id].name ?? "")),
                    SwiftArgument("in", .string(extern)),
                    SwiftArgument(.metatype(.named(writer.name(resource.id)))), SwiftArgument("of", .this),
                ]
                return .expression(exports.calling("resource", arguments))
            }
        members.append(
            writer.initializer(
                [SwiftParameter(.none, "exports", ["inout"], host.library("ExportBinder"))], body,
                documentation: ["Looks the functions up and compares their types."],
                attributes: host.isPublic ? ["@_spi(Bindings)"] : []))
        members += free.map { writer.function($0, owner: .this) }
        return writer.finalClass(name, host.library("GuestInterface"), members, documentation)
    }

    // MARK: The world

    private var documentation: [String] {
        let lines = Documentation.lines(model.namespaces[0].documentation)
        return lines.isEmpty ? ["A component of the world `\(model.qualifiedName)`."] : lines
    }

    /// A world of which only the interfaces are wanted.
    private func namespace() throws(BindgenError) -> SwiftDeclaration {
        let members = try root.typeDeclarations() + root.hostFunctions.resources.map(root.resourceProtocol)
        return SwiftDeclaration(
            .type(SwiftTypeDeclaration(keyword: .enum, name: host.names.world, members: members)),
            documentation: documentation, modifiers: access)
    }

    private func world(_ requirements: inout Requirements) throws(BindgenError) -> SwiftDeclaration {
        var scope = NameScope(reserved: ["instance"])
        let properties = model.namespaces.indices.dropFirst()
            .filter { model.namespaces[$0].direction == .exported }
            .map { index in
                let name = scope.claim(SwiftNames.property(of: host.names.namespaces[index]))
                return (name: name, type: host.type(of: index))
            }
        let exports = ScopeWriter(host: host, scope: Scope(index: 0, direction: .exported))
        let exported = exports.guestFunctions(
            model.exportedFunctions, [],
            reserved: Set(properties.map(\.name)).union(["instance", "defineImports", "defineFunctions"])
        ).free
        let functions = root.hostFunctions
        var members = try root.typeDeclarations() + functions.resources.map(root.resourceProtocol)
        if !functions.free.isEmpty {
            members.append(
                root.importsProtocol(
                    "Functions", functions.free, "The functions that the world itself imports."))
            requirements.protocols.insert("Functions", at: 0)
        }
        if !requirements.protocols.isEmpty {
            members.append(
                SwiftDeclaration(
                    .alias("Imports", .named(requirements.protocols.joined(separator: " & "))),
                    documentation: ["What the host implements for components of this world."], modifiers: access))
        }
        members.append(
            root.stored("instance", host.library("Instance"), documentation: ["The instance of the component."]))
        members += properties.map { root.stored(SwiftNames.escaped($0.name), $0.type) }
        members += root.properties(exported)
        members += initializers(properties, exports.bindings(exported), requirements, functions)
        members += definitions(functions, requirements)
        members += exported.map { exports.function($0, owner: .this) }
        return root.finalClass(host.names.world, host.library("WorldBindings"), members, documentation)
    }

    /// The functions that define the imports: all of them, and those of the world itself where there are others, so that
    /// the same name in two interfaces is no ambiguity.
    private func definitions(
        _ functions: ScopeWriter.HostFunctions, _ requirements: Requirements
    ) -> [SwiftDeclaration] {
        guard !functions.isEmpty || !requirements.definitions.isEmpty else { return [] }
        let hostType = requirements.protocols.isEmpty ? nil : "Imports"
        let documentation =
            ["Defines all imports in a linker, those of DovetailWASI left out."]
            + (hostType == nil ? [] : Self.definingParameters)
        guard !functions.free.isEmpty, requirements.protocols.count > 1 else {
            return [
                root.definitions(
                    "defineImports", functions, hostType: hostType, documentation: documentation,
                    others: requirements.definitions)
            ]
        }
        let own = SwiftStatement.expression(.call(.name("defineFunctions"), Self.definingArguments(true)))
        return [
            root.definitions(
                "defineImports", ScopeWriter.HostFunctions(), hostType: hostType, documentation: documentation,
                others: [own] + requirements.definitions),
            root.definitions(
                "defineFunctions", functions, hostType: "Functions",
                documentation: ["Defines the functions that the world itself imports."] + Self.definingParameters),
        ]
    }
}
