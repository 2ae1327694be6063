// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The async functions of the host that run on behalf of one call of the host's, and end with it when it fails.
final class CallScope: Sendable {
    private struct State {
        var isCancelled = false
        var tasks: [UInt64: Task<Void, Never>] = [:]
    }

    private let state = Mutex(State())
    /// The call, while it waits.
    let waiter = OperationInbox.Waiter()

    func add(_ id: UInt64, _ task: Task<Void, Never>) {
        let isCancelled = state.withLock { state in
            state.tasks[id] = task
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    func remove(_ id: UInt64) { state.withLock { _ = $0.tasks.removeValue(forKey: id) } }

    var isEmpty: Bool { state.withLock { $0.tasks.isEmpty } }

    /// Cancels what still runs, and what begins later; whether that is new.
    @discardableResult
    func cancel() -> Bool {
        let (tasks, isNew) = state.withLock { state in
            defer { state.isCancelled = true }
            return (Array(state.tasks.values), !state.isCancelled)
        }
        for task in tasks { task.cancel() }
        return isNew
    }

    /// Cancels what still runs, and waits until it has ended.
    nonisolated(nonsending) func end() async {
        cancel()
        for task in state.withLock({ Array($0.tasks.values) }) { await task.value }
    }
}
