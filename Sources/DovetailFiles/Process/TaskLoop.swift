// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

/// What runs tasks on a thread of its own, one at a time: the event loop of DovetailSystem, which programs without one do not compile.
package protocol TaskLoop: TaskExecutor {
    /// Lets the other tasks of the thread go first.
    nonisolated(nonsending) func pause() async
}

extension SystemThread {
    /// The loop that drives the calling thread; `nil` where none does.
    package static var taskLoop: (any TaskLoop)? {
        guard let loop = dovetail_sys_current_loop() else { return nil }
        return Unmanaged<AnyObject>.fromOpaque(loop).takeUnretainedValue() as? any TaskLoop
    }
}
