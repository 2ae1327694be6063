// SPDX-License-Identifier: Apache-2.0

/// Something that code of the host's waits for while guests run: the result of a call, the elements of a stream.
protocol HostWait: AnyObject {
    var store: Store { get }
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
            if turns > 0, store.scheduler.tick() {
                turns -= 1
                continue
            }
            if store.operations.settle() { continue }
            if store.scheduler.hasReadyThreads { return .busy }
            if mayBeHelped { return .waiting }
            throw stuck()
        }
        // Those who write learn now what was read, and not by the next call.
        store.operations.settleTouched()
        return .done
    }

    /// Whether the host may let it happen: by functions that are under way, by what it writes, by other calls.
    private var mayBeHelped: Bool {
        !store.operations.isEmpty || store.operations.hasSources
            || (scope != nil && store.configuration.waitsForOtherCalls)
    }

    /// Lets another one go on in this one's place.
    func leave(failed: Bool) {
        store.operations.passOn(failed: failed, hasReadyThreads: store.scheduler.hasReadyThreads)
    }

    /// Begins, and waits on the caller's executor; for stores in which nothing of this is left on a stack.
    nonisolated(nonsending) func waitOnExecutor(_ scope: CallScope, _ begin: () throws -> Void) async throws {
        do {
            try store.inside(scope) { try begin() }
            while true {
                let progress = try store.inside(scope) { try advance() }
                store.operations.start(isolation: #isolation)
                switch progress {
                case .done: return leave(failed: false)
                case .busy: await Store.pause()
                case .waiting: await store.operations.change(for: scope)()
                }
            }
        } catch {
            leave(failed: true)
            await store.operations.end(scope)
            throw error
        }
    }

    /// Waits on the stack that it is on; where it cannot, the tasks that can go on just do.
    private func wait(_ operation: (CallScope) -> Fiber.Operation) throws {
        // Without a call by `callAsync` there is nothing to wait on, which `wait` says.
        guard let scope else {
            if store.scheduler.hasReadyThreads { return }
            throw failed(Trap.cannotWait())
        }
        do {
            try scope._withUnsafeGuaranteedRef { try store.wait(for: operation($0)) }
        } catch {
            throw failed(error)
        }
    }

    /// Begins, and waits on the stack that it is on.
    func waitOnStack(_ begin: () throws -> Void) throws {
        try store.core.enter()
        defer { store.core.leave() }
        do {
            try begin()
            loop: while true {
                switch try advance() {
                case .done: break loop
                case .busy: try wait { _ in Store.pause }
                case .waiting: try wait(store.operations.change)
                }
            }
        } catch {
            leave(failed: true)
            throw error
        }
        leave(failed: false)
    }
}
