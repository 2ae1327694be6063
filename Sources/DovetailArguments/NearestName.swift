// SPDX-License-Identifier: Apache-2.0

/// The candidate that `name` was probably meant to be, or `nil` where none is near.
///
/// Near is a Damerau-Levenshtein distance (insert, delete, replace, swap of neighbours) of at most a third of the longer length, and of
/// one for short names; difference in case costs nothing. Of equally near ones the first is taken.
package func nearestName(to name: String, in candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    // Longer input is no typing error, and the distance is quadratic.
    guard !wanted.isEmpty, wanted.count <= 256 else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate != name {
        let scalars = Array(candidate.lowercased().unicodeScalars)
        let limit = max(1, max(wanted.count, scalars.count) / 3)
        guard abs(wanted.count - scalars.count) <= limit, scalars.count > 1 || wanted.count == 1 else { continue }
        let distance = editDistance(wanted, scalars)
        if distance <= limit, distance < (best?.distance ?? .max), distance < max(scalars.count, wanted.count) {
            best = (candidate, distance)
        }
    }
    return best?.name
}

/// The number of insertions, deletions, replacements and swaps of neighbours between two words.
package func editDistance<Element: Equatable>(_ first: [Element], _ second: [Element]) -> Int {
    if first.isEmpty { return second.count }
    if second.isEmpty { return first.count }
    var beforeLast = [Int](repeating: 0, count: second.count + 1)
    var last = Array(0...second.count)
    var current = last
    for i in 1...first.count {
        current[0] = i
        for j in 1...second.count {
            let same = first[i - 1] == second[j - 1]
            var distance = min(last[j] + 1, current[j - 1] + 1, last[j - 1] + (same ? 0 : 1))
            if i > 1, j > 1, first[i - 1] == second[j - 2], first[i - 2] == second[j - 1] {
                distance = min(distance, beforeLast[j - 2] + 1)
            }
            current[j] = distance
        }
        swap(&beforeLast, &last)
        swap(&last, &current)
    }
    return last[second.count]
}
