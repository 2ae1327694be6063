// SPDX-License-Identifier: Apache-2.0
import Dovetail
import DovetailWASI
import Foundation
import Testing

@Suite struct ReadinessTests {
    @Test("what is waited for may become something else meanwhile, and is not ready then")
    func changes() throws {
        for polls in [false, true] {
            let (first, second) = (ReadinessSignal(), ReadinessSignal())
            let pollable = Pollable { .signal(first.isRaised ? second : first) }
            Thread.detachNewThread {
                Thread.sleep(forTimeInterval: 0.02)
                first.raise()
                Thread.sleep(forTimeInterval: 0.05)
                second.raise()
            }
            if polls {
                #expect(try Pollable.poll([pollable], PollWaiter()) == [0])
            } else {
                try pollable.block(PollWaiter())
            }
            #expect(second.isRaised)
        }
    }

    @Test("a wait for several sources ends with the first that is ready")
    func severalSources() throws {
        let waiter = PollWaiter()
        let raised = ReadinessSignal(raised: true)
        let lowered = ReadinessSignal()
        #expect(try waiter.wait(for: [.never, .ready, .signal(lowered), .signal(raised), .time(0)]) == [1, 3, 4])
        #expect(try waiter.ready(among: [.signal(lowered), .never, .time(.max)]) == [])
    }

    @Test("polling tells which sources are ready")
    func polling() throws {
        let waiter = PollWaiter()
        #expect(throws: WASIError.self) { try Pollable.poll([], waiter) }
        let ready = Pollable { .ready }
        let never = Pollable { .never }
        #expect(try Pollable.poll([never, ready, never, ready], waiter) == [1, 3])
        #expect(try never.ready() == false)
    }

    @Test("a signal from another thread ends a wait")
    func signalsFromAnotherThread() throws {
        let waiter = PollWaiter()
        for _ in 0..<500 {
            let signal = ReadinessSignal()
            Thread.detachNewThread { signal.raise() }
            #expect(try waiter.wait(for: [.never, .signal(signal)]) == [1])
        }
    }

    @Test("a wait ends early when it is cancelled")
    func waitsEndEarly() throws {
        let interrupt = ReadinessSignal()
        let waiter = PollWaiter(interrupt: interrupt)
        Thread.detachNewThread { interrupt.raise() }
        #expect {
            try waiter.wait(for: [.never])
        } throws: {
            ($0 as? WASIError)?.code == .interrupted
        }
        #expect {
            try PollWaiter(deadline: 1).wait(for: [.never])
        } throws: {
            ($0 as? WASIError)?.code == .timedOut
        }
        #expect {
            try PollWaiter().wait(for: [.never])
        } throws: {
            ($0 as? WASIError)?.code == .deadlock
        }
    }

    @Test("clocks give the time and its resolution")
    func clocks() throws {
        let waiter = PollWaiter()
        let clock = SystemMonotonicClock()
        let start = clock.now()
        try Pollable { [source = clock.readiness(after: 1_000_000)] in source }.block(waiter)
        #expect(clock.now() - start >= 1_000_000)
        #expect(clock.resolution() > 0)
        #expect(try waiter.ready(among: [clock.readiness(after: .max)]) == [])

        let manual = ManualClock(now: 5)
        let later = manual.readiness(after: 10)
        #expect(try waiter.ready(among: [later]) == [])
        manual.advance(by: 9)
        #expect(try waiter.ready(among: [later]) == [])
        manual.advance(by: .max)
        #expect(try waiter.ready(among: [later]) == [0])
        #expect(manual.now() == .max)
        #expect(SystemWallClock().now().seconds > 1_600_000_000)
    }

    @Test("a manual clock forgets the waits that are over")
    func manualClocksForget() throws {
        let clock = ManualClock()
        func signal(_ instant: UInt64) throws -> ReadinessSignal {
            guard case .signal(let signal) = clock.readiness(at: instant) else { throw WASIExit(code: 1) }
            return signal
        }
        let kept = try (1...100).map { try signal($0) }
        struct Forgotten { weak var signal: ReadinessSignal? }
        #expect(Forgotten(signal: try signal(1000)).signal == nil)
        for instant: UInt64 in 1000..<2000 { _ = try signal(instant) }
        #expect(try signal(7) === kept[6])
        clock.advance(by: 50)
        #expect(kept.filter(\.isRaised).count == 50)
    }

    @Test("random numbers come from the source that was granted")
    func random() throws {
        var configuration = WASIConfiguration()
        configuration.insecureRandom = SeededRandomSource(seed: 42)
        let context = try WASIContext(configuration)
        #expect(try context.randomBytes(0).isEmpty)
        #expect(try context.randomBytes(100).count == 100)
        #expect(try context.randomBytes(32) != context.randomBytes(32))
        #expect(try context.insecureBytes(16) == SeededRandomSource(seed: 42).bytes(16))
        #expect {
            try context.randomBytes((64 << 20) + 1)
        } throws: {
            "\($0)"
                == "`wasi:random/random#get-random-bytes`: expected a request of at most 67108864 random bytes, found 67108865; ask in pieces"
        }
    }
}
