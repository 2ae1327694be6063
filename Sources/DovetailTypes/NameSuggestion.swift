// SPDX-License-Identifier: Apache-2.0

/// Finds the name that was probably meant.
package enum NameSuggestion {
    /// The candidate nearest to `name` by edit distance, `nil` when none is near enough.
    package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(name.utf8.prefix(64))
        var best: (distance: Int, name: String)?
        for candidate in candidates.prefix(4096) where candidate != name {
            let distance = distance(wanted, Array(candidate.utf8.prefix(64)))
            guard distance <= max(1, wanted.count / 3) else { continue }
            if distance < (best?.distance ?? .max) { best = (distance, candidate) }
        }
        return best?.name
    }

    /// How many letters have to be added, removed, replaced, or swapped with their neighbour.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        if abs(one.count - other.count) > 21 { return .max }
        var before = [Int](repeating: 0, count: other.count + 1)
        var previous = Array(0...other.count)
        for i in 0..<one.count {
            var row = [Int](repeating: i + 1, count: other.count + 1)
            for j in 0..<other.count {
                let same = one[i] == other[j] || (one[i] | 0x20 == other[j] | 0x20)
                row[j + 1] = min(previous[j] + (same ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
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
