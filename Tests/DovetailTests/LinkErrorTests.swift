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
        linker.define("add", in: "test:deps/math@1.2.0") { (_: Caller, a: UInt32, b: UInt64) in a }
        linker.define("scale", in: "test:deps/math@1.2.0") { _, _ in nil }
        linker.define("shout", in: "test:deps/text@0.1.0") { (_: Caller, text: String) in }
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

    @Test("after a definition is removed by its full name, too")
    func removal() {
        var linker = Linker(engine: engine)
        linker.define("add", in: "test:deps/math@1.2.0") { _, _ in nil }
        linker.define("scale", in: "test:deps/math@1.2.0") { _, _ in nil }
        linker.define("test:deps/text@0.1.0#shout") { _, _ in nil }
        #expect(problems(linker).map(\.name) == ["on-done"])
        linker.remove("test:deps/math@1.2.0#scale")
        #expect(problems(linker).map(\.name) == ["test:deps/math@1.2.0#scale", "on-done"])
        linker.remove("add", in: "test:deps/math@1.2.0")
        linker.remove("test:deps/text@0.1.0")
        #expect(problems(linker).count == 4)
    }

    /// An unsigned LEB128 number.
    private func leb(_ value: Int) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + leb(value >> 7)
    }

    private func section(_ id: UInt8, _ items: [[UInt8]]) -> [UInt8] {
        let body = leb(items.count) + items.flatMap { $0 }
        return [id] + leb(body.count) + body
    }

    /// A component that imports so many functions, whose parameter is a tuple of tuples of numbers.
    private func importing(_ count: Int, width: Int) throws -> Component {
        let types =
            [[0x6f] + leb(width) + [UInt8](repeating: 0x79, count: width)]
            + (0..<2).map { level in [0x6f] + leb(width) + (0..<width).flatMap { _ in leb(level) } }
            + [[0x40, 1, 1, 0x70, 2, 1, 0]]
        let imports = (0..<count).map { number in
            let name = Array("f\(number)".utf8)
            return [0] + leb(name.count) + name + [1, 3]
        }
        return try Component(
            engine: engine, bytes: [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0] + section(7, types) + section(10, imports))
    }

    @Test("briefly, however long their types are")
    func longTypes() throws {
        let component = try importing(3, width: 60)
        let error = #expect(throws: LinkError.self) { try Linker(engine: engine).prepare(component) }
        #expect(error?.problems.count == 3)
        for problem in error?.problems ?? [] {
            #expect(
                problem.message.hasPrefix("component imports function `\(problem.name)` of type `func(p: tuple<tuple<"))
            #expect(problem.message.contains("…"))
            #expect(problem.message.utf8.count < 600)
        }
    }

    @Test("up to a limit, with how many more there are")
    func many() throws {
        let component = try importing(5000, width: 1)
        let error = #expect(throws: LinkError.self) { try Linker(engine: engine).prepare(component) }
        #expect(error?.count == 5000 && error?.problems.count == LinkError.maximumProblems)
        let lines = error?.description.split(separator: "\n") ?? []
        #expect(lines.count == 21 && lines.last == "and 4980 more")
    }

    @Test("and exports that do not exist, with those that do")
    func exports() throws {
        let adder = try Component(engine: engine, path: TestFiles.example("adder/adder.wasm"))
        let instance = try Linker(engine: engine).instantiate(adder, in: Store(engine: engine))
        let error = #expect(throws: CallError.self) { try instance.function("ad") }
        #expect(error?.function == "ad" && error?.code == .noSuchFunction)
        #expect(error?.description == "the component exports no function `ad`; it exports `add`")
    }
}
