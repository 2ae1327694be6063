// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// The core module that owns what libraries share: the memory, the table, their addresses in both, and functions that call
/// libraries which do not exist yet.
struct MainModule {
    private(set) var module = CoreModuleBinary()
    /// The libraries whose exports are imported and exported again, with the name.
    private(set) var suppliers: [(library: Int, name: String, type: CoreFunctionType)] = []
    private var types = CoreFunctionTypes()
    private var functionCount: UInt32 = 0
    private let resolution: LibraryResolution
    private let layout: LinkedLayout

    init(_ resolution: LibraryResolution, _ layout: LinkedLayout) throws(ComponentizeError) {
        self.resolution = resolution
        self.layout = layout
        let adapted = try importAdapters()
        try importSupplied()
        addGlobals()
        addTrampolines()
        addThreadLocalBases()
        module.exports += adapted
        let function = CoreReferenceType(isNullable: true, heapType: .abstract(.function, isShared: false))
        module.tables.append(
            CoreTableDefinition(
                type: CoreTableType(element: function, limits: CoreLimits(minimum: layout.tableSize))))
        export(SharedLibrary.table, .table, 0)
        module.memories.append(CoreMemoryType(limits: CoreLimits(minimum: layout.pages)))
        export("memory", .memory, 0)
    }

    private mutating func export(_ name: String, _ sort: CoreSort, _ index: UInt32) {
        module.exports.append(CoreModuleExport(name: name, item: CoreSortIndex(sort: sort, index: index)))
    }

    private mutating func importFunction(_ from: String, _ name: String, _ type: CoreFunctionType) -> UInt32 {
        let index = types.index(of: type, in: &module)
        module.imports.append(
            CoreModuleImport(module: from, name: name, type: .function(typeIndex: index, isExact: false)))
        functionCount += 1
        return functionCount - 1
    }

    private mutating func addFunction(_ type: CoreFunctionType, _ code: CoreCodeBuilder) -> UInt32 {
        let index = types.index(of: type, in: &module)
        module.functions.append(CoreFunctionDefinition(type: index, body: code.finished()))
        functionCount += 1
        return functionCount - 1
    }

    // MARK: - Imports

    /// What libraries import from adapters goes through here, as adapters know only one main module.
    private mutating func importAdapters() throws(ComponentizeError) -> [CoreModuleExport] {
        var exports: [CoreModuleExport] = []
        var known: [ExactName: CoreFunctionType] = [:]
        for library in resolution.libraries {
            for (from, name, type) in library.adapterImports {
                let exported = Self.adapterExport(from, name)
                if let other = known[ExactName(exported)] {
                    guard other == type else {
                        throw ComponentizeError.signature(name, of: from, expected: other, found: type).inside(
                            library.name)
                    }
                    continue
                }
                known[ExactName(exported)] = type
                let index = importFunction(from, name, type)
                exports.append(
                    CoreModuleExport(name: exported, item: CoreSortIndex(sort: .function, index: index)))
            }
        }
        return exports
    }

    /// The name under which the main module exports what it imports from an adapter.
    static func adapterExport(_ module: String, _ name: String) -> String { "\(module):\(name)" }

    /// The start of a program, for adapters, and the allocator, for them and for libraries that have none.
    private mutating func importSupplied() throws(ComponentizeError) {
        let programs = resolution.libraries.indices.filter { resolution.libraries[$0].isProgram }
        if programs.count > 1 {
            throw .twoPrograms(resolution.libraries[programs[0]].name, resolution.libraries[programs[1]].name)
        }
        if let program = programs.first {
            supply(SharedLibrary.start, CoreFunctionType(parameters: [], results: []), program)
        }
        let allocator = CoreFunctionType(parameters: [.i32, .i32, .i32, .i32], results: [.i32])
        if layout.trampolineElements[ExactName(SharedLibrary.allocator)] == nil,
            let definition = resolution.symbols.item(SharedLibrary.allocator, .function(allocator))
        {
            supply(SharedLibrary.allocator, allocator, definition.library)
        }
    }

    private mutating func supply(_ name: String, _ type: CoreFunctionType, _ library: Int) {
        let index = importFunction(resolution.libraries[library].name, name, type)
        suppliers.append((library, name, type))
        export(name, .function, index)
    }

    // MARK: - Globals

    private mutating func addGlobal(_ name: String, _ value: UInt64, isMutable: Bool) {
        let index = UInt32(module.globals.count)
        module.globals.append(
            CoreGlobalDefinition(
                type: CoreGlobalType(type: .i32, isMutable: isMutable),
                initializer: CoreCodeBuilder.expression { $0.i32(Int32(truncatingIfNeeded: value)) }))
        export(name, .global, index)
    }

    private mutating func addGlobals() {
        var wanted: Set<String> = []
        for library in resolution.libraries { wanted.formUnion(library.mainGlobals) }
        func add(_ name: String, _ value: UInt64) {
            if wanted.contains(name) { addGlobal(name, value, isMutable: true) }
        }
        add(SharedLibrary.openableLibraries, layout.openable.header)
        add(SharedLibrary.stackPointer, layout.stackSize)
        add(SharedLibrary.asyncifyState, 0)
        add(SharedLibrary.asyncifyData, 0)
        add(SharedLibrary.stackHigh, layout.stackSize)
        add(SharedLibrary.stackLow, 0)
        for (library, place) in zip(resolution.libraries, layout.places) {
            addGlobal(library.mainName("memory_base"), place.memoryBase, isMutable: false)
            addGlobal(library.mainName("table_base"), place.tableBase, isMutable: false)
            // Set at the start: the offset is known only to the library that exports the data.
            for item in library.dataAddresses { addGlobal(library.mainName(item.name), 0, isMutable: true) }
        }
        for library in resolution.libraries {
            for item in library.functionAddresses {
                // What is weak and not there has the null address.
                let definition = resolution.functionAddress(item)
                let element = definition == nil ? 0 : layout.trampolineElements[ExactName(item.name)] ?? 0
                addGlobal(library.mainName(item.name), element, isMutable: true)
            }
        }
        add(SharedLibrary.heapBase, layout.heapBase)
        add(SharedLibrary.heapEnd, layout.heapEnd)
    }

    // MARK: - Functions

    private mutating func addTrampolines() {
        for trampoline in layout.trampolines {
            let type = types.index(of: trampoline.type, in: &module)
            var code = CoreCodeBuilder()
            code.localsGet(trampoline.type.parameters.count)
            code.i32(Int32(truncatingIfNeeded: layout.trampolineElements[ExactName(trampoline.name)] ?? 0))
            code.callIndirect(type: type, table: 0)
            export(trampoline.name, .function, addFunction(trampoline.type, code))
        }
    }

    /// Without threads there is one thread-local storage, whose address each library keeps in memory.
    private mutating func addThreadLocalBases() {
        let start = Int32(truncatingIfNeeded: layout.threadLocalStart)
        for (index, library) in resolution.libraries.enumerated() {
            guard let address = layout.threadLocalBases[index] else { continue }
            let offset = UInt32(truncatingIfNeeded: address - layout.threadLocalStart)
            var read = CoreCodeBuilder()
            read.i32(start)
            read.instruction(0x28, 2, offset)
            var write = CoreCodeBuilder()
            write.i32(start)
            write.localGet(0)
            write.instruction(0x36, 2, offset)
            let reading = addFunction(CoreFunctionType(parameters: [], results: [.i32]), read)
            export(library.mainName(SharedLibrary.readThreadLocalBase), .function, reading)
            let writing = addFunction(CoreFunctionType(parameters: [.i32], results: []), write)
            export(library.mainName(SharedLibrary.writeThreadLocalBase), .function, writing)
        }
    }
}
