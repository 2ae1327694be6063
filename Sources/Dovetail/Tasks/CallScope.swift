// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The async functions of the host that run on behalf of one call of the host's, and end with it when it fails.
final class CallScope: Sendable {
    private struct State {
        var isCancelled = false
        /// Whether the call has seen that it is cancelled.
        var isTold = false
        var isExpired = false
        var timer: Task<Void, Never>?
        var tasks: [ObjectIdentifier: Task<Void, Never>] = [:]
    }

    private let state = Mutex(State())
    /// The call, while it waits.
    let waiter = OperationInbox.Waiter()

    deinit { state.withLock { $0.timer?.cancel() } }

    func add(_ operation: HostOperations.Operation, _ task: Task<Void, Never>) {
        let isCancelled = state.withLock { state in
            state.tasks[ObjectIdentifier(operation)] = task
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    func remove(_ operation: HostOperations.Operation) {
        state.withLock { state in
            if !state.tasks.isEmpty { state.tasks[ObjectIdentifier(operation)] = nil }
        }
    }

    /// Whether what begins from now on is cancelled.
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    var isEmpty: Bool { state.withLock { $0.tasks.isEmpty } }

    /// Whether this is the first time that the call learns that its task is cancelled.
    func tell() -> Bool {
        state.withLock { state in
            defer { state.isTold = true }
            return !state.isTold
        }
    }

    /// Whether the time is up that the guest had to end.
    var isExpired: Bool { state.withLock { $0.isExpired } }

    /// Gives the guest some time, after which the call goes on.
    func expire(after duration: Duration, _ inbox: OperationInbox) {
        guard duration > .zero else { return state.withLock { $0.isExpired = true } }
        let timer = Task { [weak self, waiter] in
            try? await Task.sleep(for: duration)
            guard !Task.isCancelled, let self else { return }
            self.state.withLock { $0.isExpired = true }
            inbox.wake(waiter)
        }
        state.withLock { $0.timer = timer }
    }

    /// Cancels what still runs, and what begins later.
    func cancel() {
        let tasks = state.withLock { state in
            state.isCancelled = true
            return Array(state.tasks.values)
        }
        for task in tasks { task.cancel() }
    }

    /// Cancels what still runs, and waits until it has ended.
    nonisolated(nonsending) func end() async {
        cancel()
        for task in state.withLock({ Array($0.tasks.values) }) { await task.value }
    }
}
