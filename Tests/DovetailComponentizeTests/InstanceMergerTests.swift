// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary
import DovetailComponentize
import DovetailTestSupport
import Synchronization
import Testing

/// Core instances that share a memory, made one.
@Suite struct InstanceMergerTests {
    /// Libraries as linkers lay them out.
    private static func libraries() throws -> [UInt8] { try TestFiles.bytes(TestFiles.fixture("libraries.wasm")) }

    private final class Log: Sendable {
        let value = Mutex<[String]>([])
    }

    private static func parse(_ text: String) throws -> [UInt8] { try WasmText.parse(Array(text.utf8)) }

    private static func modules(_ bytes: [UInt8]) throws -> [CoreModuleBinary] {
        let component = try ComponentDecoder.decode(bytes)
        _ = try ComponentValidator.validate(component, bytes: bytes, features: .all)
        return try component.coreModules.map { try CoreModuleBinary.decode(bytes, range: $0) }
    }

    private func merged(_ bytes: [UInt8], keepingExports isKept: (String) -> Bool = { _ in false }) throws -> [UInt8]? {
        try InstanceMerger(try ComponentDecoder.decode(bytes), bytes)?.merged(keepingExports: isKept)
    }

    private func results(_ bytes: [UInt8]) throws -> ([Value?], [String]) {
        let engine = try Engine()
        let log = Log()
        var linker = Linker(engine: engine)
        linker.define("log") { _, arguments in
            log.value.withLock { $0.append("\(arguments[0])") }
            return nil
        }
        let instance = try linker.instantiate(
            try Component(engine: engine, bytes: bytes), in: Store(engine: engine))
        let run = try instance.function("run")
        return (
            [try run.call(.u32(100)), try run.call(.u32(1)), try instance.function("referenced").call()],
            log.value.withLock { $0 }
        )
    }

    @Test("libraries become one module, which does the same")
    func libraries() throws {
        let bytes = try Self.libraries()
        let merged = try #require(try merged(bytes))
        let modules = try Self.modules(merged)
        // The shim, the memory, what was joined, and what fills the table of the shim.
        #expect(modules.count == 4)
        let wanted = try results(bytes)
        // 11 + 42 + 2 + 7, and 200 + 300.
        #expect(wanted.0 == [.u32(562), .u32(68), .u32(0)])
        let found = try results(merged)
        #expect(found.0 == wanted.0 && found.1 == wanted.1 && found.1.count == 2)
    }

    @Test("calls are direct, constants are in the code, and tables are filled by one module")
    func whatIsLeft() throws {
        let merged = try #require(try merged(try Self.libraries()))
        let modules = try Self.modules(merged)
        let joined = try #require(modules.first { $0.exports.contains { $0.name == "run" } })
        #expect(joined.imports.map(\.type.sort) == [.function, .memory])
        // `count` alone is set.
        #expect(joined.globals.count == 1)
        #expect(joined.elements.count { if case .active = $0.mode { true } else { false } } == 2)
        for case .active(_, let offset) in joined.elements.map(\.mode) { #expect(CoreConstant(offset) != nil) }
        // `unused` and `idle` have gone.
        #expect(joined.functions.count == 9)
        #expect(joined.exports.map(\.name).sorted() == ["realloc", "referenced", "run"])
        // What fills the table of the shim has nothing to do with the other one any more.
        let fixup = try #require(modules.first { $0.imports.contains { $0.module == "shim" } })
        #expect(fixup.imports.map(\.name) == ["$imports", "0", "1"] && fixup.elements.count == 1)
    }

    @Test("exports that are asked for stay")
    func keptExports() throws {
        let merged = try #require(
            try merged(try Self.libraries(), keepingExports: { $0 == "kept" }))
        #expect(try Self.modules(merged).contains { $0.exports.contains { $0.name == "kept" } })
    }

    @Test("the memory stays with the module that owns it where nothing is lowered before libraries")
    func memoryStays() throws {
        let bytes = try Self.parse(
            """
            (component
              (core module $main (memory (export "memory") 1) (data (i32.const 8) "\\07"))
              (core module $lib (import "env" "memory" (memory 1))
                (func (export "get") (result i32) (i32.load8_u (i32.const 8))))
              (core instance $main (instantiate $main))
              (core instance $lib (instantiate $lib (with "env" (instance $main))))
              (func (export "get") (result u32) (canon lift (core func $lib "get"))))
            """)
        let merged = try #require(try merged(bytes))
        let modules = try Self.modules(merged)
        #expect(modules.count == 1 && modules[0].memories.count == 1 && modules[0].imports.isEmpty)
        let engine = try Engine()
        let instance = try Linker(engine: engine).instantiate(
            try Component(engine: engine, bytes: merged), in: Store(engine: engine))
        #expect(try instance.function("get").call() == .u32(7))
    }

    @Test(
        "what cannot be joined stays as it is",
        arguments: [
            // One instance.
            "(core module $m (memory 1)) (core instance (instantiate $m))",
            // Nothing shared.
            """
            (core module $m (memory 1)) (core module $n)
            (core instance (instantiate $m)) (core instance (instantiate $n))
            """,
            // A start function runs between two instantiations.
            """
            (core module $m (memory (export "m") 1))
            (core module $n (import "" "m" (memory 1)) (func $f) (start $f))
            (core instance $i (instantiate $m)) (core instance (instantiate $n (with "" (instance $i))))
            """,
            // A module of which there are two instances.
            """
            (core module $m (memory (export "m") 1)) (core module $n (import "" "m" (memory 1)))
            (core instance $i (instantiate $m)) (core instance (instantiate $n (with "" (instance $i))))
            (core instance (instantiate $n (with "" (instance $i))))
            """,
            // Two memories.
            """
            (core module $m (memory (export "m") 1) (data (i32.const 0) "1"))
            (core module $n (import "" "m" (memory 1)) (memory 1) (func (export "f") (result i32) (memory.size 1)))
            (core instance $i (instantiate $m)) (core instance $j (instantiate $n (with "" (instance $i))))
            (func (export "f") (result u32) (canon lift (core func $j "f")))
            """,
            // A nested component counts modules.
            """
            (core module $m (memory (export "m") 1)) (core module $n (import "" "m" (memory 1)))
            (component $c (alias outer 1 0 (core module)))
            (core instance $i (instantiate $m)) (core instance (instantiate $n (with "" (instance $i))))
            """,
        ])
    func notJoined(_ text: String) throws {
        #expect(try merged(try Self.parse("(component \(text))")) == nil)
    }

    @Test("valid components that were changed are joined or left")
    func damaged() throws {
        let bytes = try Self.libraries()
        var random = SeededGenerator(seed: 0x3e)
        var joined = 0
        for _ in 0..<4_000 {
            let changed = Mutation.changed(bytes, &random)
            guard let component = try? ComponentDecoder.decode(changed),
                (try? ComponentValidator.validate(component, bytes: changed, features: .all)) != nil,
                let merged = try? merged(changed)
            else { continue }
            _ = try ComponentValidator.validate(
                try ComponentDecoder.decode(merged), bytes: merged, features: .all)
            joined += 1
        }
        #expect(joined > 0)
    }
}
