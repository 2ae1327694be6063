// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import DovetailWITReader

/// The modules with what their imports and exports stand for, and what of the world they use.
struct ComponentizePlan {
    /// A core module of the component.
    struct Module {
        /// The name of an adapter or library; the main module has none.
        var name: String?
        var isLibrary = false
        var bytes: [UInt8]
        var imports: [ModuleImport]
        var exports: ModuleExports
        /// The exports that the main module imports.
        var supplied: [(name: String, type: CoreItemType)] = []
        var stringEncoding: StringEncoding

        /// The imports, those from one module together, in the order in which modules are first named.
        var importsByModule: [ModuleImport] {
            let groups = Dictionary(grouping: imports, by: \.module)
            var seen: Set<String> = []
            return imports.filter { seen.insert($0.module).inserted }.flatMap { groups[$0.module] ?? [] }
        }
    }

    let world: ModuleWorld
    let signatures: CoreSignatures
    let options: Componentizer.Options
    let main: Module
    /// The main module, the adapters that are needed, the libraries in the order of their instantiation.
    let modules: [Module]
    /// The positions of the modules by name.
    let positions: [String?: Int]
    /// What has to be done for libraries when they exist.
    let initialization: LibraryInitialization?
    /// The exports of the world in the order in which they are written, with the module that implements each.
    private(set) var exportOrder: [(key: WorldKey, module: Int)] = []
    /// The types of imported interfaces that are used, in order of dependence.
    private(set) var liveTypes: [InterfaceID: [TypeID]] = [:]
    /// The imported functions that are called.
    private(set) var liveFunctions: [WorldKey?: Set<String>] = [:]
    /// The exported interfaces that each exported interface uses types of.
    private(set) var exportsUsed: [InterfaceID: Set<InterfaceID>] = [:]

    init(
        world: ModuleWorld, main bytes: [UInt8], adapters: [Componentizer.Adapter], program: LinkedProgram? = nil,
        options: Componentizer.Options
    ) throws(ComponentizeError) {
        self.world = world
        self.options = options
        let binary = try Self.decode(bytes)
        let is64 = Self.memory(of: binary)?.limits.is64 ?? false
        signatures = CoreSignatures(world.graph, is64: is64)
        let names = Set(adapters.map(\.name))
        main = Module(
            name: nil, bytes: bytes,
            imports: try Self.imports(
                of: binary, world, signatures, names.union(program?.supplied.keys ?? [:].keys), options,
                isAdapter: false),
            exports: try ModuleExports(
                binary,
                names: ExportNames(
                    world: world, signatures: signatures, keys: world.exports[nil] ?? [],
                    rejectsLegacyNames: options.rejectsLegacyNames)),
            stringEncoding: world.stringEncodings[nil] ?? .utf8)
        var modules = [main]
        for adapter in adapters {
            do throws(ComponentizeError) {
                if let module = try Self.adapter(adapter, world, signatures, names, options, main, binary) {
                    modules.append(module)
                }
            } catch {
                throw error.inside(adapter.name)
            }
        }
        for (index, library) in program?.libraries ?? [] {
            do throws(ComponentizeError) {
                modules.append(try Self.library(library, index, program, world, signatures, options))
            } catch {
                throw error.inside(library.name)
            }
        }
        self.modules = modules
        positions = Dictionary(
            modules.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
        initialization = program?.initialization
        try checkExports()
        try orderExports()
        collectLive()
    }

    static func decode(_ bytes: [UInt8]) throws(ComponentizeError) -> CoreModuleBinary {
        do throws(BinaryError) {
            return try CoreModuleBinary.decode(bytes)
        } catch {
            throw .binary(error)
        }
    }

    /// The first memory of a module.
    private static func memory(of module: CoreModuleBinary) -> CoreMemoryType? {
        for item in module.imports {
            if case .memory(let memory) = item.type { return memory }
        }
        return module.memories.first
    }

    private static func imports(
        of module: CoreModuleBinary, _ world: ModuleWorld, _ signatures: CoreSignatures, _ adapters: Set<String>,
        _ options: Componentizer.Options, isAdapter: Bool,
        linked: (String, String, CoreItemType) -> ModuleImport.Meaning? = { _, _, _ in nil }
    ) throws(ComponentizeError) -> [ModuleImport] {
        let names = ImportNames(
            world: world, signatures: signatures, adapters: adapters, rejectsLegacyNames: options.rejectsLegacyNames,
            isAdapter: isAdapter)
        var result: [ModuleImport] = []
        for (module, name, type) in module.importItems {
            let meaning: ModuleImport.Meaning
            if let known = linked(module, name, type) {
                meaning = known
            } else {
                meaning = stubbed(try names.meaning(of: module, name, type), type, world, options)
            }
            result.append(ModuleImport(module: module, name: name, type: type, meaning: meaning))
        }
        return result
    }

    /// What an import stands for when its interface is not to be imported.
    private static func stubbed(
        _ meaning: ModuleImport.Meaning, _ type: CoreItemType, _ world: ModuleWorld, _ options: Componentizer.Options
    ) -> ModuleImport.Meaning {
        guard case .function(let core) = type else { return meaning }
        switch meaning {
        case .function(let key?, let function, _):
            guard options.stubsImports(world.graph.externName(of: key)) else { return meaning }
            var givesList = false
            if case .defined(let id)? = function.result, case .list = world.graph.types[id].kind {
                givesList = function.parameters.isEmpty
            }
            return .stub(StubModule.Stub(type: core, givesEmptyList: givesList))
        case .resource(.drop, let id, isExported: false):
            guard case .interface(let owner) = world.graph.types[id].owner,
                let name = world.graph.qualifiedName(of: owner), options.stubsImports(name)
            else { return meaning }
            return .stub(StubModule.Stub(type: core, givesEmptyList: false))
        default: return meaning
        }
    }

    private static func library(
        _ library: SharedLibrary, _ index: Int, _ program: LinkedProgram?, _ world: ModuleWorld,
        _ signatures: CoreSignatures, _ options: Componentizer.Options
    ) throws(ComponentizeError) -> Module {
        let binary = try decode(library.bytes)
        let exports = ExportNames(
            world: world, signatures: signatures, keys: world.exports[library.name] ?? [],
            rejectsLegacyNames: options.rejectsLegacyNames)
        return Module(
            name: library.name, isLibrary: true, bytes: library.bytes,
            imports: try imports(of: binary, world, signatures, [], options, isAdapter: false) {
                program?.meaning(of: $0, $1, $2, library: index)
            },
            exports: try ModuleExports(binary, names: exports), supplied: program?.supplied[library.name] ?? [],
            stringEncoding: world.stringEncodings[library.name] ?? .utf8)
    }

    /// The part of an adapter that is needed; `nil` when nothing is.
    private static func adapter(
        _ adapter: Componentizer.Adapter, _ world: ModuleWorld, _ signatures: CoreSignatures, _ names: Set<String>,
        _ options: Componentizer.Options, _ main: Module, _ mainBinary: CoreModuleBinary
    ) throws(ComponentizeError) -> Module? {
        var supplied: [(name: String, type: CoreItemType)] = []
        var wanted: Set<String> = []
        for item in main.imports where item.module == adapter.name {
            guard case .adapter = item.meaning, wanted.insert(item.name).inserted else { continue }
            supplied.append((item.name, item.type))
        }
        let keys = world.exports[adapter.name] ?? []
        guard !supplied.isEmpty || !keys.isEmpty else { return nil }
        let binary = try decode(adapter.bytes)
        let exportNames = ExportNames(world: world, signatures: signatures, keys: keys, rejectsLegacyNames: false)
        let exports = try ModuleExports(binary, names: exportNames)
        for (name, type) in supplied {
            guard let found = exports.types[name] else {
                throw .missing("`\(name)`", for: "the main module")
            }
            if case .function(let wanted) = type, case .function(let found) = found, wanted != found {
                throw .signature(name, of: nil, expected: wanted, found: found)
            }
        }
        for entry in exports.entries { wanted.insert(entry.core) }
        wanted.formUnion(exports.allocators)
        wanted.formUnion(exports.destructors.map(\.core))
        if let initialize = exports.initialize { wanted.insert(initialize) }
        let pages = try pageSize(of: binary, main: mainBinary, adapter.name)
        var allocator: String?
        if !options.reallocatesByMemoryGrow {
            allocator =
                main.exports.types["cabi_realloc_adapter"] != nil
                ? "cabi_realloc_adapter" : main.exports.importAllocator
        }
        let trimmed: CoreModuleBinary
        do throws(BinaryError) {
            trimmed = try AdapterTrimmer(mainAllocator: allocator, pageSizeLog2: pages)
                .trimmed(binary) { wanted.contains($0) }
        } catch {
            throw .binary(error)
        }
        return Module(
            name: adapter.name, bytes: Self.stripped(trimmed).encoded(),
            imports: try imports(of: trimmed, world, signatures, names, options, isAdapter: true),
            exports: try ModuleExports(trimmed, names: exportNames), supplied: supplied,
            stringEncoding: world.stringEncodings[adapter.name] ?? .utf8)
    }

    private static func stripped(_ module: CoreModuleBinary) -> CoreModuleBinary {
        var module = module
        module.customSections.removeAll { $0.name.hasPrefix(ComponentTypeSection.namePrefix) }
        return module
    }

    private static func pageSize(
        of adapter: CoreModuleBinary, main: CoreModuleBinary, _ name: String
    ) throws(ComponentizeError) -> UInt32 {
        let wanted = memory(of: main)?.pageSizeLog2 ?? 16
        guard let own = memory(of: adapter) else { return wanted }
        let found = own.pageSizeLog2 ?? 16
        guard found == wanted else { throw .pageSizes(name, 1 << UInt64(found & 31), 1 << UInt64(wanted & 31)) }
        return wanted
    }

    // MARK: - Exports

    /// Checks that the modules export all that the world does.
    private func checkExports() throws(ComponentizeError) {
        for module in modules {
            for key in world.exports[module.name] ?? [] {
                let name = world.graph.externName(of: key)
                switch world.item(key, isExport: true) {
                case .function(let function):
                    guard module.exports.functions[.init(key: key, name: function.name)] != nil else {
                        throw ComponentizeError.missingExport(name, for: name).inside(module.name)
                    }
                case .interface(let id):
                    for function in world.graph[id].functions.values
                    where module.exports.functions[.init(key: key, name: function.name)] == nil {
                        throw ComponentizeError.missingExport("\(name)#\(function.name)", for: "\(name)")
                            .inside(module.name)
                    }
                default: continue
                }
            }
        }
    }

    /// Orders exports by the modules that implement them; an interface comes behind those that it uses types of.
    private mutating func orderExports() throws(ComponentizeError) {
        var owners: [WorldKey: Int] = [:]
        for (index, module) in modules.enumerated() {
            for key in world.exports[module.name] ?? [] {
                if let other = owners.updateValue(index, forKey: key) {
                    throw .duplicateExport(world.graph.externName(of: key), modules[other].name, module.name)
                }
            }
        }
        // What an interface uses of another one is that of the export, if that comes first in the world.
        var used: [WorldKey: [WorldKey]] = [:]
        var earlier: [InterfaceID: WorldKey] = [:]
        for (key, item) in world.graph[world.world].exports {
            guard case .interface(let id) = item.kind else { continue }
            var types = LiveTypes(graph: world.graph)
            types.add(interface: id)
            used[key] = types.owners.compactMap { earlier[$0] }
            earlier[id] = key
        }
        var done: Set<WorldKey> = []
        for module in modules {
            for key in world.exports[module.name] ?? [] {
                var pending = [key]
                while let next = pending.last {
                    let missing = (used[next] ?? []).filter { !done.contains($0) }
                    guard missing.isEmpty || done.contains(next) else {
                        pending += missing
                        continue
                    }
                    pending.removeLast()
                    if done.insert(next).inserted, let owner = owners[next] { exportOrder.append((next, owner)) }
                }
            }
        }
    }

    // MARK: - What is used

    private mutating func collectLive() {
        var types = LiveTypes(graph: world.graph)
        for module in modules { collectFunctions(of: module) }
        for module in modules { collect(importsOf: module, into: &types) }
        var exported: Set<InterfaceID> = []
        var exportTypes = LiveTypes(graph: world.graph)
        for (_, item) in world.graph[world.world].exports {
            switch item.kind {
            case .function(let function): types.add(function)
            case .interface(let id):
                exportTypes = LiveTypes(graph: world.graph)
                exportTypes.add(interface: id)
                exportsUsed[id] = exportTypes.owners.intersection(exported)
                exported.insert(id)
                for type in exportTypes.order {
                    guard case .interface(let owner) = world.graph.types[type].owner, owner != id,
                        exportsUsed[id]?.contains(owner) != true
                    else { continue }
                    types.add(.defined(type))
                }
            case .type: continue
            }
        }
        for item in world.graph[world.world].imports.values {
            if case .type(let id) = item.kind { types.add(.defined(id)) }
        }
        for type in types.order {
            guard case .interface(let owner) = world.graph.types[type].owner else { continue }
            liveTypes[owner, default: []].append(type)
        }
    }

    private mutating func collectFunctions(of module: Module) {
        for item in module.imports {
            guard case .function(let key, let function, _) = item.meaning else { continue }
            liveFunctions[key, default: []].insert(function.name)
        }
    }

    /// In the order of the world, so that the component does not depend on the order of core imports.
    private func collect(importsOf module: Module, into types: inout LiveTypes) {
        var called: [WorldKey?: Set<String>] = [:]
        var transfers: [TypeID] = []
        var dropped: Set<TypeID> = []
        for item in module.imports {
            switch item.meaning {
            case .function(let key, let function, _): called[key, default: []].insert(function.name)
            case .resource(_, let type, isExported: false): dropped.insert(type)
            case .transfer(let operation) where !operation.isExported:
                if let type = operation.type { transfers.append(type) }
            default: continue
            }
        }
        for (key, item) in world.graph[world.world].imports {
            switch item.kind {
            case .function(let function) where called[nil]?.contains(function.name) == true: types.add(function)
            case .interface(let id):
                for function in world.graph[id].functions.values
                where called[key]?.contains(function.name) == true {
                    types.add(function)
                }
                for type in world.graph[id].types.values where dropped.contains(type) { types.add(.defined(type)) }
            default: continue
            }
        }
        for type in transfers { types.add(.defined(type)) }
    }
}
