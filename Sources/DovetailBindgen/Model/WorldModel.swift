// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes

/// A world with everything named in Swift: what the emitters read.
final class WorldModel {
    let graph: PackageGraph
    let world: World
    let options: BindgenOptions
    let layouts: LayoutCache
    /// The full name, for messages and comments.
    let qualifiedName: String
    /// The Swift name of the world's type.
    let name: String
    /// The first one is the world itself.
    private(set) var namespaces: [Namespace] = []
    private var importIndex: [InterfaceID: Int] = [:]
    private var exportIndex: [InterfaceID: Int] = [:]
    /// Names of standard types that something generated hides.
    private(set) var shadowed: Set<String> = []
    /// What was found out about types so far.
    private var properties: [Property: [TypeID: Bool]] = [:]
    private(set) var errorTypes: Set<TypeID> = []
    /// Lengths of fixed-length lists in use.
    var fixedLengths: Set<Int> = []
    /// Sizes of tuples in use that the library has no type for.
    var tupleSizes: Set<Int> = []

    init(_ graph: PackageGraph, _ id: WorldID, _ options: BindgenOptions) throws {
        self.graph = graph
        let world = graph[id]
        self.world = world
        self.options = options
        layouts = LayoutCache(graph.types)
        qualifiedName = world.package.map { graph[$0].name.qualified(world.name) } ?? world.name
        let name = options.typeName ?? SwiftNames.type(world.name)
        self.name = Self.moduleNames.contains(name) ? name + "World" : name
        collect()
        nameNamespaces()
        nameTypes()
        collectErrors()
        try checkOptions()
    }

    // MARK: Collecting

    private static let moduleNames: Set<String> = ["Swift", "Dovetail", "DovetailABI", "DovetailTypes", "DovetailWASI"]

    private func collect() {
        var root = Namespace(interface: nil, direction: .imported, externName: nil, name: name)
        root.documentation = world.documentation
        namespaces = [root]
        for (key, item) in world.imports {
            switch item.kind {
            case .type(let id): addWorldType(id)
            case .function: continue
            case .interface(let id): add(id, key, item, .imported)
            }
        }
        for (key, item) in world.exports {
            switch item.kind {
            case .interface(let id): add(id, key, item, .exported)
            case .type(let id): addWorldType(id)
            case .function: continue
            }
        }
    }

    private func addWorldType(_ id: TypeID) {
        if !namespaces[0].types.contains(where: { $0.id == id }) { namespaces[0].types.append((id, "")) }
    }

    private func add(_ id: InterfaceID, _ key: WorldKey, _ item: WorldItem, _ direction: Direction) {
        let extern = graph.externName(of: key)
        let interface = graph[id]
        var namespace = Namespace(
            interface: id, direction: direction, externName: extern, name: Self.baseName(extern))
        namespace.documentation = item.documentation ?? interface.documentation
        namespace.types = interface.types.map { ($0.value, "") }
        let excluded = direction == .imported ? options.excludedImports : options.excludedExports
        namespace.functions = interface.functions.values.filter {
            !Self.matches(extern, excluded) && !excluded.contains("\(extern)#\($0.name)") && isSupported($0)
        }
        namespace.external = options.with.first { Self.matches(extern, [$0.key]) }?.value
        namespace.isProvided = direction == .imported && isProvided(extern)
        if direction == .imported {
            if importIndex[id] == nil { importIndex[id] = namespaces.count }
        } else {
            if exportIndex[id] == nil { exportIndex[id] = namespaces.count }
        }
        namespaces.append(namespace)
    }

    private func isSupported(_ function: FunctionDefinition) -> Bool { true }

    /// Whether DovetailWASI defines the interface.
    private func isProvided(_ extern: String) -> Bool {
        guard options.providesWASI, extern.hasPrefix("wasi:") else { return false }
        return extern.contains("@0.2.") || extern.contains("@0.3.")
    }

    /// Whether an interface's name is one of `names`, with or without its version, or its package is.
    static func matches(_ extern: String, _ names: Set<String>) -> Bool {
        guard !names.isEmpty else { return false }
        let plain = extern.split(separator: "@").first.map(String.init) ?? extern
        let package = plain.split(separator: "/").first.map(String.init) ?? plain
        return names.contains(extern) || names.contains(plain) || names.contains(package)
    }

    /// The functions that the world itself imports or exports.
    func worldFunctions(_ direction: Direction) -> [FunctionDefinition] {
        let excluded = direction == .imported ? options.excludedImports : options.excludedExports
        let items = direction == .imported ? world.imports : world.exports
        return items.values.compactMap { item in
            guard case .function(let function) = item.kind, !excluded.contains(function.name) else { return nil }
            return function
        }
    }

    // MARK: Naming

    private static func baseName(_ extern: String) -> String {
        let plain = extern.split(separator: "@").first ?? Substring(extern)
        return SwiftNames.type(plain.split(separator: "/").last ?? plain)
    }

    /// Interfaces are called as their last name; those that would share it get the name of their package in front, then its
    /// version behind, then the namespace in front.
    private func nameNamespaces() {
        func parts(_ extern: String) -> (namespace: Substring, package: Substring, name: Substring, version: Substring)
        {
            let at = extern.split(separator: "@", maxSplits: 1)
            let plain = at.first ?? Substring(extern)
            let slash = plain.split(separator: "/", maxSplits: 1)
            guard slash.count == 2 else { return ("", "", plain, "") }
            let colon = slash[0].split(separator: ":", maxSplits: 1)
            return (colon.first ?? "", colon.count > 1 ? colon[1] : "", slash[1], at.count > 1 ? at[1] : "")
        }
        let forms: [(String) -> String] = [
            { SwiftNames.type(parts($0).name) },
            {
                let part = parts($0); return SwiftNames.type("\(part.package)-\(part.name)")
            },
            {
                let part = parts($0); return SwiftNames.type("\(part.package)-\(part.name)-\(part.version)")
            },
            {
                let part = parts($0)
                return SwiftNames.type("\(part.namespace)-\(part.package)-\(part.name)-\(part.version)")
            },
        ]
        var level = [Int](repeating: 0, count: namespaces.count)
        let externs = namespaces.map { $0.externName ?? "" }
        for _ in 1..<forms.count {
            var groups: [String: Set<String>] = [:]
            for index in namespaces.indices.dropFirst() {
                groups[forms[level[index]](externs[index]), default: []].insert(externs[index])
            }
            for index in namespaces.indices.dropFirst()
            where groups[forms[level[index]](externs[index])]?.count ?? 0 > 1 {
                level[index] += 1
            }
        }
        var scope = NameScope(
            reserved: Self.moduleNames.union([name, "Imports", "Functions", "Type", "Self", "Any", "Protocol"]))
        // Imported ones first: an exported twin is the one to be called differently.
        let order = namespaces.indices.dropFirst().sorted {
            (namespaces[$0].direction == .imported ? 0 : 1, $0) < (namespaces[$1].direction == .imported ? 0 : 1, $1)
        }
        for index in order {
            let chosen = options.interfaceNames.first { Self.matches(externs[index], [$0.key]) }?.value
            let form = chosen ?? forms[level[index]](externs[index])
            let exported = namespaces[index].direction == .exported
            namespaces[index].name = scope.claim(form, or: exported ? "Exported" + form : form + "Interface")
        }
        namespaces[0].typeScope = scope
    }

    private func nameTypes() {
        for index in namespaces.indices {
            var scope =
                index == 0
                ? namespaces[0].typeScope
                : NameScope(
                    reserved: Self.moduleNames.union([name, "Imports", "Functions", "Type", "Self", "Any", "Protocol"]))
            for position in namespaces[index].types.indices {
                let id = namespaces[index].types[position].id
                let base = SwiftNames.type(graph.types[id].name ?? "type")
                let given = namespaces[index].external == nil ? scope.claim(base, or: base + "Value") : base
                namespaces[index].types[position].name = given
                namespaces[index].typeNames[id] = given
                shadowed.insert(given)
            }
            namespaces[index].typeScope = scope
            if index > 0 { shadowed.insert(namespaces[index].name) }
        }
    }

    // MARK: Types

    /// Where a named type is declared, as seen from code that deals with `direction`.
    func locate(_ id: TypeID, _ direction: Direction, from index: Int) -> Int? {
        switch graph.types[id].owner {
        case .none: nil
        case .world: 0
        // One interface may be there several times, under names of its own.
        case .interface(let interface) where namespaces[index].interface == interface: index
        case .interface(let interface):
            (direction == .exported ? exportIndex[interface] : nil) ?? importIndex[interface] ?? exportIndex[interface]
        }
    }

    /// The namespace of the imported twin of an exported interface.
    func importedTwin(of index: Int) -> Int? {
        guard namespaces[index].direction == .exported else { return nil }
        return namespaces[index].interface.flatMap { importIndex[$0] }
    }

    /// Something that values of a type have when any of their parts has it.
    private enum Property {
        case handles, ownedHandles, memory

        /// Whether every value of a primitive type has it.
        func holds(for primitive: ValueType) -> Bool {
            switch self {
            case .handles: primitive == .errorContext
            case .ownedHandles: false
            case .memory: primitive == .string
            }
        }

        /// Whether every value of a kind has it, or none; `nil` when that is up to the parts.
        func holds(for kind: TypeKind) -> Bool? {
            switch kind {
            case .own: self != .memory
            case .stream, .future, .borrow, .resource: self == .handles
            case .list, .map: self == .memory ? true : nil
            case .flags, .enum: false
            case .record, .variant, .tuple, .option, .result, .fixedLengthList, .alias: nil
            }
        }
    }

    /// Whether values of the type hold handles, streams, futures or error contexts.
    func holdsHandles(_ type: ValueType) -> Bool { has(.handles, type) }

    /// Whether values of the type hold owned handles: whoever passes them gives something away.
    func givesAway(_ type: ValueType) -> Bool { has(.ownedHandles, type) }

    /// Whether values of the type have parts in memory behind pointers.
    func usesMemory(_ type: ValueType) -> Bool { has(.memory, type) }

    private func has(_ property: Property, _ type: ValueType) -> Bool {
        guard case .defined(let id) = type else { return property.holds(for: type) }
        if let known = properties[property]?[id] { return known }
        let kind = graph.types[id].kind
        let result = property.holds(for: kind) ?? kind.parts.contains { has(property, $0) }
        properties[property, default: [:]][id] = result
        return result
    }

    /// Named types that stand in the error place of a `result` are made Swift errors.
    private func collectErrors() {
        func visit(_ type: ValueType) {
            guard case .defined(let id) = graph.types.dealiased(type) else { return }
            switch graph.types[id].kind {
            case .record, .variant, .enum, .flags: if graph.types[id].name != nil { errorTypes.insert(id) }
            default: return
            }
        }
        for definition in graph.types.definitions {
            if case .result(_, let error?) = definition.kind { visit(error) }
        }
    }

    /// Whether a type in the error place is a Swift error by itself.
    func isSwiftError(_ type: ValueType) -> Bool {
        guard case .defined(let id) = graph.types.dealiased(type) else { return false }
        return errorTypes.contains(id) && !holdsHandles(type)
    }

    private func checkOptions() throws {
        let externs = namespaces.compactMap(\.externName)
        for (option, names) in [("--with", options.with), ("--rename", options.interfaceNames)] {
            for name in names.keys.sorted() where !externs.contains(where: { Self.matches($0, [name]) }) {
                throw BindgenError.noSuchInterface(name, option: option)
            }
        }
    }
}
