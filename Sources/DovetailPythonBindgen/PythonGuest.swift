// SPDX-License-Identifier: Apache-2.0
import DovetailBindgen
import DovetailTypes
import DovetailWITReader

/// What a world is called in Python, for components.
final class PythonGuest {
    /// A module of the generated package.
    enum Module: Hashable {
        /// The package itself, with what belongs to the world.
        case world
        /// The protocols of exported interfaces.
        case exports
        /// An interface, by its position among the model's namespaces.
        case interface(Int)
    }

    let model: WorldModel
    /// The name of the package.
    let package: String
    /// The names of the interfaces' modules.
    private(set) var modules: [String]
    /// The classes of named types, by namespace.
    private(set) var types: [[TypeID: String]] = []
    /// The protocols of exported interfaces, by namespace.
    private(set) var protocols: [Int: String] = [:]
    /// The types of streams and futures in use; the runtime knows them by their positions.
    private(set) var transfers: [Transfer] = []
    private var transferPositions: [String: Int] = [:]
    /// What packages of the app have of the world, the ones that come first counting.
    let parts: [PythonPart]

    /// A type of streams or futures, whose built-ins belong to a function that has it among its types.
    struct Transfer {
        var isStream: Bool
        var element: ValueType?
        var scope: Scope
        /// The function, by the module that its core function is imported from, and the position among its types.
        var origin: (module: String, function: String, position: Int)
        /// The name of the function that makes one.
        var maker: String
    }

    init(_ model: WorldModel, _ options: BindgenOptions) {
        self.model = model
        package = options.typeName ?? "wit_world"
        parts = options.pythonPackages.map { PythonPart($0, model.graph) }
        modules = []
        modules = moduleNames(options)
        var protocolNames = NameScope()
        for (index, namespace) in model.namespaces.enumerated() {
            var scope = NameScope()
            types.append(typeNames(namespace, &scope))
            if namespace.direction == .exported {
                protocols[index] = protocolNames.claim(
                    PythonNames.type(modules[index].split(separator: "_").joined(separator: "-")))
            }
        }
        findTransfers()
    }

    /// Whether something in the world waits.
    var isAsync: Bool {
        !transfers.isEmpty
            || (model.exportedFunctions + model.namespaces.flatMap { $0.functions + $0.resources.flatMap(\.methods) })
                .contains { $0.definition.isAsync }
    }

    /// - Throws: ``BindgenError`` when an option gives a name that nothing can have in Python.
    static func check(_ options: BindgenOptions) throws(BindgenError) {
        if let name = options.typeName,
            !name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ PythonNames.isName(String($0)) })
        {
            throw .badPythonName("--name", name)
        }
        let names = [
            ("--rename", options.interfaceNames), ("--import-interface-name", options.importNames),
            ("--export-interface-name", options.exportNames),
        ]
        for (option, names) in names {
            for name in names.values.sorted() where !PythonNames.isName(name) { throw .badPythonName(option, name) }
        }
    }

    /// The class that a world's own exports are methods of.
    var worldClass: String {
        let last = package.split(separator: ".").last ?? Substring(package)
        return PythonNames.type(last.split(separator: "_").joined(separator: "-"))
    }

    /// The package and the class that a function which the world itself exports is a method of.
    func worldClass(of function: FunctionDefinition) -> (package: String, name: String) {
        let part = parts.first { $0.name != nil && $0.exports.contains(function.name) }
        guard let part, let name = part.name else { return (package, worldClass) }
        return (name, part.worldClass)
    }

    /// The package that the app finds the protocol of an exported interface in.
    func package(ofExport namespace: Int) -> String {
        let extern = model.namespaces[namespace].externName ?? ""
        return parts.lazy.filter { $0.exports.contains(extern) }.compactMap(\.name).first ?? package
    }

    /// The module that the types of a namespace are in.
    func module(of namespace: Int) -> Module { namespace == 0 ? .world : .interface(namespace) }

    /// The full name of a module.
    func path(of module: Module) -> String {
        switch module {
        case .world: package
        case .exports: package + ".exports"
        case .interface(let index):
            "\(package).\(model.namespaces[index].direction == .imported ? "imports" : "exports").\(modules[index])"
        }
    }

    // MARK: Types

    /// What a type stands for behind its aliases, and from where its parts are looked up.
    func resolved(_ type: ValueType, from scope: Scope) -> (type: ValueType, scope: Scope) {
        var (type, scope) = (type, scope)
        while case .defined(let id) = type {
            if let place = model.place(of: id, from: scope) {
                scope = model.scope(model.twin(of: id, in: place) ?? place)
            }
            guard case .alias(let target) = model.graph.types[id].kind else { break }
            type = target
        }
        return (type, scope)
    }

    /// The module and the class of a named type; what has no name is written out where it is used.
    func place(of id: TypeID, from scope: Scope) -> (module: Module, name: String)? {
        guard model.graph.types[id].name != nil else { return nil }
        let place = resolved(.defined(id), from: scope).scope.index
        guard let name = types[place][id] else { return nil }
        return (module(of: place), name)
    }

    /// The class of a case of a variant.
    func caseClass(_ type: String, _ label: String) -> String { "\(type)_\(PythonNames.type(label))" }

    /// The name of a function in Python.
    func name(of function: FunctionDefinition) -> String {
        if case .constructor = function.owner { return "__init__" }
        return switch function.role {
        case .plain: PythonNames.member(function.itemName)
        case .getter: PythonNames.member("get-\(function.itemName)")
        case .setter: PythonNames.member("set-\(function.itemName)")
        }
    }

    /// Whether a value may be absent, so that an option around it has to say which of the two is.
    func isOption(_ type: ValueType) -> Bool {
        if case .option? = model.facts.kind(of: type) { true } else { false }
    }

    // MARK: Streams and futures

    private func findTransfers() {
        var makers = NameScope()
        func find(_ signatures: [Signature], _ scope: Scope) {
            let extern = model.namespaces[scope.index].externName ?? "$root"
            let module = (scope.direction == .exported ? "[export]" : "") + extern
            for function in signatures.map(\.definition) {
                for (position, id) in model.graph.transfers(of: function).enumerated() {
                    let (element, isStream) = (model.graph.element(of: id), model.graph.isStream(id))
                    let key = transferKey(element, isStream: isStream, from: scope)
                    guard transferPositions[key] == nil else { continue }
                    transferPositions[key] = transfers.count
                    transfers.append(
                        Transfer(
                            isStream: isStream, element: element, scope: scope,
                            origin: (module, function.name, position),
                            maker: makers.claim(makerName(element, isStream: isStream, from: scope))))
                }
            }
        }
        for (index, namespace) in model.namespaces.enumerated() {
            find(namespace.functions + namespace.resources.flatMap(\.methods), model.scope(index))
        }
        find(model.exportedFunctions, Scope(index: 0, direction: .exported))
    }

    private func transferKey(_ element: ValueType?, isStream: Bool, from scope: Scope) -> String {
        (isStream ? "stream " : "future ") + model.identity(of: element, from: scope)
    }

    /// The position of a type of streams or futures.
    func position(ofTransfer id: TypeID, from scope: Scope) -> Int? {
        transferPositions[transferKey(model.graph.element(of: id), isStream: model.graph.isStream(id), from: scope)]
    }

    private func makerName(_ element: ValueType?, isStream: Bool, from scope: Scope) -> String {
        if isStream, let element, case .u8 = resolved(element, from: scope).type { return "byte_stream" }
        return "\(word(for: element, from: scope))_\(isStream ? "stream" : "future")"
    }

    /// What a type is called in the name of a function.
    private func word(for type: ValueType?, from scope: Scope) -> String {
        guard let type else { return "unit" }
        let (resolved, scope) = resolved(type, from: scope)
        func words(_ parts: [ValueType?]) -> String {
            parts.map { "_" + word(for: $0, from: scope) }.joined()
        }
        guard case .defined(let id) = resolved else { return PythonNames.member(resolved.primitiveName ?? "") }
        let definition = model.graph.types[id]
        switch definition.kind {
        case .list(let element): return "list" + words([element])
        case .fixedLengthList(let element, let count): return "array_\(count)" + words([element])
        case .map(let key, let value): return "map" + words([key, value])
        case .option(let some): return "option" + words([some])
        case .result(let ok, let error): return "result" + words([ok, error])
        case .tuple(let parts): return "tuple" + words(parts)
        case .stream(let element): return "stream" + words([element])
        case .future(let element): return "future" + words([element])
        case .own(let resource), .borrow(let resource): return word(for: .defined(resource), from: scope)
        case .record, .variant, .enum, .flags, .resource, .alias:
            let extern = model.namespaces[scope.index].externName ?? ""
            let place = extern.prefix { $0 != "@" }
            return PythonNames.member((place.isEmpty ? "" : "\(place)-") + (definition.name ?? "type"))
        }
    }

    // MARK: Names

    private func typeNames(_ namespace: Namespace, _ scope: inout NameScope) -> [TypeID: String] {
        var names: [TypeID: String] = [:]
        for id in namespace.types {
            let definition = model.graph.types[id]
            if case .alias = definition.kind { continue }
            names[id] = scope.claim(PythonNames.type(definition.name ?? "type"))
        }
        return names
    }

    /// An interface is called as its last name. Where several packages have one of that name, theirs stands in front; where
    /// several versions of a package are in the world, the version behind, too.
    private func moduleNames(_ options: BindgenOptions) -> [String] {
        var names = [String](repeating: "", count: model.namespaces.count)
        for direction in [Direction.imported, .exported] {
            let indices = model.namespaces.indices.dropFirst().filter { model.namespaces[$0].direction == direction }
            let parts = indices.map { ExternNameParts(model.namespaces[$0].externName ?? "") }
            var packages: [Substring: Set<String>] = [:]
            var versions: [String: Int] = [:]
            for part in parts {
                packages[part.name, default: []].insert("\(part.namespace):\(part.package)")
                versions["\(part.namespace):\(part.package)/\(part.name)", default: 0] += 1
            }
            var scope = NameScope()
            let chosen = options.interfaceNames.merging(
                direction == .imported ? options.importNames : options.exportNames
            ) { $1 }
            for (index, part) in zip(indices, parts) {
                let full = "\(part.namespace)-\(part.package)-\(part.name)"
                let count = versions["\(part.namespace):\(part.package)/\(part.name)"] ?? 1
                let hasOnePackage = packages[part.name]?.count ?? 1 <= 1 || part.package.isEmpty
                let extern = model.namespaces[index].externName ?? ""
                let isFull =
                    options.usesFullNames
                    || self.parts.first { $0.names(direction).contains(extern) }?.usesFullNames == true
                let hasVersion = count > 1 || (isFull && !part.version.isEmpty)
                let isShort = hasOnePackage && !(isFull && !part.package.isEmpty)
                let own = hasVersion ? "\(full)-\(part.version)" : isShort ? String(part.name) : full
                let name = OptionNames.choice(for: model.namespaces[index].externName ?? "", chosen)
                names[index] = scope.claim(name ?? PythonNames.member(own))
            }
        }
        return names
    }
}
