// SPDX-License-Identifier: Apache-2.0

import CBenchmarkSupport

/// Times benchmarks: all of them are gone through several times; in each pass, batches of a calibrated size of ours and of the
/// floor take turns, and the pass counts as its quickest batch; the result is the median of the passes.
///
/// Batches are short, so that even on a busy machine some in each pass run undisturbed. Peers that report their quickest round
/// can be compared with that.
public struct BenchmarkRunner {
    /// How long and how often to measure.
    public struct Effort: Sendable {
        /// How long one batch should take.
        public var batch: Duration
        /// How often all benchmarks are gone through.
        public var passes: Int
        /// The most batches of one benchmark in a pass; the first is always done.
        public var batches: Int
        /// After how long in one pass a benchmark begins no new batch.
        public var limit: Duration

        /// For results that are kept.
        public static let full = Effort(
            batch: .microseconds(500), passes: 21, batches: 21, limit: .milliseconds(250))
        /// For a look while working.
        public static let quick = Effort(
            batch: .microseconds(500), passes: 3, batches: 11, limit: .milliseconds(100))
    }

    /// A benchmark on its way.
    private struct Run {
        let benchmark: Benchmark
        let ourBatch: Int
        let floorBatch: Int
        let allocations: Double?
        var ours: [Double] = []
        var floors: [Double] = []
    }

    private let effort: Effort

    /// Makes a runner.
    public init(_ effort: Effort = .full) { self.effort = effort }

    /// Measures benchmarks.
    /// - Throws: what the benchmarks' work throws.
    public func run(_ benchmarks: [Benchmark]) throws -> [BenchmarkResult] {
        var runs = try benchmarks.map { benchmark in
            let batch = try calibrate(benchmark.ours)
            return Run(
                benchmark: benchmark, ourBatch: batch, floorBatch: try benchmark.floor.map(calibrate) ?? 1,
                allocations: try benchmark.countsAllocations ? countAllocations(benchmark.ours, batch) : nil)
        }
        for _ in 0..<effort.passes {
            for index in runs.indices { try pass(&runs[index]) }
        }
        return runs.map { run in
            BenchmarkResult(
                name: run.benchmark.name, ours: Self.median(run.ours),
                floor: run.floors.isEmpty ? nil : Self.median(run.floors), allocations: run.allocations)
        }
    }

    /// One pass of one benchmark.
    private func pass(_ run: inout Run) throws {
        let clock = ContinuousClock()
        let start = clock.now
        var ours = Double.infinity
        var floor = Double.infinity
        for number in 0..<max(1, effort.batches) {
            if number > 0, clock.now - start > effort.limit { break }
            // Whoever goes second finds warmer caches: take turns.
            let floorFirst = number.isMultiple(of: 2)
            if floorFirst { floor = min(floor, try floorTime(run)) }
            ours = min(ours, try time(run.benchmark.ours, run.ourBatch))
            if !floorFirst { floor = min(floor, try floorTime(run)) }
        }
        run.ours.append(ours)
        if run.benchmark.floor != nil { run.floors.append(floor) }
    }

    private func floorTime(_ run: Run) throws -> Double {
        guard let floor = run.benchmark.floor else { return .infinity }
        return try time(floor, run.floorBatch)
    }

    /// How many operations fill a batch; warms up by the way.
    private func calibrate(_ body: Benchmark.Body) throws -> Int {
        let wanted = Self.nanoseconds(effort.batch)
        var operations = 1
        while true {
            // One disturbed batch must not pass for a long one.
            var each = try time(body, operations)
            if each * Double(operations) < 20 * wanted {
                each = min(each, try time(body, operations), try time(body, operations))
            }
            let total = each * Double(operations)
            if total >= wanted { return max(1, Int(Double(operations) * wanted / total)) }
            // Grows fast while far off, but never past what a single estimate can be trusted for.
            operations = max(operations + 1, min(operations * 10, Int(1.2 * wanted / max(each, 0.1))))
        }
    }

    /// Nanoseconds for one operation of a batch.
    private func time(_ body: Benchmark.Body, _ operations: Int) throws -> Double {
        // Where blocks lie to each other is luck, and copying is slower between unlucky places: each batch has its own.
        let space = UnsafeMutableRawPointer.allocate(byteCount: 1040 + 16 * Int.random(in: 0..<256), alignment: 16)
        defer { space.deallocate() }
        let clock = ContinuousClock()
        let start = clock.now
        try body(operations)
        return Self.nanoseconds(clock.now - start) / Double(operations)
    }

    /// Allocations for one operation, with what a batch needs once spread over many.
    private func countAllocations(_ body: Benchmark.Body, _ batch: Int) throws -> Double? {
        guard benchmark_counts_allocations() else { return nil }
        let operations = max(batch, 1000)
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
