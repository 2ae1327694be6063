// SPDX-License-Identifier: Apache-2.0

import BenchmarkHarness
import CBenchmarkSupport
import CDovetailWasmtime
import Dovetail
import DovetailWASI

/// `wasi.wat`: a guest that calls functions of WASI in a loop; they are DovetailWASI's own, through its generated protocols.
/// One operation is one call of the host, of `write` one after its `check-write`.
struct WASIComponent {
    /// A sink that takes everything.
    private final class Sink: HostOutputStream, @unchecked Sendable {
        // @unchecked because benchmarks run in one thread.
        var count = 0

        func checkWrite() throws(StreamError) -> Int { 1 << 20 }
        func write(_ bytes: RawSpan) throws(StreamError) { count &+= bytes.byteCount }
        var readiness: Readiness { .ready }
    }

    /// A source that gives the same bytes every time.
    private final class Source: HostInputStream, @unchecked Sendable {
        // @unchecked because benchmarks run in one thread.
        let bytes = [UInt8](repeating: 7, count: 4096)
        var count = 0

        func read(_ limit: Int) throws(StreamError) -> [UInt8] {
            let bytes = limit >= bytes.count ? bytes : Array(bytes.prefix(max(0, limit)))
            count &+= bytes.count
            return bytes
        }
        var readiness: Readiness { .ready }
    }

    private let instance: Instance
    private let bare: BareModule
    private let sink = Sink()
    private let source = Source()

    init(_ engine: Engine) throws {
        var configuration = WASIConfiguration()
        configuration.standardOutput = .stream(sink)
        configuration.standardInput = .stream(source)
        let store = try Store(engine: engine, wasi: configuration)
        let component = PackageResources.wasi_wasm
        instance = try Linker.wasi(engine: engine).instantiate(Component(engine: engine, bytes: component), in: store)
        bare = try BareModule(component, module: 1, imports: BareWASI.imports)
    }

    func benchmarks() throws -> [Benchmark] {
        [
            try row("wasi-now", "now", floor: "reading the clock in C, called by the core module"),
            try row("wasi-random-u64", "number", floor: "the same, and the system's random numbers"),
            try row("wasi-random-32", "bytes", 32, floor: "the same, into the guest's memory"),
            try row("wasi-check-write", "check", floor: "a C function called by the core module"),
            try writes("wasi-write-64", 64), try writes("wasi-write-4k", 4096), try reads(), try ready(),
        ]
    }

    private func row(
        _ name: String, _ function: String, _ length: Int32? = nil, floor: String,
        check: @escaping (_ operations: Int) throws -> Void = { _ in }
    ) throws -> Benchmark {
        let bareFunction = try bare.function(function)
        let function = try instance.function(function)
        func run(_ operations: Int) throws {
            if let length {
                _ = try function.call(.u32(UInt32(operations)), .u32(UInt32(length)))
            } else {
                _ = try function.call(.u32(UInt32(operations)))
            }
            try check(operations)
        }
        return Benchmark(name, floorSummary: floor, ours: run) { operations in
            _ = try bareFunction.call(Int32(operations), length ?? 0)
        }
    }

    private func writes(_ name: String, _ length: Int32) throws -> Benchmark {
        try row(name, "write", length, floor: "two such calls, and a copy") { [sink] operations in
            guard sink.count == operations * Int(length) else { throw BareError("bytes were lost") }
            sink.count = 0
        }
    }

    private func reads() throws -> Benchmark {
        try row("wasi-read-4k", "read", 4096, floor: "such a call, and a copy") { [source] operations in
            guard source.count == operations * 4096 else { throw BareError("bytes were lost") }
            source.count = 0
        }
    }

    private func ready() throws -> Benchmark {
        let ready = try instance.function("ready").typed(as: ((UInt32) -> UInt32).self)
        let bareReady = try bare.function("ready")
        return Benchmark("wasi-ready", floorSummary: "reading the clock in C, called by the core module") {
            operations in
            guard try ready(UInt32(operations)) == UInt32(operations) else { throw BareError("the time is not up") }
        } floor: { operations in
            _ = try bareReady.call(Int32(operations), count: 1)
        }
    }
}

/// The host functions of the floor: what has to be done for `wasi.wat` and nothing else.
private enum BareWASI {
    /// In the order in which the core module imports them; the environment is its memory.
    static var imports: [BareModule.Import] {
        let i32 = WASM_I32
        let i64 = WASM_I64
        // Lives as long as the process. Bytes for the guest lie at 4096, those of the guest at 16384, what the host keeps at 32768.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 1 << 16, alignment: 4096)
        memory.initializeMemory(as: UInt8.self, repeating: 7, count: 1 << 16)
        func function(
            _ parameters: [UInt8], _ results: [UInt8], _ callback: @escaping wasmtime_func_unchecked_callback_t
        ) -> BareModule.Import {
            .init(parameters: parameters, results: results, callback: callback, environment: memory)
        }
        return [
            function([], [i64], now), function([], [i64], number), function([i64, i32], [], bytes),
            function([], [i32], make), function([i32, i64, i32], [], read), function([i32], [], drop),
            function([], [i32], make), function([i32, i32], [], check), function([i32, i32, i32, i32], [], write),
            function([i32], [], drop),
            function([i64], [i32], make), function([i32], [i32], ready), function([i32], [], drop),
        ]
    }

    private static let now: wasmtime_func_unchecked_callback_t = { _, _, slots, _ in
        slots[0].i64 = Int64(bitPattern: benchmark_now())
        return nil
    }

    private static let number: wasmtime_func_unchecked_callback_t = { _, _, slots, _ in
        var number: Int64 = 0
        guard benchmark_random(&number, 8) else { return nil }
        slots[0].i64 = number
        return nil
    }

    private static let bytes: wasmtime_func_unchecked_callback_t = { memory, _, slots, _ in
        guard let memory else { return nil }
        let count = Int(slots[0].i64)
        guard benchmark_random(memory + 4096, count) else { return nil }
        putList(memory, at: Int(slots[1].i32), count)
        return nil
    }

    private static let read: wasmtime_func_unchecked_callback_t = { memory, _, slots, _ in
        guard let memory else { return nil }
        let count = Int(slots[1].i64)
        (memory + 4096).copyMemory(from: memory + 32768, byteCount: count)
        memory.storeBytes(of: 0, toByteOffset: Int(slots[2].i32), as: UInt8.self)
        putList(memory, at: Int(slots[2].i32) + 4, count)
        return nil
    }

    private static let check: wasmtime_func_unchecked_callback_t = { memory, _, slots, _ in
        guard let memory else { return nil }
        memory.storeBytes(of: 0, toByteOffset: Int(slots[1].i32), as: UInt8.self)
        memory.storeBytes(of: 1 << 20, toByteOffset: Int(slots[1].i32) + 8, as: UInt64.self)
        return nil
    }

    private static let write: wasmtime_func_unchecked_callback_t = { memory, _, slots, _ in
        guard let memory else { return nil }
        (memory + 32768).copyMemory(from: memory + Int(slots[1].i32), byteCount: Int(slots[2].i32))
        memory.storeBytes(of: 0, toByteOffset: Int(slots[3].i32), as: UInt8.self)
        return nil
    }

    private static let make: wasmtime_func_unchecked_callback_t = { _, _, slots, _ in
        slots[0].i32 = 1
        return nil
    }

    private static let ready: wasmtime_func_unchecked_callback_t = { _, _, slots, _ in
        slots[0].i32 = benchmark_now() > 0 ? 1 : 0
        return nil
    }

    private static let drop: wasmtime_func_unchecked_callback_t = { _, _, _, _ in nil }

    private static func putList(_ memory: UnsafeMutableRawPointer, at offset: Int, _ count: Int) {
        memory.storeBytes(of: 4096, toByteOffset: offset, as: UInt32.self)
        memory.storeBytes(of: UInt32(count), toByteOffset: offset + 4, as: UInt32.self)
    }
}
