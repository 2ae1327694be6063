// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import Foundation
import Synchronization
import Testing

@Suite("The event loop: waits")
struct EventLoopWaitTests {
    @Test("a wait ends with a signal, also one that was raised before")
    func signals() async throws {
        let loop = try EventLoop.shared.get()
        let signal = ReadinessSignal()
        async let waiting: Void = loop.wait(for: [.signal(signal), .never])
        signal.raise()
        try await waiting
        try await loop.wait(for: [.signal(signal)])
    }

    @Test("a task that pauses lets the others on its thread go first, and those whose instants have come")
    func pause() async throws {
        let loop = try EventLoop(threadNamed: "test")
        defer { loop.stop() }
        final class Order: Sendable {
            let numbers = Mutex<[Int]>([])
        }
        let order = Order()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<3 {
                group.addTask(executorPreference: loop) {
                    // Busy until the timer has had its turn in between.
                    while !order.numbers.withLock({ $0.contains(9) }) { await loop.pause() }
                    order.numbers.withLock { $0.append(number) }
                }
            }
            group.addTask(executorPreference: loop) {
                try await loop.wait(for: [.time(SystemClock.monotonic + 1_000_000)])
                order.numbers.withLock { $0.append(9) }
            }
            try await group.waitForAll()
        }
        #expect(order.numbers.withLock { $0.first } == 9)
        #expect(order.numbers.withLock { $0.count } == 4)
    }

    @Test("waits end when their instants come, whichever is entered first")
    func instants() async throws {
        let loop = try EventLoop.shared.get()
        let now = SystemClock.monotonic
        try await withThrowingTaskGroup(of: Void.self) { group in
            for delay in [60, 1, 30] {
                group.addTask {
                    try await loop.wait(for: [.time(now + UInt64(delay) * 1_000_000)])
                    #expect(SystemClock.monotonic >= now + UInt64(delay) * 1_000_000)
                }
            }
            try await group.waitForAll()
        }
        try await loop.wait(for: [.never], until: SystemClock.monotonic + 1_000_000)
        #expect(SystemClock.monotonic >= now + 61_000_000)
    }

    @Test("a cancelled wait throws, whether it is cancelled before or while it waits")
    func cancellation() async throws {
        let loop = try EventLoop.shared.get()
        for delay in [0, 5] {
            let task = Task { try await loop.wait(for: [.never]) }
            if delay > 0 { try await Task.sleep(for: .milliseconds(delay)) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test("a descriptor that is not open ends a wait; files are always ready")
    func closedDescriptors() async throws {
        let loop = try EventLoop.shared.get()
        try await loop.wait(for: [.readable(-1)])
        try await loop.wait(for: [.writable(1_000_000)])
        let file = try OwnedDescriptor.workingDirectory.open(#filePath, .read)
        try await loop.wait(for: [.readable(file.number)])
        try EventLoop.block(for: [.never, .readable(file.number)])
    }

    @Test("ten thousand waits end, each by its own signal, descriptor or instant")
    func many() async throws {
        let loop = try EventLoop.shared.get()
        let wakes = try (0..<4).map { _ in try WakeDescriptor() }
        let signals = (0..<10_000).map { _ in ReadinessSignal() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, signal) in signals.enumerated() {
                group.addTask {
                    switch index % 3 {
                    case 0: try await loop.wait(for: [.signal(signal)])
                    case 1: try await loop.wait(for: [.time(SystemClock.monotonic + UInt64(index) * 1000), .never])
                    default: try await loop.wait(for: [.never, wakes[index % 4].source, .signal(signal)])
                    }
                }
            }
            for index in stride(from: 0, to: signals.count, by: 3) { signals[index].raise() }
            for wake in wakes { wake.raise() }
            try await group.waitForAll()
        }
    }

    @Test("several wait for one descriptor, for reading or writing, and one of them gives up")
    func sharedDescriptors() async throws {
        let loop = try EventLoop()
        try loop.start(named: "test")
        defer { loop.stop() }
        let wake = try WakeDescriptor()
        // It can always be written.
        try await loop.wait(for: [.writable(wake.descriptor)])
        let cancelled = Task { try await loop.wait(for: [wake.source]) }
        let waiting = (0..<3).map { _ in Task { try await loop.wait(for: [wake.source, .never]) } }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        wake.raise()
        for task in waiting { try await task.value }
        wake.drain()
        // The loop has forgotten it, and learns of it anew.
        let again = Task { try await loop.wait(for: [wake.source]) }
        wake.raise()
        try await again.value
    }

    @Test("blocked threads are woken by a signal, an instant and a descriptor")
    func blocking() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<6 {
                group.addTask {
                    let signal = ReadinessSignal()
                    let wake = try WakeDescriptor()
                    for round in 0..<50 {
                        switch (index + round) % 3 {
                        case 0:
                            Thread.detachNewThread { signal.raise() }
                            try EventLoop.block(for: [.never, .signal(signal)])
                            signal.lower()
                        case 1: try EventLoop.block(for: [.never], until: SystemClock.monotonic + 100_000)
                        default:
                            Thread.detachNewThread { wake.raise() }
                            try EventLoop.block(for: [.signal(signal), wake.source])
                            wake.drain()
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("what it takes to wake one that waits does not depend on how many wait", arguments: [10, 10_000])
    func stepsOfWaking(count: Int) async throws {
        let loop = try EventLoop()
        try loop.start(named: "test")
        defer { loop.stop() }
        let later = SystemClock.monotonic + 3_600_000_000_000
        let wakes = try (0..<min(count, 100)).map { _ in try WakeDescriptor() }
        let tasks = (0..<count).map { index in
            Task(executorPreference: loop) {
                try await loop.wait(
                    for: [.time(later + UInt64(index)), wakes[index % wakes.count].source, .signal(ReadinessSignal())])
            }
        }
        let wake = try WakeDescriptor()
        let signal = ReadinessSignal()
        // Once all others wait.
        let waiter = Task(executorPreference: loop) {
            let before = loop.steps
            wake.raise()
            try await loop.wait(for: [wake.source])
            let events = loop.steps.events - before.events
            Thread.detachNewThread { signal.raise() }
            try await loop.wait(for: [.signal(signal)])
            let soon = SystemClock.monotonic + 1_000_000
            let timers = loop.steps.timers
            try await loop.wait(for: [.time(soon)])
            return (events: events, timers: loop.steps.timers - timers)
        }
        let steps = try await waiter.value
        #expect(steps.events <= 4)
        // Up and down a heap of that many.
        #expect(steps.timers <= 2 * (count.bitWidth - count.leadingZeroBitCount) + 4)
        for task in tasks { task.cancel() }
        var cancelled = 0
        for task in tasks { do { try await task.value } catch is CancellationError { cancelled += 1 } }
        #expect(cancelled == count)
    }
}

@Suite("The event loop: an executor")
struct EventLoopExecutorTests {
    private actor Counter {
        let loop: EventLoop
        var count = 0

        init(_ loop: EventLoop) { self.loop = loop }

        nonisolated var unownedExecutor: UnownedSerialExecutor { loop.serialExecutor.asUnownedSerialExecutor() }

        func add() -> Bool {
            count += 1
            return loop.isCurrent
        }
    }

    @Test("tasks that prefer it and actors on it stay on its thread, waits included")
    func tasks() async throws {
        let loop = try EventLoop(threadNamed: "test")
        defer { loop.stop() }
        let counter = Counter(loop)
        #expect(!loop.isCurrent && EventLoop.current == nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<1000 {
                group.addTask(executorPreference: loop) {
                    #expect(loop.isCurrent)
                    try await loop.wait(for: [.time(SystemClock.monotonic + UInt64(index) * 1000)])
                    #expect(EventLoop.current === loop)
                    let isThere = await counter.add()
                    #expect(isThere)
                    await Task.yield()
                    #expect(loop.isCurrent)
                }
            }
            try await group.waitForAll()
        }
        #expect(await counter.count == 1000)
    }

    @Test("a task goes on when its loop has stopped")
    func stopped() async throws {
        let loop = try EventLoop(threadNamed: "test")
        let signal = ReadinessSignal()
        let task = Task(executorPreference: loop) {
            try await EventLoop.shared.get().wait(for: [.signal(signal)])
            return loop.isCurrent
        }
        loop.stop()
        try await Task.sleep(for: .milliseconds(5))
        signal.raise()
        #expect(try await task.value == false)
    }

    @Test("those who wait on a loop when it is stopped, and afterwards, go on waiting elsewhere")
    func stoppedWaits() async throws {
        let loop = try EventLoop(threadNamed: "test")
        let wake = try WakeDescriptor()
        let source = EventSource(OwnedDescriptor(wake.descriptor, closes: false))
        // As long as nobody has tried, it counts as ready.
        #expect(throws: SystemError.tryAgain) {
            try source.attempt(.reading) { (_) throws(SystemError) -> Void in throw SystemError.tryAgain }
        }
        let start = SystemClock.monotonic
        let due = start + 300_000_000
        let waits: [Readiness] = [.time(due), wake.source, .event(source, .reading)]
        try await withThrowingTaskGroup(of: Int.self) { group in
            for (index, wait) in waits.enumerated() {
                group.addTask {
                    try await loop.wait(for: [wait])
                    return index
                }
            }
            try await loop.wait(for: [.time(start + 20_000_000)])
            loop.stop()
            while loop.execute({}) { try await Task.sleep(for: .milliseconds(1)) }
            for (index, wait) in waits.enumerated() {
                group.addTask {
                    try await loop.wait(for: [wait])
                    return index
                }
            }
            try await Task.sleep(for: .milliseconds(20))
            wake.raise()
            var ended: [Int] = []
            for try await index in group { ended.append(index) }
            #expect(ended.sorted() == [0, 0, 1, 1, 2, 2])
        }
        #expect(SystemClock.monotonic >= due)
    }

    @Test("work that other threads hand over runs in order, on its thread")
    func handedOver() async throws {
        let loop = try EventLoop(threadNamed: "test")
        defer { loop.stop() }
        let seen = Mutex<[Int]>([])
        let done = ReadinessSignal()
        for index in 0..<1000 {
            loop.execute {
                seen.withLock { $0.append(loop.isCurrent ? index : -1) }
                if index == 999 { done.raise() }
            }
        }
        try await EventLoop.shared.get().wait(for: [.signal(done)])
        #expect(seen.withLock { $0 } == Array(0..<1000))
    }
}

@Suite("The event loop: timers and descriptors")
struct EventLoopSourceTests {
    @Test("ten thousand timers run in order; a cancelled one does not")
    func timers() async throws {
        let loop = try EventLoop()
        let ran = Mutex<[Int]>([])
        let done = ReadinessSignal()
        let start = SystemClock.monotonic
        var order = Array(0..<10_000)
        order.shuffle()
        let timers = order.map { index in
            loop.schedule(at: start + UInt64(index) * 100) { ran.withLock { $0.append(index) } }
        }
        for (index, timer) in zip(order, timers) where index % 2 == 1 { loop.cancel(timer) }
        for timer in timers.prefix(10) { loop.cancel(timer) }
        _ = loop.schedule(at: start + 2_000_000) { done.raise() }
        try loop.start(named: "test")
        defer { loop.stop() }
        try await loop.wait(for: [.signal(done)])
        let expected = (0..<10_000).filter { $0 % 2 == 0 && !order.prefix(10).contains($0) }
        #expect(ran.withLock { $0 } == expected)
    }

    private final class Listener: EventLoop.Handler {
        let found = Mutex<[ReadySet]>([])
        let signal = ReadinessSignal()

        func handle(_ ready: ReadySet) {
            found.withLock { $0.append(ready) }
            if ready.contains(.readable) { signal.raise() }
        }
    }

    @Test("a registered descriptor is reported when it changes, not as long as it is ready")
    func edges() async throws {
        let loop = try EventLoop(threadNamed: "test")
        defer { loop.stop() }
        let wake = try WakeDescriptor()
        let listener = Listener()
        let token = try loop.register(wake.descriptor, listener)
        wake.raise()
        try await loop.wait(for: [.signal(listener.signal)])
        try await loop.wait(for: [], until: SystemClock.monotonic + 2_000_000)
        // At first it could only be written.
        #expect((1...2).contains(listener.found.withLock { $0.count }))
        loop.deregister(wake.descriptor, token)
        listener.signal.lower()
        wake.raise()
        try await loop.wait(for: [], until: SystemClock.monotonic + 2_000_000)
        #expect(!listener.signal.isRaised)
    }

    @Test("a descriptor of ours moves to the loop that waits for it")
    func sources() async throws {
        let loops = try (0..<2).map { _ in try EventLoop(threadNamed: "test") }
        defer { for loop in loops { loop.stop() } }
        let wake = try WakeDescriptor()
        let source = EventSource(OwnedDescriptor(wake.descriptor, closes: false))
        func read() throws(SystemError) {
            try source.attempt(.reading) { (_) throws(SystemError) in
                guard try Poll.isReady(wake.descriptor, .readable, waiting: 0) else { throw SystemError.tryAgain }
                wake.drain()
            }
        }
        #expect(source.signal(.reading).isRaised)
        for round in 0..<100 {
            // An event of the last round may be told late, by the loop that had the descriptor then.
            repeat { #expect(throws: SystemError.tryAgain) { try read() } } while try source.isReady(.reading)
            Thread.detachNewThread { wake.raise() }
            if round % 3 == 2 {
                try EventLoop.block(for: [.event(source, .reading)])
            } else {
                try await loops[round % 2].wait(for: [.event(source, .reading)])
            }
            #expect(try source.isReady(.reading))
            try read()
        }
        #expect(try source.isReady(.writing))
    }
}

@Suite struct PollTests {
    @Test("more questions than a process may have descriptors are answered, each in its place")
    func manyQuestions() throws {
        let raised = try WakeDescriptor()
        let lowered = try WakeDescriptor()
        raised.raise()
        var sources = Array(repeating: lowered.source, count: 100_000)
        sources[7] = raised.source
        sources[99_999] = raised.source
        #expect(try Readiness.ready(among: sources) == [7, 99_999])
    }
}
