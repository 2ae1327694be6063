// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Testing

@Suite("A first component")
struct AdderTests {
    let engine: Engine
    let component: Component

    init() throws {
        engine = try Engine()
        component = try Component(engine: engine, path: TestFiles.example("adder/adder.wasm"))
    }

    @Test("adds with dynamic values")
    func dynamic() throws {
        let store = Store(engine: engine)
        let instance = try Linker(engine: engine).instantiate(component, in: store)
        #expect(try instance.function("add").call(.s32(1), .s32(2)) == .s32(3))
    }

    @Test("adds with Swift values")
    func typed() throws {
        let store = Store(engine: engine)
        let instance = try Linker(engine: engine).instantiate(component, in: store)
        let add = try instance.function("add").typed(as: ((Int32, Int32) -> Int32).self)
        #expect(try add(1, 2) == 3)
        #expect(try add(.max, 1) == .min)
    }

    @Test("says which argument does not fit")
    func wrongArguments() throws {
        let store = Store(engine: engine)
        let add = try Linker(engine: engine).instantiate(component, in: store).function("add")
        let wrongType = #expect(throws: CallError.self) { try add.call(.s32(1), .string("2")) }
        #expect(wrongType?.description == "cannot call `add`: b: expected s32, found string")
        let wrongCount = #expect(throws: CallError.self) { try add.call(.s32(1)) }
        #expect(wrongCount?.description == "cannot call `add`: expected 2 arguments, found 1")
        #expect(try add.call(.s32(2), .s32(2)) == .s32(4))
        let mismatch = #expect(throws: CallError.self) { try add.typed(as: ((String, Int32) -> Int32).self) }
        #expect(mismatch?.description == "`add`: parameter `a`: expected string, found s32")
    }

    @Test("names the functions there are when one is missing")
    func missingExport() throws {
        let store = Store(engine: engine)
        let instance = try Linker(engine: engine).instantiate(component, in: store)
        let error = #expect(throws: CallError.self) { try instance.function("ad") }
        #expect(error?.description == "the component exports no function `ad`; it exports `add`")
    }

    @Test("1 000 instances in stores of their own")
    func manyInstances() throws {
        let prepared = try Linker(engine: engine).prepare(component)
        for number in 0..<1000 {
            let store = Store(engine: engine)
            let instance = try prepared.instantiate(in: store)
            #expect(try instance.function("add").call(.s32(Int32(number)), .s32(1)) == .s32(Int32(number + 1)))
        }
    }
}
