// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import Testing

@Suite("Semantic versions")
struct SemanticVersionTests {
    @Test(
        "reads and prints what it read",
        arguments: ["0.0.0", "1.2.3", "1.2.3-rc.1", "0.2.0-rc-2023-11-10", "1.0.0+b.01", "1.0.0-a.b+c"])
    func roundTrip(text: String) throws {
        let version = try #require(SemanticVersion(text))
        #expect(version.description == text)
    }

    @Test(
        "refuses what is no version",
        arguments: [
            "", "1", "1.2", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "1.2.3-a..b", "1.2.3.4", "a.b.c", "1.2.3-é",
        ])
    func refuses(text: String) {
        #expect(SemanticVersion(text) == nil)
    }

    @Test("orders as semver.org, section 11, does")
    func order() throws {
        let ascending = [
            "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0", "1.0.1", "1.1.0", "2.0.0",
        ].compactMap { SemanticVersion($0) }
        #expect(ascending.count == 11)
        #expect(ascending.sorted() == ascending)
        #expect(ascending.shuffled().sorted() == ascending)
    }

    @Test(
        "knows which versions stand in for each other",
        arguments: [
            ("1.2.3", "1"), ("0.2.6", "0.2"), ("0.0.1", "0.0.1"), ("1.0.0-rc1", "1.0.0-rc1"), ("0.2.1+b", "0.2"),
        ])
    func track(text: String, track: String) throws {
        #expect(try #require(SemanticVersion(text)).compatibilityTrack == track)
    }
}
