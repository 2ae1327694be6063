// SPDX-License-Identifier: Apache-2.0

/// Decides which thread of a store's guests runs next: of those that can go on, the one that began to wait first.
///
/// A thread that cannot continue is kept where it is found when that changes: with its waitable set, waitable or subtask, or
/// at a gate of its component instance. So the cost of waking one does not depend on how many wait.
final class Scheduler {
    /// What a thread waits for.
    enum Wait {
        /// Its turn.
        case turn
        /// That its task may start. (CanonicalABI.md, `Task.enter`)
        case entry
        /// Exclusive access to its component instance, for its `callback`.
        case exclusiveAccess
        /// An event of a set; a `callback` needs exclusive access as well.
        case event(WaitableSet, isCallback: Bool)
        /// The event of a waitable in a synchronous call.
        case waitable(Waitable)
        /// The end of a call that is lowered synchronously.
        case resolution(Subtask)
    }

    /// Where a thread belongs while it waits.
    private enum Place {
        case ready
        case queue(ThreadQueue)
        case waitable(Waitable)
    }

    private let ready = ThreadQueue()
    /// Threads of instances that trapped; they go with the store.
    private var stranded: [GuestThread] = []
    private var lastTicket: UInt64 = 0
    private var examined = 0
    /// Whether no thread may run because one is suspended beside which nothing may run.
    var isSuspended = false

    /// How many threads were looked at or moved so far: what scheduling costs.
    var steps: Int { examined + ready.moves }

    var hasReadyThreads: Bool { !ready.isEmpty && !isSuspended }

    /// Lets a thread wait.
    func add(_ thread: GuestThread, for wait: Wait) {
        lastTicket += 1
        thread.ticket = lastTicket
        thread.wait = wait
        put(thread)
    }

    /// Takes a thread out that somebody else resumes.
    func remove(_ thread: GuestThread) {
        guard let wait = thread.wait else { return }
        thread.queue?.remove(thread)
        switch wait {
        case .waitable(let waitable): waitable.clearWaiter(thread)
        case .resolution(let subtask): subtask.clearWaiter(thread)
        default: break
        }
        thread.wait = nil
    }

    /// Whether a thread could go on now.
    func isReady(_ thread: GuestThread) -> Bool {
        guard thread.wait != nil, !thread.task.instance.hasTrapped, !isSuspended else { return false }
        if case .ready = place(of: thread) { return true }
        return false
    }

    /// Looks again whether a thread can go on.
    func reconsider(_ thread: GuestThread) {
        guard thread.wait != nil else { return }
        thread.queue?.remove(thread)
        put(thread)
    }

    /// Lets the threads at the gates of a component instance try again; of those at one gate the first, which then lets the
    /// next one try.
    func opened(_ component: ComponentInstance) {
        let (hasAccess, isOpen) = (component.exclusiveThread == nil, component.core.pointee.backpressure == 0)
        if hasAccess, let thread = component.callbacks.popFirst() { ready.push(thread) }
        if hasAccess, isOpen, let thread = component.exclusiveEntries.popFirst() { ready.push(thread) }
        if isOpen, let thread = component.entries.popFirst() { ready.push(thread) }
    }

    private func put(_ thread: GuestThread) {
        switch place(of: thread) {
        case .ready: ready.push(thread)
        case .queue(let queue): queue.push(thread)
        case .waitable(let waitable): waitable.setWaiter(thread)
        }
    }

    private func place(of thread: GuestThread) -> Place {
        let (task, component) = (thread.task, thread.task.component)
        switch thread.wait {
        case .turn, nil: return .ready
        case .entry:
            if task.state == .pendingCancel || !task.hasBackpressure { return .ready }
            return .queue(task.needsExclusive ? component.exclusiveEntries : component.entries)
        case .exclusiveAccess: return component.exclusiveThread == nil ? .ready : .queue(component.callbacks)
        case .event(let set, let isCallback):
            guard set.hasPendingEvent || (isCallback && task.state == .pendingCancel) else {
                return .queue(set.waiters)
            }
            return isCallback && component.exclusiveThread != nil ? .queue(component.callbacks) : .ready
        case .waitable(let waitable): return waitable.hasPendingEvent ? .ready : .waitable(waitable)
        case .resolution(let subtask): return subtask.isResolved ? .ready : .waitable(subtask)
        }
    }

    /// Resumes a thread that is ready; whether there was one. What it runs into is kept by its instance.
    func tick() -> Bool {
        guard !isSuspended, let thread = next(nil) else { return false }
        let (instance, component) = (thread.task.instance, thread.task.component)
        do { try thread.resume() } catch { instance.fail(error) }
        opened(component)
        return true
    }

    /// Resumes a thread of a component instance that is ready; whether there was one.
    func tick(_ component: ComponentInstance) throws -> Bool {
        guard !isSuspended, let thread = next(component) else { return false }
        // Whoever started, or gave exclusive access back, lets the next one try.
        defer { opened(component) }
        try thread.resume()
        return true
    }

    /// Takes out the first ready thread.
    private func next(_ component: ComponentInstance?) -> GuestThread? {
        var others: [GuestThread] = []
        defer { for thread in others { ready.push(thread) } }
        while let thread = ready.popFirst() {
            examined += 1
            guard !thread.task.instance.hasTrapped else {
                stranded.append(thread)
                continue
            }
            guard case .ready = place(of: thread) else {
                // What it waited for is gone again; it passes its chance on.
                put(thread)
                thread.passChanceOn()
                opened(thread.task.component)
                continue
            }
            guard component == nil || thread.task.component === component else {
                others.append(thread)
                continue
            }
            return thread
        }
        return nil
    }

    /// Wakes a thread that waits for something that has happened.
    func wake(_ thread: GuestThread) { ready.push(thread) }

    /// Forgets the tasks of all threads, when the store goes.
    func abandon() {
        for thread in ready.removeAll() + stranded { thread.task.abandon() }
        stranded = []
    }
}
