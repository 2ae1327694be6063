// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem
import DovetailFiles
internal import Synchronization

/// One thread that waits for descriptors, instants and other threads, and runs the tasks that prefer it in between.
///
/// ```swift
/// let loop = try EventLoop(threadNamed: "requests")
/// let answer = try await Task(executorPreference: loop) { try await guest.handle(request) }.value
/// ```
///
/// A guest that waits in such a task is resumed on the loop's thread, as is everything it waits for. Code on no loop waits on
/// ``shared``.
public final class EventLoop: @unchecked Sendable {
    // @unchecked because the queue of jobs belongs to the thread that drives the loop, and everything else lies under the lock.

    /// Somebody who is told what can be done with a descriptor.
    package protocol Handler: AnyObject, Sendable {
        /// Called on the thread of the loop. An event may still come that was found before the descriptor was given up.
        func handle(_ ready: ReadySet)
        /// Called when nobody drives the loop any more, so that no event will come.
        func loopHasEnded()
    }

    /// Somebody who does at once what has come up many times in a turn, sending for instance.
    package protocol TurnEndHandler: AnyObject {
        /// Called on the thread of the loop, after all that was ready in the turn.
        func turnHasEnded()
    }

    struct Job: BitwiseCopyable {
        let job: UnownedJob
        /// Whether it came through the executor for actors.
        let isActors: Bool
    }

    struct State {
        var timers = TimerHeap()
        var registrations = RegistrationTable<any Handler>()
        var watches: [CInt: DescriptorWatch] = [:]
        /// What other threads hand over.
        var jobs: [Job] = []
        var bodies: [@Sendable () -> Void] = []
        /// When the thread that drives the loop will look again; nil while it is awake.
        var sleepsUntil: UInt64?
        var isWoken = false
        var isStopped = false
        /// How many events were handled so far.
        var events = 0
    }

    let poller: Poller
    let state = Mutex(State())
    /// Whether nobody drives the loop any more; set under the lock, so what was entered before is found when it ends.
    let hasEnded = Atomic(false)
    private let jobs = JobQueue<Job>.make()
    private let actors = ActorExecutor()
    /// Those that let others go first, in the order they came; only the thread that drives the loop looks at it.
    private var paused: [UnsafeContinuation<Void, Never>] = []
    private var turnEnds: [any TurnEndHandler] = []
    /// Nanoseconds that the thread has waited so far; for that thread only.
    package private(set) var timeAsleep: UInt64 = 0
    private var spareTurnEnds = SpareArray<any TurnEndHandler>()
    private var spareEvents = SpareArray<(token: UInt64, ready: ReadySet)>()
    private var spareHandlers = SpareArray<(handler: any Handler, ready: ReadySet)>()

    /// Makes a loop that nobody drives yet.
    ///
    /// - Throws: ``SystemError`` when the system has no more descriptors.
    package init() throws(SystemError) {
        poller = try Poller()
        actors.loop = self
    }

    deinit {
        poller.close()
        JobQueue.destroy(jobs)
    }

    // MARK: - Who drives it

    /// The loop whose thread this is.
    package static var current: EventLoop? {
        dovetail_sys_current_loop().map { Unmanaged<EventLoop>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Whether this is the loop's thread.
    package var isCurrent: Bool {
        dovetail_sys_current_loop() == UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
    }

    /// Drives the loop on this thread until it is stopped.
    package func run() {
        let outer = enter()
        while !state.withLock({ $0.isStopped }) {
            do throws(SystemError) {
                try turn(until: nil)
            } catch {
                // The system is short of something, which a busy loop would not bring back.
                SystemThread.sleep(nanoseconds: 10_000_000)
            }
        }
        while let bodies = lastBodies() {
            for body in bodies { body() }
            runJobs()
            for continuation in paused { continuation.resume() }
            paused = []
        }
        leave(outer)
        moveAway()
    }

    /// What is left to be done before the loop ends; nil when it has ended.
    private func lastBodies() -> [@Sendable () -> Void]? {
        state.withLock { state in
            for job in state.jobs { jobs.pointee.push(job) }
            state.jobs.removeAll(keepingCapacity: true)
            defer { state.bodies = [] }
            if !state.bodies.isEmpty || !jobs.pointee.isEmpty || !paused.isEmpty { return state.bodies }
            hasEnded.store(true, ordering: .releasing)
            return nil
        }
    }

    /// Sends those who wait to another loop.
    private func moveAway() {
        let (records, handlers) = state.withLock { state in
            (
                state.timers.all.compactMap(\.record) + state.watches.values.flatMap { $0.waits.values.map(\.record) },
                state.registrations.all
            )
        }
        for record in records { record.end(.failure(LoopHasEnded())) }
        for handler in handlers { handler.loopHasEnded() }
    }

    /// Drives the loop for one wait, at most until `limit` of the monotonic clock (0: not at all, nil: no limit).
    func turn(until limit: UInt64?) throws(SystemError) {
        runJobs()
        let isBusy = !jobs.pointee.isEmpty || !paused.isEmpty || !turnEnds.isEmpty
        let pause = state.withLock { state -> UInt64? in
            let isDue = isBusy || state.isWoken || state.isStopped || !state.jobs.isEmpty || !state.bodies.isEmpty
            state.isWoken = false
            if isDue { return 0 }
            let first = min(limit ?? .max, state.timers.first ?? .max)
            state.sleepsUntil = first
            return first == .max ? nil : first
        }
        var found = spareEvents.take()
        var failure: SystemError?
        let begin = pause == 0 ? 0 : SystemClock.monotonic
        do throws(SystemError) {
            try poller.wait(until: pause) { found.append(($0, $1)) }
        } catch {
            failure = error
        }
        if pause != 0 { timeAsleep &+= SystemClock.monotonic &- begin }
        var due: [EventTimer] = []
        var handlers = spareHandlers.take()
        var ended: [WaitRecord] = []
        let bodies = state.withLock { state in
            state.sleepsUntil = nil
            state.isWoken = false
            for event in found { state.collect(event, poller, &handlers, &ended) }
            if state.timers.first != nil { state.timers.removeDue(SystemClock.monotonic, into: &due) }
            state.events += found.count + due.count
            for job in state.jobs { jobs.pointee.push(job) }
            state.jobs.removeAll(keepingCapacity: true)
            defer { state.bodies = [] }
            return state.bodies
        }
        for entry in handlers { entry.handler.handle(entry.ready) }
        for record in ended { record.end() }
        for timer in due { timer.action() }
        for body in bodies { body() }
        runJobs()
        // Before those who compute for long.
        endTurn()
        spareEvents.keep(&found)
        spareHandlers.keep(&handlers)
        // One a turn: whoever waits for a descriptor waits for one of them at most, however many they are.
        if !paused.isEmpty { paused.removeFirst().resume() }
        if let failure { throw failure }
    }

    private func endTurn() {
        guard !turnEnds.isEmpty else { return }
        var ends = spareTurnEnds.exchange(for: &turnEnds)
        for end in ends { end.turnHasEnded() }
        spareTurnEnds.keep(&ends)
    }

    /// Takes the thread over; what ``leave(_:)`` needs.
    func enter() -> UnsafeRawPointer? {
        let outer = dovetail_sys_current_loop()
        dovetail_sys_set_current_loop(Unmanaged.passUnretained(self).toOpaque())
        return outer
    }

    /// Gives the thread back.
    func leave(_ outer: UnsafeRawPointer?) { dovetail_sys_set_current_loop(outer) }

    /// Runs the jobs there are, and those that they bring, but not for ever: descriptors want to be looked at, too.
    private func runJobs() {
        guard !jobs.pointee.isEmpty else { return }
        let (executor, actorExecutor) = (asUnownedTaskExecutor(), actors.asUnownedSerialExecutor())
        for _ in 0..<4 {
            var left = jobs.pointee.count
            if left == 0 { return }
            while left > 0 {
                left -= 1
                let entry = jobs.pointee.pop()
                if entry.isActors {
                    entry.job.runSynchronously(on: actorExecutor)
                } else {
                    entry.job.runSynchronously(on: executor)
                }
            }
        }
    }

    /// Lets everybody else on this loop, on whose thread this is called, go first: those whose descriptors are ready, and the other jobs.
    package nonisolated(nonsending) func pause() async {
        await withUnsafeContinuation { paused.append($0) }
    }

    // MARK: - From any thread

    /// The executor for actors that live on the loop: what `unownedExecutor` of one answers.
    public var serialExecutor: any SerialExecutor { actors }

    /// Ends the wait of the thread that drives the loop, or the next one it begins.
    func wake() {
        let sleeps = state.withLock { state in
            guard !state.isWoken else { return false }
            state.isWoken = true
            return state.sleepsUntil != nil
        }
        if sleeps { poller.wake() }
    }

    /// Runs `body` on the loop's thread soon.
    ///
    /// - Returns: false when the loop has been stopped and nobody will run it.
    @discardableResult
    package func execute(_ body: @escaping @Sendable () -> Void) -> Bool {
        hand { $0.bodies.append(body) }
    }

    /// Calls `handler` once before the loop waits the next time; only for the loop's thread.
    package func callAtTurnEnd(_ handler: any TurnEndHandler) { turnEnds.append(handler) }

    /// Lets ``run()`` return. Jobs of tasks that still prefer the loop run elsewhere from then on, and those who wait on it go on
    /// waiting on ``shared``.
    package func stop() {
        hand { $0.isStopped = true }
    }

    func add(_ job: Job) {
        if isCurrent { return jobs.pointee.push(job) }
        if state.withLock({ $0.isStopped }) || !hand({ $0.jobs.append(job) }) {
            globalConcurrentExecutor.enqueue(ExecutorJob(job.job))
        }
    }

    /// Changes what the loop looks at, and has it look; false when it has ended.
    @discardableResult
    private func hand(_ change: (inout State) -> Void) -> Bool {
        let sleeps = state.withLock { state -> Bool? in
            if hasEnded.load(ordering: .relaxed) { return nil }
            change(&state)
            guard state.sleepsUntil != nil, !state.isWoken else { return false }
            state.isWoken = true
            return true
        }
        if sleeps == true { poller.wake() }
        return sleeps != nil
    }

    /// Whether the thread that drives the loop waits at the moment, so that an event would wake it.
    package var isAsleep: Bool { state.withLock { $0.sleepsUntil != nil } }

    /// How much work the loop has done so far: events handled, and places of timers looked at.
    package var steps: (events: Int, timers: Int) { state.withLock { ($0.events, $0.timers.steps) } }
}

extension EventLoop: TaskExecutor {
    /// Runs a job of a task that prefers this loop.
    public func enqueue(_ job: consuming ExecutorJob) { add(Job(job: UnownedJob(job), isActors: false)) }

    /// What actors on the loop run on; one class cannot be both executors, since a job would not tell whose it is.
    final class ActorExecutor: SerialExecutor, @unchecked Sendable {
        // @unchecked because the loop is set once, before anybody else knows of it.
        unowned(unsafe) var loop: EventLoop?

        func enqueue(_ job: consuming ExecutorJob) { loop?.add(Job(job: UnownedJob(job), isActors: true)) }
        func checkIsolated() { precondition(loop?.isCurrent == true, "expected to be on the thread of the event loop") }
    }
}
