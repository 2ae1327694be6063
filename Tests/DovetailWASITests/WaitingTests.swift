// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import DovetailWASI
import Testing

@Suite("Guests that wait")
struct WaitingTests {
    private actor Guest {
        let instance: Instance

        init(timeout: Duration? = nil) throws {
            let engine = try Engine()
            var configuration = Store.Configuration()
            configuration.timeout = timeout
            let store = Store(engine: engine, configuration: configuration)
            try store.grantWASI(WASIConfiguration())
            var linker = Linker(engine: engine)
            linker.addWASI()
            let component = try Component(engine: engine, path: TestFiles.fixture("sleep.wasm"))
            instance = try linker.instantiate(component, in: store)
        }

        func sleep(_ duration: Duration) async throws {
            try await instance.function("sleep").callAsync(.u64(Self.nanoseconds(duration)))
        }

        func sleepBlocking(_ duration: Duration) throws {
            try instance.function("sleep").call(.u64(Self.nanoseconds(duration)))
        }

        static func nanoseconds(_ duration: Duration) -> UInt64 {
            UInt64(duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000)
        }
    }

    @Test("let others of their store run meanwhile, and end when their task is cancelled")
    func overlap() async throws {
        let guest = try Guest()
        let long = Task { try await guest.sleep(.seconds(600)) }
        try await Task.sleep(for: .milliseconds(10))
        try await guest.sleep(.milliseconds(1))
        try await withThrowingTaskGroup { group in
            for count in 0..<100 { group.addTask { try await guest.sleep(.microseconds(10 * count)) } }
            try await group.waitForAll()
        }
        try await guest.sleepBlocking(.milliseconds(1))
        long.cancel()
        await #expect(throws: CancellationError.self) { try await long.value }
    }

    @Test("end when the time is up that the store gives a call, suspended or blocking")
    func timeout() async throws {
        for blocking in [false, true] {
            let guest = try Guest(timeout: .milliseconds(100))
            do {
                if blocking {
                    try await guest.sleepBlocking(.seconds(600))
                } else {
                    try await guest.sleep(.seconds(600))
                }
                Issue.record("the sleep was not ended")
            } catch let error as Trap {
                #expect(error.code == .interrupted)
            } catch let error as WASIError {
                #expect(error.code == .timedOut)
            }
        }
    }
}
