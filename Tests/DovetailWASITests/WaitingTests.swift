// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import DovetailWASI
import Testing

@Suite("Guests that wait")
struct WaitingTests {
    /// A guest that sleeps when it is told to.
    private func guest(timeout: Duration? = nil) throws -> Guests {
        let engine = try Engine()
        var configuration = Store.Configuration()
        configuration.timeout = timeout
        let store = Store(engine: engine, configuration: configuration)
        var linker = Linker(engine: engine)
        linker.addWASI()
        let component = try Component(engine: engine, path: TestFiles.fixture("sleep.wasm"))
        return Guests(try linker.instantiate(component, in: store))
    }

    private let milliseconds: UInt64 = 1_000_000
    private let tenMinutes = Value.u64(600_000_000_000)

    @Test("let others of their store run meanwhile, and end when their task is cancelled")
    func overlap() async throws {
        let guest = try guest()
        let long = Task { try await guest.call("sleep", tenMinutes) }
        try await Task.sleep(for: .milliseconds(10))
        try await guest.call("sleep", .u64(milliseconds))
        try await withThrowingTaskGroup { group in
            for count in UInt64(0)..<100 { group.addTask { try await guest.call("sleep", .u64(10_000 * count)) } }
            try await group.waitForAll()
        }
        try await guest.callAtOnce("sleep", .u64(milliseconds))
        long.cancel()
        await #expect { try await long.value } throws: { ($0 as? Trap)?.code == .cancelled }
    }

    @Test("end when the time is up that the store gives a call, suspended or blocking")
    func timeout() async throws {
        for blocking in [false, true] {
            let guest = try guest(timeout: .milliseconds(100))
            do {
                if blocking {
                    try await guest.callAtOnce("sleep", tenMinutes)
                } else {
                    try await guest.call("sleep", tenMinutes)
                }
                Issue.record("the sleep was not ended")
            } catch let error as Trap {
                #expect(error.code == .timeout)
            }
        }
    }
}
