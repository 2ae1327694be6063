// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import Testing

@Suite struct NameSuggestionTests {
    @Test(
        "the nearest names are suggested",
        arguments: [
            ("dri", "dir"), ("verison", "version"), ("isnpect", "inspect"), ("RUN", "run"), ("xyz", nil), ("", nil),
            ("r", nil),
        ] as [(String, String?)])
    func nearestNames(word: String, expected: String?) {
        #expect(NameSuggestion.nearest(to: word, among: ["dir", "version", "inspect", "run"]) == expected)
    }

    @Test(
        "the distance of two names counts their differences",
        arguments: [("kitten", "sitting", 3), ("ab", "ba", 1), ("", "abc", 3), ("abc", "abc", 0)])
    func distances(one: String, other: String, expected: Int) {
        #expect(NameSuggestion.distance(Array(one.unicodeScalars), Array(other.unicodeScalars)) == expected)
    }
}
