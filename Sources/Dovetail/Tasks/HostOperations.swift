// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import Synchronization

/// The async functions of the host that run on behalf of guests of a store, whose subtasks they are.
final class HostOperations {
    typealias Body = @Sendable ([Value]) async throws -> Value?

    /// Where operations put what they came to, from whatever thread they ran on.
    private final class Mailbox: Sendable {
        private struct State {
            var outcomes: [(id: UInt64, outcome: Result<Value?, any Error>)] = []
            var waiters: [CheckedContinuation<Void, Never>] = []
            /// How often something has changed.
            var generation = 0
        }

        private let state = Mutex(State())

        func put(_ id: UInt64, _ outcome: Result<Value?, any Error>) {
            state.withLock { $0.outcomes.append((id, outcome)) }
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
        func wait(since generation: Int) async {
            await withCheckedContinuation { continuation in
                let hasChanged = state.withLock { state in
                    let hasChanged = state.generation != generation || !state.outcomes.isEmpty
                    if !hasChanged { state.waiters.append(continuation) }
                    return hasChanged
                }
                if hasChanged { continuation.resume() }
            }
        }

        func take() -> [(id: UInt64, outcome: Result<Value?, any Error>)] {
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
        var task: Task<Void, Never>
        var subtask: Subtask
        unowned(unsafe) var instance: InstanceState
    }

    private let mailbox = Mailbox()
    private var running: [UInt64: Operation] = [:]
    private var next: UInt64 = 0

    deinit { for operation in running.values { operation.task.cancel() } }

    var isEmpty: Bool { running.isEmpty }

    /// Starts `body`; what it returns resolves `subtask`.
    func start(_ subtask: Subtask, _ instance: InstanceState, _ arguments: [Value], _ body: @escaping Body) {
        let id = next
        next += 1
        let mailbox = mailbox
        let task = Task.detached {
            do {
                mailbox.put(id, .success(try await body(arguments)))
            } catch {
                mailbox.put(id, .failure(error))
            }
        }
        running[id] = Operation(task: task, subtask: subtask, instance: instance)
        subtask.abort = { [unowned(unsafe) self] in running.removeValue(forKey: id)?.task.cancel() }
    }

    /// Resolves the subtasks whose operations are complete; whether there were any.
    ///
    /// What an operation threw is kept by the instance that called it, for the call of the host's that entered it.
    func settle() -> Bool {
        var found = false
        for (id, outcome) in mailbox.take() {
            // One that was cancelled is gone already.
            guard let operation = running.removeValue(forKey: id) else { continue }
            found = true
            do {
                try operation.subtask.resolve(with: try outcome.get())
            } catch {
                operation.instance.fail(error)
            }
        }
        return found
    }

    /// Lets other calls of the host's see what this one brought about.
    func wake() { mailbox.wake() }

    /// What a fiber waits for until an operation is complete; cancelling it cancels those of `instance`.
    func completion(for instance: InstanceState) -> Fiber.Operation {
        let mailbox = mailbox
        let generation = mailbox.generation
        let tasks = running.values.filter { $0.instance === instance }.map(\.task)
        return {
            await withTaskCancellationHandler {
                await mailbox.wait(since: generation)
            } onCancel: {
                for task in tasks { task.cancel() }
            }
        }
    }
}

extension Store {
    /// Lets tasks go on: resumes a thread that is ready, or waits for an operation of the host's.
    ///
    /// - Parameter instance: what the call that waits has entered; its operations are cancelled with the call.
    /// - Returns: false when nothing can ever go on.
    func advance(for instance: InstanceState) throws -> Bool {
        if try tick() { return true }
        guard !operations.isEmpty else { return false }
        if operations.settle() { return true }
        try wait(for: operations.completion(for: instance))
        _ = operations.settle()
        return true
    }
}
