// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailTestSupport
import Testing

@Suite("Instances that take the memories of earlier ones")
struct RecyclingTests {
    private let engine: Engine
    private let component: Component

    private static let text = """
        (component
          (core module $m
            (memory 2)
            (data (i32.const 65536) "seed....")
            (func (export "write") (param $at i32) (param $value i32)
              (i32.store8 (local.get $at) (local.get $value)))
            (func (export "read") (param $at i32) (result i32) (i32.load8_u (local.get $at)))
            (func (export "grow") (param $pages i32) (result i32) (memory.grow (local.get $pages)))
            ;; How many words of eight bytes are not zero.
            (func (export "written") (result i32) (local $at i32) (local $count i32)
              (loop $next
                (local.set $count
                  (i32.add (local.get $count) (i64.ne (i64.load (local.get $at)) (i64.const 0))))
                (local.set $at (i32.add (local.get $at) (i32.const 8)))
                (br_if $next (i32.lt_u (local.get $at) (i32.mul (memory.size) (i32.const 65536)))))
              (local.get $count)))
          (core instance $i (instantiate $m))
          (func (export "write") (param "at" u32) (param "value" u32) (canon lift (core func $i "write")))
          (func (export "read") (param "at" u32) (result u32) (canon lift (core func $i "read")))
          (func (export "grow") (param "pages" u32) (result u32) (canon lift (core func $i "grow")))
          (func (export "written") (result u32) (canon lift (core func $i "written"))))
        """

    init() throws {
        var configuration = Engine.Configuration()
        configuration.allocation = .recycling(maximumIdle: 3)
        engine = try Engine(configuration)
        component = try Component(engine: engine, bytes: Array(Self.text.utf8))
    }

    private func instance() throws -> Instance {
        try Linker(engine: engine).instantiate(component, in: Store(engine: engine))
    }

    private func write(_ instance: Instance, _ places: some Sequence<Int>) throws {
        let write = try instance.function("write").typed(as: ((UInt32, UInt32) -> Void).self)
        for place in places { try write(UInt32(place), 7) }
    }

    @Test(
        "find nothing of what was there, however much it was",
        arguments: [
            [0], [3, 131071], Array(stride(from: 0, to: 131072, by: 1)), Array(stride(from: 5, to: 131072, by: 4096)),
        ])
    func isCleared(places: [Int]) throws {
        for _ in 0..<3 {
            let instance = try instance()
            #expect(try instance.function("written").call() == .u32(1))
            #expect(try instance.function("read").call(.u32(65536)) == .u32(UInt32(UInt8(ascii: "s"))))
            try write(instance, places)
        }
    }

    @Test("begin with their own size, whatever others grew to")
    func sizes() throws {
        for pages: UInt32 in [1, 100, 0, 3] {
            let instance = try instance()
            let error = #expect(throws: Trap.self) { try instance.function("read").call(.u32(131072)) }
            #expect(error?.code == .outOfBounds)
            let other = try self.instance()
            #expect(try other.function("grow").call(.u32(pages)) == .u32(2))
            try write(other, stride(from: 0, to: Int(pages + 2) << 16, by: 4096))
            let end = #expect(throws: Trap.self) { try other.function("read").call(.u32((pages + 2) << 16)) }
            #expect(end?.code == .outOfBounds)
        }
    }

    @Test("live side by side, more of them than are kept")
    func many() throws {
        for _ in 0..<3 {
            let instances = try (0..<20).map { _ in try instance() }
            for (number, instance) in instances.enumerated() {
                _ = try instance.function("write").call(.u32(8), .u32(UInt32(number)))
            }
            for (number, instance) in instances.enumerated() {
                #expect(try instance.function("read").call(.u32(8)) == .u32(UInt32(number)))
                #expect(try instance.function("written").call() == .u32(number == 0 ? 1 : 2))
            }
        }
    }

    @Test("may grow past what is reserved for them when their addresses have 64 bits")
    func moves() throws {
        let wide = try Component(
            engine: engine,
            bytes: Array(
                """
                (component
                  (core module $m
                    (memory i64 1)
                    (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
                    (func (export "write") (param i64 i32) (i32.store8 (local.get 0) (local.get 1)))
                    (func (export "read") (param i64) (result i32) (i32.load8_u (local.get 0))))
                  (core instance $i (instantiate $m))
                  (func (export "grow") (param "pages" u64) (result u64) (canon lift (core func $i "grow")))
                  (func (export "write") (param "at" u64) (param "value" u32) (canon lift (core func $i "write")))
                  (func (export "read") (param "at" u64) (result u32) (canon lift (core func $i "read"))))
                """.utf8))
        for _ in 0..<2 {
            let instance = try Linker(engine: engine).instantiate(wide, in: Store(engine: engine))
            #expect(try instance.function("read").call(.u64(9)) == .u32(0))
            _ = try instance.function("write").call(.u64(9), .u32(5))
            #expect(try instance.function("grow").call(.u64(70_000)) == .u64(1))
            #expect(try instance.function("read").call(.u64(9)) == .u32(5))
            _ = try instance.function("write").call(.u64(70_000 << 16), .u32(6))
            #expect(try instance.function("read").call(.u64(70_000 << 16)) == .u32(6))
            // No machine has so much; the guest is told.
            #expect(try instance.function("grow").call(.u64(1 << 45)) == .u64(.max))
            #expect(try instance.function("read").call(.u64(9)) == .u32(5))
        }
    }

    /// Imports enough for them to be carried: numbers, strings, a resource with a method and its destructor, and a function that waits.
    private static let importing = """
        (component
          (import "counter" (type $counter (sub resource)))
          (import "[method]counter.add" (func $add (param "self" (borrow $counter)) (param "step" u32) (result u32)))
          (import "make" (func $make (result (own $counter))))
          (import "tick" (func $tick (param "number" u32) (result u32)))
          (import "name" (func $name (result string)))
          (core module $libc
            (memory (export "memory") 1)
            (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 4096)))
          (core instance $libc (instantiate $libc))
          (alias core export $libc "memory" (core memory $memory))
          (alias core export $libc "realloc" (core func $realloc))
          (core func $add' (canon lower (func $add)))
          (core func $make' (canon lower (func $make)))
          (core func $drop' (canon resource.drop $counter))
          (core func $tick' (canon lower (func $tick)))
          (core func $name' (canon lower (func $name) (memory $memory) (realloc $realloc)))
          (core module $m
            (import "h" "add" (func $add (param i32 i32) (result i32)))
            (import "h" "make" (func $make (result i32)))
            (import "h" "drop" (func $drop (param i32)))
            (import "h" "tick" (func $tick (param i32) (result i32)))
            (import "h" "name" (func $name (param i32)))
            (import "libc" "memory" (memory 1))
            (func (export "count") (param $number i32) (result i32) (local $counter i32)
              (local.set $counter (call $make))
              (drop (call $add (local.get $counter) (local.get $number)))
              (local.set $number (call $add (local.get $counter) (call $tick (i32.const 1))))
              (call $drop (local.get $counter))
              (local.get $number))
            (func (export "name") (result i32)
              (call $name (i32.const 16))
              (i32.const 16)))
          (core instance $i (instantiate $m (with "libc" (instance $libc)) (with "h" (instance
            (export "add" (func $add')) (export "make" (func $make')) (export "drop" (func $drop'))
            (export "tick" (func $tick')) (export "name" (func $name'))))))
          (func (export "count") (param "number" u32) (result u32) (canon lift (core func $i "count")))
          (func (export "name") (result string) (canon lift (core func $i "name") (memory $memory))))
        """

    private final class Counter {
        var value: UInt32 = 0
    }

    private struct Refused: Error {}

    @Test("call what they import, the first of a store and the others")
    func imports() throws {
        let component = try Component(engine: engine, bytes: Array(Self.importing.utf8))
        var linker = Linker(engine: engine)
        linker.defineResource("counter", Counter.self)
        linker.define("make") { (_: Caller) in Own(Counter()) }
        linker.define("[method]counter.add") { (_: Caller, self: Borrow<Counter>, step: UInt32) -> UInt32 in
            self.object.value += step
            return self.object.value
        }
        linker.define("tick") { (caller: Caller, number: UInt32) throws -> UInt32 in
            if caller.store.data[String.self] == nil { throw Refused() }
            return number
        }
        linker.define("name") { (caller: Caller) in caller.store.data[String.self] ?? "" }
        let prepared = try linker.prepare(component)
        // Two core instances each, for three instances of the component.
        var configuration = Store.Configuration()
        configuration.maximumInstances = 6
        for name in ["first", "second"] {
            let store = Store(engine: engine, configuration: configuration)
            store.data[String.self] = name
            let instances = try (0..<3).map { _ in try prepared.instantiate(in: store) }
            for _ in 0..<2 {
                for instance in instances {
                    #expect(try instance.function("count").call(.u32(41)) == .u32(42))
                    #expect(try instance.function("name").call() == .string(name))
                }
            }
            store.data[String.self] = nil
            for instance in instances {
                #expect(throws: Refused.self) { try instance.function("count").call(.u32(1)) }
                let error = #expect(throws: Trap.self) { try instance.function("count").call(.u32(1)) }
                #expect(error?.code == .cannotEnter)
            }
        }
    }

    @Test("leave nothing behind when a call ends in the middle of its first import")
    func abandoned() async throws {
        let component = try Component(engine: engine, bytes: Array(Self.importing.utf8))
        let started = AsyncStream.makeStream(of: Void.self)
        var linker = Linker(engine: engine)
        linker.defineResource("counter", Counter.self)
        linker.define("make") { (_: Caller) in Own(Counter()) }
        linker.define("[method]counter.add") { (_: Caller, _: Borrow<Counter>, step: UInt32) -> UInt32 in step }
        linker.define("tick") { (_: Caller, number: UInt32) async throws -> UInt32 in
            started.continuation.yield()
            try await Task.sleep(for: .seconds(600))
            return number
        }
        linker.define("name") { (_: Caller) in "" }
        let prepared = try linker.prepare(component)
        weak var store: Store?
        do {
            let instance = try prepared.instantiate(in: Store(engine: engine))
            store = instance.store
            nonisolated(unsafe) let function = try instance.function("count")
            let task = Task { try await function.callAsync(.u32(1)) }
            for await _ in started.stream { break }
            task.cancel()
            _ = await task.result
        }
        #expect(store == nil)
    }

    @Test("take the stacks of earlier calls, which end where they should")
    func stacks() async throws {
        let waits = try Component(engine: engine, path: TestFiles.fixture("waits.wasm"))
        var linker = Linker(engine: engine)
        linker.define("wait") { _, arguments in
            await Task.yield()
            return arguments.first
        }
        linker.define("note") { (_: Caller, _: String) in }
        let prepared = try linker.prepare(waits)
        for _ in 0..<3 {
            try await withThrowingTaskGroup(of: Void.self) { [engine] group in
                for depth: UInt32 in 0..<40 {
                    group.addTask {
                        let instance = try prepared.instantiate(in: Store(engine: engine))
                        let sum = try await instance.function("deep").callAsync(.u32(depth * 50))
                        #expect(sum == .u32(depth * 50 + 7))
                    }
                }
                try await group.waitForAll()
            }
            let instance = try prepared.instantiate(in: Store(engine: engine))
            let error = await #expect(throws: Trap.self) {
                try await instance.function("deep").callAsync(.u32(100_000_000))
            }
            #expect(error?.code == .stackOverflow)
        }
    }
}
