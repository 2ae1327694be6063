// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation

/// The outcomes of a run, counted and reported.
struct Report {
    /// How many of each.
    struct Tally {
        var passed = 0
        var failed = 0
        var skipped = 0

        /// The tally as text.
        var text: String { "\(passed) passed, \(failed) failed, \(skipped) skipped" }

        mutating func count(_ outcome: Outcome) {
            switch outcome {
            case .passed: passed += 1
            case .failed: failed += 1
            case .skipped: skipped += 1
            }
        }
    }

    private var suites: [(name: String, outcomes: [UnitOutcome])] = []

    /// Adds a suite's outcomes.
    mutating func add(suite: String, _ outcomes: [UnitOutcome]) { suites.append((suite, outcomes)) }

    /// Whether anything failed.
    var hasFailures: Bool { tally(suites.flatMap(\.outcomes)).failed > 0 }

    /// The line of a suite.
    func line(suite: String) -> String { "\(suite): \(tally(suite: suite).text)" }

    /// The last line.
    var total: String { "total: \(tally(suites.flatMap(\.outcomes)).text)" }

    /// What failed in a suite and why, and why units were skipped.
    func details(suite: String) -> [String] {
        var lines: [String] = []
        var reasons: [String: Int] = [:]
        for unit in outcomes(suite) {
            switch unit.outcome {
            case .passed: break
            case .failed(let reason):
                let label = unit.label.isEmpty ? "" : " \(unit.label)"
                lines.append(
                    "  failed: \(unit.identifier)\(label): \(reason.split(separator: "\n").joined(separator: " | "))")
            case .skipped(let reason): reasons[reason, default: 0] += 1
            }
        }
        for (reason, count) in reasons.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            lines.append("  skipped: \(count) × \(reason)")
        }
        return lines
    }

    /// Writes all outcomes as JSON.
    func write(to path: String) throws {
        let list = suites.map { suite -> [String: Any] in
            let tally = tally(suite.outcomes)
            return [
                "suite": suite.name, "passed": tally.passed, "failed": tally.failed, "skipped": tally.skipped,
                "outcomes": suite.outcomes.map(Self.json),
            ]
        }
        let data = try JSONSerialization.data(
            withJSONObject: ["suites": list], options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        try data.write(to: URL(fileURLWithPath: path))
    }

    private static func json(_ unit: UnitOutcome) -> [String: Any] {
        var object: [String: Any] = ["id": unit.identifier]
        if !unit.label.isEmpty { object["command"] = unit.label }
        switch unit.outcome {
        case .passed: object["outcome"] = "passed"
        case .failed(let reason):
            object["outcome"] = "failed"
            object["reason"] = reason
        case .skipped(let reason):
            object["outcome"] = "skipped"
            object["reason"] = reason
        }
        return object
    }

    /// How many units of a suite passed, failed and were skipped.
    func tally(suite: String) -> Tally { tally(outcomes(suite)) }

    private func outcomes(_ name: String) -> [UnitOutcome] { suites.first { $0.name == name }?.outcomes ?? [] }

    private func tally(_ outcomes: [UnitOutcome]) -> Tally {
        outcomes.reduce(into: Tally()) { $0.count($1.outcome) }
    }
}
