// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// Libraries that share everything, linked: a main module, the libraries in the order of their instantiation, what has to be done
/// when they exist, and what each of their imports is.
struct LinkedProgram {
    let resolution: LibraryResolution
    let main: CoreModuleBinary
    let initialization: LibraryInitialization
    /// What libraries give the main module, by the name of the library.
    let supplied: [String: [(name: String, type: CoreItemType)]]
    private let layout: LinkedLayout
    /// When each library is instantiated.
    private let turns: [Int]

    init(
        _ libraries: [SharedLibrary], isRoot: (SharedLibrary) -> Bool, options: Componentizer.Options
    ) throws(ComponentizeError) {
        resolution = try LibraryResolution(
            libraries, isRoot: isRoot, stubsMissingFunctions: options.stubsMissingFunctions)
        // The stack begins at a multiple of what it has to be aligned to.
        layout = try LinkedLayout(
            resolution, stackSize: (UInt64(options.stackSize) + 15) & ~15, firstHeap: UInt64(options.firstHeap))
        let main = try MainModule(resolution, layout)
        self.main = main.module
        initialization = try LibraryInitialization(resolution, layout)
        var supplied: [String: [(name: String, type: CoreItemType)]] = [:]
        for (library, name, type) in main.suppliers {
            supplied[resolution.libraries[library].name, default: []].append((name, .function(type)))
        }
        self.supplied = supplied
        var turns = Array(repeating: 0, count: resolution.libraries.count)
        for (turn, index) in resolution.order.enumerated() { turns[index] = turn }
        self.turns = turns
    }

    /// The libraries in the order of their instantiation.
    var libraries: [(index: Int, library: SharedLibrary)] {
        resolution.order.map { ($0, resolution.libraries[$0]) }
    }

    /// What an import of a library stands for; `nil` when linking has nothing to do with it.
    func meaning(of module: String, _ name: String, _ type: CoreItemType, library index: Int) -> ModuleImport.Meaning? {
        let library = resolution.libraries[index]
        switch module {
        case SharedLibrary.dataAddressModule:
            let isMain = SharedLibrary.mainAddresses.contains(name)
            return .export(of: nil, isMain ? name : library.mainName(name))
        case SharedLibrary.functionAddressModule: return .export(of: nil, library.mainName(name))
        case SharedLibrary.environment: break
        default:
            guard library.adapterModules.contains(module) else { return nil }
            return .export(of: nil, MainModule.adapterExport(module, name))
        }
        switch (name, type) {
        case (_, .memory): return .memory
        case (SharedLibrary.memoryBase, _): return .export(of: nil, library.mainName("memory_base"))
        case (SharedLibrary.tableBase, _): return .export(of: nil, library.mainName("table_base"))
        case (SharedLibrary.readThreadLocalBase, _), (SharedLibrary.writeThreadLocalBase, _):
            return .export(of: nil, library.mainName(name))
        case (_, .table), (_, .global): return .export(of: nil, name)
        case (_, .function), (_, .tag):
            // The pointer to the stack is a built-in, which is no symbol.
            guard library.symbolImportNames.contains(ExactName(name)),
                let definition = resolution.symbols.item(name, type)
            else { return nil }
            let isThere = turns[definition.library] < turns[index]
            return .export(of: isThere ? resolution.libraries[definition.library].name : nil, name)
        }
    }
}
