// SPDX-License-Identifier: Apache-2.0

import DovetailJSON
import DovetailTypes
import DovetailWITBinary

extension PackageMetadata {
    /// The payload of the custom section; what is empty is left out of the JSON.
    func encoded() -> [UInt8] {
        let tree = JSONTree.object([
            ("docs", documentation.map { .string($0) }),
            ("worlds", .entries(worlds) { $0.isEmpty ? nil : $0.tree }),
            ("interfaces", .entries(interfaces) { $0.isEmpty ? nil : $0.tree }),
        ])
        return [1] + tree.text().utf8
    }
}

extension PackageMetadata.WorldNotes {
    fileprivate var tree: JSONTree {
        .object(
            note.members + [
                ("interfaces", .entries(importedInterfaces) { $0.isEmpty ? nil : $0.tree }),
                ("types", .entries(types) { $0.isEmpty ? nil : $0.tree }),
                ("funcs", .entries(importedFunctions) { $0.isEmpty ? nil : $0.tree }),
                ("interface_exports", .entries(exportedInterfaces) { $0.isEmpty ? nil : $0.tree }),
                ("func_exports", .entries(exportedFunctions) { $0.isEmpty ? nil : $0.tree }),
                ("interface_import_stability", .entries(importNotes) { $0.stability.tree }),
                ("interface_export_stability", .entries(exportNotes) { $0.stability.tree }),
                ("interface_import_docs", .entries(importNotes) { $0.documentation.map { .string($0) } }),
                ("interface_export_docs", .entries(exportNotes) { $0.documentation.map { .string($0) } }),
            ])
    }
}

extension PackageMetadata.InterfaceNotes {
    fileprivate var tree: JSONTree {
        .object(
            note.members + [
                ("funcs", .entries(functions) { $0.isEmpty ? nil : $0.tree }),
                ("types", .entries(types) { $0.isEmpty ? nil : $0.tree }),
            ])
    }
}

extension PackageMetadata.TypeNotes {
    fileprivate var tree: JSONTree {
        .object(note.members + [("items", .entries(items) { .string($0) })])
    }
}

extension PackageMetadata.Note {
    fileprivate var members: [(String, JSONTree?)] {
        [("docs", documentation.map { .string($0) }), ("stability", stability.tree)]
    }

    fileprivate var tree: JSONTree { .object(members) }
}

extension Stability {
    fileprivate var tree: JSONTree? {
        switch self {
        case .unknown: nil
        case .stable(let since, let deprecated):
            .object([
                ("stable", .object([("since", .string(since.description)), ("deprecated", deprecated?.tree)]))
            ])
        case .unstable(let feature, let deprecated):
            .object([("unstable", .object([("feature", .string(feature)), ("deprecated", deprecated?.tree)]))])
        }
    }
}

extension SemanticVersion {
    fileprivate var tree: JSONTree { .string(description) }
}

extension JSONTree {
    /// An object of the values that `tree` keeps, sorted by name; `nil` when there are none.
    fileprivate static func entries<Notes>(_ notes: [String: Notes], _ tree: (Notes) -> JSONTree?) -> JSONTree? {
        let kept = notes.compactMapValues(tree)
        return kept.isEmpty ? nil : .object(kept) { $0 }
    }
}
