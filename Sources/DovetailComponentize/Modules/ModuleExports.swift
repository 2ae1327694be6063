// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import DovetailWIT
import DovetailWITReader

/// What a module exports that means something.
struct ModuleExports {
    /// A function of the world.
    struct Function {
        var key: WorldKey
        var definition: FunctionDefinition
        /// The name of the core export.
        var core: String
        var lifting: CoreSignatures.Lifting
        var postReturn: String?
        var callback: String?
    }

    /// How an export takes part in calls, for those that want to be told of each.
    enum Role {
        case function(CoreSignatures.Lifting, hasPostReturn: Bool)
        case callback
        case postReturn
    }

    private(set) var functions: [FunctionName: Function] = [:]
    /// The functions, callbacks and what is called when a result has been read, in the order of the module.
    private(set) var entries: [(core: String, role: Role, type: CoreFunctionType)] = []
    /// The allocators, in the order of the module.
    private(set) var allocators: [String] = []
    /// The destructors by the resource, in the order of the module.
    private(set) var destructors: [(resource: TypeID, core: String)] = []
    private(set) var memory: (name: String, type: CoreMemoryType)?
    private(set) var initialize: String?
    private(set) var taskHook: String?
    private(set) var functionTable: String?
    /// All exports by name.
    let types: [String: CoreItemType]

    struct FunctionName: Hashable {
        var key: WorldKey
        var name: String
    }

    /// What `names` says the exports of `module` are.
    init(_ module: CoreModuleBinary, names: ExportNames) throws(ComponentizeError) {
        let items = module.exportItems
        types = Dictionary(items.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
        var posts: [FunctionName: String] = [:]
        var callbacks: [FunctionName: String] = [:]
        for (name, type) in items {
            switch (try names.meaning(of: name), type) {
            case (.memory, .memory(let memory)): self.memory = (name, memory)
            case (.functionTable, .table): functionTable = name
            case (.initialize, .function(let found)):
                try Self.check(name, found, CoreFunctionType(parameters: [], results: []))
                initialize = name
            case (.taskHook, .function(let found)):
                try Self.check(name, found, CoreFunctionType(parameters: [.i32], results: []))
                taskHook = name
            case (.allocator, .function(let found)):
                try Self.check(name, found, names.signatures.realloc)
                allocators.append(name)
            case (.destructor(let resource), .function(let found)):
                try Self.check(name, found, CoreFunctionType(parameters: [.i32], results: []))
                destructors.append((resource, name))
            case (.function(let key, let definition, let lifting), .function(let found)):
                try Self.check(name, found, try names.signatures.lifted(definition, lifting).type)
                let place = FunctionName(key: key, name: definition.name)
                functions[place] = Function(key: key, definition: definition, core: name, lifting: lifting)
                entries.append((name, .function(lifting, hasPostReturn: false), found))
            case (.postReturn(let key, let definition), .function(let found)):
                try Self.check(name, found, try names.signatures.postReturn(definition))
                posts[FunctionName(key: key, name: definition.name)] = name
                entries.append((name, .postReturn, found))
            case (.callback(let key, let definition), .function(let found)):
                try Self.check(name, found, CoreSignatures.callback)
                callbacks[FunctionName(key: key, name: definition.name)] = name
                entries.append((name, .callback, found))
            default: continue
            }
        }
        for (place, function) in functions {
            if function.lifting == .sync { functions[place]?.postReturn = posts[place] }
            if function.lifting == .callback {
                guard let callback = callbacks[place] else {
                    throw .missing("`[callback]\(function.core)`", for: function.core)
                }
                functions[place]?.callback = callback
            }
        }
        let withPosts = Set(functions.values.compactMap { $0.postReturn == nil ? nil : $0.core })
        for index in entries.indices where withPosts.contains(entries[index].core) {
            entries[index].role = .function(.sync, hasPostReturn: true)
        }
    }

    private static func check(
        _ name: String, _ found: CoreFunctionType, _ expected: CoreFunctionType
    ) throws(ComponentizeError) {
        guard found == expected else { throw .signature(name, of: nil, expected: expected, found: found) }
    }

    /// The core type of an exported function.
    func functionType(_ name: String) -> CoreFunctionType? {
        if case .function(let type)? = types[name] { type } else { nil }
    }

    /// The allocator for what imports give.
    var importAllocator: String? { allocator("cabi_import_realloc") }
    /// The allocator for what exports are given.
    var exportAllocator: String? { allocator("cabi_export_realloc") }

    private func allocator(_ preferred: String) -> String? {
        for name in [preferred, "cabi_realloc", "cm32p2_realloc", "canonical_abi_realloc"]
        where allocators.contains(name) {
            return name
        }
        return nil
    }
}

/// Finds out what the exports of a module stand for.
struct ExportNames {
    let world: ModuleWorld
    let signatures: CoreSignatures
    /// The exports of the world that the module implements.
    let keys: [WorldKey]
    let rejectsLegacyNames: Bool
    private let functions: [String: (WorldKey, FunctionDefinition)]
    private let currentFunctions: [String: (WorldKey, FunctionDefinition)]
    private let resources: [String: TypeID]
    private let currentResources: [String: TypeID]

    /// What exports stand for.
    enum Meaning {
        case function(WorldKey, FunctionDefinition, CoreSignatures.Lifting)
        case postReturn(WorldKey, FunctionDefinition)
        case callback(WorldKey, FunctionDefinition)
        case destructor(TypeID)
        case memory, allocator, initialize, taskHook, functionTable
        case other
    }

    init(world: ModuleWorld, signatures: CoreSignatures, keys: [WorldKey], rejectsLegacyNames: Bool) {
        self.world = world
        self.signatures = signatures
        self.keys = keys
        self.rejectsLegacyNames = rejectsLegacyNames
        var functions: [String: (WorldKey, FunctionDefinition)] = [:]
        var currentFunctions: [String: (WorldKey, FunctionDefinition)] = [:]
        var resources: [String: TypeID] = [:]
        var currentResources: [String: TypeID] = [:]
        for key in keys {
            switch world.item(key, isExport: true) {
            case .function(let function):
                functions[function.name] = (key, function)
                currentFunctions["\(ImportNames.current)||\(function.name)"] = (key, function)
            case .interface(let id):
                let name = world.graph.externName(of: key)
                let current = [name, world.graph.canonicalName(of: key)].map { "\(ImportNames.current)|\($0)|" }
                for function in world.graph[id].functions.values {
                    functions["\(name)#\(function.name)"] = (key, function)
                    for prefix in current { currentFunctions[prefix + function.name] = (key, function) }
                }
                for (label, type) in world.graph[id].types {
                    guard case .resource = world.graph.types[type].kind else { continue }
                    resources["\(name)#[dtor]\(label)"] = type
                    for prefix in current { currentResources["\(prefix)\(label)_dtor"] = type }
                }
            default: continue
            }
        }
        self.functions = functions
        self.currentFunctions = currentFunctions
        self.resources = resources
        self.currentResources = currentResources
    }

    func meaning(of name: String) throws(ComponentizeError) -> Meaning {
        if name.hasPrefix(ImportNames.current) {
            switch name {
            case "cm32p2_memory": return .memory
            case "cm32p2_realloc": return .allocator
            case "cm32p2_initialize": return .initialize
            default: break
            }
            if let (key, function) = currentFunctions[name] { return .function(key, function, .sync) }
            if name.hasSuffix("_post"), let (key, function) = currentFunctions[String(name.dropLast(5))] {
                return .postReturn(key, function)
            }
            if let resource = currentResources[name] { return .destructor(resource) }
            if name.hasPrefix(ImportNames.current + "|") { throw .unknownName(name) }
            return .other
        }
        let meaning = legacyMeaning(of: name)
        if rejectsLegacyNames {
            if case .other = meaning {} else { throw .legacyName(name) }
        }
        return meaning
    }

    private func legacyMeaning(of name: String) -> Meaning {
        switch name {
        case "memory": return .memory
        case "cabi_realloc", "cabi_import_realloc", "cabi_export_realloc", "canonical_abi_realloc": return .allocator
        case "_initialize": return .initialize
        case "__wasm_task_hook": return .taskHook
        case "__indirect_function_table": return .functionTable
        default: break
        }
        if let (key, function) = functions[name] { return .function(key, function, .sync) }
        if let resource = resources[name] { return .destructor(resource) }
        for (prefix, lifting) in [
            ("[async-lift]", CoreSignatures.Lifting.callback), ("[async-lift-stackful]", .stackful),
        ] where name.hasPrefix(prefix) {
            let rest = String(name.dropFirst(prefix.count))
            if let (key, function) = functions[rest] { return .function(key, function, lifting) }
            if let resource = resources[rest] { return .destructor(resource) }
        }
        let (called, isCallback) = ImportNames.stripping("[callback][async-lift]", name)
        if isCallback, let (key, function) = functions[called] { return .callback(key, function) }
        let (read, isPost) = ImportNames.stripping("cabi_post_", name)
        if isPost, let (key, function) = functions[read] { return .postReturn(key, function) }
        return .other
    }
}
