// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import DovetailWITReader

/// The functions that the main module or an adapter calls through the shim module.
struct ShimList {
    /// One function.
    struct Shim {
        var kind: Kind
        var type: CoreFunctionType
    }

    /// What is called.
    enum Kind {
        /// What an import of a module stands for.
        case item(ModuleImport, module: Int)
        /// An export of an adapter or library that the main module imports.
        case supplied(module: String, item: String)
        /// A destructor that a module exports.
        case destructor(ComponentAssembler.ModuleItem)
        /// An allocator that a module exports.
        case allocator(ComponentAssembler.ModuleItem)
    }

    /// What tells calls of one module apart.
    private enum Key: Hashable {
        case function(module: Int, WorldKey?, String, isAsync: Bool)
        case item(module: Int, String, String)
        case adapter(String, String)
    }

    private let plan: ComponentizePlan
    private(set) var shims: [Shim] = []
    private var positions: [Key: Int] = [:]
    private var destructors: [TypeID: Int] = [:]
    private var allocators: [ComponentAssembler.ModuleItem: Int] = [:]
    /// The memory that the main module imports and the shim module gives it.
    let memory: CoreMemoryType?
    /// The type of the address where thread-local storage begins, when modules ask for it.
    let threadLocalBase: CoreValueType?

    init(_ plan: ComponentizePlan) {
        self.plan = plan
        var memory: CoreMemoryType?
        var base: CoreValueType?
        for item in plan.main.imports {
            switch (item.meaning, item.type) {
            case (.memory, .memory(let type)): memory = type
            case (.threadLocalBase, .function(let type)): base = type.results.first ?? type.parameters.first
            default: continue
            }
        }
        self.memory = memory
        threadLocalBase = base
    }

    /// Whether nothing needs a shim module.
    var isEmpty: Bool { shims.isEmpty && memory == nil && threadLocalBase == nil }

    /// Whether allocators are called through the shim module: the main module's does not exist yet where it is named, or
    /// calls of it are to be announced.
    var reallocatesIndirectly: Bool { memory != nil || plan.main.exports.taskHook != nil }

    /// Finds all functions that have to go through the shim module.
    mutating func collect() throws(ComponentizeError) {
        for (index, module) in plan.modules.enumerated() {
            if let name = module.name {
                for (item, type) in module.supplied {
                    guard case .function(let function) = type else {
                        throw .unsupported("import of the \(type.kind) `\(item)` from `\(name)`")
                    }
                    positions[.adapter(name, item)] = shims.count
                    shims.append(Shim(kind: .supplied(module: name, item: item), type: function))
                }
            }
            for item in module.importsByModule {
                guard case .function(let type) = item.type else { continue }
                let needs = try plan.needs(of: item.meaning)
                guard let needs else { continue }
                let key = Self.key(of: item, module: index)
                if isIndirect(item.meaning, needs, of: module), positions[key] == nil {
                    positions[key] = shims.count
                    shims.append(Shim(kind: .item(item, module: index), type: type))
                }
                if needs.contains(.realloc) { addAllocator(of: module, for: item.meaning) }
            }
            for (resource, core) in module.exports.destructors where destructors[resource] == nil {
                destructors[resource] = shims.count
                shims.append(
                    Shim(
                        kind: .destructor(.init(module: module.name, name: core)),
                        type: CoreFunctionType(parameters: [.i32], results: [])))
            }
        }
    }

    private mutating func addAllocator(of module: ComponentizePlan.Module, for meaning: ModuleImport.Meaning) {
        guard reallocatesIndirectly else { return }
        if memory != nil, plan.main.exports.taskHook == nil {
            // Only lowered functions are made before the main module is.
            guard case .function = meaning else { return }
        }
        guard let item = ComponentAssembler.importAllocator(of: module, plan), allocators[item] == nil else { return }
        allocators[item] = shims.count
        shims.append(Shim(kind: .allocator(item), type: plan.signatures.realloc))
    }

    private static func key(of item: ModuleImport, module: Int) -> Key {
        if case .function(let key, let function, let isAsync) = item.meaning {
            return .function(module: module, key, function.name, isAsync: isAsync)
        }
        return .item(module: module, item.module, item.name)
    }

    private func isIndirect(
        _ meaning: ModuleImport.Meaning, _ needs: CanonicalNeeds, of module: ComponentizePlan.Module
    ) -> Bool {
        if case .threadNewIndirect = meaning { return true }
        guard !needs.isEmpty else { return false }
        // The memory of libraries is the main module's, which is there before they are.
        if module.isLibrary { return needs.contains(.realloc) }
        guard memory != nil else { return true }
        // The memory is there before the main module is; its allocator is not.
        if case .function = meaning { return false }
        return needs.contains(.realloc)
    }

    /// The position of the shim for an import; `nil` when it is served directly.
    func position(of item: ModuleImport, module: Int) -> Int? {
        if case .adapter = item.meaning { return positions[.adapter(item.module, item.name)] }
        return positions[Self.key(of: item, module: module)]
    }

    /// The position of a destructor's shim.
    func destructor(of resource: TypeID) -> Int? { destructors[resource] }

    /// The position of an allocator's shim.
    func allocator(_ item: ComponentAssembler.ModuleItem) -> Int? { allocators[item] }
}
