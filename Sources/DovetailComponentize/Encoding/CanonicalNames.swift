// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWITReader

/// Names of interfaces that say only which versions are compatible, with the rest of the version beside them.
/// (Explainer.md, "Import and Export Definitions", canonical interface names; Binary.md, `versionsuffix`)
enum CanonicalNames {
    /// The canonical form of `a:b/c@1.2.3`, `a:b/c@1`, and what that leaves out; other names stay what they are.
    static func split(_ name: String) -> (name: String, suffix: String?) {
        guard let at = name.lastIndex(of: "@") else { return (name, nil) }
        let text = name[name.index(after: at)...]
        guard let track = SemanticVersion(String(text))?.compatibilityTrack, text.hasPrefix(track), text != track else {
            return (name, nil)
        }
        return (String(name[...at]) + track, String(text.dropFirst(track.count)))
    }

    /// - Throws: a ``ComponentizeError`` when two interfaces would have one name.
    static func check(_ merged: ModuleWorld) throws(ComponentizeError) {
        let (graph, world) = (merged.graph, merged.graph[merged.world])
        for (items, word) in [(world.imports, "import"), (world.exports, "export")] {
            var known: [String: String] = [:]
            for (key, item) in items {
                guard case .interface = item.kind else { continue }
                let name = graph.externName(of: key)
                let canonical = split(name).name
                if let other = known.updateValue(name, forKey: canonical) {
                    throw .oneCanonicalName(word, other, name, canonical)
                }
            }
        }
    }
}
