// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem
import DovetailTestSupport
import Testing

@Suite("Components and modules are compiled ahead of time")
struct PrecompileTests {
    private let module = Array("(module (func (export \"f\") (result i32) i32.const 7) (memory 1))".utf8)

    private func engine(_ change: (inout Engine.Configuration) -> Void = { _ in }) throws -> Engine {
        var configuration = Engine.Configuration()
        configuration.cache = .off
        change(&configuration)
        return try Engine(configuration)
    }

    private func failure(_ file: [UInt8], _ engine: Engine) -> EngineError? {
        #expect(throws: EngineError.self) { try Component.deserialize(engine: engine, bytes: file) }
    }

    @Test("a component is the same afterwards", arguments: ["adder/adder.wasm", "kv-store/kv-store.wasm"])
    func aComponentIsTheSameAfterwards(name: String) throws {
        let engine = try engine()
        let bytes = try TestFiles.bytes(TestFiles.example(name))
        let file = try engine.precompile(bytes)
        let component = try Component.deserialize(engine: engine, bytes: file)
        let original = try Component(engine: engine, bytes: bytes)
        #expect(component.exports.map(\.name) == original.exports.map(\.name))
        #expect(component.imports.map(\.name) == original.imports.map(\.name))
        #expect(try engine.precompile(bytes) == file, "the same input makes the same file")
    }

    @Test("a component runs") func aComponentRuns() throws {
        let engine = try engine()
        let file = try engine.precompile(TestFiles.bytes(TestFiles.example("adder/adder.wasm")))
        let component = try Component.deserialize(engine: engine, bytes: file)
        let instance = try Linker(engine: engine).instantiate(component, in: Store(engine: engine))
        #expect(try instance.function("add").call(.s32(1), .s32(2)) == .s32(3))
    }

    @Test("a module keeps its exports") func aModuleKeepsItsExports() throws {
        let engine = try engine()
        let file = try engine.precompile(module)
        #expect(try Module.deserialize(engine: engine, bytes: file).core.exports.count == 1)
        #expect(failure(file, engine)?.message.contains("holds a core module, expected a component") == true)
        let component = try engine.precompile(Array("(component)".utf8))
        let error = #expect(throws: EngineError.self) { try Module.deserialize(engine: engine, bytes: component) }
        #expect(error?.message.contains("holds a component, expected a core module") == true)
    }

    @Test("another configuration is refused") func anotherConfigurationIsRefused() throws {
        let file = try engine().precompile(Array("(component (core module (func)))".utf8))
        let others: [(inout Engine.Configuration) -> Void] = [
            { $0.optimization = .none }, { $0.interruptible = false }, { $0.allocation = .pooling() },
        ]
        for other in others {
            let error = failure(file, try engine(other))
            #expect(error?.code == .artefact)
            #expect(
                error?.message.hasPrefix(
                    "`<bytes>` was compiled for the engine configuration `ospeed-p0-e1`, expected `o")
                    == true)
            #expect(error?.message.hasSuffix("; compile it again with `dovetail compile`") == true)
        }
    }

    @Test("what a file was compiled for can be told") func whatFor() throws {
        let module = Array("(component (core module (func)))".utf8)
        for isInterruptible in [true, false] {
            let file = FileContents(try engine { $0.interruptible = isInterruptible }.precompile(module))
            #expect(PrecompiledFile(file)?.isInterruptible == isInterruptible)
            #expect(PrecompiledFile(file)?.allocation == .onDemand)
        }
        #expect(PrecompiledFile(FileContents(module)) == nil)
    }

    @Test("every byte is checked") func everyByteIsChecked() throws {
        let engine = try engine()
        let file = try engine.precompile(module)
        for position in stride(from: 0, to: file.count, by: 61) {
            var damaged = file
            damaged[position] ^= 0x10
            let error = #expect(throws: EngineError.self) { try Module.deserialize(engine: engine, bytes: damaged) }
            #expect(error?.code == .artefact, "at \(position)")
        }
        for position in 0..<200 {
            var damaged = file
            damaged[position] ^= 0x01
            let error = #expect(throws: EngineError.self) { try Module.deserialize(engine: engine, bytes: damaged) }
            #expect(error?.code == .artefact, "at \(position)")
        }
    }

    @Test("every length is checked") func everyLengthIsChecked() throws {
        let engine = try engine()
        let file = try engine.precompile(module)
        for count in Array(0..<300) + Array(stride(from: 300, to: file.count, by: 997)) {
            let error = #expect(throws: EngineError.self) {
                try Module.deserialize(engine: engine, bytes: Array(file.prefix(count)))
            }
            #expect(error?.code == .artefact)
            if count >= 16 { #expect(error?.message.contains("`<bytes>` is truncated") == true, "at \(count)") }
        }
        let error = #expect(throws: EngineError.self) { try Module.deserialize(engine: engine, bytes: file + [0]) }
        #expect(error?.message.contains("is damaged") == true)
    }

    @Test("other files are refused") func otherFilesAreRefused() throws {
        let engine = try engine()
        for bytes in [[], module, try TestFiles.bytes(TestFiles.example("adder/adder.wasm"))] {
            #expect(failure(bytes, engine)?.message.contains("is no compiled component") == true)
        }
        #expect(throws: ComponentError.self) { try Component.deserialize(engine: engine, path: "/no/such/file") }
        #expect(throws: ComponentError.self) { try engine.precompile(Array("junk".utf8)) }
        #expect(throws: EngineError.self) { try engine.precompile(Array("(module (func (i32.add)))".utf8)) }
    }

    @Test("native code is not taken for a component") func nativeCodeIsNotTakenForAComponent() throws {
        let engine = try engine()
        let file = try engine.precompile(Array("(component)".utf8))
        let error = #expect(throws: ComponentError.self) { try Component(engine: engine, bytes: file) }
        #expect(error?.code == .notAComponent)
        #expect(throws: EngineError.self) { try Module(engine: engine, bytes: engine.precompile(module)) }
    }
}
