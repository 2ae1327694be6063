// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Testing

@Suite("WebAssembly text is read wherever a binary is")
struct WasmTextTests {
    @Test("a module and a component become binary") func aModuleAndAComponentBecomeBinary() throws {
        #expect(try WasmText.parse(Array("(module)".utf8)) == [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
        #expect(try WasmText.parse(Array("(component)".utf8)) == [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0])
        #expect(try WasmText.parse(Array("\u{feff}(module)".utf8)) == [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
    }

    @Test("an error names the file and points at the place") func anErrorNamesTheFileAndPointsAtThePlace() {
        let error = #expect(throws: EngineError.self) {
            try WasmText.parse(Array("(module\n  (func (bogus)))".utf8), name: "odd name.wat")
        }
        #expect(error?.code == .text)
        #expect(
            error?.message == """
                unknown operator or unexpected token
                     --> odd name.wat:2:10
                      |
                    2 |   (func (bogus)))
                      |          ^
                """)
    }

    @Test(
        arguments: [
            ([], "`x.wat` is empty"), ([0x28, 0xff, 0x29], "`x.wat` is not UTF-8, expected WebAssembly text"),
            (Array("(module".utf8), "expected `)`\n     --> x.wat:1:8"),
            (Array("(module) (".utf8), "--> x.wat:1:10"), (Array(repeating: 0x28, count: 100_000), "--> x.wat:1:2"),
        ] as [([UInt8], String)])
    func whatDoesNotParseIsAnError(text: [UInt8], message: String) {
        let error = #expect(throws: EngineError.self) { try WasmText.parse(text, name: "x.wat") }
        #expect(error?.code == .text && error?.message.contains(message) == true, "\(String(describing: error))")
    }

    @Test("deeply nested text ends in an error or a binary") func deeplyNestedTextEndsInAnErrorOrABinary() {
        for depth in [1000, 100_000] {
            for (open, close) in [("(block ", ")"), ("block ", "end ")] {
                let text =
                    "(module (func " + String(repeating: open, count: depth)
                    + String(repeating: close, count: depth) + "))"
                _ = try? WasmText.parse(Array(text.utf8))
            }
            let nested = String(repeating: "(component ", count: depth) + String(repeating: ")", count: depth)
            #expect(throws: EngineError.self) { try WasmText.parse(Array(nested.utf8)) }
        }
    }

    @Test("a component is the same from its text", arguments: ["names", "echo", "faults"])
    func aComponentIsTheSameFromItsText(name: String) throws {
        let engine = try Engine()
        let names = try ["wat", "wasm"].map { kind in
            let component = try Component(engine: engine, path: TestFiles.fixture("\(name).\(kind)"))
            return try Linker(engine: engine).instantiate(component, in: Store(engine: engine)).functionNames
        }
        #expect(names[0] == names[1] && !names[0].isEmpty)
    }

    @Test("a module is read from text") func aModuleIsReadFromText() throws {
        let module = try Module(engine: Engine(), bytes: Array("(module (func (export \"f\")))".utf8))
        #expect(module.core.exports.count == 1)
        let error = #expect(throws: EngineError.self) {
            try Module(engine: Engine(), bytes: Array("(component)".utf8))
        }
        #expect(error?.code == .notACoreModule)
    }
}
