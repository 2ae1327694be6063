// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailSystem

/// The async functions of the host that run on behalf of guests of a store, whose subtasks they are.
///
/// A guest's call puts one here; the host's call by `callAsync` starts it in a task on its own executor as soon as the guest
/// waits. The result is lowered by a call of the host's, so that nothing enters the guest from outside.
final class HostOperations {
    private struct Operation {
        let subtask: Subtask
        let scope: CallScope?
        unowned(unsafe) let instance: InstanceState
        /// `nil` until it is started.
        var task: Task<Void, Never>?
    }

    let inbox = OperationInbox()
    private let link: StoreLink
    private var running: [UInt64: Operation] = [:]
    /// What guests have called since operations were last started; some may be cancelled already.
    private var unstarted: [(id: UInt64, scope: CallScope?, run: DirectFunction.Run)] = []
    private var next: UInt64 = 0
    /// The streams and futures that the host may write to.
    private var sources: [UInt64: StreamSource] = [:]
    /// Those that guests have read from, or dropped.
    private var touched: [UInt64] = []

    init(_ link: StoreLink) { self.link = link }

    deinit { for operation in running.values { operation.task?.cancel() } }

    var isEmpty: Bool { running.isEmpty }
    /// Whether guests have called what was not started yet.
    var hasUnstarted: Bool { !unstarted.isEmpty }
    var hasSources: Bool { !sources.isEmpty }

    /// Takes the end of a stream or future that a guest will read, and what the host writes to it.
    func add(_ end: AsyncEnd, _ channel: any HostChannel, _ buffer: @escaping () -> TransferBuffer) {
        let id = next
        next += 1
        sources[id] = StreamSource(end, channel, buffer)
        end.onEvent = { [unowned(unsafe) self] in touched.append(id) }
        channel.attach { [inbox] in inbox.put(source: id) }
        touched.append(id)
    }

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
        let (inbox, loop) = (inbox, EventLoop.current)
        // What the operations use stays on the executor that the store is used from.
        nonisolated(unsafe) let link = link
        for (id, scope, run) in calls {
            nonisolated(unsafe) let run = run
            let task = Task.staying(on: loop, isolation) {
                let result: Result<DirectFunction.Lower, any Error>
                do { result = .success(try await run()) } catch { result = .failure(error) }
                inbox.put(OperationInbox.Outcome(id: id, result: result))
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
        var found = pump(inbox.takeSources())
        if settleTouched() { found = true }
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

    /// Sees to the streams and futures of the host's that guests have read from, or dropped; whether there were any.
    @discardableResult
    func settleTouched() -> Bool {
        guard !touched.isEmpty else { return false }
        let ids = touched
        touched = []
        return pump(ids)
    }

    private func pump(_ ids: [UInt64]) -> Bool {
        guard let store = link.store else { return false }
        for id in ids {
            guard let source = sources[id] else { continue }
            if !source.pump(copyBudget: store.configuration.copyBudget) { sources[id] = nil }
        }
        return !ids.isEmpty
    }

    /// A call of the host's has its result: what waits for it continues.
    func wake(_ scope: CallScope) { inbox.wake(scope.waiter) }

    /// A call of the host's is over: another one goes on with what is left to do, or all see what went wrong.
    func passOn(failed: Bool, hasReadyThreads: Bool) {
        if failed { inbox.wakeAll() } else { inbox.wakeOne(hasReadyThreads: hasReadyThreads) }
    }

    /// Forgets the operations of a call of the host's that has failed, once they have ended.
    nonisolated(nonsending) func end(_ scope: CallScope) async {
        unstarted.removeAll { $0.scope === scope }
        await scope.end()
        forget(scope)
    }

    /// Forgets the operations of a call of the host's that has failed, none of which runs.
    func forget(_ scope: CallScope) {
        unstarted.removeAll { $0.scope === scope }
        running = running.filter { $0.value.scope !== scope }
    }

    /// What the call of `scope` waits for: an operation that is complete, or the work of another call on its behalf.
    ///
    /// The call sees that its task was cancelled.
    func change(for scope: CallScope) -> Fiber.Operation {
        let inbox = inbox
        let generation = inbox.generation
        return { await Self.wait(inbox, scope, since: generation, isolation: #isolation) }
    }

    /// It stays on the executor of the caller.
    private static func wait(
        _ inbox: OperationInbox, _ scope: CallScope, since generation: Int, isolation: isolated (any Actor)?
    ) async {
        await withTaskCancellationHandler {
            // A closure is only isolated as its context is if it refers to this.
            _ = isolation
            await inbox.wait(scope.waiter, since: generation)
        } onCancel: {
            if scope.tell() { inbox.wake(scope.waiter) }
        }
    }
}
