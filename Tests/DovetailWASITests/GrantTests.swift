// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import DovetailWASI
import Testing

@Suite struct GrantTests {
    @Test("a guest whose store was granted nothing has clocks, random numbers and closed input, and no files")
    func emptyGrant() throws {
        let engine = try Engine()
        let store = Store(engine: engine)
        let linker = Linker.wasi(engine: engine)
        let sleep = try linker.instantiate(Component(engine: engine, path: TestFiles.fixture("sleep.wasm")), in: store)
        _ = try sleep.function("sleep").call([.u64(1)])
        let copy = try linker.instantiate(Component(engine: engine, path: TestFiles.fixture("copy.wasm")), in: store)
        #expect(try copy.function("run", in: "wasi:cli/run").call([]) == .ok(nil))
        let host = WASI02.Host(store.wasi)
        #expect(try host.getDirectories().isEmpty)
        #expect(try host.getArguments().isEmpty)
        #expect(try host.getEnvironment().isEmpty)
        #expect(try host.getRandomBytes(len: 8).count == 8)
        #expect(store.wasi === store.wasi)
    }

    @Test("what a store is granted is named where it is made, and an error there is thrown there")
    func grants() throws {
        let engine = try Engine()
        let output = OutputCollector()
        let wasi = WASIConfiguration(standardInput: .text("hello"), standardOutput: .collected(output))
        let store = try Store(engine: engine, wasi: wasi)
        let copy = try Linker.wasi(engine: engine)
            .instantiate(Component(engine: engine, path: TestFiles.fixture("copy.wasm")), in: store)
        #expect(try copy.function("run", in: "wasi:cli/run").call([]) == .ok(nil))
        #expect(output.text == "hello")
        #expect(throws: WASIError.self) {
            try Store(engine: engine, wasi: WASIConfiguration(preopens: [Preopen("/no/such/folder")]))
        }
    }

    @Test("a host whose descriptors are closed shows guests the end of their input and closed output")
    func closedDescriptors() throws {
        let engine = try Engine()
        let linker = Linker.wasi(engine: engine)
        let component = try Component(engine: engine, path: TestFiles.fixture("copy.wasm"))
        func run(_ wasi: WASIConfiguration) throws -> Value? {
            let store = try Store(engine: engine, wasi: wasi)
            return try linker.instantiate(component, in: store).function("run", in: "wasi:cli/run").call([])
        }
        let closed: Int32 = 1_000_000
        #expect(try run(WASIConfiguration(standardInput: .fileDescriptor(closed))) == .ok(nil))
        #expect(try run(WASIConfiguration(standardInput: .fileDescriptor(-1))) == .ok(nil))
        for number in [closed, -1] {
            let wasi = WASIConfiguration(
                standardInput: .text("x"), standardOutput: .fileDescriptor(number))
            #expect(throws: WASIExit(code: 4)) { try run(wasi) }
        }
    }
}
