// SPDX-License-Identifier: Apache-2.0

/// Something that code of the host's waits for while guests run: the result of a call, the elements of a stream.
protocol HostWait: AnyObject {
    var core: UnsafeMutablePointer<StoreCore> { get }
    var scheduler: Scheduler { get }
    var operations: HostOperations { get }
    /// What it is responsible for; `nil` for a call that cannot wait. Whoever waits keeps it.
    var scope: Unmanaged<CallScope>? { get }
    /// Whether it has happened.
    var isDone: Bool { get }
    /// - Throws: what a guest has run into on behalf of this, so that it cannot happen any more.
    func check() throws
    /// The task that waits is cancelled.
    ///
    /// - Returns: whether that lets something go on.
    /// - Throws: what ends the wait, if it need not wait for anything else.
    func cancel() throws -> Bool
    /// Why it can never happen, as nobody can go on who could let it.
    func stuck() -> any Error
    /// What comes of an error that ends the wait.
    func failed(_ error: any Error) -> any Error
}

/// How far a ``HostWait`` has come.
enum HostProgress {
    case done
    /// Tasks can go on, but others should have their turn.
    case busy
    /// Nothing can go on but the host.
    case waiting
}

extension HostWait {
    /// Lets tasks go on until it has happened, or something else has to.
    func advance() throws -> HostProgress {
        // What yields again and again must not keep functions of the host from being started, and others from this thread.
        var turns = 1000
        while !isDone {
            try check()
            if Task.isCancelled, try cancel() { continue }
            if turns > 0, scheduler.tick() {
                turns -= 1
                continue
            }
            if operations.settle() { continue }
            if scheduler.hasReadyThreads { return .busy }
            if mayBeHelped { return .waiting }
            throw stuck()
        }
        // Those who write learn now what was read, and not by the next call.
        operations.settleTouched()
        return .done
    }

    /// Whether the host may let it happen: by functions that are under way, by what it writes, by other calls.
    private var mayBeHelped: Bool {
        !operations.isEmpty || operations.hasSources || (scope != nil && core.pointee.waitsForOtherCalls)
    }

    /// Lets another one go on in this one's place.
    func leave(failed: Bool) {
        operations.passOn(failed: failed, hasReadyThreads: scheduler.hasReadyThreads)
    }

    /// Begins, and waits on the caller's executor; for stores in which nothing of this is left on a stack.
    nonisolated(nonsending) func waitOnExecutor(_ scope: CallScope, _ begin: () throws -> Void) async throws {
        do {
            try core.inside(scope) { try begin() }
            // Of functions of the host that never wait, guests may call any number; others have their turn now and then.
            var turns = 100
            while true {
                let progress = try core.inside(scope) { try advance() }
                let hasEnded = operations.start(isolation: #isolation)
                switch progress {
                case .done: return leave(failed: false)
                case .busy: await Store.pause()
                case .waiting where hasEnded && turns > 0: turns -= 1
                case .waiting where hasEnded:
                    await Store.pause()
                    turns = 100
                case .waiting: await operations.change(for: scope)()
                }
            }
        } catch {
            leave(failed: true)
            await operations.end(scope)
            throw error
        }
    }

    /// Waits on the stack that it is on; where it cannot, the tasks that can go on just do.
    private func wait(_ operation: (CallScope) -> Fiber.Operation) throws {
        // Without a call by `callAsync` there is nothing to wait on, which `wait` says.
        guard let scope else {
            if scheduler.hasReadyThreads { return }
            throw failed(Trap.cannotWait())
        }
        do {
            try core.pointee.store._withUnsafeGuaranteedRef { store in
                try scope._withUnsafeGuaranteedRef { try store.wait(for: operation($0)) }
            }
        } catch {
            throw failed(error)
        }
    }

    /// Begins, and waits on the stack that it is on.
    func waitOnStack(_ begin: () throws -> Void) throws {
        try core.enter()
        defer { core.leave() }
        do {
            try begin()
            loop: while true {
                switch try advance() {
                case .done: break loop
                case .busy: try wait { _ in Store.pause }
                case .waiting: try wait(operations.change)
                }
            }
        } catch {
            leave(failed: true)
            throw error
        }
        leave(failed: false)
    }
}
