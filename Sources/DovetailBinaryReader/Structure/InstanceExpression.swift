// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// How a core instance comes to be. (Explainer.md, "Instance Definitions")
package enum CoreInstanceExpression: Sendable {
    case instantiate(module: UInt32, arguments: [CoreInstantiateArgument])
    case exports([CoreInlineExport])
}

/// A core instance that satisfies the imports of one module name.
package struct CoreInstantiateArgument: Sendable {
    /// The module name of the imports.
    package var name: String
    /// The core instance's index.
    package var instance: UInt32

    /// Makes an argument.
    package init(name: String, instance: UInt32) {
        self.name = name
        self.instance = instance
    }
}

/// An export of a core instance that is put together of existing core definitions.
package struct CoreInlineExport: Sendable {
    /// The name of the export.
    package var name: String
    /// What is exported.
    package var item: CoreSortIndex

    /// Makes an export.
    package init(name: String, item: CoreSortIndex) {
        self.name = name
        self.item = item
    }
}

/// How a component instance comes to be. (Explainer.md, "Instance Definitions")
package enum InstanceExpression: Sendable {
    case instantiate(component: UInt32, arguments: [InstantiateArgument])
    case exports([InlineExport])
}

/// A definition that satisfies an import of an instantiated component.
package struct InstantiateArgument: Sendable {
    /// The name of the import.
    package var name: String
    /// What is passed.
    package var item: SortIndex

    /// Makes an argument.
    package init(name: String, item: SortIndex) {
        self.name = name
        self.item = item
    }
}

/// An export of an instance that is put together of existing definitions.
package struct InlineExport: Sendable {
    /// The name of the export.
    package var name: ExternName
    /// What is exported.
    package var item: SortIndex

    /// Makes an export.
    package init(name: ExternName, item: SortIndex) {
        self.name = name
        self.item = item
    }
}
