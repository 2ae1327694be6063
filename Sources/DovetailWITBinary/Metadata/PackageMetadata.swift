// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes

/// What types in a binary cannot carry: the comments and feature gates of a package, as the custom section
/// `package-docs` has them.
package struct PackageMetadata: Sendable {
    /// The name of the custom section.
    package static let sectionName = "package-docs"

    /// A comment and a gate.
    struct Note: Sendable {
        var documentation: String?
        var stability: Stability = .unknown

        var isEmpty: Bool { documentation == nil && stability == .unknown }
    }

    struct TypeNotes: Sendable {
        var note = Note()
        /// The comments of fields, cases and labels.
        var items: [String: String] = [:]

        var isEmpty: Bool { note.isEmpty && items.isEmpty }
    }

    struct InterfaceNotes: Sendable {
        var note = Note()
        var functions: [String: Note] = [:]
        var types: [String: TypeNotes] = [:]

        var isEmpty: Bool { note.isEmpty && functions.isEmpty && types.isEmpty }
    }

    /// The notes of a world. Imports and exports of one name may differ.
    struct WorldNotes: Sendable {
        var note = Note()
        var types: [String: TypeNotes] = [:]
        /// The interfaces that are written out in the world, by name.
        var importedInterfaces: [String: InterfaceNotes] = [:]
        var exportedInterfaces: [String: InterfaceNotes] = [:]
        var importedFunctions: [String: Note] = [:]
        var exportedFunctions: [String: Note] = [:]
        /// The imports and exports of interfaces that are defined elsewhere, by the names they have in a component.
        var importNotes: [String: Note] = [:]
        var exportNotes: [String: Note] = [:]

        var isEmpty: Bool {
            note.isEmpty && types.isEmpty && importedInterfaces.isEmpty && exportedInterfaces.isEmpty
                && importedFunctions.isEmpty && exportedFunctions.isEmpty && importNotes.isEmpty && exportNotes.isEmpty
        }
    }

    var documentation: String?
    var worlds: [String: WorldNotes] = [:]
    var interfaces: [String: InterfaceNotes] = [:]

    init() {}
}
