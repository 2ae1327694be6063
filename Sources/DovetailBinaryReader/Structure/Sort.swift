// SPDX-License-Identifier: Apache-2.0

/// The core index spaces, with the numbers that the binary format gives them. (Binary.md, `core:sort`)
package enum CoreSort: UInt8, Hashable, Sendable, CaseIterable {
    case function = 0x00
    case table = 0x01
    case memory = 0x02
    case global = 0x03
    case tag = 0x04
    case type = 0x10
    case module = 0x11
    case instance = 0x12
}

/// The index spaces of a component. (Binary.md, `sort`)
package enum Sort: Hashable, Sendable {
    case core(CoreSort)
    case function
    case value
    case type
    case component
    case instance
}

/// A definition in one of the core index spaces.
package struct CoreSortIndex: Hashable, Sendable {
    /// The index space.
    package let sort: CoreSort
    /// The position in it.
    package let index: UInt32

    /// Makes an index.
    package init(sort: CoreSort, index: UInt32) {
        self.sort = sort
        self.index = index
    }
}

/// A definition in one of the index spaces.
package struct SortIndex: Sendable {
    /// The index space.
    package let sort: Sort
    /// The position in it.
    package let index: UInt32

    /// Makes an index.
    package init(sort: Sort, index: UInt32) {
        self.sort = sort
        self.index = index
    }
}

extension CoreSort: CustomStringConvertible {
    /// The sort in words.
    package var description: String {
        switch self {
        case .function: "core function"
        case .table: "core table"
        case .memory: "core memory"
        case .global: "core global"
        case .tag: "core tag"
        case .type: "core type"
        case .module: "core module"
        case .instance: "core instance"
        }
    }
}

extension Sort: CustomStringConvertible {
    /// The sort in words.
    package var description: String {
        switch self {
        case .core(let sort): sort.description
        case .function: "function"
        case .value: "value"
        case .type: "type"
        case .component: "component"
        case .instance: "instance"
        }
    }
}
