// SPDX-License-Identifier: Apache-2.0

/// Work to be timed, and the least that the same work can cost.
public struct Benchmark {
    /// Does the operation that many times. What it sets up for itself should not grow with the number.
    public typealias Body = (_ operations: Int) throws -> Void

    /// The name, as in tables and JSON.
    public let name: String
    /// What the floor does, in a few words.
    public let floorSummary: String
    /// Whether ``ours`` runs in this thread, so that its allocations can be counted.
    public let countsAllocations: Bool
    let ours: Body
    let floor: Body?

    /// Declares a benchmark.
    ///
    /// - Parameters:
    ///   - floorSummary: what the floor does.
    ///   - countsAllocations: `false` when the work happens elsewhere, in another process.
    ///   - ours: the work as Dovetail does it.
    ///   - floor: the same without Dovetail; `nil` when there is nothing to compare with.
    public init(
        _ name: String, floorSummary: String = "", countsAllocations: Bool = true, ours: @escaping Body,
        floor: Body? = nil
    ) {
        self.name = name
        self.floorSummary = floorSummary
        self.countsAllocations = countsAllocations
        self.ours = ours
        self.floor = floor
    }

    /// Other work that is compared with the same floor.
    public func with(name: String, _ ours: @escaping Body) -> Benchmark {
        Benchmark(name, floorSummary: floorSummary, countsAllocations: countsAllocations, ours: ours, floor: floor)
    }
}
