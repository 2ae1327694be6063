// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// The libraries that a program may open by name, as `libdl.so` reads them in memory: how many there are, and where they begin.
///
/// A library is the length and address of its name, and the number and address of its symbols; a symbol is the length and
/// address of its name, and its own address: an element of the table for functions. Both are sorted by name. All numbers have
/// four bytes.
struct OpenableLibraries {
    /// A function that gets an element of the table.
    struct Function {
        var library: String
        var name: String
        var type: CoreFunctionType
    }

    /// Data whose address is known at the start.
    struct DataSymbol {
        var library: String
        var name: String
        var isAbsolute: Bool
        /// Where its address has to be written.
        var place: UInt64
    }

    /// The bytes.
    private(set) var bytes: [UInt8] = []
    /// The functions, in the order of the table.
    private(set) var functions: [Function] = []
    private(set) var data: [DataSymbol] = []
    /// Where the number of libraries stands.
    private(set) var header: UInt64 = 0

    /// Where the bytes are.
    let base: UInt64
    /// The element of the first function.
    let tableBase: UInt64

    /// Lays out those of `libraries` that may be opened, from the address `base` and the element `tableBase` on.
    init(_ libraries: [SharedLibrary], base: UInt64, tableBase: UInt64) {
        self.base = base
        self.tableBase = tableBase
        let openable = libraries.filter(\.isOpenable).sorted { Self.precedes($0.name, $1.name) }
        var records: [UInt64] = []
        for library in openable {
            let name = add(library.name)
            let symbols = library.symbolNames.sorted(by: Self.precedes)
            let table = addSymbols(of: library, symbols)
            records += [UInt64(library.name.utf8.count), name, UInt64(table.count), table.address]
        }
        let address = end
        for number in records { append(number) }
        header = end
        append(UInt64(openable.count))
        append(address)
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    private var end: UInt64 { base + UInt64(bytes.count) }

    private mutating func append(_ number: UInt64) {
        let number = UInt32(truncatingIfNeeded: number)
        for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    /// Adds a text, and bytes up to the next multiple of four.
    private mutating func add(_ text: String) -> UInt64 {
        let address = end
        bytes += text.utf8
        bytes += Array(repeating: 0, count: (4 - bytes.count % 4) % 4)
        return address
    }

    private mutating func addSymbols(
        of library: SharedLibrary, _ names: [String]
    ) -> (count: Int, address: UInt64) {
        var symbols: [(name: String, address: UInt64, symbol: SharedLibrary.Symbol)] = []
        for name in names {
            guard let symbol = library.symbols[ExactName(name)] else { continue }
            // Nobody can ask for a tag, and thread-local data has no address of its own.
            if case .tag = symbol.type { continue }
            if symbol.flags.contains(.threadLocal) { continue }
            symbols.append((name, add(name), symbol))
        }
        let table = end
        for (name, address, symbol) in symbols {
            append(UInt64(name.utf8.count))
            append(address)
            if case .function(let type) = symbol.type {
                append(tableBase + UInt64(functions.count))
                functions.append(Function(library: library.name, name: name, type: type))
            } else {
                data.append(
                    DataSymbol(
                        library: library.name, name: name, isAbsolute: symbol.flags.contains(.absolute), place: end))
                append(0)
            }
        }
        return (symbols.count, table)
    }
}
