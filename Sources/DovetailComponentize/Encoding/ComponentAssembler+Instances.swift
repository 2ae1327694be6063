// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import DovetailWITReader

// The core instances: the shim module's, the main module's, those of adapters, the fixup module's.
extension ComponentAssembler {
    /// Makes an instance of the shim module, if one is needed.
    func encodeShims() {
        guard !shims.isEmpty else { return }
        let bytes = ShimModule.encoded(
            shims, usesReferences: plan.options.usesReturnCallReference, producers: plan.options.producers)
        let module = builder.coreModule(bytes)
        let instance = builder.coreInstance(module, [])
        shimInstance = instance
        if shims.memory != nil { memory = builder.coreAlias(.memory, ShimModule.memory, of: instance) }
    }

    /// The function of the shim module at `position`.
    func shimFunction(_ position: Int) -> UInt32 {
        builder.coreAlias(.function, "\(position)", of: shimInstance ?? 0)
    }

    /// Makes the instance of a module.
    func instantiate(_ module: ComponentizePlan.Module) throws(ComponentizeError) {
        var order: [String] = []
        var exports: [String: [CoreInlineExport]] = [:]
        let position = plan.positions[module.name] ?? 0
        for name in module.imports.map(\.module) where exports[name] == nil {
            exports[name] = []
            order.append(name)
        }
        var arguments: [CoreInstantiateArgument] = []
        var byModule = Dictionary(grouping: module.imports, by: \.module)
        for name in order {
            var seen: Set<ExactName> = []
            var items: [CoreInlineExport] = []
            for item in byModule.removeValue(forKey: name) ?? [] where seen.insert(ExactName(item.name)).inserted {
                items.append(
                    CoreInlineExport(name: item.name, item: try core(item, of: module, at: position)))
            }
            arguments.append(CoreInstantiateArgument(name: name, instance: builder.coreInstance(items)))
        }
        let instance = builder.coreInstance(coreModules[module.name] ?? 0, arguments)
        coreInstances[module.name] = instance
        if module.name == nil, shims.memory == nil, let memory = module.exports.memory {
            self.memory = builder.coreAlias(.memory, memory.name, of: instance)
        }
    }

    /// Makes an instance of the module of stubs, if there are any.
    func encodeStubs() {
        for module in plan.modules {
            for item in module.imports {
                if case .stub(let stub) = item.meaning { stubs.add(stub) }
            }
        }
        guard !stubs.isEmpty, let memory else { return }
        let module = builder.coreModule(stubs.encoded(producers: plan.options.producers))
        let items = builder.coreInstance([
            CoreInlineExport(name: StubModule.memory, item: CoreSortIndex(sort: .memory, index: memory))
        ])
        stubInstance = builder.coreInstance(module, [CoreInstantiateArgument(name: StubModule.main, instance: items)])
    }

    /// What satisfies an import of a module.
    private func core(
        _ item: ModuleImport, of module: ComponentizePlan.Module, at position: Int
    ) throws(ComponentizeError) -> CoreSortIndex {
        if let shim = shims.position(of: item, module: position) {
            return CoreSortIndex(sort: .function, index: shimFunction(shim))
        }
        switch item.meaning {
        case .memory:
            guard let memory else { throw .missing("a memory named `memory`", for: item.name) }
            return CoreSortIndex(sort: .memory, index: memory)
        case .export(let other, let name):
            guard let type = plan.positions[other].flatMap({ plan.modules[$0].exports.types[name] }),
                let instance = coreInstances[other]
            else {
                throw .missing("`\(name)` of \(other.map { "`\($0)`" } ?? "the main module")", for: module.name ?? "")
            }
            return CoreSortIndex(sort: type.sort, index: builder.coreAlias(type.sort, name, of: instance))
        case .threadLocalBase(let isRead):
            let name = isRead ? ShimModule.readThreadLocalBase : ShimModule.writeThreadLocalBase
            return CoreSortIndex(sort: .function, index: builder.coreAlias(.function, name, of: shimInstance ?? 0))
        case .stub(let stub):
            guard let stubInstance, let name = stubs.name(of: stub) else {
                throw .unsupported("a stub of `\(item.name)` from `\(item.module)` in the main module")
            }
            return CoreSortIndex(sort: .function, index: builder.coreAlias(.function, name, of: stubInstance))
        case .adapter: throw .unsupported("import of `\(item.name)` from adapter `\(item.module)` by an adapter")
        default:
            return CoreSortIndex(sort: .function, index: try function(item, of: module))
        }
    }

    /// The core function that an import stands for.
    private func function(
        _ item: ModuleImport, of module: ComponentizePlan.Module
    ) throws(ComponentizeError) -> UInt32 {
        let needs = try plan.needs(of: item.meaning) ?? []
        func options(_ encoding: StringEncoding? = nil) throws(ComponentizeError) -> CanonicalOptions {
            var options = try canonicalOptions(needs, of: module, for: item.name, isImport: true)
            if let encoding { options.stringEncoding = encoding }
            return options
        }
        switch item.meaning {
        case .function(let key, let function, let isAsync):
            let index = try importedFunction(key, function)
            var options = try options()
            options.isAsync = isAsync
            return builder.lower(index, options)
        case .resource(let operation, let id, let isExported):
            let type = try resourceType(id, isExported: isExported)
            switch operation {
            case .drop: return builder.builtin(.resourceDrop(type))
            case .new: return builder.builtin(.resourceNew(type))
            case .representation: return builder.builtin(.resourceRep(type))
            }
        case .builtin(let builtin): return builder.builtin(builtin)
        case .transfer(let operation):
            let type = try transferType(operation)
            var options = try options()
            options.isAsync = operation.isAsync
            return builder.builtin(operation.builtin(type: type, options: options))
        case .taskReturn(let function, let interface):
            let result = try resultType(of: function, interface)
            return builder.builtin(.taskReturn(result: result, options: try options()))
        case .errorContextNew(let encoding): return builder.builtin(.errorContextNew(try options(encoding)))
        case .errorContextDebugMessage(let encoding):
            return builder.builtin(.errorContextDebugMessage(try options(encoding)))
        case .waitableSetWait: return builder.builtin(.waitableSetWait(memory: try options().memory ?? 0))
        case .waitableSetPoll: return builder.builtin(.waitableSetPoll(memory: try options().memory ?? 0))
        case .threadNewIndirect:
            guard let table = plan.main.exports.functionTable, let main = coreInstances[nil] else {
                throw .missing("a table named `__indirect_function_table`", for: item.name)
            }
            let type = builder.coreFunctionType(CoreFunctionType(parameters: [.i32], results: []))
            return builder.builtin(
                .threadNewIndirect(type: type, table: builder.coreAlias(.table, table, of: main)))
        case .adapter, .export, .memory, .threadLocalBase, .stub:
            throw .unsupported("import of `\(item.name)` from `\(item.module)`")
        }
    }

    private func scoped<Result>(
        _ body: () throws(BinaryError) -> Result
    ) throws(ComponentizeError) -> Result {
        do throws(BinaryError) { return try body() } catch { throw .encoding(error) }
    }

    private func transferType(_ operation: TransferOperation) throws(ComponentizeError) -> UInt32 {
        try scoped { () throws(BinaryError) in
            let isRootsOwn = operation.interface == nil || !operation.isExported
            var scope = RootScope(
                assembler: self, interface: isRootsOwn ? nil : operation.interface, isImport: isRootsOwn)
            guard let type = operation.type else {
                let kind: TypeKind = operation.isStream ? .stream(nil) : .future(nil)
                if case .index(let known)? = commonMaps.anonymous[kind] { return known }
                let index = builder.type(.value(operation.isStream ? .stream(nil) : .future(nil)))
                commonMaps.anonymous[kind] = .index(index)
                return index
            }
            return try scope.index(of: type)
        }
    }

    private func resultType(
        of function: FunctionDefinition, _ interface: InterfaceID?
    ) throws(ComponentizeError) -> ValueTypeReference? {
        guard let result = function.result else { return nil }
        return try scoped { () throws(BinaryError) in
            var scope = RootScope(assembler: self, interface: interface, isImport: interface == nil)
            return try scope.value(result, depth: 0)
        }
    }

    /// The allocator that a module has for what its imports give.
    static func importAllocator(of module: ComponentizePlan.Module, _ plan: ComponentizePlan) -> ModuleItem? {
        if let own = module.exports.importAllocator { return ModuleItem(module: module.name, name: own) }
        return plan.main.exports.importAllocator.map { ModuleItem(module: nil, name: $0) }
    }

    private static func exportAllocator(of module: ComponentizePlan.Module, _ plan: ComponentizePlan) -> ModuleItem? {
        if let own = module.exports.exportAllocator { return ModuleItem(module: module.name, name: own) }
        return plan.main.exports.exportAllocator.map { ModuleItem(module: nil, name: $0) }
    }

    /// The options that fulfil `needs`.
    func canonicalOptions(
        _ needs: CanonicalNeeds, of module: ComponentizePlan.Module, for name: String, isImport: Bool
    ) throws(ComponentizeError) -> CanonicalOptions {
        var options = CanonicalOptions()
        if needs.contains(.memory) {
            guard let memory else { throw .missing("a memory named `memory`", for: name) }
            options.memory = memory
        }
        if needs.contains(.realloc) {
            let allocator =
                isImport ? Self.importAllocator(of: module, plan) : Self.exportAllocator(of: module, plan)
            guard let allocator else { throw .missing("an allocator named `cabi_realloc`", for: name) }
            if isImport, let shim = shims.allocator(allocator) {
                options.realloc = shimFunction(shim)
            } else if let hook = hooks[allocator] {
                options.realloc = hook
            } else if let instance = coreInstances[allocator.module] {
                options.realloc = builder.coreAlias(.function, allocator.name, of: instance)
            } else {
                throw .missing("`\(allocator.name)`", for: name)
            }
        }
        if needs.contains(.strings) { options.stringEncoding = module.stringEncoding }
        return options
    }

    /// Makes the functions that the shim module calls, and an instance of the fixup module with them.
    func encodeFixup() throws(ComponentizeError) {
        guard FixupModule.isNeeded(plan, shims) else { return }
        let fixup = FixupModule(plan, shims)
        let module = builder.coreModule(fixup.encoded(producers: plan.options.producers))
        var actual: [CoreInlineExport] = []
        for (position, shim) in shims.shims.enumerated() {
            let index: UInt32
            switch shim.kind {
            case .item(let item, let module): index = try function(item, of: plan.modules[module])
            case .supplied(let name, let item):
                index = builder.coreAlias(.function, item, of: coreInstances[name] ?? 0)
            case .destructor(let item), .allocator(let item):
                index = builder.coreAlias(.function, item.name, of: coreInstances[item.module] ?? 0)
            }
            actual.append(
                CoreInlineExport(name: "\(position)", item: CoreSortIndex(sort: .function, index: index)))
        }
        let actualInstance = actual.isEmpty ? nil : builder.coreInstance(actual)
        let arguments = fixup.arguments.compactMap { source -> CoreInstantiateArgument? in
            let instance: UInt32? =
                switch source {
                case .actual: actualInstance
                case .shim: shimInstance
                case .module(let name): coreInstances[name]
                }
            return instance.map { CoreInstantiateArgument(name: source.name, instance: $0) }
        }
        let instance = builder.coreInstance(module, arguments)
        for (item, export) in fixup.hooks { hooks[item] = builder.coreAlias(.function, export, of: instance) }
    }
}
