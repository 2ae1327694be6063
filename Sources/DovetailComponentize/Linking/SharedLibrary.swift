// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// A shared library, and what its imports and exports have to do with linking. (tool-conventions, "DynamicLinking.md")
struct SharedLibrary {
    /// Something that libraries give each other.
    struct Symbol {
        var type: CoreItemType
        var flags: DynamicLinkingSection.Flags
    }

    /// An import that another library, or this one, satisfies.
    struct SymbolImport {
        var name: String
        /// The type of a function or tag; the address of something has none.
        var type: CoreItemType?
        var isWeak: Bool
    }

    /// The name under which other libraries need it and programs open it.
    let name: String
    let bytes: [UInt8]
    /// Whether programs may open it by name.
    let isOpenable: Bool
    /// Whether its name alone does not bring it in.
    let isOptional: Bool
    /// Whether the addresses of other libraries do not depend on it.
    let isApart: Bool
    let section: DynamicLinkingSection
    private(set) var symbols: [ExactName: Symbol] = [:]
    /// The names of the symbols, in the order of the exports.
    private(set) var symbolNames: [String] = []
    /// The functions and tags that are imported.
    private(set) var symbolImports: [SymbolImport] = []
    private(set) var symbolImportNames: Set<ExactName> = []
    /// The data and the functions whose addresses are imported.
    private(set) var dataAddresses: [SymbolImport] = []
    private(set) var functionAddresses: [SymbolImport] = []
    /// The globals of the main module that are imported under their own names.
    private(set) var mainGlobals: Set<String> = []
    /// What is imported from adapters.
    private(set) var adapterModules: Set<String> = []
    private(set) var adapterImports: [(module: String, name: String, type: CoreFunctionType)] = []
    private(set) var usesThreadLocalBase = false
    private(set) var relocates = false
    /// The function that calls constructors.
    private(set) var initialize: String?
    private(set) var takesOpenableLibraries = false
    private(set) var isProgram = false

    static let environment = "env"
    static let dataAddressModule = "GOT.mem"
    static let functionAddressModule = "GOT.func"
    static let memoryBase = "__memory_base"
    static let tableBase = "__table_base"
    static let table = "__indirect_function_table"
    static let stackPointer = "__stack_pointer"
    static let heapBase = "__heap_base"
    static let heapEnd = "__heap_end"
    static let stackLow = "__stack_low"
    static let stackHigh = "__stack_high"
    static let openableLibraries = "__wasm_libdl_libraries"
    static let asyncifyState = "__asyncify_state"
    static let asyncifyData = "__asyncify_data"
    static let readThreadLocalBase = "__wasm_get_tls_base"
    static let writeThreadLocalBase = "__wasm_set_tls_base"
    static let taskHook = "__wasm_task_hook"
    static let allocator = "cabi_realloc"
    static let start = "_start"
    static let relocate = "__wasm_apply_data_relocs"
    static let setOpenableLibraries = "__wasm_set_libraries"

    private static let stackPointerFunctions: Set<String> = ["__wasm_get_stack_pointer", "__wasm_set_stack_pointer"]
    private static let constructors: Set<String> = ["__wasm_call_ctors", "_initialize"]
    /// The addresses that the main module knows.
    static let mainAddresses: Set<String> = [heapBase, heapEnd, stackLow, stackHigh, openableLibraries]
    /// Exports that are no symbols: each library has them for itself.
    private static let ownExports: Set<String> = [
        start, relocate, setOpenableLibraries, "__wasm_call_ctors", "_initialize", "__wasm_apply_tls_relocs",
        "__wasm_init_tls", "__wasm_init_memory", "__wasm_library_tls_info",
    ]
    private static let nothing = CoreFunctionType(parameters: [], results: [])

    init(
        name: String, bytes: [UInt8], isOpenable: Bool = false, isOptional: Bool = false, isApart: Bool = false,
        adapters: Set<String> = []
    ) throws(ComponentizeError) {
        self.name = name
        self.isOpenable = isOpenable
        self.isOptional = isOptional
        self.isApart = isApart
        let binary: CoreModuleBinary
        let found: DynamicLinkingSection?
        do throws(BinaryError) {
            self.bytes = try DuplicateImports.merged(in: bytes)
            binary = try CoreModuleBinary.decode(self.bytes)
            found = try DynamicLinkingSection(binary)
        } catch {
            throw .binary(error)
        }
        guard let found else { throw .notShared() }
        section = found
        try readImports(binary, adapters)
        try readExports(binary)
    }

    var exportsAllocator: Bool { symbols[ExactName(Self.allocator)] != nil }

    // MARK: - Imports

    private mutating func readImports(
        _ binary: CoreModuleBinary, _ adapters: Set<String>
    ) throws(ComponentizeError) {
        var weak: Set<WeakImport> = []
        for item in section.imports where item.flags.contains(.weak) {
            weak.insert(WeakImport(module: ExactName(item.module), name: ExactName(item.name)))
        }
        for (module, name, type) in binary.importItems {
            // wasm-ld speaks of symbols as imports from `env`, when only their address is imported, too.
            let isWeak = [module, Self.environment].contains {
                weak.contains(WeakImport(module: ExactName($0), name: ExactName(name)))
            }
            switch module {
            case Self.environment: try readEnvironment(name, type, isWeak)
            case Self.dataAddressModule:
                try check(name, module, type, Self.address)
                if Self.mainAddresses.contains(name) {
                    mainGlobals.insert(name)
                } else {
                    dataAddresses.append(SymbolImport(name: name, isWeak: isWeak))
                }
            case Self.functionAddressModule:
                try check(name, module, type, Self.address)
                functionAddresses.append(SymbolImport(name: name, isWeak: isWeak))
            case let adapter where adapters.contains(adapter):
                guard case .function(let function) = type else {
                    throw .importIsNoFunction(module, name, type.kind)
                }
                adapterModules.insert(module)
                adapterImports.append((module, name, function))
            default: continue
            }
        }
    }

    private struct WeakImport: Hashable {
        var module: ExactName
        var name: ExactName
    }

    private static let base = CoreItemType.global(CoreGlobalType(type: .i32, isMutable: false))
    private static let address = CoreItemType.global(CoreGlobalType(type: .i32, isMutable: true))

    private func check(
        _ name: String, _ module: String, _ found: CoreItemType, _ expected: CoreItemType
    ) throws(ComponentizeError) {
        guard found == expected else { throw .itemType(name, of: module, expected: expected, found: found) }
    }

    private mutating func readEnvironment(
        _ name: String, _ type: CoreItemType, _ isWeak: Bool
    ) throws(ComponentizeError) {
        switch (name, type) {
        case (_, .memory(let memory)):
            guard name == "memory", !memory.limits.is64, memory.pageSizeLog2 ?? 16 == 16, !memory.limits.isShared else {
                throw .unsupported("the memory `\(name)` of library `\(self.name)`: it is not a usual 32-bit one")
            }
        case (_, .table(let table)):
            let element = CoreReferenceType(isNullable: true, heapType: .abstract(.function, isShared: false))
            guard name == Self.table, table.element == element, !table.limits.is64 else {
                throw .unsupported("the table `\(name)` of library `\(self.name)`")
            }
        case (Self.memoryBase, _), (Self.tableBase, _): try check(name, Self.environment, type, Self.base)
        case (Self.stackPointer, _), (Self.asyncifyState, _), (Self.asyncifyData, _):
            try check(name, Self.environment, type, Self.address)
            mainGlobals.insert(name)
        case (Self.readThreadLocalBase, .function), (Self.writeThreadLocalBase, .function):
            usesThreadLocalBase = true
            let expected =
                name == Self.readThreadLocalBase
                ? CoreFunctionType(parameters: [], results: [.i32]) : CoreFunctionType(parameters: [.i32], results: [])
            try check(name, Self.environment, type, .function(expected))
        case (_, .function):
            if !Self.stackPointerFunctions.contains(name) { addSymbol(name, type, isWeak) }
        case (_, .tag): addSymbol(name, type, isWeak)
        case (_, .global): throw .unsupported("the global `\(name)` that library `\(self.name)` imports from `env`")
        }
    }

    private mutating func addSymbol(_ name: String, _ type: CoreItemType, _ isWeak: Bool) {
        symbolImports.append(SymbolImport(name: name, type: type, isWeak: isWeak))
        symbolImportNames.insert(ExactName(name))
    }

    /// What a function that is given to each library in its own way is called in the main module.
    func mainName(_ name: String) -> String { "\(self.name):\(name)" }

    // MARK: - Exports

    private mutating func readExports(_ binary: CoreModuleBinary) throws(ComponentizeError) {
        let flags = Dictionary(
            section.exports.map { (ExactName($0.name), $0.flags) }, uniquingKeysWith: { $0.union($1) })
        for (name, type) in binary.exportItems {
            if case .function(let found) = type { try readOwnFunction(name, found) }
            guard !Self.ownExports.contains(name) else { continue }
            switch type {
            case .function, .tag: break
            case .global(let global) where global.type == .i32 && !global.isMutable: break
            case .global, .memory, .table: continue
            }
            if symbols.updateValue(
                Symbol(type: type, flags: flags[ExactName(name)] ?? []), forKey: ExactName(name)) == nil
            {
                symbolNames.append(name)
            }
        }
    }

    private mutating func readOwnFunction(_ name: String, _ found: CoreFunctionType) throws(ComponentizeError) {
        var expected = Self.nothing
        switch name {
        case Self.relocate: relocates = true
        case Self.start: isProgram = true
        case Self.setOpenableLibraries:
            takesOpenableLibraries = true
            expected = CoreFunctionType(parameters: [.i32], results: [])
        case _ where Self.constructors.contains(name):
            if let initialize, initialize != name { throw .twoInitializers(initialize, name) }
            initialize = name
        default: return
        }
        guard found == expected else { throw .signature(name, of: nil, expected: expected, found: found) }
    }
}
