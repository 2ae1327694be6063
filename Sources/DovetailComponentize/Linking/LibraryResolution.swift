// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// The libraries of a program with the symbols that they import resolved.
struct LibraryResolution {
    /// The libraries that are needed, in the order in which they were listed; one of stubs comes last.
    private(set) var libraries: [SharedLibrary] = []
    private(set) var symbols: SymbolTable
    /// The positions of the libraries in the order of instantiation.
    let order: [Int]

    /// Resolves the symbols of those of `candidates` that a root needs: a library that exports functions of the world or is a
    /// program, or may be opened.
    init(
        _ candidates: [SharedLibrary], isRoot: (SharedLibrary) -> Bool, stubsMissingFunctions: Bool
    ) throws(ComponentizeError) {
        let live = try Self.live(candidates, isRoot)
        libraries = candidates.indices.filter { live.contains($0) }.map { candidates[$0] }
        symbols = SymbolTable(libraries)
        try Self.addStubs(&libraries, &symbols, stubsMissingFunctions)
        order = LibraryOrder.sorted(Self.dependencies(libraries, symbols))
    }

    /// The function whose address an import wants; there is none for a weak one that nobody exports.
    func functionAddress(_ item: SharedLibrary.SymbolImport) -> SymbolTable.Definition? {
        guard let definition = symbols.function(item.name),
            !item.isWeak || libraries[definition.library].name != StubLibrary.name
        else { return nil }
        return definition
    }

    // MARK: - What is needed

    /// The libraries that are needed directly, but for optional ones, and those whose symbols are used.
    private static func live(
        _ candidates: [SharedLibrary], _ isRoot: (SharedLibrary) -> Bool
    ) throws(ComponentizeError) -> Set<Int> {
        let symbols = SymbolTable(candidates)
        let positions = try positions(candidates)
        var pending = candidates.indices.filter { isRoot(candidates[$0]) }
        if pending.isEmpty { pending = Array(candidates.indices) }
        var live = Set(pending)
        var missing: [(library: String, needed: String)] = []
        var allocator = symbols.function(SharedLibrary.allocator)?.library
        while true {
            guard let index = pending.popLast() else {
                // Libraries that have no allocator use that of another one without importing it.
                guard let found = allocator, !live.contains(where: { candidates[$0].exportsAllocator }) else { break }
                allocator = nil
                live.insert(found)
                pending.append(found)
                continue
            }
            let library = candidates[index]
            var used: [Int] = []
            for name in library.section.needed {
                if let position = positions[ExactName(name)] {
                    if !candidates[position].isOptional { used.append(position) }
                } else {
                    missing.append((library.name, name))
                }
            }
            used += library.symbolImports.compactMap { item in
                item.type.flatMap { symbols.item(item.name, $0) }?.library
            }
            used += library.dataAddresses.compactMap { symbols.data($0.name)?.library }
            used += library.functionAddresses.compactMap { symbols.function($0.name)?.library }
            for other in used where live.insert(other).inserted { pending.append(other) }
        }
        guard missing.isEmpty else { throw .missingLibraries(missing) }
        return live
    }

    private static func positions(_ libraries: [SharedLibrary]) throws(ComponentizeError) -> [ExactName: Int] {
        var positions: [ExactName: Int] = [:]
        for (index, library) in libraries.enumerated() {
            guard positions.updateValue(index, forKey: ExactName(library.name)) == nil else {
                throw .duplicateModule(library.name)
            }
        }
        return positions
    }

    /// The libraries that have to be instantiated before each.
    private static func dependencies(_ libraries: [SharedLibrary], _ symbols: SymbolTable) -> [[Int]] {
        var positions: [ExactName: Int] = [:]
        for (index, library) in libraries.enumerated() { positions[ExactName(library.name)] = index }
        return libraries.map { library in
            let needed = library.section.needed.compactMap { positions[ExactName($0)] }
            let used = library.symbolImports.compactMap { item in
                item.type.flatMap { symbols.item(item.name, $0) }?.library
            }
            return Set(needed + used).sorted()
        }
    }

    // MARK: - What is missing

    /// Adds a library of functions that trap, for weak imports of functions that nobody exports, and for others if that is wanted.
    private static func addStubs(
        _ libraries: inout [SharedLibrary], _ symbols: inout SymbolTable, _ stubsMissingFunctions: Bool
    ) throws(ComponentizeError) {
        var stubs: [ExactName: CoreFunctionType] = [:]
        var unresolved: [UnresolvedSymbol] = []
        for library in libraries {
            func add(_ item: SharedLibrary.SymbolImport, _ kind: UnresolvedSymbol.Kind) {
                var symbol = UnresolvedSymbol(library: library.name, name: item.name, kind: kind)
                if let type = item.type, let other = symbols.mismatch(item.name, type) {
                    symbol.found = (libraries[other.library].name, other.type)
                }
                unresolved.append(symbol)
            }
            for item in library.symbolImports {
                guard let type = item.type, symbols.item(item.name, type) == nil else { continue }
                guard case .function(let function) = type,
                    item.isWeak || (stubsMissingFunctions && symbols.mismatch(item.name, type) == nil),
                    stubs[ExactName(item.name)] == nil || stubs[ExactName(item.name)] == function
                else {
                    add(item, .item(type))
                    continue
                }
                stubs[ExactName(item.name)] = function
            }
            for item in library.dataAddresses where symbols.data(item.name) == nil && !item.isWeak { add(item, .data) }
            for item in library.functionAddresses where symbols.function(item.name) == nil && !item.isWeak {
                // Without a signature there is nothing that could be called, unless it is called directly as well.
                if stubs[ExactName(item.name)] == nil { add(item, .functionAddress) }
            }
        }
        guard unresolved.isEmpty else { throw .unresolvedSymbols(unresolved) }
        guard !stubs.isEmpty else { return }
        let stubLibrary = try StubLibrary.library(stubs)
        libraries.append(stubLibrary)
        symbols.add(stubLibrary, at: libraries.count - 1)
    }
}

/// A symbol that no library exports.
struct UnresolvedSymbol {
    enum Kind {
        case item(CoreItemType)
        case data
        case functionAddress
    }

    /// The library that imports it.
    var library: String
    var name: String
    var kind: Kind
    /// The library that exports it with another type.
    var found: (library: String, type: CoreItemType)?
}
