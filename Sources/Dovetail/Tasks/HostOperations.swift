// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import Synchronization

/// The async functions of the host that run on behalf of guests of a store, whose subtasks they are.
///
/// A guest's call puts one here; the host's call by `callAsync` starts it in a task on its own executor as soon as the guest
/// waits. The result is lowered by a call of the host's, so that nothing enters the guest from outside.
final class HostOperations {
    /// What an operation came to.
    private struct Outcome: @unchecked Sendable {
        // @unchecked because it is handed over once, from the operation to whoever uses the store.
        let id: UInt64
        let result: Result<DirectFunction.Lower, any Error>
    }

    /// Where operations put what they came to.
    private final class Inbox: Sendable {
        private struct State {
            var outcomes: [Outcome] = []
            var waiters: [CheckedContinuation<Void, Never>] = []
            /// How often something has changed.
            var generation = 0
        }

        private let state = Mutex(State())

        func put(_ outcome: Outcome) {
            state.withLock { $0.outcomes.append(outcome) }
            wake()
        }

        /// Lets all that wait look for themselves.
        func wake() {
            let waiters = state.withLock { state in
                state.generation += 1
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter.resume() }
        }

        var generation: Int { state.withLock { $0.generation } }

        /// Waits until something has changed since a generation.
        nonisolated(nonsending) func wait(since generation: Int) async {
            await withCheckedContinuation { continuation in
                let hasChanged = state.withLock { state in
                    let hasChanged = state.generation != generation || !state.outcomes.isEmpty
                    if !hasChanged { state.waiters.append(continuation) }
                    return hasChanged
                }
                if hasChanged { continuation.resume() }
            }
        }

        func take() -> [Outcome] {
            let outcomes = state.withLock { state in
                defer { state.outcomes = [] }
                return state.outcomes
            }
            // Those that wait may have waited for what is taken here.
            if !outcomes.isEmpty { wake() }
            return outcomes
        }
    }

    private struct Operation {
        let subtask: Subtask
        let scope: CallScope?
        unowned(unsafe) let instance: InstanceState
        /// `nil` until it is started.
        var task: Task<Void, Never>?
    }

    private let inbox = Inbox()
    private let link: StoreLink
    private var running: [UInt64: Operation] = [:]
    /// What guests have called since operations were last started; some may be cancelled already.
    private var unstarted: [(id: UInt64, scope: CallScope?, run: DirectFunction.Run)] = []
    private var next: UInt64 = 0

    init(_ link: StoreLink) { self.link = link }

    deinit { for operation in running.values { operation.task?.cancel() } }

    var isEmpty: Bool { running.isEmpty }

    /// Takes a call of a guest's, to be started by ``start(isolation:)``; what it returns resolves `subtask`.
    func add(_ subtask: Subtask, _ instance: InstanceState, _ scope: CallScope?, _ run: @escaping DirectFunction.Run) {
        let id = next
        next += 1
        running[id] = Operation(subtask: subtask, scope: scope, instance: instance)
        unstarted.append((id, scope, run))
        subtask.abort = { [unowned(unsafe) self] in running.removeValue(forKey: id)?.task?.cancel() }
    }

    /// Starts what guests have called, on the executor of the host's call that let them.
    func start(isolation: isolated (any Actor)?) {
        guard !unstarted.isEmpty else { return }
        let calls = unstarted
        unstarted = []
        let (inbox, link) = (inbox, link)
        for (id, scope, run) in calls {
            // It stays on the executor that the store is used from.
            nonisolated(unsafe) let run = run
            let task = Task {
                _ = isolation
                let result: Result<DirectFunction.Lower, any Error>
                do { result = .success(try await run()) } catch { result = .failure(error) }
                inbox.put(Outcome(id: id, result: result))
                scope?.remove(id)
                // The function's `Caller` refers to it.
                withExtendedLifetime(link) {}
            }
            scope?.add(id, task)
            // One that its guest has cancelled still runs, and finds itself cancelled.
            if running[id] == nil { task.cancel() } else { running[id]?.task = task }
        }
    }

    /// Resolves the subtasks whose operations are complete; whether there were any.
    ///
    /// What an operation threw is kept by the instance that called it, for the call of the host's that entered it.
    func settle() -> Bool {
        var found = false
        for outcome in inbox.take() {
            // One that was cancelled is gone already.
            guard let operation = running.removeValue(forKey: outcome.id) else { continue }
            found = true
            do {
                try operation.subtask.resolve(with: try outcome.result.get())
            } catch {
                operation.instance.fail(error)
            }
        }
        return found
    }

    /// Lets other calls of the host's see what this one brought about.
    func wake() { inbox.wake() }

    /// Forgets the operations of a call of the host's that has failed, once they have ended.
    nonisolated(nonsending) func end(_ scope: CallScope) async {
        unstarted.removeAll { $0.scope === scope }
        await scope.end()
        running = running.filter { $0.value.scope !== scope }
    }

    /// What a fiber waits for until an operation is complete; cancelling it cancels those of `scope`.
    func completion(for scope: CallScope?) -> Fiber.Operation {
        let inbox = inbox
        let generation = inbox.generation
        return {
            await withTaskCancellationHandler {
                await inbox.wait(since: generation)
            } onCancel: {
                scope?.cancel()
            }
        }
    }
}

/// The async functions of the host that run on behalf of one call of the host's, which end with it.
final class CallScope: Sendable {
    private struct State {
        var isCancelled = false
        var tasks: [UInt64: Task<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    func add(_ id: UInt64, _ task: Task<Void, Never>) {
        let isCancelled = state.withLock { state in
            state.tasks[id] = task
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    func remove(_ id: UInt64) { state.withLock { _ = $0.tasks.removeValue(forKey: id) } }

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

extension Store {
    /// Lets tasks go on: resumes a thread that is ready, or waits for an operation of the host's.
    ///
    /// - Returns: false when nothing can ever go on.
    func advance() throws -> Bool {
        if try tick() { return true }
        guard !operations.isEmpty else { return false }
        if operations.settle() { return true }
        let scope = core.pointee.running.scope?.takeUnretainedValue()
        try wait(for: operations.completion(for: scope))
        _ = operations.settle()
        return true
    }
}
