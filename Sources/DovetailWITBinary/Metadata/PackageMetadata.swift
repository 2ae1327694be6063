// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
package import DovetailTypes

/// What types in a binary cannot carry: the comments and feature gates of a package, as the custom section
/// `package-docs` has them.
package struct PackageMetadata: Sendable {
    /// The name of the custom section.
    package static let sectionName = "package-docs"

    /// A comment and a gate.
    package struct Note: Sendable {
        package var documentation: String?
        package var stability: Stability = .unknown

        package init(documentation: String? = nil, stability: Stability = .unknown) {
            self.documentation = documentation
            self.stability = stability
        }

        package var isEmpty: Bool { documentation == nil && stability == .unknown }
    }

    package struct TypeNotes: Sendable {
        package var note = Note()
        /// The comments of fields, cases and labels.
        package var items: [String: String] = [:]

        package init() {}

        package var isEmpty: Bool { note.isEmpty && items.isEmpty }
    }

    package struct InterfaceNotes: Sendable {
        package var note = Note()
        package var functions: [String: Note] = [:]
        package var types: [String: TypeNotes] = [:]

        package init() {}

        package var isEmpty: Bool { note.isEmpty && functions.isEmpty && types.isEmpty }
    }

    /// The notes of a world. Imports and exports of one name may differ.
    package struct WorldNotes: Sendable {
        package var note = Note()
        package var types: [String: TypeNotes] = [:]
        /// The interfaces that are written out in the world, by name.
        package var importedInterfaces: [String: InterfaceNotes] = [:]
        package var exportedInterfaces: [String: InterfaceNotes] = [:]
        package var importedFunctions: [String: Note] = [:]
        package var exportedFunctions: [String: Note] = [:]
        /// The imports and exports of interfaces that are defined elsewhere, by the names they have in a component.
        package var importNotes: [String: Note] = [:]
        package var exportNotes: [String: Note] = [:]

        package init() {}

        package var isEmpty: Bool {
            note.isEmpty && types.isEmpty && importedInterfaces.isEmpty && exportedInterfaces.isEmpty
                && importedFunctions.isEmpty && exportedFunctions.isEmpty && importNotes.isEmpty && exportNotes.isEmpty
        }
    }

    package var documentation: String?
    package var worlds: [String: WorldNotes] = [:]
    package var interfaces: [String: InterfaceNotes] = [:]

    package init() {}
}
