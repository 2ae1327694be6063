// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Dovetail
import DovetailTestSupport
import Synchronization
import Testing

@Suite("Misuse of a store is refused")
struct MisuseTests {
    private let engine: Engine
    private let component: Component

    init() throws {
        engine = try Engine()
        component = try Component(engine: engine, path: TestFiles.fixture("waits.wasm"))
    }

    @Test("when another thread is inside it, and the call inside goes on")
    func busy() throws {
        let (entered, proceed, done) = (
            DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
        )
        var linker = Linker(engine: engine)
        linker.define("wait") { _, arguments in arguments.first }
        linker.define("note") { _, _ in
            entered.signal()
            proceed.wait()
            return nil
        }
        nonisolated(unsafe) let instance = try linker.instantiate(component, in: Store(engine: engine))
        let result = Mutex<Value?>(nil)
        DispatchQueue.global().async {
            let sum = try? instance.function("sum").call(.u32(1))
            result.withLock { $0 = sum }
            done.signal()
        }
        entered.wait()
        for _ in 0..<2 {
            let error = #expect(throws: CallError.self) { try instance.function("sum").call(.u32(1)) }
            #expect(error?.code == .storeBusy)
            #expect(
                error?.description
                    == "the store is in use on another thread; use one store per task, or make all calls from one actor"
            )
        }
        let other = #expect(throws: CallError.self) { try linker.instantiate(component, in: instance.store) }
        #expect(other?.code == .storeBusy)
        proceed.signal()
        done.wait()
        #expect(result.withLock { $0 } == .u32(1))
        proceed.signal()
        #expect(try instance.function("sum").call(.u32(1)) == .u32(1))
    }

    @Test("when it belongs to another engine than the component")
    func otherEngine() throws {
        var linker = Linker(engine: engine)
        linker.define("wait") { _, arguments in arguments.first }
        linker.define("note") { _, _ in nil }
        let other = try Engine()
        let error = #expect(throws: EngineError.self) { try linker.instantiate(component, in: Store(engine: other)) }
        #expect(error?.description.contains("different engines") == true)
    }

    @Test("when it is gone with the instance that a linker offers")
    func storeGone() throws {
        let adder = try Component(engine: engine, path: TestFiles.example("adder/adder.wasm"))
        // Imports `add`, and nothing else.
        let user = try Component(
            engine: engine,
            bytes: [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]
                + [7, 11, 1, 0x40, 2, 1, 0x61, 0x7a, 1, 0x62, 0x7a, 0, 0x7a] + [10, 8, 1, 0, 3, 0x61, 0x64, 0x64, 1, 0])
        var linker = Linker(engine: engine)
        do {
            let store = Store(engine: engine)
            linker.defineExports(of: try Linker(engine: engine).instantiate(adder, in: store))
            _ = try linker.instantiate(user, in: store)
        }
        let error = #expect(throws: LinkError.self) { try linker.instantiate(user, in: Store(engine: engine)) }
        #expect(error?.description == "import `add`: the store of the instance that defines it has gone")
    }
}
