// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Testing

@Suite("What is no component says why")
struct LoadErrorTests {
    let engine: Engine
    /// `(module)`.
    private let coreModule: [UInt8] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

    init() throws { engine = try Engine() }

    private func failure(_ bytes: [UInt8]) -> ComponentError? {
        #expect(throws: ComponentError.self) { try Component(engine: engine, bytes: bytes) }
    }

    @Test("a file that is not there")
    func missingFile() {
        let error = #expect(throws: ComponentError.self) {
            try Component(engine: engine, path: "no/such/file.wasm")
        }
        #expect(error?.code == .notReadable && error?.offset == nil)
        #expect(error?.message == "cannot read `no/such/file.wasm`: No such file or directory")
    }

    @Test("a folder in place of a file")
    func folder() {
        let error = #expect(throws: ComponentError.self) { try Component(engine: engine, path: TestFiles.root) }
        #expect(error?.code == .notReadable && error?.message.hasSuffix(": Is a directory") == true)
    }

    @Test("a core module where a component is needed")
    func coreModuleAsComponent() {
        let error = failure(coreModule)
        #expect(error?.code == .notAComponent)
        #expect(error?.message == "expected a component, found a core module; componentize it first")
    }

    @Test("nothing, and something else")
    func otherContents() {
        #expect(failure([])?.code == .truncated || failure([])?.code == .notAComponent)
        #expect(failure(Array("#!/bin/sh\n".utf8))?.code == .notAComponent)
    }

    @Test("a component where a core module is needed")
    func componentAsCoreModule() throws {
        let bytes = try TestFiles.bytes(TestFiles.example("adder/adder.wasm"))
        let error = #expect(throws: EngineError.self) { try Module(engine: engine, bytes: bytes) }
        #expect(error?.code == .notACoreModule && error?.message == "expected a core module, found a component")
    }

    @Test("a file that was cut off, at every place")
    func truncated() throws {
        let bytes = try TestFiles.bytes(TestFiles.fixture("faults.wasm"))
        let error = failure(Array(bytes.prefix(400)))
        #expect(error?.code == .truncated && error?.offset == 0xb)
        #expect(
            error?.description
                == "unexpected end: the core module section claims 429 bytes, only 389 follow (at offset 0xb)")
        // A component may end after any section, but never inside of one.
        for length in 0..<bytes.count {
            do {
                _ = try Component(engine: engine, bytes: Array(bytes.prefix(length)))
            } catch let error as ComponentError {
                #expect(error.offset.map { $0 <= length } ?? true)
            }
        }
    }

    @Test("a component that breaks a rule names the place")
    func invalid() {
        // Exports function 0, which does not exist.
        let bytes: [UInt8] = [
            0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00, 0x0b, 0x07, 0x01, 0x00, 0x01, 0x78, 0x01, 0x00, 0x00,
        ]
        let error = failure(bytes)
        #expect(error?.code == .invalid && error?.offset == 0xb)
        #expect(error?.message.contains("function index 0") == true || error?.message.contains("unknown") == true)
    }
}
