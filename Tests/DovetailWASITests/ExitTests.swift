// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import DovetailWASI
import Testing

@Suite("A guest that ends itself")
struct ExitTests {
    @Test("comes out as its exit code, not as a trap")
    func exitCode() throws {
        let engine = try Engine()
        let component = try Component(engine: engine, path: TestFiles.fixture("exit.wasm"))
        var linker = Linker(engine: engine)
        linker.addWASI()
        let store = Store(engine: engine)
        let run = try linker.instantiate(component, in: store).function("run", in: "wasi:cli/run")
        #expect(throws: WASIExit(code: 7)) { try run.call() }
        // The instance has not returned from its call, so it is not entered again.
        #expect(throws: Trap.self) { try run.call() }
    }

    @Test("WASI offers nothing that is not its own")
    func otherImports() throws {
        let engine = try Engine()
        let component = try Component(engine: engine, path: TestFiles.fixture("borrows.wasm"))
        var linker = Linker(engine: engine)
        linker.addWASI()
        let error = #expect(throws: LinkError.self) { try linker.prepare(component) }
        #expect(error?.problems.map(\.name) == ["callback", "token"])
        #expect(error?.problems.allSatisfy { $0.code == .missing } == true)
    }
}
