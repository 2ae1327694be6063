// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation

/// A table of how many units of each suite pass, fail and are skipped, committed so that a loss is noticed.
struct ExpectedResults {
    private static let heading = "# suite passed failed skipped; `dovetail-conformance --bless` writes it"
    private var rows: [(suite: String, tally: Report.Tally)] = []

    init() {}

    /// Reads a table.
    /// - Throws: ``CaseFailure`` when a line is not a suite and three numbers.
    init(text: String) throws {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            let numbers = words.dropFirst().compactMap { Int($0) }
            guard words.count == 4, numbers.count == 3 else {
                throw CaseFailure("expected a suite and three numbers, found `\(line)`")
            }
            self[String(words[0])] = Report.Tally(passed: numbers[0], failed: numbers[1], skipped: numbers[2])
        }
    }

    /// The row of a suite.
    subscript(suite: String) -> Report.Tally? {
        get { rows.first { $0.suite == suite }?.tally }
        set {
            rows.removeAll { $0.suite == suite }
            if let newValue { rows.append((suite, newValue)) }
        }
    }

    /// The table as it is committed.
    var text: String {
        ([Self.heading]
            + rows.map { "\($0.suite) \($0.tally.passed) \($0.tally.failed) \($0.tally.skipped)" }).joined(
                separator: "\n")
            + "\n"
    }

    /// What a suite has lost, `nil` when it does as well as expected or better.
    func loss(of suite: String, _ found: Report.Tally) -> String? {
        guard let expected = self[suite] else { return "\(suite) is not in the table of expected results" }
        guard found.passed < expected.passed || found.failed > expected.failed || found.skipped > expected.skipped
        else {
            return nil
        }
        return "\(suite): expected \(expected.text), found \(found.text)"
    }
}
