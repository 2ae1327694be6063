// SPDX-License-Identifier: Apache-2.0

/// Finds the name that was probably meant.
package enum NameSuggestion {
    /// Longer names are not typing errors, and the distance is quadratic.
    private static let longestName = 256
    /// Further candidates are not looked at.
    private static let mostCandidates = 4096

    /// The candidate nearest to `name`, `nil` when none is near.
    ///
    /// Near is a Damerau-Levenshtein distance (insert, delete, replace, swap of neighbours) of at most a third of the longer
    /// length, and of one for short names; difference in case costs nothing. Of equally near ones the first is taken.
    package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = lowercased(name)
        guard !wanted.isEmpty, wanted.count <= longestName else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in candidates.prefix(mostCandidates) where candidate != name {
            // A scalar has at most four bytes.
            guard candidate.utf8.count <= 8 * longestName else { continue }
            let scalars = lowercased(candidate)
            let longer = max(wanted.count, scalars.count)
            let nearLimit = max(1, longer / 3)
            let limit = min(nearLimit, longer - 1, (best?.distance ?? .max) - 1)
            guard abs(wanted.count - scalars.count) <= limit, scalars.count > 1 || wanted.count == 1 else { continue }
            let distance = distance(wanted, scalars, upTo: limit)
            if distance <= limit { best = (candidate, distance) }
            if distance == 0 { break }
        }
        return best?.name
    }

    private static func lowercased(_ name: String) -> [Unicode.Scalar] {
        if name.utf8.allSatisfy({ $0 < 0x80 }) {
            return name.utf8.map { Unicode.Scalar((0x41...0x5a).contains($0) ? $0 | 0x20 : $0) }
        }
        return Array(name.lowercased().unicodeScalars)
    }

    /// How many letters have to be added, removed, replaced, or swapped with their neighbour; any larger number when it is
    /// more than `limit`.
    package static func distance(
        _ one: [Unicode.Scalar], _ other: [Unicode.Scalar], upTo limit: Int = .max
    ) -> Int {
        var before = [Int](repeating: 0, count: other.count + 1)
        var previous = Array(0...other.count)
        var row = before
        for i in one.indices {
            row[0] = i + 1
            var least = i + 1
            for j in other.indices {
                var steps = min(previous[j] + (one[i] == other[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, one[i] == other[j - 1], one[i - 1] == other[j] {
                    steps = min(steps, before[j - 1] + 1)
                }
                row[j + 1] = steps
                least = min(least, steps)
            }
            // A swap reaches two rows back.
            if least > limit, previous.min() ?? 0 > limit { return least }
            (before, previous, row) = (previous, row, before)
        }
        return previous[other.count]
    }
}
