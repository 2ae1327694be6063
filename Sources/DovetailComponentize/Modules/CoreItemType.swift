// SPDX-License-Identifier: Apache-2.0

import DovetailBinary

/// What a core module imports or exports, without indices into its types.
enum CoreItemType: Equatable {
    case function(CoreFunctionType)
    case table(CoreTableType)
    case memory(CoreMemoryType)
    case global(CoreGlobalType)
    case tag(CoreFunctionType)

    /// The kind in words.
    var kind: String {
        switch self {
        case .function: "function"
        case .table: "table"
        case .memory: "memory"
        case .global: "global"
        case .tag: "tag"
        }
    }

    /// The index space that it is in.
    var sort: CoreSort {
        switch self {
        case .function: .function
        case .table: .table
        case .memory: .memory
        case .global: .global
        case .tag: .tag
        }
    }

    /// The type as in the text format.
    var text: String {
        switch self {
        case .function(let type): type.text
        case .tag(let type): type.text.replacingPrefix("(func", with: "(tag")
        case .global(let type): type.isMutable ? "(global (mut \(type.type)))" : "(global \(type.type))"
        case .memory, .table: kind
        }
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}

extension CoreModuleBinary {
    /// What an import or definition of an extern type is.
    private func itemType(_ type: CoreExternType) -> CoreItemType {
        switch type {
        case .function(let index, _): .function(functionType(index))
        case .table(let table): .table(table)
        case .memory(let memory): .memory(memory)
        case .global(let global): .global(global)
        case .tag(let index): .tag(functionType(index))
        }
    }

    /// The function type of that index; one without anything for an index that is no function type's.
    func functionType(_ index: UInt32) -> CoreFunctionType {
        if case .function(let type) = subtype(index)?.composite { return type }
        return CoreFunctionType(parameters: [], results: [])
    }

    /// The imports with their types.
    var importItems: [(module: String, name: String, type: CoreItemType)] {
        imports.map { ($0.module, $0.name, itemType($0.type)) }
    }

    /// The exports with their types; those of things that are not there are left out.
    var exportItems: [(name: String, type: CoreItemType)] {
        var spaces: [CoreSort: [CoreItemType]] = [:]
        for item in imports { spaces[item.type.sort, default: []].append(itemType(item.type)) }
        spaces[.function, default: []] += functions.map { .function(functionType($0.type)) }
        spaces[.table, default: []] += tables.map { .table($0.type) }
        spaces[.memory, default: []] += memories.map { .memory($0) }
        spaces[.global, default: []] += globals.map { .global($0.type) }
        spaces[.tag, default: []] += tags.map { .tag(functionType($0)) }
        return exports.compactMap { export in
            guard let space = spaces[export.item.sort], Int(export.item.index) < space.count else { return nil }
            return (export.name, space[Int(export.item.index)])
        }
    }
}
