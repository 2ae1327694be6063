// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Testing

@Suite("Built-ins with a 64-bit memory and a 64-bit table")
struct WideMemoryTests {
    let instance: Instance

    init() throws {
        let engine = try Engine()
        let component = try Component(engine: engine, path: TestFiles.fixture("wide.wasm"))
        instance = try Linker(engine: engine).instantiate(component, in: Store(engine: engine))
    }

    @Test("the result of a read or write is as wide as an address", arguments: ["read-dropped", "write-dropped"])
    func results(name: String) throws {
        // CanonicalABI.md, `pack_copy_result`: `dropped` is 1, after 0 elements.
        #expect(try instance.function(name).call() == .u64(1))
    }

    @Test("the index of a start function is not cut to 32 bits")
    func startFunction() throws {
        let error = #expect(throws: Trap.self) { try instance.function("spawn").call(.u64(1 << 32)) }
        #expect(error?.message.contains("no function at index 4294967296") == true)
    }
}
