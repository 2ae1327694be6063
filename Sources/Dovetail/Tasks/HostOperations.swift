// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI
import DovetailFiles
import Synchronization

/// The async functions of the host that run on behalf of guests of a store, whose subtasks they are.
///
/// A guest's call puts one here; the host's call by `callAsync` starts it in a task on its own executor as soon as the guest
/// waits. The result is lowered by a call of the host's, so that nothing enters the guest from outside.
final class HostOperations {
    /// A call of an async function of the host.
    final class Operation: @unchecked Sendable {
        // @unchecked because only the store's executor touches what is in it, but for the flag.
        fileprivate let subtask: Subtask
        fileprivate let scope: CallScope?
        fileprivate unowned(unsafe) let instance: InstanceState
        fileprivate unowned(unsafe) let owner: HostOperations
        private let inbox: OperationInbox
        /// The function's `Caller` refers to it.
        private let link: StoreLink
        private let run: DirectFunction.Run
        /// `nil` until it is started.
        fileprivate var task: Task<Void, Never>?
        /// Its position among those that run; `nil` once nobody waits for it any more.
        fileprivate var position: Int?
        /// Whether its task is over.
        fileprivate let hasEnded = Atomic(false)

        fileprivate init(
            _ subtask: Subtask, _ scope: CallScope?, _ instance: InstanceState, _ owner: HostOperations,
            _ run: @escaping DirectFunction.Run
        ) {
            self.subtask = subtask
            self.scope = scope
            self.instance = instance
            self.owner = owner
            inbox = owner.inbox
            link = owner.link
            self.run = run
        }

        fileprivate nonisolated(nonsending) func perform() async {
            let result: Result<DirectFunction.Lower, any Error>
            do { result = .success(try await run()) } catch { result = .failure(error) }
            inbox.put(OperationInbox.Outcome(operation: self, result: result))
            hasEnded.store(true, ordering: .sequentiallyConsistent)
            scope?.remove(self)
        }

        /// Its guest asks that it ends, and waits for it no longer.
        func cancel() {
            owner.remove(self)
            task?.cancel()
        }
    }

    let inbox = OperationInbox()
    private let link: StoreLink
    /// What has to be left of the stack for an operation to begin on it: what a guest may need that it calls, and some for itself.
    private let stackReserve: UInt
    private var running: [Operation] = []
    /// What guests have called since operations were last started; some may be cancelled already.
    private var unstarted: [Operation] = []
    private var next: UInt64 = 0
    /// The streams and futures that the host may write to.
    private var sources: [UInt64: StreamSource] = [:]
    /// Those that guests have read from, or dropped.
    private var touched: [UInt64] = []

    init(_ link: StoreLink, stackReserve: UInt) {
        self.link = link
        self.stackReserve = stackReserve &+ (256 << 10)
    }

    deinit {
        for operation in running {
            operation.task?.cancel()
            operation.subtask.operation = nil
        }
    }

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
        let operation = Operation(subtask, scope, instance, self, run)
        operation.position = running.count
        running.append(operation)
        unstarted.append(operation)
        subtask.operation = operation
    }

    /// Takes out an operation that nobody waits for any more.
    private func remove(_ operation: Operation) {
        guard let position = operation.position else { return }
        operation.position = nil
        operation.subtask.operation = nil
        let last = running.removeLast()
        guard last !== operation else { return }
        running[position] = last
        last.position = position
    }

    /// Starts what guests have called, on the executor of the host's call that let them. Each runs until it first waits, unless
    /// guests and operations have called each other so often that little of the stack is left.
    ///
    /// - Returns: whether one has ended by then.
    @discardableResult
    func start(isolation: isolated (any Actor)?) -> Bool {
        guard !unstarted.isEmpty else { return false }
        let operations = unstarted
        unstarted = []
        let loop = SystemThread.taskLoop
        var found = false
        for operation in operations {
            let scope = operation.scope
            // One that its guest has cancelled still runs, and finds itself cancelled.
            let isCancelled = operation.position == nil || scope?.isCancelled == true
            let beginsNow = !isCancelled && dovetail_stack_pointer() > dovetail_stack_low() &+ stackReserve
            let task = Task.staying(on: loop, isolation, beginsNow: beginsNow) { await operation.perform() }
            if operation.hasEnded.load(ordering: .sequentiallyConsistent) {
                found = true
                continue
            }
            operation.task = task
            scope?.add(operation, task)
            // It may have ended meanwhile, before it was there to be taken out.
            if operation.hasEnded.load(ordering: .sequentiallyConsistent) { scope?.remove(operation) }
            if operation.position == nil { task.cancel() }
        }
        return found
    }

    /// Resolves the subtasks whose operations are complete; whether there were any.
    ///
    /// What an operation threw is kept by the instance that called it, for the call of the host's that entered it.
    func settle() -> Bool {
        let (sources, outcomes) = inbox.take()
        var found = pump(sources)
        if settleTouched() { found = true }
        for outcome in outcomes {
            let operation = outcome.operation
            // One that was cancelled is gone already.
            guard operation.position != nil else { continue }
            let (subtask, instance) = (operation.subtask, operation.instance)
            remove(operation)
            found = true
            do {
                try subtask.resolve(with: try outcome.result.get())
            } catch {
                instance.fail(error)
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
        guard !ids.isEmpty, let store = link.store else { return false }
        for id in ids {
            guard let source = sources[id] else { continue }
            if !source.pump(copyBudget: store.configuration.copyBudget) { sources[id] = nil }
        }
        return true
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
        for operation in running where operation.scope === scope { remove(operation) }
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
