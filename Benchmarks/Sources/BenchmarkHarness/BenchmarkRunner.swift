// SPDX-License-Identifier: Apache-2.0

import CBenchmarkSupport

/// Times benchmarks: batches of a calibrated size, ours and the floor in turns, the median of all rounds.
///
/// Rounds are short, so that on a busy machine most of them run undisturbed, and many, so that the median is one of those.
public struct BenchmarkRunner {
    /// How long and how often to measure.
    public struct Effort: Sendable {
        /// How long one batch should take.
        public var batch: Duration
        /// How many rounds there are, unless the time runs out.
        public var rounds: Int
        /// After how long no new round begins, once ``minimumRounds`` are done.
        public var limit: Duration
        /// How many rounds there are at least.
        public var minimumRounds: Int

        /// For results that are kept.
        public static let full = Effort(
            batch: .microseconds(500), rounds: 301, limit: .seconds(4), minimumRounds: 11)
        /// For a look while working.
        public static let quick = Effort(
            batch: .microseconds(500), rounds: 31, limit: .milliseconds(500), minimumRounds: 3)
    }

    private let effort: Effort

    /// Makes a runner.
    public init(_ effort: Effort = .full) { self.effort = effort }

    /// Measures one benchmark.
    /// - Throws: what the benchmark's work throws.
    public func run(_ benchmark: Benchmark) throws -> BenchmarkResult {
        let ourBatch = try calibrate(benchmark.ours)
        let floorBatch = try benchmark.floor.map(calibrate) ?? 1
        let allocations = try benchmark.countsAllocations ? countAllocations(benchmark.ours, ourBatch) : nil

        var ours: [Double] = []
        var floors: [Double] = []
        let clock = ContinuousClock()
        let start = clock.now
        while ours.count < effort.rounds {
            if ours.count >= effort.minimumRounds, clock.now - start > effort.limit { break }
            // Whoever goes second finds warmer caches: take turns.
            if ours.count.isMultiple(of: 2) {
                ours.append(try time(benchmark.ours, ourBatch))
                if let floor = benchmark.floor { floors.append(try time(floor, floorBatch)) }
            } else {
                if let floor = benchmark.floor { floors.append(try time(floor, floorBatch)) }
                ours.append(try time(benchmark.ours, ourBatch))
            }
        }
        return BenchmarkResult(
            name: benchmark.name, ours: Self.median(ours), floor: floors.isEmpty ? nil : Self.median(floors),
            allocations: allocations)
    }

    /// How many operations fill a batch; warms up by the way.
    private func calibrate(_ body: Benchmark.Body) throws -> Int {
        let wanted = Self.nanoseconds(effort.batch)
        var operations = 1
        while true {
            let each = try time(body, operations)
            let total = each * Double(operations)
            if total >= wanted { return max(1, Int(Double(operations) * wanted / total)) }
            // Grows fast while far off, but never past what a single estimate can be trusted for.
            operations = max(operations + 1, min(operations * 10, Int(1.2 * wanted / max(each, 0.1))))
        }
    }

    /// Nanoseconds for one operation of a batch.
    private func time(_ body: Benchmark.Body, _ operations: Int) throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        try body(operations)
        return Self.nanoseconds(clock.now - start) / Double(operations)
    }

    /// Allocations for one operation, with what a batch needs once spread over many.
    private func countAllocations(_ body: Benchmark.Body, _ batch: Int) throws -> Double? {
        guard benchmark_counts_allocations() else { return nil }
        let operations = max(batch, 10)
        try body(operations)
        let before = benchmark_allocations()
        try body(operations)
        let each = Double(benchmark_allocations() - before) / Double(operations)
        return (each * 100).rounded() / 100
    }

    /// The middle of the values.
    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    private static func nanoseconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) * 1e9 + Double(attoseconds) / 1e9
    }
}
