// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import Testing

@Suite struct ReadinessLoopTests {
    @Test("a wait ends with a signal, also one that was raised before")
    func signals() async throws {
        let loop = try ReadinessLoop.shared.get()
        let signal = ReadinessSignal()
        async let waiting: Void = loop.wait(for: [.signal(signal), .never])
        signal.raise()
        try await waiting
        try await loop.wait(for: [.signal(signal)])
    }

    @Test("waits end when their instants come, whichever is entered first")
    func instants() async throws {
        let loop = try ReadinessLoop.shared.get()
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
    }

    @Test("a cancelled wait throws, whether it is cancelled before or while it waits")
    func cancellation() async throws {
        let loop = try ReadinessLoop.shared.get()
        for delay in [0, 5] {
            let task = Task { try await loop.wait(for: [.never]) }
            if delay > 0 { try await Task.sleep(for: .milliseconds(delay)) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test("a descriptor that is not open ends a wait")
    func closedDescriptors() async throws {
        let loop = try ReadinessLoop.shared.get()
        try await loop.wait(for: [.readable(-1)])
        try await loop.wait(for: [.writable(1_000_000)])
    }

    @Test("ten thousand waits end, each by its own signal, descriptor or instant")
    func many() async throws {
        let loop = try ReadinessLoop.shared.get()
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
        #expect(try Poll.ready(among: sources, until: 0, wake: nil) == [7, 99_999])
    }
}
