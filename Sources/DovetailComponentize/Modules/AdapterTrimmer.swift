// SPDX-License-Identifier: Apache-2.0

import DovetailBinary

/// Makes an adapter fit one main module: what the module does not need is removed, the stack gets memory of the main
/// module's, and calls of the main module's allocator go to the one that it has.
///
/// Adapters share the memory of the main module but have no part of it. A global named `__stack_pointer` says that one needs a
/// stack, and it is allocated at the first call; a global named `allocation_state` tells the adapter how far that is: 0 not yet,
/// 1 in between, 2 done.
struct AdapterTrimmer {
    /// The name of the main module's allocator, if it has one that may be used.
    let mainAllocator: String?
    /// The size of the main module's pages, as a power of two.
    let pageSizeLog2: UInt32

    private static let mainModule = "__main_module__"
    private static let stackSize: Int32 = 65_536
    private static let allocatorNames: Set<String> = ["cabi_realloc", "canonical_abi_realloc"]
    private static let allocatorType = CoreFunctionType(
        parameters: [.i32, .i32, .i32, .i32], results: [.i32])

    /// The adapter with what the exports that `isNeeded` picks need.
    func trimmed(_ adapter: CoreModuleBinary, isNeeded: (String) -> Bool) throws(BinaryError) -> CoreModuleBinary {
        var module = adapter
        let names = CoreNames(module)
        var stackPointer: UInt32?
        var allocationState: UInt32?
        // The globals are marked while the module loses others.
        let reachable = try CoreReachability(module, roots: isNeeded)
        for (index, name) in names.names[.global] ?? [:] where name == "__stack_pointer" || name == "allocation_state" {
            guard reachable.uses(.global, index), isMutableI32(index, module) else { continue }
            let position = (0..<index).count { reachable.uses(.global, $0) }
            if name == "__stack_pointer" { stackPointer = UInt32(position) }
            if name == "allocation_state" { allocationState = UInt32(position) }
        }
        try module.removeUnused(keepingExports: isNeeded)
        putFunctionsLast(&module)
        let imported = try replaceAllocator(&module)
        guard let stackPointer else { return module }
        let allocator: Allocator
        if let imported { allocator = imported } else { allocator = try addAllocator(&module) }
        try addStack(&module, stackPointer, allocationState, allocator)
        return module
    }

    private func isMutableI32(_ index: UInt32, _ module: CoreModuleBinary) -> Bool {
        let own = Int(index) - module.importCount(.global)
        guard module.globals.indices.contains(own) else { return false }
        return module.globals[own].type.isMutable && module.globals[own].type.type == .i32
    }

    /// Memories and the like are imported first, functions behind them; neither loses its index.
    private func putFunctionsLast(_ module: inout CoreModuleBinary) {
        module.imports =
            module.imports.filter { $0.type.sort != .function } + module.imports.filter { $0.type.sort == .function }
    }

    /// Allocating by `memory.grow` needs the memory, even when nothing else of the adapter does.
    private func importMemory(_ module: inout CoreModuleBinary) {
        guard module.importCount(.memory) + module.memories.count == 0 else { return }
        let type = CoreMemoryType(
            limits: CoreLimits(minimum: 0), pageSizeLog2: pageSizeLog2 == 16 ? nil : pageSizeLog2)
        module.imports.insert(CoreModuleImport(module: "env", name: "memory", type: .memory(type)), at: 0)
    }

    /// Where the allocator of the main module is called, or what is called instead of it.
    private struct Allocator {
        var index: UInt32
        var isImported: Bool
    }

    /// Renames the import of the main module's allocator, or puts a function of the adapter in its place.
    private func replaceAllocator(_ module: inout CoreModuleBinary) throws(BinaryError) -> Allocator? {
        var function: UInt32 = 0
        for position in module.imports.indices {
            let item = module.imports[position]
            guard item.type.sort == .function else { continue }
            if item.module == Self.mainModule, Self.allocatorNames.contains(item.name) {
                if let mainAllocator {
                    module.imports[position].name = mainAllocator
                    return Allocator(index: function, isImported: true)
                }
                return Allocator(index: try makeOwn(&module, position, function), isImported: false)
            }
            function += 1
        }
        return nil
    }

    /// Turns an imported function into the first of the module's own.
    private func makeOwn(
        _ module: inout CoreModuleBinary, _ position: Int, _ index: UInt32
    ) throws(BinaryError) -> UInt32 {
        module.imports.remove(at: position)
        importMemory(&module)
        let last = UInt32(module.importCount(.function))
        try module.mapIndices { space, other throws(BinaryError) in
            guard space == .function else { return other }
            if other == index { return last }
            return other > index && other <= last ? other - 1 : other
        }
        let type = module.typeIndex(Self.allocatorType)
        module.functions.insert(CoreFunctionDefinition(type: type, body: growBody), at: 0)
        return last
    }

    /// Adds an import of the main module's allocator, or an allocator of the adapter's own.
    private func addAllocator(_ module: inout CoreModuleBinary) throws(BinaryError) -> Allocator {
        let type = module.typeIndex(Self.allocatorType)
        guard let mainAllocator else {
            importMemory(&module)
            module.functions.append(CoreFunctionDefinition(type: type, body: growBody))
            return Allocator(
                index: UInt32(module.importCount(.function) + module.functions.count - 1), isImported: false)
        }
        let first = UInt32(module.importCount(.function))
        try module.mapIndices { space, index throws(BinaryError) in
            space == .function && index >= first ? index + 1 : index
        }
        module.imports.append(
            CoreModuleImport(
                module: Self.mainModule, name: mainAllocator, type: .function(typeIndex: type, isExact: false)))
        return Allocator(index: first, isImported: true)
    }

    /// An allocator that serves one request, the stack's: it adds pages to the memory.
    private var growBody: ArraySlice<UInt8> {
        var code = CoreCodeBuilder(locals: [(1, .i32)])
        func require(_ value: Int32, equals local: UInt32) {
            code.i32(value)
            code.localGet(local)
            code.instruction(0x47)
            code.ifThen { $0.unreachable() }
        }
        require(0, equals: 0)
        require(0, equals: 1)
        require(Self.stackSize, equals: 3)
        code.i32(pageSizeLog2 >= 16 ? 1 : Self.stackSize >> Int32(truncatingIfNeeded: pageSizeLog2))
        code.instruction(0x40, 0)
        code.localTee(4)
        code.i32(-1)
        code.instruction(0x46)
        code.ifThen { $0.unreachable() }
        code.localGet(4)
        if pageSizeLog2 > 0 {
            code.i32(Int32(truncatingIfNeeded: pageSizeLog2))
            code.instruction(0x74)
        }
        return code.finished()
    }

    private func addStack(
        _ module: inout CoreModuleBinary, _ stackPointer: UInt32, _ allocationState: UInt32?, _ allocator: Allocator
    ) throws(BinaryError) {
        func allocate(_ code: inout CoreCodeBuilder) {
            code.i32(0)
            code.i32(0)
            code.i32(8)
            code.i32(Self.stackSize)
            code.call(allocator.index)
            code.i32(Self.stackSize)
            code.instruction(0x6a)
            code.globalSet(stackPointer)
        }
        var code = CoreCodeBuilder()
        if let allocationState {
            code.globalGet(allocationState)
            code.i32(0)
            code.instruction(0x46)
            code.ifThen { code in
                code.i32(1)
                code.globalSet(allocationState)
                allocate(&code)
                code.i32(2)
                code.globalSet(allocationState)
            }
        } else {
            allocate(&code)
        }
        let type = module.typeIndex(CoreFunctionType(parameters: [], results: []))
        let index = UInt32(module.importCount(.function) + module.functions.count)
        module.functions.append(CoreFunctionDefinition(type: type, body: code.finished()))
        // The main module may not be ready to allocate when the adapter is instantiated, so the first call does it.
        guard allocator.isImported, allocationState != nil else {
            if let start = module.start {
                let both = UInt32(module.importCount(.function) + module.functions.count)
                var code = CoreCodeBuilder()
                code.call(index)
                code.call(start)
                module.functions.append(CoreFunctionDefinition(type: type, body: code.finished()))
                module.start = both
            } else {
                module.start = index
            }
            return
        }
        var entered: Set<UInt32> = []
        for export in module.exports where export.item.sort == .function && entered.insert(export.item.index).inserted {
            let own = Int(export.item.index) - module.importCount(.function)
            guard module.functions.indices.contains(own) else { continue }
            module.functions[own].body = try CoreCodeBuilder.prepending(
                { $0.call(index) }, to: module.functions[own].body)
        }
    }
}
