// SPDX-License-Identifier: Apache-2.0

package import DovetailBinaryReader

/// An import of a core module.
package struct CoreModuleImport: Sendable {
    /// The name of the module that it comes from.
    package let module: String
    /// The name of the item.
    package var name: String
    /// What is imported.
    package var type: CoreExternType

    /// Makes an import.
    package init(module: String, name: String, type: CoreExternType) {
        self.module = module
        self.name = name
        self.type = type
    }
}

/// An export of a core module.
package struct CoreModuleExport: Sendable {
    /// The name.
    package var name: String
    /// What is exported.
    package var item: CoreSortIndex

    /// Makes an export.
    package init(name: String, item: CoreSortIndex) {
        self.name = name
        self.item = item
    }
}

extension CoreExternType {
    /// The index space that an import of this type is put into.
    package var sort: CoreSort {
        switch self {
        case .function: .function
        case .table: .table
        case .memory: .memory
        case .global: .global
        case .tag: .tag
        }
    }
}
