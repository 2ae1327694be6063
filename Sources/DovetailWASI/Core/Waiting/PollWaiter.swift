// SPDX-License-Identifier: Apache-2.0

public import DovetailSystem

/// Waits by blocking the calling thread, which drives an event loop of its own meanwhile. Never spins.
///
/// One per store; not for use from two threads at once.
public final class PollWaiter: ReadinessWaiter {
    /// Ends every wait with code `interrupted` while raised.
    public var interrupt: ReadinessSignal?
    /// Ends every wait with code `timedOut` from this instant of the host's monotonic clock on, in nanoseconds.
    public var deadline: UInt64?
    /// What ``deadline`` is for the call that runs; the earlier one counts.
    package var callDeadline: () -> UInt64? = { nil }

    /// Makes a waiter that can be ended early by a signal or an instant.
    public init(interrupt: ReadinessSignal? = nil, deadline: UInt64? = nil) {
        self.interrupt = interrupt
        self.deadline = deadline
    }

    /// The indices of the sources that are ready now, without waiting.
    public func ready(among sources: [Readiness]) throws -> [Int] {
        do throws(SystemError) { return try Readiness.ready(among: sources) } catch {
            throw WASIError.cannotWait(error)
        }
    }

    /// Blocks the thread until a source is ready.
    public func wait(for sources: [Readiness]) throws -> [Int] {
        try throwIfEnded()
        let already = try ready(among: sources)
        if !already.isEmpty { return already }

        let limit = currentDeadline
        guard limit != nil || interrupt != nil || !sources.allSatisfy(\.isNever) else {
            throw WASIError.waitsForNothing()
        }
        let all = interrupt.map { sources + [.signal($0)] } ?? sources
        while true {
            do throws(SystemError) {
                try EventLoop.block(for: all, until: limit)
            } catch {
                throw WASIError.cannotWait(error)
            }
            let found = try ready(among: sources)
            if !found.isEmpty { return found }
            try throwIfEnded()
        }
    }

    private func throwIfEnded() throws {
        if let interrupt, interrupt.isRaised { throw WASIError.interrupted() }
        if let deadline = currentDeadline, deadline <= SystemClock.monotonic { throw WASIError.timedOut() }
    }

    private var currentDeadline: UInt64? {
        guard let call = callDeadline() else { return deadline }
        return min(call, deadline ?? .max)
    }
}
