// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import DovetailWASI
import Testing

@Suite("A store's time limit and waits of its guests")
struct TimeoutTests {
    @Test("each call has the whole time; a wait that takes longer is ended")
    func waits() throws {
        let engine = try Engine()
        let component = try Component(engine: engine, path: TestFiles.fixture("sleep.wasm"))
        var limits = Store.Configuration()
        limits.timeout = .milliseconds(400)
        let store = Store(engine: engine, configuration: limits)
        var linker = Linker(engine: engine)
        linker.addWASI()
        let sleep = try linker.instantiate(component, in: store).function("sleep")
        // Together they take longer than one may.
        for _ in 0..<6 { try sleep.call(.u64(100_000_000)) }
        let start = ContinuousClock.now
        #expect {
            try sleep.call(.u64(3_600_000_000_000))
        } throws: { error in
            (error as? Trap)?.code == .timeout
        }
        #expect(ContinuousClock.now - start < .seconds(60))
    }
}
