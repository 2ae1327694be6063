// SPDX-License-Identifier: Apache-2.0

public import DovetailSystem

/// Waits by blocking the calling thread in `poll`, with a wake descriptor for signals of the host. Never spins.
///
/// One per store; not for use from two threads at once.
public final class PollWaiter: ReadinessWaiter {
    /// Ends every wait with code `interrupted` while raised.
    public var interrupt: ReadinessSignal?
    /// Ends every wait with code `timedOut` from this instant of the host's monotonic clock on, in nanoseconds.
    public var deadline: UInt64?
    /// What ``deadline`` is for the call that runs; the earlier one counts.
    package var callDeadline: () -> UInt64? = { nil }

    private var wake: WakeDescriptor?

    /// Makes a waiter that can be ended early by a signal or an instant.
    public init(interrupt: ReadinessSignal? = nil, deadline: UInt64? = nil) {
        self.interrupt = interrupt
        self.deadline = deadline
    }

    /// The indices of the sources that are ready now, without waiting.
    public func ready(among sources: [Readiness]) throws -> [Int] {
        try Self.poll(sources, until: 0, wake: nil)
    }

    /// Blocks the thread until a source is ready.
    public func wait(for sources: [Readiness]) throws -> [Int] {
        try throwIfEnded()
        let already = try ready(among: sources)
        if !already.isEmpty { return already }

        let wakes = interrupt != nil || sources.contains { if case .signal = $0 { true } else { false } }
        let wake = wakes ? try wakeDescriptor() : nil
        var observed: [(ReadinessSignal, UInt64)] = []
        defer { for (signal, token) in observed { signal.stopObserving(token) } }
        if let wake {
            wake.drain()
            if let interrupt { observed.append((interrupt, interrupt.observe { wake.raise() })) }
            for case .signal(let signal) in sources {
                observed.append((signal, signal.observe { wake.raise() }))
            }
        }

        var earliest = currentDeadline
        for case .time(let instant) in sources { earliest = min(earliest ?? instant, instant) }
        guard earliest != nil || wake != nil || sources.contains(where: \.isDescriptor) else {
            throw WASIError.waitsForNothing()
        }
        while true {
            let found = try Self.poll(sources, until: earliest, wake: wake)
            if !found.isEmpty { return found }
            try throwIfEnded()
        }
    }

    private static func poll(
        _ sources: [Readiness], until limit: UInt64?, wake: WakeDescriptor?
    ) throws(WASIError) -> [Int] {
        do throws(SystemError) {
            return try Poll.ready(among: sources, until: limit, wake: wake)
        } catch {
            throw WASIError.cannotWait(error)
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

    private func wakeDescriptor() throws -> WakeDescriptor {
        if let wake { return wake }
        do throws(SystemError) {
            let made = try WakeDescriptor()
            wake = made
            return made
        } catch {
            throw WASIError.cannotWait(error)
        }
    }
}

extension Readiness {
    /// Whether the system can wait for it.
    var isDescriptor: Bool {
        switch self {
        case .readable, .writable: true
        default: false
        }
    }
}
