// SPDX-License-Identifier: Apache-2.0

public import DovetailSystem
internal import Synchronization

/// A monotonic clock that the host moves: waits of the guest end when it is advanced, not when time passes.
public final class ManualClock: MonotonicClock {
    /// Whoever waits keeps the signal: guests can ask for any number of instants, and forget them.
    private struct Waiting {
        weak var signal: ReadinessSignal?
    }

    private struct State {
        var now: UInt64
        var waiting: [UInt64: Waiting] = [:]
        /// How many are waiting when those whom nobody waits for are forgotten next.
        var limit = 64
    }

    private let state: Mutex<State>

    /// Makes a clock that shows `now`, in nanoseconds.
    public init(now: UInt64 = 0) { state = Mutex(State(now: now)) }

    /// Moves the clock on; past its last instant it stays there.
    public func advance(by nanoseconds: UInt64) {
        let due = state.withLock { state in
            let (sum, overflow) = state.now.addingReportingOverflow(nanoseconds)
            state.now = overflow ? .max : sum
            let now = state.now
            let due = state.waiting.filter { $0.key <= now }
            for instant in due.keys { state.waiting[instant] = nil }
            return due.values.compactMap(\.signal)
        }
        for signal in due { signal.raise() }
    }

    /// The time it shows.
    public func now() -> UInt64 { state.withLock { $0.now } }
    /// The time between two readings that differ.
    public func resolution() -> UInt64 { 1 }

    /// What to wait for until it shows `instant`.
    public func readiness(at instant: UInt64) -> Readiness {
        state.withLock { state in
            guard instant > state.now else { return .ready }
            // One signal per instant: asking again and again adds nothing.
            if let known = state.waiting[instant]?.signal { return .signal(known) }
            let signal = ReadinessSignal()
            if state.waiting.count >= state.limit {
                state.waiting = state.waiting.filter { $0.value.signal != nil }
                state.limit = max(64, state.waiting.count * 2)
            }
            state.waiting[instant] = Waiting(signal: signal)
            return .signal(signal)
        }
    }
}
