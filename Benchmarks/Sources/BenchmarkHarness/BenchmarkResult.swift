// SPDX-License-Identifier: Apache-2.0

/// What one benchmark measured; what was not measured is `nil` and absent in JSON.
public struct BenchmarkResult: Codable, Sendable {
    /// The benchmark's name.
    public var name: String
    /// Nanoseconds for one operation: the median of the passes.
    public var ours: Double
    /// Nanoseconds for the floor's operation, from batches in between.
    public var floor: Double?
    /// Blocks asked of the allocator for one operation.
    public var allocations: Double?
    /// Nanoseconds for the same work elsewhere, by the peer's name; filled in by the script that runs the peers.
    public var peers: [String: Double] = [:]

    /// How many floors one operation costs.
    public var ratio: Double? { floor.map { ours / $0 } }
}
