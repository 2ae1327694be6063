// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// A definition that is found elsewhere and put into the current index space. (Binary.md, "Alias Definitions")
package struct Alias: Sendable {
    /// The index space it is put into.
    package let sort: Sort
    /// Where it is found.
    package var target: AliasTarget

    /// Makes an alias.
    package init(sort: Sort, target: AliasTarget) {
        self.sort = sort
        self.target = target
    }
}

/// Where an alias finds its definition.
package enum AliasTarget: Sendable {
    case export(instance: UInt32, name: String)
    case coreExport(instance: UInt32, name: String)
    /// `count` scopes outward, 0 being the current one.
    case outer(count: UInt32, index: UInt32)
}

/// An import of a component. (Binary.md, "Import and Export Definitions")
package struct ImportDefinition: Sendable {
    /// The name with its attributes.
    package var name: ExternName
    /// What has to be supplied.
    package var type: ExternTypeReference

    /// Makes an import.
    package init(name: ExternName, type: ExternTypeReference) {
        self.name = name
        self.type = type
    }
}

/// An export of a component. (Binary.md, "Import and Export Definitions")
package struct ExportDefinition: Sendable {
    /// The name with its attributes.
    package var name: ExternName
    /// What is exported.
    package var item: SortIndex
    /// The type it is exported as, when that is written down.
    package var type: ExternTypeReference?

    /// Makes an export.
    package init(name: ExternName, item: SortIndex, type: ExternTypeReference? = nil) {
        self.name = name
        self.item = item
        self.type = type
    }
}
