// SPDX-License-Identifier: Apache-2.0

/// Finds the name that was probably meant.
package enum NameSuggestion {
    /// Longer names are no typing errors, and the distance is quadratic.
    private static let longestName = 256

    /// The candidate nearest to `name`, `nil` when none is near.
    ///
    /// Near is a Damerau-Levenshtein distance (insert, delete, replace, swap of neighbours) of at most a third of the longer
    /// length, and of one for short names; difference in case costs nothing. Of equally near ones the first is taken.
    package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().unicodeScalars)
        guard !wanted.isEmpty, wanted.count <= longestName else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in candidates.prefix(4096) where candidate != name {
            let scalars = Array(candidate.lowercased().unicodeScalars)
            let longer = max(wanted.count, scalars.count)
            let limit = max(1, longer / 3)
            guard abs(wanted.count - scalars.count) <= limit, scalars.count > 1 || wanted.count == 1 else { continue }
            let distance = distance(wanted, scalars)
            if distance <= limit, distance < longer, distance < (best?.distance ?? .max) {
                best = (candidate, distance)
            }
        }
        return best?.name
    }

    /// How many letters have to be added, removed, replaced, or swapped with their neighbour.
    package static func distance(_ one: [Unicode.Scalar], _ other: [Unicode.Scalar]) -> Int {
        var before = [Int](repeating: 0, count: other.count + 1)
        var previous = Array(0...other.count)
        for i in one.indices {
            var row = [Int](repeating: i + 1, count: other.count + 1)
            for j in other.indices {
                row[j + 1] = min(previous[j] + (one[i] == other[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, one[i] == other[j - 1], one[i - 1] == other[j] {
                    row[j + 1] = min(row[j + 1], before[j - 1] + 1)
                }
            }
            before = previous
            previous = row
        }
        return previous[other.count]
    }
}
