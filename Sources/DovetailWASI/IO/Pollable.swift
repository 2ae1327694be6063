// SPDX-License-Identifier: Apache-2.0

/// The representation of the resource `wasi:io/poll.pollable`: something that can be asked, again and again, what it waits for.
public final class Pollable {
    private let source: () -> Readiness

    /// Makes a pollable of anything that can say what it waits for.
    public init(_ source: @escaping () -> Readiness) {
        self.source = source
    }

    /// What it waits for at this moment.
    public var readiness: Readiness { source() }

    /// `[method]pollable.ready`.
    package func isReady(_ waiter: any ReadinessWaiter) throws -> Bool {
        try waiter.isReady(readiness)
    }

    /// `[method]pollable.block`.
    package func block(_ waiter: any ReadinessWaiter) throws {
        try waiter.wait(for: readiness)
    }

    /// `wasi:io/poll#poll`: waits until one of the pollables is ready, and gives the indices of all that are.
    ///
    /// - Throws: ``WASIError`` with code `misuse` for an empty list, besides what the waiter throws.
    package static func poll(_ pollables: [Pollable], _ waiter: any ReadinessWaiter) throws -> [UInt32] {
        guard !pollables.isEmpty else { throw WASIError.emptyPoll() }
        guard UInt32(exactly: pollables.count) != nil else { throw WASIError.pollTooLong(pollables.count) }
        return try waiter.wait(for: pollables.map(\.readiness)).map { UInt32(truncatingIfNeeded: $0) }
    }
}
