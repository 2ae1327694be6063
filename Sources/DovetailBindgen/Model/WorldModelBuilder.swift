// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWITReader

/// Collects what a ``WorldModel`` consists of.
struct WorldModelBuilder {
    let graph: PackageGraph
    let world: World
    let options: BindgenOptions
    let facts: TypeFacts
    private(set) var namespaces: [Namespace] = []
    private(set) var exportedFunctions: [Signature] = []
    private(set) var positions = NamespacePositions()

    init(_ graph: PackageGraph, _ world: World, _ options: BindgenOptions) {
        self.graph = graph
        self.world = world
        self.options = options
        facts = TypeFacts(graph.types)
    }

    mutating func build() {
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
        generateWhatIsNeeded()
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
        if direction == .imported, options.takesWASI {
            let provision = WASIProvision(extern)
            namespace.isServed = provision.isServed
            if provision.isServed { namespace.origin = .library(provision) }
        }
        if let given = OptionNames.choice(for: extern, options.with) { namespace.origin = .given(given) }
        let excluded = direction == .imported ? options.excludedImports : options.excludedExports
        let functions = OptionNames.matches(extern, excluded) ? [] : interface.functions.values
        add(functions.filter { !excluded.contains("\(extern)#\($0.name)") }, to: &namespace, extern: extern)
        positions.add(id, direction, at: namespaces.count)
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
            guard let position = positions[facts.resource(resource)] else { continue }
            namespace.resources[position].methods.append(signature(function, extern))
        }
    }

    private func signature(_ function: FunctionDefinition, _ extern: String?) -> Signature {
        Signature(function, isAsync: isAsync(function, extern), facts)
    }

    // MARK: WASI

    /// Lets those interfaces of WASI be generated that DovetailWASI cannot stand in for: those of whose types something
    /// generated speaks, and those that speak of types of such an interface.
    private mutating func generateWhatIsNeeded() {
        guard namespaces.contains(where: \.isServed) else { return }
        let mentioned = namespaces.indices.map { mentions($0) }
        var dependents: [Int: [Int]] = [:]
        for (index, ids) in mentioned.enumerated() {
            guard case .library(let provision) = namespaces[index].origin, provision.interface == nil else { continue }
            for place in Set(ids.map(\.place)) { dependents[place, default: []].append(index) }
        }
        var waiting = namespaces.indices.filter { namespaces[$0].origin == .generated }
        func generate(_ index: Int) {
            guard case .library = namespaces[index].origin else { return }
            namespaces[index].origin = .generated
            namespaces[index].isServed = false
            waiting.append(index)
        }
        while let index = waiting.popLast() {
            for (id, place) in mentioned[index] {
                guard case .library(let provision) = namespaces[place].origin, !provision.has(graph.types[id].name)
                else { continue }
                generate(place)
            }
            if index > 0, namespaces[index].direction == .imported { dependents[index]?.forEach(generate) }
        }
    }

    /// The types of other namespaces that one speaks of, with the places they have.
    private func mentions(_ index: Int) -> [(id: TypeID, place: Int)] {
        let namespace = namespaces[index]
        var result: [(id: TypeID, place: Int)] = []
        func visit(_ roots: [ValueType], _ direction: Direction, _ known: inout Set<TypeID>) {
            let scope = Scope(index: index, direction: direction)
            var waiting = roots
            while let type = waiting.popLast() {
                guard case .defined(let id) = type, known.insert(id).inserted else { continue }
                let definition = graph.types[id]
                if definition.name != nil,
                    let place = positions.place(of: definition.owner, from: scope, in: namespace.interface),
                    place != index
                {
                    result.append((id, place))
                    continue
                }
                switch definition.kind {
                case .own(let resource), .borrow(let resource): waiting.append(.defined(resource))
                default: waiting += definition.kind.parts
                }
            }
        }
        func types(_ signature: Signature) -> [ValueType] {
            signature.definition.parameters.map(\.type) + [signature.definition.result].compactMap { $0 }
        }
        var known: Set<TypeID> = []
        let functions = namespace.functions + namespace.resources.flatMap(\.methods)
        visit(namespace.types.map { .defined($0) } + functions.flatMap(types), namespace.direction, &known)
        if index == 0 {
            var known: Set<TypeID> = []
            visit(exportedFunctions.flatMap(types), .exported, &known)
        }
        return result
    }

    // MARK: Options

    private func isAsync(_ function: FunctionDefinition, _ extern: String?) -> Bool {
        switch options.async {
        case .declared: return function.isAsync
        case .all: return true
        case .named(let names):
            if function.isAsync || names.contains(function.name) { return true }
            guard let extern else { return false }
            return OptionNames.forms(extern).prefix(2).contains { names.contains("\($0)#\(function.name)") }
        }
    }
}

/// Where the namespaces of interfaces are among those of a world.
struct NamespacePositions {
    private(set) var imported: [InterfaceID: Int] = [:]
    private(set) var exported: [InterfaceID: Int] = [:]

    /// Enters the namespace of an interface; one may be there several times, and the first stands for all.
    mutating func add(_ interface: InterfaceID, _ direction: Direction, at position: Int) {
        switch direction {
        case .imported: imported[interface] = imported[interface] ?? position
        case .exported: exported[interface] = exported[interface] ?? position
        }
    }

    /// The namespace of an owner of types, as seen from `scope`, which is that of `interface`.
    func place(of owner: TypeOwner, from scope: Scope, in interface: InterfaceID?) -> Int? {
        switch owner {
        case .none: nil
        case .world: 0
        case .interface(let owner) where owner == interface: scope.index
        case .interface(let owner):
            (scope.direction == .exported ? exported[owner] : nil) ?? imported[owner] ?? exported[owner]
        }
    }
}
