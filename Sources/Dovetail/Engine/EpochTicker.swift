// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailFiles
import Synchronization

/// Advances an engine's epoch once a millisecond while a store with a time limit exists.
final class EpochTicker: @unchecked Sendable {
    // @unchecked because the engine's epoch is atomic and the rest is behind the mutex.

    /// How long one tick of the epoch takes, in nanoseconds.
    static let tick: UInt64 = 1_000_000

    /// The ticks that a call may run for `duration`, at least one.
    static func ticks(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow, whole < Int64.max >> 1 else { return UInt64.max >> 1 }
        return UInt64(max(1, whole + attoseconds / 1_000_000_000_000_000 + 1))
    }

    /// The ticks until an instant of the system's monotonic clock, at least one.
    static func ticks(until instant: UInt64) -> UInt64 {
        let now = SystemClock.monotonic
        return instant > now ? (instant - now) / tick + 1 : 1
    }

    /// The instant of the system's monotonic clock that lies so many ticks ahead, in nanoseconds.
    static func instant(after ticks: UInt64) -> UInt64 {
        let (ahead, overflow) = ticks.multipliedReportingOverflow(by: tick)
        let (instant, carry) = SystemClock.monotonic.addingReportingOverflow(ahead)
        return overflow || carry ? .max : instant
    }

    private struct State {
        var users = 0
        var isRunning = false
        var isStopped = false
    }

    private let api: EngineLibrary.Table
    private let engine: OpaquePointer
    private let state = Mutex(State())

    init(api: EngineLibrary.Table, engine: OpaquePointer) {
        self.api = api
        self.engine = engine
    }

    /// Starts the clock for one more user.
    func retain() {
        let starts = state.withLock { state in
            state.users += 1
            guard !state.isRunning, !state.isStopped else { return false }
            state.isRunning = true
            return true
        }
        guard starts else { return }
        do throws(SystemError) { try SystemThread.start("dovetail-epoch") { self.run() } } catch {
            // The next user tries again.
            state.withLock { $0.isRunning = false }
        }
    }

    /// Stops the clock with its last user.
    func release() { state.withLock { $0.users -= 1 } }

    /// Stops the clock for good: no tick is under way when this returns.
    func stop() { state.withLock { $0.isStopped = true } }

    private func run() {
        let increment = api.functions.pointee.wasmtime_engine_increment_epoch
        var next = SystemClock.monotonic
        while true {
            SystemThread.sleep(nanoseconds: Self.tick)
            let now = SystemClock.monotonic
            let goesOn = state.withLock { state in
                guard state.users > 0, !state.isStopped else {
                    state.isRunning = false
                    return false
                }
                // On a busy machine it may have slept for several.
                while next &+ Self.tick <= now {
                    increment(engine)
                    next &+= Self.tick
                }
                return true
            }
            if !goesOn { return }
        }
    }
}
