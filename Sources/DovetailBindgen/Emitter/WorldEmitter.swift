// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Writes the type of a world with everything in it.
struct WorldEmitter {
    let model: WorldModel
    private let root: Emitter
    private var access: String { root.access }

    init(_ model: WorldModel) {
        self.model = model
        root = Emitter(model: model, index: 0)
    }

    /// What the host has to implement.
    private struct Requirements {
        /// The protocols, as they are called inside the world's type.
        var protocols: [String] = []
        /// The statements that define the interfaces in a linker; those of DovetailWASI left out.
        var definitions: [SwiftStatement] = []
        var usesWASI = false
    }

    /// All declarations, in order.
    func declarations() throws -> [SwiftDeclaration] {
        var requirements = Requirements()
        var interfaces: [SwiftDeclaration] = []
        for index in model.namespaces.indices.dropFirst() {
            let namespace = model.namespaces[index]
            if namespace.external == nil { interfaces.append(try interface(index)) }
            guard namespace.direction == .imported else { continue }
            if namespace.isProvided {
                requirements.usesWASI = true
                continue
            }
            require(index, &requirements)
        }
        let world = try model.options.interfacesOnly ? namespace() : self.world(&requirements)
        var result = [world]
        for interface in interfaces {
            result.append(SwiftDeclaration("extension \(model.name)", body: .members([interface])))
        }
        let helpers = helpers()
        if !helpers.isEmpty { result.append(SwiftDeclaration("extension \(model.name)", body: .members(helpers))) }
        return result + helperConformances()
    }

    /// Whether the code needs DovetailWASI.
    var usesWASI: Bool { model.namespaces.contains(where: \.isProvided) }

    private func require(_ index: Int, _ requirements: inout Requirements) {
        let namespace = model.namespaces[index]
        let emitter = Emitter(model: model, index: index)
        let (free, resources) = emitter.importedFunctions(namespace.functions)
        let name = namespace.external ?? namespace.name
        if !free.isEmpty {
            requirements.protocols.append("\(name).Imports")
            requirements.definitions.append(.line("\(name).define(in: &linker, host)"))
        } else if !resources.isEmpty {
            requirements.definitions.append(.line("\(name).define(in: &linker)"))
        }
    }

    // MARK: Interfaces

    private func interface(_ index: Int) throws -> SwiftDeclaration {
        let namespace = model.namespaces[index]
        let emitter = Emitter(model: model, index: index)
        var documentation = Emitter.lines(namespace.documentation)
        let extern = namespace.externName ?? ""
        if documentation.isEmpty { documentation = ["The interface `\(extern)`."] }
        let types = try emitter.typeDeclarations()
        return namespace.direction == .imported
            ? imported(emitter, extern, types, documentation) : exported(emitter, extern, types, documentation)
    }

    private func imported(
        _ emitter: Emitter, _ extern: String, _ types: [SwiftDeclaration], _ documentation: [String]
    ) -> SwiftDeclaration {
        let (free, resources) = emitter.importedFunctions(emitter.namespace.functions)
        var members = types + resources.map(emitter.resourceProtocol)
        if !free.isEmpty {
            members.append(
                emitter.hostProtocol("Imports", free, ["What the host implements of `\(extern)`."]))
        }
        if !free.isEmpty || !resources.isEmpty {
            var text = ["Defines the interface in a linker."]
            if !free.isEmpty { text += Self.definingParameters }
            members.append(
                emitter.definitions(
                    free, resources, interface: extern, host: free.isEmpty ? nil : "Imports", name: "define",
                    documentation: text))
        }
        return SwiftDeclaration(
            "\(access)enum \(emitter.namespace.name)", documentation: documentation, body: .members(members))
    }

    private func exported(
        _ emitter: Emitter, _ extern: String, _ types: [SwiftDeclaration], _ documentation: [String]
    ) -> SwiftDeclaration {
        let (free, resources) = emitter.exportedFunctions(emitter.namespace.functions, reserved: ["instance"])
        let name = emitter.namespace.name
        let path = "\(model.name).\(name)"
        var members = types
        members += resources.map { emitter.resourceClass($0.id, $0.name, $0.methods, interface: path) }
        let all = free + resources.flatMap(\.methods)
        members.append(
            SwiftDeclaration(
                "\(access)let instance: \(model.library("Instance"))", documentation: ["The instance that is called."]))
        members += emitter.properties(all)
        var body: [SwiftStatement] = [.line("instance = exports.instance")]
        body += emitter.bindings(all, interface: extern)
        for resource in resources {
            body.append(
                .call(
                    "try exports.resource",
                    [
                        Emitter.literal(model.graph.types[resource.id].name ?? ""), "in: \(Emitter.literal(extern))",
                        "\(resource.name).self", "of: self",
                    ]))
        }
        members.append(
            SwiftDeclaration(
                SwiftHead("\(access)init", ["_ exports: inout \(model.library("ExportBinder"))"], " throws"),
                documentation: ["Looks the functions up and compares their types."], body: .statements(body)))
        members += free.map { emitter.function($0, owner: "self") }
        return SwiftDeclaration(
            "\(access)final class \(name): \(model.library("GuestInterface"))", documentation: documentation,
            body: .members(members))
    }

    // MARK: The world

    /// A world of which only the interfaces are wanted.
    private func namespace() throws -> SwiftDeclaration {
        let resources = root.importedFunctions([]).resources
        return SwiftDeclaration(
            "\(access)enum \(model.name)", documentation: documentation,
            body: .members(try root.typeDeclarations() + resources.map(root.resourceProtocol)))
    }

    private var documentation: [String] {
        let lines = Emitter.lines(model.namespaces[0].documentation)
        return lines.isEmpty ? ["A component of the world `\(model.qualifiedName)`."] : lines
    }

    private func world(_ requirements: inout Requirements) throws -> SwiftDeclaration {
        let exports = model.namespaces.indices.dropFirst().filter { model.namespaces[$0].direction == .exported }
        var scope = NameScope(reserved: ["instance"])
        let properties = exports.map { index -> (name: String, type: String) in
            let namespace = model.namespaces[index]
            return (scope.claim(Self.lowered(namespace.name)), namespace.external ?? namespace.name)
        }
        let reserved = Set(properties.map(\.name)).union(["instance", "defineImports", "defineFunctions"])
        let (exported, _) = Emitter(model: model, index: 0).exportedFunctions(
            model.worldFunctions(.exported), reserved: reserved)
        let (free, resources) = root.importedFunctions(model.worldFunctions(.imported))
        var members = try root.typeDeclarations() + resources.map(root.resourceProtocol)
        if !free.isEmpty {
            members.append(
                root.hostProtocol("Functions", free, ["The functions that the world itself imports."]))
            requirements.protocols.insert("Functions", at: 0)
        }
        if !requirements.protocols.isEmpty {
            members.append(
                SwiftDeclaration(
                    "\(access)typealias Imports = \(requirements.protocols.joined(separator: " & "))",
                    documentation: ["What the host implements for components of this world."]))
        }
        members.append(
            SwiftDeclaration(
                "\(access)let instance: \(model.library("Instance"))",
                documentation: ["The instance of the component."]))
        members += properties.map { SwiftDeclaration("\(access)let \(SwiftNames.escaped($0.name)): \($0.type)") }
        members += root.properties(exported)
        members += initializers(properties, exported, requirements, hasDefinitions: !resources.isEmpty)
        if hasImports(requirements) || !resources.isEmpty {
            members += definitions(free, resources, requirements)
        }
        members += exported.map { root.function($0, owner: "self") }
        return SwiftDeclaration(
            "\(access)final class \(model.name): \(model.library("WorldBindings"))", documentation: documentation,
            body: .members(members))
    }

    /// The functions that define the imports: all of them, and those of the world itself where there are others, so that
    /// the same name in two interfaces is no ambiguity.
    private func definitions(
        _ free: [FunctionSignature], _ resources: [Emitter.HostResource], _ requirements: Requirements
    ) -> [SwiftDeclaration] {
        let host = requirements.protocols.isEmpty ? nil : "Imports"
        var documentation = ["Defines all imports in a linker, those of DovetailWASI left out."]
        if host != nil { documentation += Self.definingParameters }
        guard !free.isEmpty, requirements.protocols.count > 1 else {
            return [
                root.definitions(
                    free, resources, interface: nil, host: host, name: "defineImports",
                    others: requirements.definitions, documentation: documentation)
            ]
        }
        return [
            root.definitions(
                [], [], interface: nil, host: host, name: "defineImports",
                others: [.line("defineFunctions(in: &linker, host)")] + requirements.definitions,
                documentation: documentation),
            root.definitions(
                free, resources, interface: nil, host: "Functions", name: "defineFunctions",
                documentation: ["Defines the functions that the world itself imports."] + Self.definingParameters),
        ]
    }

    /// What `define` and its like take, for their comments.
    private static let definingParameters = [
        "", "- Parameters:", "  - linker: gets the definitions.",
        "  - host: gives the implementation that serves a caller.",
    ]

    private func hasImports(_ requirements: Requirements) -> Bool {
        !requirements.protocols.isEmpty || !requirements.definitions.isEmpty
    }

    private func initializers(
        _ properties: [(name: String, type: String)], _ exported: [Emitter.BoundFunction],
        _ requirements: Requirements, hasDefinitions: Bool
    ) -> [SwiftDeclaration] {
        var parameters = [
            "_ component: \(model.library("Component"))", "in store: \(model.library("Store"))",
        ]
        let needsHost = !requirements.protocols.isEmpty
        if needsHost { parameters.append("imports: some Imports") }
        parameters.append("linker: \(model.library("Linker"))? = nil")
        var body: [SwiftStatement] = []
        let definesNothing = !needsHost && !hasImports(requirements) && !hasDefinitions
        let make = "linker ?? .\(requirements.usesWASI ? "wasi" : "init")(engine: component.engine)"
        body.append(.line("\(definesNothing ? "let" : "var") linker = \(make)"))
        if needsHost {
            body.append(.line("let host = \(model.library("HostReference"))(imports)"))
            body.append(.line("Self.defineImports(in: &linker) { _ in host.value }"))
        } else if !definesNothing {
            body.append(.line("Self.defineImports(in: &linker)"))
        }
        body.append(
            .call(
                "try self.init",
                [
                    "\(model.library("ExportBinder")).instantiate(component, in: store, linker: linker, world: Self.world)"
                ]))
        var documentation = [
            "Makes an instance of a component of this world.", "", "- Parameters:", "  - component: the component.",
            "  - store: the store it lives in.",
        ]
        if needsHost { documentation.append("  - imports: what the component may call.") }
        documentation.append(
            requirements.usesWASI
                ? "  - linker: further definitions; `nil` for those of WASI."
                : "  - linker: further definitions, as one of `Linker.wasi(engine:)`.")
        documentation.append(
            "- Throws: `LinkError` or `BindingError` when the component does not fit, or what its start runs into.")
        let convenience = SwiftDeclaration(
            SwiftHead("\(access)convenience init", parameters, " throws"), documentation: documentation,
            body: .statements(body))
        var binding: [SwiftStatement] = [.line("self.instance = instance")]
        if !properties.isEmpty || !exported.isEmpty {
            binding.append(
                .line("var exports = \(model.library("ExportBinder"))(instance, of: Self.self)"))
        }
        for property in properties {
            binding.append(.line("self.\(SwiftNames.escaped(property.name)) = try \(property.type)(&exports)"))
        }
        binding += root.bindings(exported, interface: nil)
        if !properties.isEmpty || !exported.isEmpty { binding.append(.line("exports.finish()")) }
        let designated = SwiftDeclaration(
            SwiftHead("\(access)init", ["_ instance: \(model.library("Instance"))"], " throws"),
            documentation: [
                "Wraps an instance that was made with a linker of your own.", "",
                "- Throws: `BindingError` when the component does not export what the world does.",
            ], body: .statements(binding))
        let world = SwiftDeclaration(
            "\(access)static var world: \(model.library("WorldReference"))",
            documentation: ["The world, and how these bindings were made."],
            body: .statements([
                .call(
                    model.library("WorldReference"),
                    [
                        "name: \(Emitter.literal(model.qualifiedName))",
                        "command: \(Emitter.literal(model.options.command))",
                    ])
            ]))
        return [convenience, designated, world]
    }

    /// The name of a property for a type: `HTTPTypes` is `httpTypes`.
    static func lowered(_ name: String) -> String {
        let characters = Array(name)
        var run = 0
        while run < characters.count, characters[run].isUppercase { run += 1 }
        if run > 1, run < characters.count, characters[run].isLowercase { run -= 1 }
        return String(characters[..<run]).lowercased() + String(characters[run...])
    }
}
