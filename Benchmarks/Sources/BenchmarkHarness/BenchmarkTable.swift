// SPDX-License-Identifier: Apache-2.0

/// Results as a table for people.
public enum BenchmarkTable {
    /// The line above the results.
    public static var header: String {
        row("", "ours", "floor", "ratio", "allocations", "the floor is")
    }

    /// A benchmark's line.
    public static func line(_ result: BenchmarkResult, _ benchmark: Benchmark) -> String {
        row(
            result.name, time(result.ours), result.floor.map(time) ?? "-",
            result.ratio.map { "\(fixed($0, 2))x" } ?? "-",
            result.allocations.map(number) ?? "-", benchmark.floorSummary)
    }

    private static func row(
        _ name: String, _ ours: String, _ floor: String, _ ratio: String, _ allocations: String, _ what: String
    ) -> String {
        left(name, 22) + right(ours, 12) + right(floor, 12) + right(ratio, 9) + right(allocations, 13) + "  " + what
    }

    /// Nanoseconds in the unit that reads best.
    static func time(_ nanoseconds: Double) -> String {
        switch nanoseconds {
        case ..<1000: "\(fixed(nanoseconds, 1)) ns"
        case ..<1_000_000: "\(fixed(nanoseconds / 1000, 2)) µs"
        default: "\(fixed(nanoseconds / 1_000_000, 2)) ms"
        }
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() ? fixed(value, 0) : fixed(value, 2)
    }

    private static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((value * Double(scale)).rounded())
        guard digits > 0 else { return "\(scaled)" }
        let fraction = String(abs(scaled) % scale)
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(scaled < 0 ? "-" : "")\(abs(scaled) / scale).\(zeros)\(fraction)"
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.count)) + text
    }
}
