// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailBinary
import DovetailSnapshot
import DovetailTestSupport
import Synchronization
import Testing

/// Snapshots that import what other snapshots of the same modules have, too.
struct SnapshotBaseTests {
    /// A library that shares the memory, and what the main module has for it, which makes that another one.
    private struct Library {
        var module = ""
        var base = ""
    }

    /// A library with data in two segments.
    private static let library = Library(
        module: """
            (core module $library
              (import "env" "memory" (memory 1))
              (import "env" "other" (global i32))
              (import "env" "__memory_base" (global $base i32))
              (data (global.get $base) "\(String(repeating: "data ", count: 1000))")
              (data (offset (i32.add (global.get $base) (i32.const 8000))) "the end"))
            (core instance (instantiate $library (with "env" (instance
              (export "memory" (memory $main "memory")) (export "other" (global $main "a:memory_base"))
              (export "__memory_base" (global $main "b:memory_base"))))))
            """, base: "(global (export \"b:memory_base\") i32 (i32.const 2000000))"
    )

    /// A memory of three megabytes, as linked libraries share it; the initialisation writes what `writes` says.
    private static func component(_ writes: String, library: Library = Library()) throws -> [UInt8] {
        let text = """
            (component
              (core module $main \(library.base)
                (memory (export "memory") 48)
                (global (export "__stack_pointer") (mut i32) (i32.const 1572864))
                (global (export "a:memory_base") i32 (i32.const 1572864))
                (global (export "count") (mut i64) (i64.const 1))
                (data (i32.const 1572864) "\(String(repeating: "much ", count: 1000))"))
              (core instance $main (instantiate $main))
              \(library.module)
              (core module $app
                (import "main" "memory" (memory 1))
                (import "main" "count" (global $count (mut i64)))
                (func (export "init") (result i32) \(writes) (i32.const 0))
                (func (export "get") (param i32) (result i64) (i64.load (local.get 0)))
                (func (export "count") (result i64) (global.get $count))
                (func (export "pages") (result i32) (memory.size)))
              (core instance $app (instantiate $app (with "main" (instance $main))))
              (func (export "get") (param "at" u32) (result u64) (canon lift (core func $app "get")))
              (func (export "count") (result u64) (canon lift (core func $app "count")))
              (func (export "pages") (result u32) (canon lift (core func $app "pages"))))
            """
        return try WasmText.parse(Array(text.utf8))
    }

    private func snapshot(
        _ engine: Engine, _ writes: String, library: Library = Library()
    ) throws -> (component: [UInt8], modules: [String: [UInt8]]) {
        var snapshot = ComponentSnapshot(engine: engine)
        snapshot.initializer = .coreFunction("init")
        var modules: [String: [UInt8]] = [:]
        var list: [SnapshotBase.Module] = []
        for (original, bytes) in try snapshot.sharedModules(of: try Self.component("")) {
            let name = "main-\("abc".prefix(list.count + 1))"
            modules[name] = bytes
            list.append(SnapshotBase.Module(original: original, name: name))
        }
        // The main module, and what its memory holds.
        #expect(list.count == 2)
        let known = modules
        var base = SnapshotBase(modules: list) { known[$0.name] }
        let bytes = try Self.component(writes, library: library)
        let kept = Mutex<[String: [UInt8]]>([:])
        if !library.module.isEmpty {
            let range = try ComponentDecoder.decode(bytes).coreModules[1]
            let hash = try #require(bytes[range].withUnsafeBytes { SHA256.hexadecimal(of: $0) })
            base.libraries[hash] = "library"
        }
        base.keep = { label, bytes in
            kept.withLock { kept in
                let name = "\(label)-\("abc".prefix(kept.count + 1))"
                kept[name] = bytes
                return name
            }
        }
        snapshot.base = base
        let component = try snapshot.bytes(of: bytes)
        let libraries = kept.withLock { $0 }
        return (component, modules.merging(libraries) { first, _ in first })
    }

    private func instance(
        _ engine: Engine, _ writes: String, library: Library = Library()
    ) throws -> (Instance, size: Int) {
        let (component, modules) = try snapshot(engine, writes, library: library)
        var linker = Linker(engine: engine)
        for (name, bytes) in modules { linker.defineModule(name, try Module(engine: engine, bytes: bytes)) }
        let instance = try linker.instantiate(
            try Component(engine: engine, bytes: component), in: Store(engine: engine))
        return (instance, component.count)
    }

    private func get(_ instance: Instance, _ address: UInt32) throws -> UInt64? {
        guard case .u64(let value)? = try instance.function("get").call([.u32(address)]) else { return nil }
        return value
    }

    @Test("what is the same is not carried") func same() throws {
        let (instance, size) = try instance(try Engine(), "(nop)")
        #expect(size < 2000)
        #expect(try get(instance, 1_572_864) == 0x6375_6d20_6863_756d)
        #expect(try instance.function("count").call() == .u64(1))
    }

    @Test("words that differ are found wherever they are") func words() throws {
        let places: [UInt32] = [
            1_572_864, 1_572_872, 1_577_800, 1_577_864, 1_577_872, 1_572_864 + 65_535 * 8, 1_572_864 + 65_536 * 8,
            3_145_720,
        ]
        let writes = places.map { "(i64.store (i32.const \($0)) (i64.const \($0 + 7)))" }.joined()
        let (instance, size) = try instance(
            try Engine(), writes + "(i32.store8 (i32.const 2000001) (i32.const 3)) (global.set $count (i64.const -5))")
        #expect(size < 2500)
        for place in places { #expect(try get(instance, place) == UInt64(place + 7), "\(place)") }
        #expect(try get(instance, 2_000_000) == 0x300)
        #expect(try get(instance, 1_572_880) == 0x6863_756d_2068_6375)
        #expect(try instance.function("count").call() == .u64(UInt64(bitPattern: -5)))
        // Where the records were.
        for place: UInt32 in [0, 8, 64, 200] { #expect(try get(instance, place) == 0) }
    }

    @Test("memory that grows, and more that differs than fits at once") func large() throws {
        let writes = """
            (drop (memory.grow (i32.const 100)))
            (memory.fill (i32.const 1600000) (i32.const 1) (i32.const 6000000))
            (i64.store (i32.const 9699320) (i64.const 77))
            """
        let (instance, size) = try instance(try Engine(), writes)
        #expect(size > 6_000_000 && size < 6_010_000)
        #expect(try instance.function("pages").call() == .u32(148))
        for place: UInt32 in [1_600_000, 2_648_576, 4_000_000, 7_599_992] {
            #expect(try get(instance, place) == 0x0101_0101_0101_0101, "\(place)")
        }
        #expect(try get(instance, 7_600_000) == 0 && get(instance, 9_699_320) == 77)
        #expect(try get(instance, 1_048_568) == 0)
    }

    @Test("what becomes zero is not carried") func zeros() throws {
        let (instance, size) = try instance(
            try Engine(), "(memory.fill (i32.const 1572872) (i32.const 0) (i32.const 4900))")
        #expect(size < 2000)
        #expect(try get(instance, 1_572_864) == 0x6375_6d20_6863_756d)
        for place: UInt32 in [1_572_872, 1_575_000, 1_577_764] { #expect(try get(instance, place) == 0, "\(place)") }
        #expect(try get(instance, 1_577_776) != 0)
    }

    @Test("with another main module, its memory and its libraries are shared all the same") func apart() throws {
        let writes = """
            (i64.store (i32.const 1572880) (i64.const 1)) (i64.store (i32.const 2000016) (i64.const 2))
            (i64.store (i32.const 3000000) (i64.const 3)) (i64.store (i32.const 2004992) (i64.const 0))
            (global.set $count (i64.const 4))
            """
        let (instance, size) = try instance(try Engine(), writes, library: Self.library)
        #expect(size < 3000)
        #expect(try get(instance, 1_572_864) == 0x6375_6d20_6863_756d)
        #expect(try get(instance, 1_572_880) == 1 && get(instance, 2_000_016) == 2 && get(instance, 3_000_000) == 3)
        #expect(try get(instance, 2_000_000) == 0x7461_6420_6174_6164)
        #expect(try get(instance, 2_004_992) == 0)
        #expect(try get(instance, 2_008_000) == 0x0064_6e65_2065_6874)
        #expect(try instance.function("count").call() == .u64(4))
    }

    @Test("a base that is lost leaves the module in the component") func lost() throws {
        let engine = try Engine()
        var snapshot = ComponentSnapshot(engine: engine)
        snapshot.initializer = .coreFunction("init")
        let bytes = try Self.component("(i64.store (i32.const 1572864) (i64.const 9))")
        let original = try snapshot.sharedModules(of: bytes)[0].original
        snapshot.base = SnapshotBase(modules: [SnapshotBase.Module(original: original, name: "lost")]) { _ in nil }
        let component = try Component(engine: engine, bytes: try snapshot.bytes(of: bytes))
        let instance = try Linker(engine: engine).instantiate(component, in: Store(engine: engine))
        #expect(try get(instance, 1_572_864) == 9)
    }
}
