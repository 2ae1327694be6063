// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// Which library gives which symbol: the first one that exports it and is not weak, else the first one.
struct SymbolTable {
    /// A symbol of a library.
    struct Definition {
        var library: Int
        var type: CoreItemType
        var flags: DynamicLinkingSection.Flags
    }

    private enum Kind: Hashable { case function, data, tag }

    private struct Key: Hashable {
        var kind: Kind
        var name: ExactName
    }

    private var definitions: [Key: [Definition]] = [:]

    init(_ libraries: [SharedLibrary]) {
        for (index, library) in libraries.enumerated() { add(library, at: index) }
    }

    /// Adds the symbols of a library that comes behind the others.
    mutating func add(_ library: SharedLibrary, at index: Int) {
        for name in library.symbolNames {
            guard let symbol = library.symbols[ExactName(name)], let kind = Self.kind(of: symbol.type) else { continue }
            definitions[Key(kind: kind, name: ExactName(name)), default: []].append(
                Definition(library: index, type: symbol.type, flags: symbol.flags))
        }
    }

    private static func kind(of type: CoreItemType) -> Kind? {
        switch type {
        case .function: .function
        case .global: .data
        case .tag: .tag
        case .memory, .table: nil
        }
    }

    private func first(_ kind: Kind, _ name: String, where isRight: (Definition) -> Bool) -> Definition? {
        let all = definitions[Key(kind: kind, name: ExactName(name))] ?? []
        return all.first { !$0.flags.contains(.weak) && isRight($0) } ?? all.first(where: isRight)
    }

    /// The function or tag of that name and type.
    func item(_ name: String, _ type: CoreItemType) -> Definition? {
        guard let kind = Self.kind(of: type) else { return nil }
        return first(kind, name) { $0.type == type }
    }

    /// The function of that name, whatever its type.
    func function(_ name: String) -> Definition? { first(.function, name) { _ in true } }

    /// The function or tag of that name that has another type.
    func mismatch(_ name: String, _ type: CoreItemType) -> Definition? {
        guard let kind = Self.kind(of: type) else { return nil }
        return first(kind, name) { $0.type != type }
    }

    /// The data of that name.
    func data(_ name: String) -> Definition? { first(.data, name) { _ in true } }
}
