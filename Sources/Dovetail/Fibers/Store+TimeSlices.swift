// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailFiles

extension Store {
    /// Lets guest code that computes for long leave its thread to others: the engine asks at the end of each slice what to do.
    func divideTime() {
        api.functions.pointee.wasmtime_store_epoch_deadline_callback(
            raw,
            { _, data, delta, kind in
                guard let core = data?.assumingMemoryBound(to: StoreCore.self) else { return nil }
                return core.endSlice(delta, kind)
            }, core, nil)
    }

    /// Lets others on this thread go first.
    nonisolated(nonsending) static func pause() async {
        if let loop = SystemThread.taskLoop { await loop.pause() } else { await Task.yield() }
    }
}

extension UnsafeMutablePointer where Pointee == StoreCore {
    /// What guest code does whose slice, or time, is up: it goes on, lets others go first, or ends with an error.
    fileprivate func endSlice(
        _ delta: UnsafeMutablePointer<UInt64>, _ kind: UnsafeMutablePointer<wasmtime_update_deadline_kind_t>
    ) -> OpaquePointer? {
        let deadline = pointee.running.deadline
        if deadline != 0, SystemClock.monotonic >= deadline {
            pointee.store._withUnsafeGuaranteedRef { $0.parked = Trap.outOfTime() }
            return pointee.api.functions.pointee.wasmtime_error_new("interrupted")
        }
        delta.pointee = Swift.max(1, pointee.slice)
        kind.pointee = WASMTIME_UPDATE_DEADLINE_CONTINUE
        pointee.store._withUnsafeGuaranteedRef { store in
            // Inside of a host function that called guest code the host's frames are on the stack, too: soon again.
            guard store.canSuspend, let fiber = pointee.running.fiber else { return delta.pointee = 1 }
            Unmanaged<Fiber>.fromOpaque(fiber)._withUnsafeGuaranteedRef { $0.preempt() }
            kind.pointee = WASMTIME_UPDATE_DEADLINE_YIELD
        }
        return nil
    }
}
