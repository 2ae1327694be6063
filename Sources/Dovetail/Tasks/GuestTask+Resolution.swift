// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// The threads of a task, its result and its cancellation.
extension GuestTask {
    // MARK: Threads

    func register(_ thread: GuestThread) throws {
        guard component.threads.count < store.configuration.maximumHandles else {
            throw Trap.limit("threads of a component instance", store.configuration.maximumHandles)
        }
        threads.append(thread)
        thread.index = component.threads.add(thread)
    }

    func unregister(_ thread: GuestThread) throws {
        threads.removeAll { $0 === thread }
        if threads.isEmpty, state != .resolved {
            throw Trap.task("a task ended without having returned a result or having been cancelled")
        }
        if let index = thread.index { component.threads.remove(index) }
        thread.index = nil
    }

    /// Forgets its threads and their stacks, when the store goes.
    func abandon() {
        implicitThread?.abandon()
        implicitThread = nil
        for thread in threads { thread.abandon() }
        threads = []
        caller = nil
    }

    // MARK: Results

    func resolve(_ cx: inout CanonicalContext, from flat: inout FlatReader, limit: Int) throws {
        guard state != .resolved else { throw Trap.task("`task.return` was called a second time") }
        try borrows.pointee.checkReturned()
        try caller?.resolve(function.pointee.layout, &cx, from: &flat, limit: limit)
        state = .resolved
        caller = nil
        borrows.pointee.release(in: component.handles)
    }

    /// `task.return`
    func returnResult(_ environment: InstanceEnvironment, from flat: inout FlatReader) throws {
        environment.core.refresh()
        var cx = environment.core.context(borrows)
        try resolve(&cx, from: &flat, limit: CanonicalLimits.maxFlatParameters)
    }

    // MARK: Cancellation

    func deliverCancel() -> Bool {
        guard state == .pendingCancel else { return false }
        state = .cancelDelivered
        return true
    }

    /// `task.cancel`
    func cancel() throws {
        guard state == .cancelDelivered else {
            throw Trap.task("`task.cancel` was called by a task that was not asked to be cancelled")
        }
        try borrows.pointee.checkReturned()
        caller?.cancelled()
        caller = nil
        state = .resolved
        borrows.pointee.release(in: component.handles)
    }

    /// Asks the task to end early.
    func requestCancellation() throws {
        let hadStarted = state != .initial
        state = .pendingCancel
        guard hadStarted else {
            try implicitThread?.resume()
            return
        }
        if let thread = implicitThread { store.scheduler.reconsider(thread) }
        // Whatever is ready when it begins has a turn, and what that makes ready; not what only yields again and again.
        var turns = component.threads.count + 1
        while state != .resolved, turns > 0, try store.scheduler.tick(component) { turns -= 1 }
    }
}
