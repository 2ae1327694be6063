// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import DovetailWITReader

/// Puts the component together: imports, core modules, instances, exports, in this order.
///
/// Lowered functions need the memory of the main module, which needs them as imports. So the main module gets functions of a
/// shim module that call through a table, and a fixup module puts the lowered functions into the table later.
final class ComponentAssembler {
    let plan: ComponentizePlan
    var builder = ComponentBuilder()
    var importMaps = TypeMaps()
    var exportMaps = TypeMaps()
    var commonMaps = TypeMaps()
    /// The imported instances by their keys, and those where the types of interfaces are found.
    private var importedInstances: [WorldKey: UInt32] = [:]
    private var typeInstances: [InterfaceID: UInt32] = [:]
    private var exportedInstances: [InterfaceID: UInt32] = [:]
    /// The imported functions of the world itself.
    private var importedFunctions: [String: UInt32] = [:]
    /// The core modules and instances by the adapter's name.
    var coreModules: [String?: UInt32] = [:]
    var coreInstances: [String?: UInt32] = [:]
    var shims: ShimList
    var shimInstance: UInt32?
    var stubs = StubModule()
    var stubInstance: UInt32?
    var memory: UInt32?
    /// The functions around others that tell the main module of the begin and end of calls, by what they stand for.
    var hooks: [ModuleItem: UInt32] = [:]

    /// An export of one of the modules.
    struct ModuleItem: Hashable {
        var module: String?
        var name: String
    }

    init(plan: ComponentizePlan) {
        self.plan = plan
        shims = ShimList(plan)
    }

    var graph: PackageGraph { plan.world.graph }

    /// The bytes of the component.
    func assemble() throws(ComponentizeError) -> [UInt8] {
        do throws(BinaryError) {
            try encodeImports()
        } catch {
            throw .encoding(error)
        }
        for module in plan.modules { coreModules[module.name] = builder.coreModule(module.bytes) }
        try shims.collect()
        encodeShims()
        do throws(BinaryError) {
            try declareExportedTypes()
        } catch {
            throw .encoding(error)
        }
        for module in plan.modules {
            try instantiate(module)
            // Stubs write to the memory of the main module.
            if module.name == nil { encodeStubs() }
        }
        try encodeFixup()
        for (key, module) in plan.exportOrder { try encodeExport(key, of: plan.modules[module]) }
        if let producers = plan.options.producers {
            builder.customSection(ProducersSection.name, producers.encoded())
        }
        return builder.encoded()
    }

    func unknown(_ id: TypeID) -> BinaryError {
        BinaryError(
            code: .invalid,
            message: "the interface of type `\(graph.types[id].name ?? "")` is neither imported nor exported",
            where: .init(offset: 0))
    }

    // MARK: - Imports

    private func encodeImports() throws(BinaryError) {
        for (key, item) in graph[plan.world.world].imports {
            guard case .interface(let id) = item.kind else { continue }
            try encodeInterface(key, id, item)
        }
        for (_, item) in graph[plan.world.world].imports {
            guard case .type(let id) = item.kind else { continue }
            var scope = RootScope(assembler: self, interface: nil, isImport: true)
            _ = try scope.value(.defined(id), depth: 0)
        }
        for (_, item) in graph[plan.world.world].imports {
            guard case .function(let function) = item.kind,
                plan.liveFunctions[nil]?.contains(function.name) == true
            else { continue }
            var scope = RootScope(assembler: self, interface: nil, isImport: true)
            let type = try scope.functionType(function)
            importedFunctions[function.name] = builder.import(
                ExternName(name: function.name, externalID: function.externalID), .function(type))
        }
    }

    private func encodeInterface(_ key: WorldKey, _ id: InterfaceID, _ item: WorldItem) throws(BinaryError) {
        var scope = InstanceScope(assembler: self, interface: id)
        for type in plan.liveTypes[id] ?? [] { _ = try scope.value(.defined(type), depth: 0) }
        let called = plan.liveFunctions[key] ?? []
        for function in graph.functionsInOrder(of: id) where called.contains(function.name) {
            try scope.function(function)
        }
        guard !scope.declarations.isEmpty else { return }
        let type = builder.type(.instance(scope.declarations))
        let index = builder.import(name(of: key, id, item), .instance(type))
        importedInstances[key] = index
        typeInstances[id] = index
    }

    /// The name of an interface's import or export with its attributes.
    private func name(of key: WorldKey, _ id: InterfaceID, _ item: WorldItem) -> ExternName {
        var implements: String?
        if case .name = key { implements = graph.qualifiedName(of: id) }
        var name = graph.externName(of: key)
        var suffix: String?
        if plan.options.emitsCanonicalNames {
            if let whole = implements {
                (implements, suffix) = CanonicalNames.split(whole)
            } else {
                (name, suffix) = CanonicalNames.split(name)
            }
        }
        return ExternName(name: name, implements: implements, versionSuffix: suffix, externalID: item.externalID)
    }

    /// A type of an imported interface.
    func aliasImported(_ id: TypeID, of owner: InterfaceID) -> UInt32? {
        guard let name = graph.types[id].name else { return nil }
        guard let instance = typeInstances[owner] else { return nil }
        return builder.alias(.type, ofExport: name, of: instance)
    }

    /// A type of an exported interface.
    func aliasExported(_ id: TypeID, of owner: InterfaceID) -> UInt32? {
        guard let name = graph.types[id].name, let instance = exportedInstances[owner] else { return nil }
        return builder.alias(.type, ofExport: name, of: instance)
    }

    /// The component function that a core import calls.
    func importedFunction(_ key: WorldKey?, _ function: FunctionDefinition) throws(ComponentizeError) -> UInt32 {
        guard let key else {
            guard let index = importedFunctions[function.name] else { throw .unknownFunction("$root", function.name) }
            return index
        }
        guard let instance = importedInstances[key] else {
            throw .unknownFunction(graph.externName(of: key), function.name)
        }
        return builder.alias(.function, ofExport: function.name, of: instance)
    }

    /// The resource type that a core import is about.
    func resourceType(_ id: TypeID, isExported: Bool) throws(ComponentizeError) -> UInt32 {
        if isExported {
            if let index = exportMaps.index(id) { return index }
        } else if case .interface(let owner) = graph.types[id].owner {
            if let index = aliasImported(id, of: owner) { return index }
        } else if let index = importMaps.index(id) {
            return index
        }
        throw .encoding(unknown(id))
    }

    // MARK: - Exports

    /// The resources that are implemented here, and the other types of exported interfaces.
    private func declareExportedTypes() throws(BinaryError) {
        for item in graph[plan.world.world].exports.values {
            guard case .interface(let id) = item.kind else { continue }
            for type in graph[id].types.values {
                guard case .resource = graph.types[type].kind else {
                    var scope = RootScope(assembler: self, interface: id, isImport: false)
                    _ = try scope.value(.defined(type), depth: 0)
                    continue
                }
                var destructor: UInt32?
                if let shim = shims.destructor(of: type) { destructor = shimFunction(shim) }
                exportMaps.types[type] = .index(
                    builder.type(
                        .resource(ResourceTypeDefinition(representation: .i32, destructor: destructor))))
            }
        }
    }

    private func encodeExport(_ key: WorldKey, of module: ComponentizePlan.Module) throws(ComponentizeError) {
        guard let item = graph[plan.world.world].exports[key] else { return }
        switch item.kind {
        case .function(let function):
            let name = ExternName(name: function.name, externalID: function.externalID)
            let lifted = try lift(function, key, nil, module)
            _ = builder.export(name, SortIndex(sort: .function, index: lifted))
        case .interface(let id):
            try encodeExport(key, id, item, module)
        case .type: return
        }
    }

    private func typed<Result>(
        _ body: () throws(BinaryError) -> Result
    ) throws(ComponentizeError) -> Result {
        do throws(BinaryError) { return try body() } catch { throw .encoding(error) }
    }

    private func lift(
        _ function: FunctionDefinition, _ key: WorldKey, _ interface: InterfaceID?, _ module: ComponentizePlan.Module
    ) throws(ComponentizeError) -> UInt32 {
        guard let export = module.exports.functions[.init(key: key, name: function.name)],
            let instance = coreInstances[module.name]
        else { throw .missingExport(function.name, for: graph.externName(of: key)) }
        let type = try typed { () throws(BinaryError) in
            var scope = RootScope(assembler: self, interface: interface, isImport: interface == nil)
            return try scope.functionType(function)
        }
        func core(_ name: String) -> UInt32 {
            hooks[ModuleItem(module: module.name, name: name)] ?? builder.coreAlias(.function, name, of: instance)
        }
        let needs = try plan.signatures.needs(lifting: function, export.lifting)
        let coreFunction = core(export.core)
        var options = try canonicalOptions(needs, of: module, for: function.name, isImport: false)
        options.isAsync = export.lifting != .sync
        options.callback = export.callback.map(core)
        options.postReturn = export.postReturn.map(core)
        return builder.lift(coreFunction, options, type: type)
    }

    private func encodeExport(
        _ key: WorldKey, _ id: InterfaceID, _ item: WorldItem, _ module: ComponentizePlan.Module
    ) throws(ComponentizeError) {
        var arguments: [InstantiateArgument] = []
        for function in graph[id].functions.values {
            let index = try lift(function, key, id, module)
            arguments.append(
                InstantiateArgument(
                    name: Self.importName(of: function), item: SortIndex(sort: .function, index: index)))
        }
        let inner = try typed { () throws(BinaryError) in try exportComponent(id, &arguments) }
        let component = builder.component(inner)
        let instance = builder.instance(component, arguments)
        let exported = builder.export(name(of: key, id, item), SortIndex(sort: .instance, index: instance))
        exportedInstances[id] = exported
        // From now on these types are those of the instance.
        for type in graph[id].types.values {
            exportMaps.types[type] = nil
        }
    }

    /// The name under which a function is imported into the component inside.
    private static func importName(of function: FunctionDefinition) -> String {
        guard function.owner != .none || function.role != .plain else { return "import-func-\(function.name)" }
        var name = ""
        for character in function.name.unicodeScalars {
            switch character {
            case "[": continue
            case "]", ".": name += "-"
            default: name.unicodeScalars.append(character)
            }
        }
        return "import-\(name)"
    }

    private func exportComponent(
        _ id: InterfaceID, _ arguments: inout [InstantiateArgument]
    ) throws(BinaryError) -> ComponentBinary {
        var scope = ExportScope(graph: graph, interface: id)
        var root = RootScope(assembler: self, interface: id, isImport: false)
        // Types of other interfaces, as the component outside knows them.
        var outside: [UInt32: UInt32] = [:]
        var live = LiveTypes(graph: graph)
        live.add(interface: id)
        for type in live.order {
            guard case .interface(let owner) = graph.types[type].owner, owner != id, graph.types[type].name != nil
            else { continue }
            let index = try outsideIndex(of: type, of: owner, for: id, &root)
            let inside = try scope.index(of: type)
            outside[inside] = index
        }
        let foreign = scope.maps
        // The interface's own resources and functions.
        var resources: [TypeID: UInt32] = [:]
        for type in graph[id].types.values {
            guard case .resource = graph.types[type].kind else { continue }
            resources[type] = try scope.index(of: type)
        }
        var functions: [UInt32] = []
        for function in graph[id].functions.values {
            let type = try scope.functionType(function)
            functions.append(
                scope.builder.import(ExternName(name: Self.importName(of: function)), .function(type)))
        }
        var owners: [UInt32: TypeID] = [:]
        for (type, reference) in scope.maps.types {
            if case .index(let index) = reference, graph.types[type].name != nil { owners[index] = type }
        }
        for (name, index) in scope.importedTypes {
            let outer: UInt32
            if let known = outside[index] {
                outer = known
            } else if let type = owners[index] {
                outer = try root.index(of: type)
            } else {
                continue
            }
            arguments.append(InstantiateArgument(name: name, item: SortIndex(sort: .type, index: outer)))
        }
        // Everything is exported again, in terms of what is exported.
        scope.maps = foreign
        scope.maps.functions = [:]
        scope.maps.anonymous = [:]
        scope.common = TypeMaps()
        scope.exportsTypes = true
        for (name, type) in graph[id].types {
            guard let resource = resources[type] else {
                _ = try scope.value(.defined(type), depth: 0)
                continue
            }
            let exported = scope.builder.export(
                ExternName(name: name, externalID: graph.types[type].externalID),
                SortIndex(sort: .type, index: resource))
            scope.maps.types[type] = .index(exported)
        }
        for (position, function) in graph[id].functions.values.enumerated() {
            let type = try scope.functionType(function)
            _ = scope.builder.export(
                ExternName(name: function.name, externalID: function.externalID),
                SortIndex(sort: .function, index: functions[position]), as: .function(type))
        }
        return scope.builder.binary
    }

    /// The index here of a type that an exported interface uses from another one.
    private func outsideIndex(
        of type: TypeID, of owner: InterfaceID, for id: InterfaceID, _ root: inout RootScope
    ) throws(BinaryError) -> UInt32 {
        if plan.exportsUsed[id]?.contains(owner) == true { return try root.index(of: type) }
        var imports = RootScope(assembler: self, interface: id, isImport: true)
        return try imports.index(of: type)
    }
}
