// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Collects what a ``WorldModel`` consists of.
struct WorldModelBuilder {
    let graph: PackageGraph
    let world: World
    let options: BindgenOptions
    let facts: TypeFacts
    private(set) var namespaces: [Namespace] = []
    private(set) var exportedFunctions: [Signature] = []
    private(set) var importIndex: [InterfaceID: Int] = [:]
    private(set) var exportIndex: [InterfaceID: Int] = [:]

    init(_ graph: PackageGraph, _ world: World, _ options: BindgenOptions) {
        self.graph = graph
        self.world = world
        self.options = options
        facts = TypeFacts(graph.types)
    }

    mutating func build() throws(BindgenError) {
        var root = Namespace(direction: .imported, documentation: world.documentation)
        root.types = worldTypes()
        add(worldFunctions(world.imports, options.excludedImports), to: &root, extern: nil)
        namespaces = [root]
        for (key, item) in world.imports {
            if case .interface(let id) = item.kind { add(id, key, item, .imported) }
        }
        for (key, item) in world.exports {
            if case .interface(let id) = item.kind { add(id, key, item, .exported) }
        }
        exportedFunctions = worldFunctions(world.exports, options.excludedExports)
            .filter { !$0.isMethod }.map { signature($0, nil) }
        try checkOptions()
    }

    // MARK: The world itself

    private func worldTypes() -> [TypeID] {
        var known: Set<TypeID> = []
        return (world.imports.values + world.exports.values).compactMap { item in
            guard case .type(let id) = item.kind, known.insert(id).inserted else { return nil }
            return id
        }
    }

    private func worldFunctions(
        _ items: OrderedMap<WorldKey, WorldItem>, _ excluded: Set<String>
    ) -> [FunctionDefinition] {
        items.values.compactMap { item in
            guard case .function(let function) = item.kind, !excluded.contains(function.name) else { return nil }
            return function
        }
    }

    // MARK: Interfaces

    private mutating func add(_ id: InterfaceID, _ key: WorldKey, _ item: WorldItem, _ direction: Direction) {
        let extern = graph.externName(of: key)
        let interface = graph[id]
        var namespace = Namespace(interface: id, direction: direction, externName: extern)
        namespace.documentation = item.documentation ?? interface.documentation
        namespace.types = interface.types.values
        namespace.external = Self.choice(for: extern, options.with)
        namespace.isProvided = direction == .imported && isProvided(extern)
        let excluded = direction == .imported ? options.excludedImports : options.excludedExports
        let functions = Self.matches(extern, excluded) ? [] : interface.functions.values
        add(functions.filter { !excluded.contains("\(extern)#\($0.name)") }, to: &namespace, extern: extern)
        if direction == .imported {
            if importIndex[id] == nil { importIndex[id] = namespaces.count }
        } else {
            if exportIndex[id] == nil { exportIndex[id] = namespaces.count }
        }
        namespaces.append(namespace)
    }

    /// Sorts functions into those of objects and all others.
    private func add(_ functions: [FunctionDefinition], to namespace: inout Namespace, extern: String?) {
        namespace.resources = namespace.types.filter { graph.types[$0].kind == .resource }.map { Resource(id: $0) }
        let positions = Dictionary(
            namespace.resources.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        for function in functions {
            guard case .method(let resource) = function.owner else {
                namespace.functions.append(signature(function, extern))
                continue
            }
            guard let position = positions[graph.types.resource(resource)] else { continue }
            namespace.resources[position].methods.append(signature(function, extern))
        }
    }

    private func signature(_ function: FunctionDefinition, _ extern: String?) -> Signature {
        Signature(function, isAsync: isAsync(function, extern), graph.types, facts)
    }

    // MARK: Options

    /// Whether DovetailWASI defines the interface.
    private func isProvided(_ extern: String) -> Bool {
        guard options.providesWASI, extern.hasPrefix("wasi:") else { return false }
        return extern.contains("@0.2.") || extern.contains("@0.3.")
    }

    private func isAsync(_ function: FunctionDefinition, _ extern: String?) -> Bool {
        switch options.async {
        case .declared: return function.isAsync
        case .all: return true
        case .named(let names):
            if function.isAsync || names.contains(function.name) { return true }
            guard let extern else { return false }
            return Self.forms(extern).prefix(2).contains { names.contains("\($0)#\(function.name)") }
        }
    }

    private func checkOptions() throws(BindgenError) {
        var forms: Set<Substring> = []
        for case let extern? in namespaces.map(\.externName) { forms.formUnion(Self.forms(extern)) }
        for (option, names) in [("--with", options.with), ("--rename", options.interfaceNames)] {
            for name in names.keys.sorted() where !forms.contains(name[...]) {
                throw .noSuchInterface(name, option: option)
            }
        }
    }

    /// The names an interface goes by in options: with its version, without it, and its package's.
    private static func forms(_ extern: String) -> [Substring] {
        let plain = extern.prefix { $0 != "@" }
        return [extern[...], plain, plain.prefix { $0 != "/" }]
    }

    /// Whether an interface is one of `names`, or its package is.
    static func matches(_ extern: String, _ names: Set<String>) -> Bool {
        !names.isEmpty && forms(extern).contains { names.contains(String($0)) }
    }

    /// What an option says of an interface; of several that name it, the one that says most.
    static func choice(for extern: String, _ choices: [String: String]) -> String? {
        choices.isEmpty ? nil : forms(extern).lazy.compactMap { choices[String($0)] }.first
    }
}
