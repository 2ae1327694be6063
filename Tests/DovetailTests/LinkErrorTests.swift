// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Testing

@Suite("Imports that cannot be satisfied are all named")
struct LinkErrorTests {
    let engine: Engine
    let component: Component

    init() throws {
        engine = try Engine()
        component = try Component(engine: engine, path: TestFiles.fixture("versions.wasm"))
    }

    private func problems(_ linker: Linker) -> [LinkError.Problem] {
        #expect(throws: LinkError.self) { try linker.prepare(component) }?.problems ?? []
    }

    @Test("with the types that are expected")
    func everythingMissing() {
        let problems = problems(Linker(engine: engine))
        #expect(problems.allSatisfy { $0.code == .missing })
        #expect(
            problems.map(\.name) == [
                "test:deps/math@1.2.0#add", "test:deps/math@1.2.0#scale", "test:deps/text@0.1.0#shout", "on-done",
            ])
        #expect(
            problems.first?.message
                == "component imports function `test:deps/math@1.2.0#add` of type `func(a: u32, b: u32) -> u32`, "
                + "but the linker does not define it")
        #expect(problems.last?.message.contains("`func(total: u64)`") == true)
    }

    @Test("with what is nearest")
    func nearest() {
        var linker = Linker(engine: engine)
        for version in ["0.9.0", "2.0.0", "1.1.7"] {
            linker.define("add", in: "test:deps/math@\(version)") { _, _ in nil }
        }
        linker.define("shuot", in: "test:deps/text@0.1.5") { _, _ in nil }
        linker.define("on-dome") { _, _ in nil }
        let problems = problems(linker)
        // 1.1.7 is compatible, so `add` is there; the other function of the interface is not.
        #expect(problems.map(\.name) == ["test:deps/math@1.2.0#scale", "test:deps/text@0.1.0#shout", "on-done"])
        #expect(problems[1].message.hasSuffix("; it defines `test:deps/text@0.1.0#shuot`"))
        #expect(problems[2].message.hasSuffix("; it defines `on-dome`"))
    }

    @Test("with the version that is there")
    func versions() {
        var linker = Linker(engine: engine)
        linker.define("add", in: "test:deps/math@2.0.0") { _, _ in nil }
        linker.define("add", in: "test:deps/math@10.0.0") { _, _ in nil }
        let problems = problems(linker)
        #expect(problems.count == 4)
        #expect(problems[0].message.hasSuffix("; it defines `test:deps/math@10.0.0`"))
    }

    @Test("and typed functions of another type")
    func mismatch() {
        var linker = Linker(engine: engine)
        linker.define("add", in: "test:deps/math@1.2.0", typed: { (_: Caller, a: UInt32, b: UInt64) in a })
        linker.define("scale", in: "test:deps/math@1.2.0") { _, _ in nil }
        linker.define("shout", in: "test:deps/text@0.1.0", typed: { (_: Caller, text: String) in })
        linker.define("add", in: "on-done") { _, _ in nil }
        let problems = problems(linker)
        #expect(problems.allSatisfy { $0.code == .mismatch })
        #expect(
            problems.map(\.message) == [
                "import `test:deps/math@1.2.0#add`: parameter `b`: expected u64, found u32",
                "import `test:deps/text@0.1.0#shout`: expected a function with a result, found one without",
                "import `on-done`: expected a function, the linker defines an instance",
            ])
    }

    @Test("and exports that do not exist, with those that do")
    func exports() throws {
        let adder = try Component(engine: engine, path: TestFiles.example("adder/adder.wasm"))
        let instance = try Linker(engine: engine).instantiate(adder, in: Store(engine: engine))
        let error = #expect(throws: ExportError.self) { try instance.function("ad") }
        #expect(error?.name == "ad" && error?.known == ["add"])
        #expect(error?.description == "the component exports no function `ad`; it exports `add`")
    }
}
