// SPDX-License-Identifier: Apache-2.0
import CDovetailSystem

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

    /// One system call: the sources that are ready, after waiting at most until `limit` (0: not at all, nil: no limit).
    static func poll(_ sources: [Readiness], until limit: UInt64?, wake: WakeDescriptor?) throws -> [Int] {
        var entries: [dovetail_sys_poll_entry] = []
        for source in sources {
            switch source {
            case .readable(let number):
                entries.append(.init(descriptor: number, interest: Int16(DOVETAIL_POLL_READABLE), ready: 0))
            case .writable(let number):
                entries.append(.init(descriptor: number, interest: Int16(DOVETAIL_POLL_WRITABLE), ready: 0))
            default: break
            }
        }
        let descriptors = entries.count
        var now = dovetail_sys_monotonic_now()
        if descriptors > 0 || limit != 0 {
            if let wake {
                entries.append(.init(descriptor: wake.reader, interest: Int16(DOVETAIL_POLL_READABLE), ready: 0))
            }
            let pause: Int64 =
                switch limit {
                case nil: -1
                case .some(let limit): limit <= now ? 0 : Int64(clamping: limit - now)
                }
            do throws(SystemError) {
                try SystemError.check(dovetail_sys_poll(&entries, entries.count, pause))
            } catch {
                throw WASIError.cannotWait(error)
            }
            now = dovetail_sys_monotonic_now()
            // Before the signals are looked at: one raised after this wakes the next call.
            if let wake, let last = entries.last, last.ready != 0 { wake.drain() }
        }

        var found: [Int] = []
        var next = 0
        for (index, source) in sources.enumerated() {
            let isReady: Bool
            switch source {
            case .ready: isReady = true
            case .never: isReady = false
            case .time(let instant): isReady = instant <= now
            case .signal(let signal): isReady = signal.isRaised
            case .readable, .writable:
                isReady = entries[next].ready != 0
                next += 1
            }
            if isReady { found.append(index) }
        }
        return found
    }

    private func throwIfEnded() throws {
        if let interrupt, interrupt.isRaised { throw WASIError.interrupted() }
        if let deadline = currentDeadline, deadline <= dovetail_sys_monotonic_now() { throw WASIError.timedOut() }
    }

    private var currentDeadline: UInt64? {
        guard let call = callDeadline() else { return deadline }
        return min(call, deadline ?? .max)
    }

    private func wakeDescriptor() throws -> WakeDescriptor {
        if let wake { return wake }
        let made = try WakeDescriptor()
        wake = made
        return made
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
