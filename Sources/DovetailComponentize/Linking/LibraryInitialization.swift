// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// What has to happen once all libraries exist: addresses of data are computed, relocations applied, constructors called, and the
/// memory and the table of the main module filled.
struct LibraryInitialization {
    /// The export of a module; without a library it is the main module's.
    struct Item: Hashable {
        var library: String?
        var name: String
    }

    /// An address that is computed.
    struct Address {
        /// Where it goes.
        enum Target {
            case global(Item)
            case memory(UInt64)
        }

        var target: Target
        /// Where the library's memory begins; `nil` for what does not depend on it.
        var base: Item?
        var offset: Item
    }

    /// A function that is called.
    struct Call {
        var function: Item
        var argument: UInt64?
    }

    /// Functions that are put into the table.
    struct Elements {
        var start: UInt64
        var functions: [(item: Item, type: CoreFunctionType)]
    }

    private(set) var addresses: [Address] = []
    private(set) var relocations: [Call] = []
    private(set) var constructors: [Call] = []
    private(set) var elements: [Elements] = []
    /// What is written to memory, and where.
    let data: (address: UInt64, bytes: [UInt8])

    init(_ resolution: LibraryResolution, _ layout: LinkedLayout) throws(ComponentizeError) {
        let openable = layout.openable
        data = (openable.base, openable.bytes)
        for symbol in openable.data {
            let base = symbol.isAbsolute ? nil : Item(library: nil, name: "\(symbol.library):memory_base")
            addresses.append(
                Address(
                    target: .memory(symbol.place), base: base,
                    offset: Item(library: symbol.library, name: symbol.name)))
        }
        for library in resolution.libraries {
            try addAddresses(of: library, resolution)
            if library.relocates { relocations.append(call(library, SharedLibrary.relocate)) }
            if library.takesOpenableLibraries {
                relocations.append(call(library, SharedLibrary.setOpenableLibraries, openable.header))
            }
            if let name = library.initialize { constructors.append(call(library, name)) }
        }
        elements = [
            Elements(
                start: openable.tableBase,
                functions: openable.functions.map { (Item(library: $0.library, name: $0.name), $0.type) }),
            Elements(
                start: layout.trampolineBase,
                functions: layout.trampolines.map {
                    (Item(library: resolution.libraries[$0.exporter].name, name: $0.name), $0.type)
                }),
        ]
    }

    private func call(_ library: SharedLibrary, _ name: String, _ argument: UInt64? = nil) -> Call {
        Call(function: Item(library: library.name, name: name), argument: argument)
    }

    private mutating func addAddresses(
        of library: SharedLibrary, _ resolution: LibraryResolution
    ) throws(ComponentizeError) {
        for item in library.dataAddresses {
            guard let definition = resolution.symbols.data(item.name) else { continue }
            guard !definition.flags.contains(.threadLocal) else {
                throw .unsupported("the thread-local data `\(item.name)` that library `\(library.name)` imports")
            }
            let exporter = resolution.libraries[definition.library]
            let base =
                definition.flags.contains(.absolute) ? nil : Item(library: nil, name: exporter.mainName("memory_base"))
            addresses.append(
                Address(
                    target: .global(Item(library: nil, name: library.mainName(item.name))), base: base,
                    offset: Item(library: exporter.name, name: item.name)))
        }
    }
}
