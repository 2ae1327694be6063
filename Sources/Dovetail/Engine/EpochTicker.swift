// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import Dispatch
import DovetailSystem
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

    /// The instant of the system's monotonic clock that lies so many ticks ahead, in nanoseconds.
    static func instant(after ticks: UInt64) -> UInt64 {
        let (ahead, overflow) = ticks.multipliedReportingOverflow(by: tick)
        let (instant, carry) = SystemClock.monotonic.addingReportingOverflow(ahead)
        return overflow || carry ? .max : instant
    }

    private struct State {
        var users = 0
        var timer: (any DispatchSourceTimer)?
    }

    private let api: EngineLibrary.Table
    private let engine: OpaquePointer
    private let state = Mutex(StateBox())

    private final class StateBox: @unchecked Sendable {
        // @unchecked because it is only touched under the mutex.
        var state = State()
    }

    init(api: EngineLibrary.Table, engine: OpaquePointer) {
        self.api = api
        self.engine = engine
    }

    /// Starts the clock for one more user.
    func retain() {
        let increment = api.pointee.wasmtime_engine_increment_epoch
        nonisolated(unsafe) let engine = engine
        state.withLock { box in
            box.state.users += 1
            guard box.state.timer == nil else { return }
            let timer = DispatchSource.makeTimerSource(queue: .global(qos: .userInteractive))
            timer.schedule(deadline: .now() + .milliseconds(1), repeating: .milliseconds(1))
            timer.setEventHandler { increment(engine) }
            timer.resume()
            box.state.timer = timer
        }
    }

    /// Stops the clock with its last user.
    func release() {
        state.withLock { box in
            box.state.users -= 1
            guard box.state.users <= 0 else { return }
            box.state.timer?.cancel()
            box.state.timer = nil
        }
    }

    /// Stops the clock for good and waits until no tick is under way.
    func stop() {
        state.withLock { box in
            guard let timer = box.state.timer else { return }
            box.state.timer = nil
            let done = DispatchSemaphore(value: 0)
            timer.setCancelHandler { done.signal() }
            timer.cancel()
            done.wait()
        }
    }
}
