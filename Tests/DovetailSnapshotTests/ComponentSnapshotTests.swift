// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailBinary
import DovetailComponentize
import DovetailSnapshot
import DovetailTestSupport
import DovetailTypes
import DovetailWASI
import DovetailWIT
import Testing

/// Components of C libraries whose initialisation has been done.
@Suite(.enabled(if: SharedLibraryCompiler.shared != nil, "the toolchain cannot make shared libraries"))
struct ComponentSnapshotTests {
    private static let engine = Result { try Engine() }

    private static let wit = """
        package a:b;
        world w {
          import tell: func(number: u32);
          export init: func(by: u32) -> result<_, string>;
          export next: func() -> u32;
          export large: func() -> u64;
          export stop: func();
        }
        """
    /// Counts in a table that takes more memory than there is at the start.
    private static let counter = """
        EXPORTED int counter = 1;
        static unsigned long long big = 3;
        static double factor = 0.5;
        EXPORTED int (*step)(int);
        static int one(int n) { return n + 1; }
        EXPORTED unsigned char *table;
        EXPORTED int fill(int by) {
            table = (unsigned char *)(__builtin_wasm_memory_grow(0, 4) * 65536ul);
            for (int i = 0; i < 4 * 65536; i += 97) table[i] = (unsigned char)(i + by);
            big <<= 40, factor *= 3;
            step = one;
            counter += by;
            return 0;
        }
        EXPORTED unsigned long long value(void) { return big + (unsigned long long)(factor * 2); }
        __attribute__((constructor)) static void begin(void) { counter *= 10; }
        """
    private static let app = """
        extern int counter;
        extern int (*step)(int);
        extern unsigned char *table;
        int fill(int);
        unsigned long long value(void);
        __attribute__((import_module("$root"), import_name("tell"))) void tell(int);
        static int calls;
        __attribute__((export_name("init"))) int *init(int by) {
            static int result[3];
            static const char text[] = "too much";
            if (by > 100) result[0] = 1, result[1] = (int)text, result[2] = sizeof text - 1;
            if (by == 100) tell(by);
            fill(by);
            calls++;
            return result;
        }
        __attribute__((export_name("next"))) int next(void) {
            counter = step ? step(counter) : counter;
            return counter * 1000 + (table ? table[97] : 0) * 10 + calls;
        }
        __attribute__((export_name("large"))) unsigned long long large(void) { return value(); }
        static const char *words = "";
        __attribute__((export_name("stop"))) void stop(void) { words = "no more, größer"; __builtin_trap(); }
        __attribute__((export_name("dovetail_trap_message"))) int message(int offset) {
            for (int i = 0; i <= offset; i++) if (!words[i]) return -1;
            return (unsigned char)words[offset];
        }
        """

    private static func component() throws -> [UInt8] {
        let compiler = try #require(SharedLibraryCompiler.shared)
        let resolution = try WIT.resolve(WITSource(text: wit))
        let app = try ComponentTypeSection.embed(
            try resolution.graph.world(nil, in: resolution.root), of: resolution.graph, in: try compiler.library(app))
        return try Componentizer.component(linking: [
            .init(name: "app", bytes: app), .init(name: "libcounter.so", bytes: try compiler.library(counter)),
        ])
    }

    private func snapshotted(_ initializer: ComponentSnapshot.Initializer, prunes: Bool = true) throws -> [UInt8] {
        var snapshot = ComponentSnapshot(engine: try Self.engine.get())
        snapshot.initializer = initializer
        snapshot.prunes = prunes
        return try snapshot.bytes(of: try Self.component())
    }

    private func call(_ bytes: [UInt8], _ names: [String]) throws -> [Value?] {
        let engine = try Self.engine.get()
        let component = try Component(engine: engine, bytes: bytes)
        var linker = Linker(engine: engine)
        linker.define("tell") { _, _ in nil }
        let store = Store(engine: engine)
        defer { withExtendedLifetime(store) {} }
        let instance = try linker.instantiate(component, in: store)
        return try names.map { try instance.function($0).call() }
    }

    @Test("an instance of a snapshot begins where the initialisation ended", arguments: [true, false])
    func snapshotsContinue(_ prunes: Bool) throws {
        let ready = try snapshotted(.function("init", [.u32(5)]), prunes: prunes)
        // Constructors have run, once: 1 * 10 + 5; the byte is 97 + 5.
        let large: UInt64 = 3 << 40 + 3
        #expect(try call(ready, ["next", "next", "large"]) == [.u32(17_021), .u32(18_021), .u64(large)])
        // And again from there, for another instance.
        #expect(try call(ready, ["next"]) == [.u32(17_021)])
        #expect(try call(try Self.component(), ["next"]) == [.u32(10_000)])
    }

    @Test("a guest says why it trapped, in a snapshot as well")
    func words() throws {
        for bytes in [try Self.component(), try snapshotted(.function("init", [.u32(5)]))] {
            let trap = #expect(throws: Trap.self) { try call(bytes, ["next", "stop"]) }
            #expect(trap?.code == .unreachable && trap?.guestMessage == "no more, größer")
            #expect(
                trap?.description.hasPrefix(
                    "wasm `unreachable` instruction executed\nno more, größer\nwasm backtrace:\n") == true)
        }
    }

    @Test("what a snapshot is made of does not change from run to run")
    func snapshotsAreDeterministic() throws {
        let first = try snapshotted(.function("init", [.u32(5)]))
        #expect(try snapshotted(.function("init", [.u32(5)])) == first)
        #expect(try snapshotted(.function("init", [.u32(6)])) != first)
    }

    @Test("instantiation alone may be the initialisation")
    func instantiationAlone() throws {
        #expect(try call(try snapshotted(.none), ["next"]) == [.u32(10_000)])
    }

    @Test("what only the initialisation needs is left out")
    func pruning() throws {
        let (pruned, whole) = (
            try snapshotted(.function("init", [.u32(5)])), try snapshotted(.function("init", [.u32(5)]), prunes: false)
        )
        #expect(pruned.count < whole.count)
        // `init` is still an export, and all that it needs.
        func functions(_ bytes: [UInt8]) throws -> Int {
            let modules = try ComponentDecoder.decode(bytes).coreModules.map {
                try CoreModuleBinary.decode(bytes, range: $0)
            }
            #expect(modules.allSatisfy { $0.start == nil })
            return modules.reduce(0) { $0 + $1.functions.count }
        }
        #expect(try functions(pruned) < functions(whole))
    }

    @Test("functions that nothing needs trap where instances stay apart")
    func pruningApart() throws {
        let bytes = try WasmText.parse(
            Array(
                """
                (component
                  (core module $m (func (export "f") (result i32) (i32.const 3)) (func (export "g") (result i32) (i32.const 4)))
                  (core instance $i (instantiate $m))
                  (func (export "f") (result u32) (canon lift (core func $i "f"))))
                """.utf8))
        let ready = try ComponentSnapshot(engine: try Self.engine.get()).bytes(of: bytes)
        let module = try CoreModuleBinary.decode(ready, range: try ComponentDecoder.decode(ready).coreModules[0])
        #expect(module.functions[1].body.elementsEqual([0x00, 0x00, 0x0b]))
        #expect(try call(ready, ["f"]) == [.u32(3)])
    }

    @Test("a core function may be the initialisation, and say that it failed")
    func coreFunctions() throws {
        let compiler = try #require(SharedLibraryCompiler.shared)
        let resolution = try WIT.resolve(WITSource(text: "package a:b; world w { export run: func() -> u32; }"))
        let library = try compiler.library(
            """
            static int state = 1;
            EXPORTED int prepare(void) { state = 41; return 0; }
            EXPORTED int refuse(void) { return 7; }
            __attribute__((export_name("run"))) int run(void) { return ++state; }
            """)
        let bytes = try ComponentTypeSection.embed(
            try resolution.graph.world(nil, in: resolution.root), of: resolution.graph, in: library)
        let component = try Componentizer.component(linking: [.init(name: "app", bytes: bytes)])
        var snapshot = ComponentSnapshot(engine: try Self.engine.get())
        snapshot.initializer = .coreFunction("prepare")
        #expect(try call(try snapshot.bytes(of: component), ["run", "run"]) == [.u32(42), .u32(43)])
        snapshot.initializer = .coreFunction("refuse")
        let error = #expect(throws: SnapshotError.self) { try snapshot.bytes(of: component) }
        #expect(error?.description == "the initialisation `refuse` failed: 7")
        snapshot.initializer = .coreFunction("missing")
        let missing = #expect(throws: CallError.self) { try snapshot.bytes(of: component) }
        #expect(
            missing?.description
                == "no core module of the component exports a function `missing` without parameters and with at most one result"
        )
    }

    @Test("an initialisation that fails is an error, and so is a call of an import that nobody defined")
    func failures() throws {
        let error = #expect(throws: SnapshotError.self) { try snapshotted(.function("init", [.u32(101)])) }
        #expect(error?.description.hasPrefix("the initialisation `init` failed: ") == true)
        #expect(error?.description.contains("too much") == true)
        let unknown = #expect(throws: UnknownImport.self) { try snapshotted(.function("init", [.u32(100)])) }
        #expect(unknown?.description == "the component called its import `tell`, which is not defined")
        var snapshot = ComponentSnapshot(engine: try Self.engine.get())
        snapshot.initializer = .function("init", [.u32(100)])
        snapshot.define = { $0.define("tell") { _, _ in nil } }
        #expect(try call(try snapshot.bytes(of: try Self.component()), ["next"]) != [])
    }

    @Test("handles that are open are named, and tables that change are refused")
    func whatCannotBeKept() throws {
        let engine = try Self.engine.get()
        let handles = """
            (component
              (type $r (resource (rep i32)))
              (core func $new (canon resource.new $r))
              (core module $m (import "" "new" (func $new (param i32) (result i32)))
                (func $start (drop (call $new (i32.const 1)))) (start $start))
              (core instance (instantiate $m (with "" (instance (export "new" (func $new)))))))
            """
        let tables = """
            (component
              (core module $m (table 2 funcref) (func (table.set 0 (i32.const 1) (ref.null func))))
              (core instance (instantiate $m)))
            """
        let twice = """
            (component
              (core module $m (memory 1))
              (core instance (instantiate $m)) (core instance (instantiate $m)))
            """
        for (text, message) in [
            (handles, "the component still has 1 handles after its initialisation"),
            (tables, "expected no `table.set` in its code"), (twice, "is instantiated more than once"),
        ] {
            let bytes = try WasmText.parse(Array(text.utf8))
            let error = #expect(throws: SnapshotError.self) { try ComponentSnapshot(engine: engine).bytes(of: bytes) }
            #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        }
    }

    @Test("all kinds of numbers, memories and segments are kept")
    func kindsOfState() throws {
        let text = """
            (component
              (core module $m
                (memory (export "a") 1 4) (memory $b 1)
                (global $i (mut i32) (i32.const 1)) (global $l (mut i64) (i64.const 1))
                (global $f (mut f32) (f32.const 1)) (global $d (mut f64) (f64.const 1))
                (data "passive") (data (memory $b) (i32.const 8) "active")
                (func $start
                  (global.set $i (i32.const -2)) (global.set $l (i64.const -3))
                  (global.set $f (f32.const -0.5)) (global.set $d (f64.const nan:0x8000000000123))
                  (memory.init $b 0 (i32.const 100) (i32.const 0) (i32.const 7))
                  (drop (memory.grow $b (i32.const 1))) (i32.store8 $b (i32.const 65536) (i32.const 9)))
                (start $start)
                (func (export "sum") (result i64)
                  (i64.add (i64.extend_i32_s (global.get $i)) (i64.add (global.get $l)
                    (i64.add (i64.extend_i32_s (i32.reinterpret_f32 (global.get $f)))
                      (i64.add (i64.reinterpret_f64 (global.get $d))
                        (i64.add (i64.load32_u $b (i32.const 8)) (i64.load32_u $b (i32.const 100))))))))
                (func (export "pages") (result i64)
                  (memory.init $b 0 (i32.const 200) (i32.const 0) (i32.const 1))
                  (i64.add (i64.extend_i32_u (memory.size $b)) (i64.load8_u $b (i32.const 65536)))))
              (core instance $i (instantiate $m))
              (func (export "sum") (result s64) (canon lift (core func $i "sum")))
              (func (export "pages") (result s64) (canon lift (core func $i "pages"))))
            """
        let bytes = try WasmText.parse(Array(text.utf8))
        let wanted = try call(bytes, ["sum", "pages"])
        let ready = try ComponentSnapshot(engine: try Self.engine.get()).bytes(of: bytes)
        #expect(try call(ready, ["sum", "pages"]) == wanted)
    }

    @Test("what is left on the stack of linked libraries is not kept")
    func deadStack() throws {
        let compiler = try #require(SharedLibraryCompiler.shared)
        let library = try compiler.library(
            """
            static void use(volatile unsigned *words) { for (int i = 0; i < 512; i++) words[i] = 0x5ec2e7a5; }
            EXPORTED int prepare(void) { volatile unsigned words[512]; use(words); return 0; }
            __attribute__((export_name("run"))) int run(void) { return 1; }
            """)
        let resolution = try WIT.resolve(WITSource(text: "package a:b; world w { export run: func() -> u32; }"))
        let bytes = try ComponentTypeSection.embed(
            try resolution.graph.world(nil, in: resolution.root), of: resolution.graph, in: library)
        var snapshot = ComponentSnapshot(engine: try Self.engine.get())
        snapshot.initializer = .coreFunction("prepare")
        let ready = try snapshot.bytes(of: try Componentizer.component(linking: [.init(name: "app", bytes: bytes)]))
        let modules = try ComponentDecoder.decode(ready).coreModules.map {
            try CoreModuleBinary.decode(ready, range: $0)
        }
        let data = modules.flatMap(\.data).reduce(0) { $0 + $1.bytes.count }
        #expect(data < 512, "\(data) bytes of data")
        #expect(try call(ready, ["run"]) == [.u32(1)])
    }

    @Test("damaged modules are refused or written back")
    func damagedModules() throws {
        let component = try Self.component()
        let ranges = try ComponentDecoder.decode(component).coreModules
        var random = SeededGenerator(seed: 0x5a)
        var count = 0
        for range in ranges {
            for _ in 0..<300 {
                guard let module = try? ModuleSnapshot(Mutation.changed(Array(component[range]), &random)) else {
                    continue
                }
                var state = ModuleSnapshot.State()
                state.globals = module.globals.map { _ in .max }
                state.memories = module.memories.map { _ in (.max, [1, 2, 3]) }
                let reachable = try? module.reachable { _ in true }
                if !module.restored(state, keeping: reachable).encoded().isEmpty { count += 1 }
            }
        }
        #expect(count > 100)
    }

    @Test("WASI says the same in every run")
    func deterministicWASI() throws {
        let text = """
            (component
              (import "wasi:random/random@0.2.0" (instance $r (export "get-random-u64" (func (result u64)))))
              (import "wasi:clocks/monotonic-clock@0.2.0" (instance $c (export "now" (func (result u64)))))
              (core func $random (canon lower (func $r "get-random-u64")))
              (core func $now (canon lower (func $c "now")))
              (core module $m
                (import "" "random" (func $random (result i64))) (import "" "now" (func $now (result i64)))
                (global $seed (mut i64) (i64.const 0)) (global $time (mut i64) (i64.const 1))
                (func $start (global.set $seed (call $random)) (global.set $time (call $now)))
                (start $start))
              (core instance (instantiate $m (with ""
                (instance (export "random" (func $random)) (export "now" (func $now)))))))
            """
        let bytes = try WasmText.parse(Array(text.utf8))
        let snapshot = ComponentSnapshot(engine: try Self.engine.get())
        let first = try snapshot.bytes(of: bytes)
        #expect(first == (try snapshot.bytes(of: bytes)))
        #expect(first != bytes)
    }
}
