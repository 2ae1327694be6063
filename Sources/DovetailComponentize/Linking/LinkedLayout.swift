// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// Where things are in the memory and the table that libraries share: first the stack, then what may be opened, the addresses of
/// thread-local storage, the libraries, and the heap. With a first heap, what may be opened and libraries that are apart come
/// behind that, and the heap goes on behind them.
struct LinkedLayout {
    /// A function of the main module that calls one of a library through the table, because whoever imports it comes first, or
    /// needs its address.
    struct Trampoline {
        var name: String
        var type: CoreFunctionType
        var exporter: Int
    }

    /// Where one library is.
    struct Place {
        var memoryBase: UInt64
        var tableBase: UInt64
    }

    let openable: OpenableLibraries
    /// Where the addresses of thread-local storage are, for the libraries that ask.
    private(set) var threadLocalBases: [Int: UInt64] = [:]
    let threadLocalStart: UInt64
    let places: [Place]
    let heapBase: UInt64
    let heapEnd: UInt64
    let trampolines: [Trampoline]
    /// The element of each trampoline's function.
    let trampolineElements: [ExactName: UInt64]
    let trampolineBase: UInt64
    let tableSize: UInt64
    let stackSize: UInt64

    /// The pages of memory at the start.
    let pages: UInt64

    private static let pageSize: UInt64 = 65_536

    init(_ resolution: LibraryResolution, stackSize: UInt64, firstHeap: UInt64) throws(ComponentizeError) {
        self.stackSize = stackSize
        let libraries = resolution.libraries
        var memory = stackSize
        // Element 0 is the null function pointer.
        var table: UInt64 = 1
        func openableLibraries() -> OpenableLibraries {
            let openable = OpenableLibraries(libraries, base: memory, tableBase: table)
            memory += UInt64(openable.bytes.count)
            table += UInt64(openable.functions.count)
            return openable
        }
        let first = firstHeap == 0 ? openableLibraries() : nil
        threadLocalStart = memory
        for (index, library) in libraries.enumerated() where library.usesThreadLocalBase {
            threadLocalBases[index] = memory
            memory += 4
        }
        var places = Array(repeating: Place(memoryBase: 0, tableBase: 0), count: libraries.count)
        func place(_ isPlaced: (SharedLibrary) -> Bool) throws(ComponentizeError) {
            for (index, library) in libraries.enumerated() where isPlaced(library) {
                let info = library.section.memory
                memory = Self.aligned(memory, 1 << UInt64(info.memoryAlignment))
                table = Self.aligned(table, 1 << UInt64(info.tableAlignment))
                places[index] = Place(memoryBase: memory, tableBase: table)
                memory += UInt64(info.memorySize)
                table += UInt64(info.tableSize)
                // Checked each time, so that no sum gets near the end of its type.
                guard memory <= 1 << 32, table < 1 << 31 else { throw .tooLarge(library.name) }
            }
        }
        try place { firstHeap == 0 || !$0.isApart }
        heapBase = Self.aligned(memory, 16)
        heapEnd = Self.aligned(heapBase + firstHeap, Self.pageSize)
        memory = heapEnd
        openable = first ?? openableLibraries()
        try place { firstHeap > 0 && $0.isApart }
        self.places = places
        pages = Self.aligned(memory, Self.pageSize) / Self.pageSize
        guard pages < 1 << 16 else { throw .tooLarge(libraries.last?.name ?? "") }
        trampolines = try Self.trampolines(resolution)
        trampolineBase = table
        var elements: [ExactName: UInt64] = [:]
        for trampoline in trampolines {
            elements[ExactName(trampoline.name)] = table
            table += 1
        }
        trampolineElements = elements
        tableSize = table
    }

    private static func aligned(_ value: UInt64, _ alignment: UInt64) -> UInt64 {
        (value + alignment - 1) & ~(alignment - 1)
    }

    private static func trampolines(_ resolution: LibraryResolution) throws(ComponentizeError) -> [Trampoline] {
        let symbols = resolution.symbols
        var trampolines: [Trampoline] = []
        var known: [ExactName: CoreFunctionType] = [:]
        func add(_ name: String, _ definition: SymbolTable.Definition) throws(ComponentizeError) {
            guard case .function(let type) = definition.type else { return }
            if let other = known[ExactName(name)] {
                guard other == type else { throw .twoSignatures(name, type, other) }
                return
            }
            known[ExactName(name)] = type
            trampolines.append(Trampoline(name: name, type: type, exporter: definition.library))
        }
        var seen: Set<Int> = []
        for index in resolution.order {
            let library = resolution.libraries[index]
            for item in library.functionAddresses {
                if let definition = resolution.functionAddress(item) { try add(item.name, definition) }
            }
            for item in library.symbolImports {
                guard let type = item.type, let definition = symbols.item(item.name, type),
                    !seen.contains(definition.library)
                else { continue }
                guard case .function = type else {
                    throw .unsupported(
                        "the tag `\(item.name)` that library `\(library.name)` imports from one that depends on it")
                }
                try add(item.name, definition)
            }
            seen.insert(index)
        }
        if let hook = symbols.function(SharedLibrary.taskHook) { try add(SharedLibrary.taskHook, hook) }
        return trampolines
    }
}
