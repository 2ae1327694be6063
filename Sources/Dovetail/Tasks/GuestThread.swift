// SPDX-License-Identifier: Apache-2.0

/// A thread of a task: guest code that runs, or a place where it goes on. (CanonicalABI.md, "Threads")
///
/// It runs on the stack that resumes it as long as nothing in its component can block, else on a fiber. One that
/// waits for its `callback` has no stack at all, only the next step.
final class GuestThread {
    /// The task it belongs to, which keeps it until it ends.
    let task: GuestTask
    /// Its number in the table of its component instance, while it is there.
    var index: UInt32?
    private let frame: UnsafeMutablePointer<TaskFrame>
    private var fiber: Fiber?
    private var step: (() throws -> Void)?
    private var failure: (any Error)?
    private(set) var isRunning = false
    /// What the thread waits for; `nil` while it runs or is suspended. The scheduler alone sets these.
    var wait: Scheduler.Wait?
    /// When it began to wait, in relation to others.
    var ticket: UInt64 = 0
    /// Where it waits, which is a place that outlasts the wait, and its position there.
    unowned(unsafe) var queue: ThreadQueue?
    var position = 0
    /// The thread that runs next on the stack that resumed this one.
    private var successor: GuestThread?

    private var store: Store { task.store }
    // Parts of the store, which is not counted by every step then.
    private let core: UnsafeMutablePointer<StoreCore>
    let scheduler: Scheduler
    var isSuspended: Bool { !isRunning && wait == nil }

    /// Makes a suspended thread that will run `body`.
    init(_ task: GuestTask, _ body: @escaping () throws -> Void) {
        self.task = task
        core = task.store.core
        scheduler = task.store.scheduler
        step = body
        frame = .allocate(capacity: 1)
        frame.initialize(to: TaskFrame())
        frame.pointee.thread = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
    }

    deinit { frame.deallocate() }

    // MARK: From outside

    /// Runs the thread until it blocks or ends, and those that it hands over to.
    func resume() throws {
        scheduler.remove(self)
        var next: GuestThread? = self
        while let thread = next {
            next = nil
            // What runs may end its task, which keeps the thread.
            try withExtendedLifetime((thread, thread.task)) { next = try thread.run() }
        }
    }

    /// Lets the scheduler resume it.
    func resumeLater() { scheduler.add(self, for: .turn) }

    /// Lets another thread have the event that this one was woken for.
    func passChanceOn() { if case .event(let set, _) = wait { set.passChanceOn() } }

    private func run() throws -> GuestThread? {
        isRunning = true
        defer { isRunning = false }
        if fiber != nil {
            try drive()
        } else if let step {
            self.step = nil
            if task.mayBlock {
                try store.admitStack()
                fiber = try Fiber(store, task.scope, inheritsDeadline: true) { [unowned(unsafe) self] in
                    enter()
                    do { try step() } catch { failure = error }
                }
                try drive()
            } else {
                let outer = core.pointee.running.frame
                enter()
                defer { core.pointee.running.frame = outer }
                try step()
            }
        }
        defer { successor = nil }
        return successor
    }

    private func enter() { core.pointee.running.frame = frame }

    private func drive() throws {
        guard let fiber else { return }
        while let suspension = try fiber.resume() {
            if case .preempted = suspension {
                do { try store.wait(keepsTime: true, for: Store.pause) } catch { fiber.cancel(error) }
                continue
            }
            guard case .operation(let operation, let keepsTime) = suspension else { return }
            // A host function that takes its time: everything below waits with it.
            do { try store.wait(keepsTime: keepsTime, for: operation) } catch { fiber.cancel(error) }
        }
        leaveStack()
        if let failure {
            self.failure = nil
            throw failure
        }
    }

    private func leaveStack() {
        if fiber != nil { store.stackCount -= 1 }
        fiber = nil
    }

    /// Forgets its stack, and what it would have done on it.
    func abandon() {
        scheduler.remove(self)
        leaveStack()
        step = nil
    }

    // MARK: From inside

    /// The thread that runs now; `nil` where guest code is called that can have none.
    static func current(_ core: UnsafeMutablePointer<StoreCore>) -> GuestThread? {
        core.pointee.running.frame?.pointee.thread.map {
            Unmanaged<GuestThread>.fromOpaque($0).takeUnretainedValue()
        }
    }

    /// Goes on with `step` after a wait; for threads that keep nothing on their stack.
    func park(for wait: Scheduler.Wait, _ step: @escaping () throws -> Void) {
        self.step = step
        scheduler.add(self, for: wait)
    }

    /// Waits on its stack for what has not happened yet.
    func wait(for wait: Scheduler.Wait) throws {
        scheduler.add(self, for: wait)
        try block()
    }

    /// Lets others run.
    func yield() throws { try wait(for: .turn) }

    /// Blocks until somebody resumes it.
    func suspend() throws { try block() }

    /// Hands over to a suspended thread; `yields` says whether this one is ready again at once.
    func handOver(to other: GuestThread, yields: Bool) throws {
        if yields { resumeLater() }
        successor = other
        try block()
    }

    /// Hands over to a thread that is ready; otherwise only yields or suspends.
    func promote(_ other: GuestThread, yields: Bool) throws {
        guard scheduler.isReady(other) else { return yields ? try self.yield() : try suspend() }
        scheduler.remove(other)
        try handOver(to: other, yields: yields)
    }

    private func block() throws {
        guard let fiber else {
            scheduler.remove(self)
            throw Trap.cannotBlock()
        }
        // References that the engine collects do not survive on a stack that is suspended while others run.
        guard !task.store.exclusivity.isRequired else {
            scheduler.remove(self)
            throw Trap.unsupported("blocking a task in a store with guests that hold collected references")
        }
        try fiber.suspend()
    }
}

extension Store {
    /// Counts one more thread with a stack of its own.
    fileprivate func admitStack() throws {
        guard stackCount < configuration.maximumStacks else {
            throw Trap.limit("stacks of tasks that are under way in a store", configuration.maximumStacks)
        }
        stackCount += 1
    }
}
