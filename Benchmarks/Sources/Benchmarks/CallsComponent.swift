// SPDX-License-Identifier: Apache-2.0

import BenchmarkHarness
import CBenchmarkSupport
import CDovetailWasmtime
import Dovetail

/// `calls.wat`: a guest that calls typed host functions in a loop. One operation is one call of the host; the guest's loop
/// is part of it, here, in the floor and in the peers.
struct CallsComponent {
    /// The host's resource.
    private final class Counter {
        var value: UInt32 = 0
    }

    /// What the floor's host functions find behind their environment pointer.
    private final class BareHost {
        let counters = [Counter(), Counter()]
        var memory: UnsafeMutableRawPointer?
        var characters = 0
    }

    private let instance: Instance
    private let bare: BareModule
    private let bareHost = BareHost()

    init(_ engine: Engine) throws {
        var linker = Linker(engine: engine)
        linker.define("tick") { (_: Caller, number: UInt32) -> UInt32 in number &+ 1 }
        linker.define("name") { (_: Caller, name: String) in benchmark_keep_number(UInt64(name.utf8.count)) }
        linker.defineResource("counter", Counter.self)
        linker.define(
            "[method]counter.inc"
        ) { (_: Caller, self: Borrow<Counter>, step: UInt32) -> UInt32 in
            self.object.value &+= step
            return self.object.value
        }
        let component = PackageResources.calls_wasm
        instance = try linker.instantiate(Component(engine: engine, bytes: component), in: Store(engine: engine))

        // Lives as long as the process, as its memory does.
        let host = UnsafeMutableRawPointer(Unmanaged.passRetained(bareHost).toOpaque())
        let i32 = WASM_I32
        bare = try BareModule(
            component, module: 1,
            imports: [
                .init(parameters: [i32], results: [i32], callback: Self.tick, environment: host),
                .init(parameters: [i32, i32], results: [], callback: Self.name, environment: host),
                .init(parameters: [i32, i32], results: [i32], callback: Self.increment, environment: host),
                .init(parameters: [i32], results: [], callback: Self.drop, environment: host),
            ])
        // The string lies in a module of its own; to read it does not take that module.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 1024, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 115, count: 1024)
        bareHost.memory = memory
    }

    func benchmarks() throws -> [Benchmark] { [try number(), try string(), try method()] }

    private func number() throws -> Benchmark {
        let ticks = try instance.function("ticks").typed(as: ((UInt32) -> UInt32).self)
        let bareTicks = try bare.function("ticks")
        return Benchmark("host-u32", floorSummary: "a C function called by the core module") { operations in
            guard try ticks(UInt32(operations)) == UInt32(operations) else { throw BareError("ticks were lost") }
        } floor: { operations in
            _ = try bareTicks.call(Int32(operations), count: 1)
        }
    }

    private func string() throws -> Benchmark {
        let names = try instance.function("names")
        let bareNames = try bare.function("names")
        return Benchmark("host-string-16", floorSummary: "the same, and String(decoding:)") { operations in
            _ = try names.call(.u32(UInt32(operations)))
        } floor: { operations in
            _ = try bareNames.call(Int32(operations), count: 1)
        }
    }

    private func method() throws -> Benchmark {
        let bumps = try instance.function("bumps").typed(as: ((Own<Counter>, UInt32) -> UInt32).self)
        let bareBumps = try bare.function("bumps")
        return Benchmark("host-method", floorSummary: "the same, and an object out of an array") { operations in
            let result = try bumps(Own(Counter()), UInt32(operations))
            guard result == UInt32(operations) else { throw BareError("steps were lost") }
        } floor: { operations in
            _ = try bareBumps.call(1, Int32(operations))
        }
    }

    // MARK: The floor's host functions

    private static func host(_ environment: UnsafeMutableRawPointer?) -> BareHost {
        Unmanaged<BareHost>.fromOpaque(environment.unsafelyUnwrapped).takeUnretainedValue()
    }

    private static let tick: wasmtime_func_unchecked_callback_t = { _, _, slots, _ in
        slots[0].i32 &+= 1
        return nil
    }

    private static let name: wasmtime_func_unchecked_callback_t = { environment, _, slots, _ in
        guard let memory = host(environment).memory else { return nil }
        let bytes = UnsafeRawBufferPointer(start: memory + Int(slots[0].i32), count: Int(slots[1].i32))
        benchmark_keep_number(UInt64(String(decoding: bytes, as: UTF8.self).utf8.count))
        return nil
    }

    private static let increment: wasmtime_func_unchecked_callback_t = { environment, _, slots, _ in
        let counter = host(environment).counters[Int(slots[0].i32)]
        counter.value &+= UInt32(bitPattern: slots[1].i32)
        slots[0].i32 = Int32(bitPattern: counter.value)
        return nil
    }

    private static let drop: wasmtime_func_unchecked_callback_t = { _, _, _, _ in nil }
}
