// SPDX-License-Identifier: Apache-2.0

import BenchmarkHarness
import CBenchmarkSupport
import Dovetail

/// `small.wat`: calls into a guest, with scalars, bytes, strings and records.
struct SmallComponent {
    private let component = PackageResources.small_wasm
    private let engine: Engine
    private let instance: Instance
    private let bare: BareModule

    init(_ engine: Engine) throws {
        self.engine = engine
        instance = try Linker(engine: engine).instantiate(
            Component(engine: engine, bytes: component), in: Store(engine: engine))
        bare = try BareModule(component)
    }

    func benchmarks() throws -> [Benchmark] {
        [
            try add(), try addDynamic(), try bytes(), try bytesDynamic(), try string(), try records(),
        ]
    }

    // MARK: add

    private func add() throws -> Benchmark {
        let add = try instance.function("add").typed(as: ((Int32, Int32) -> Int32).self)
        let floor = try bareAdd()
        return Benchmark("add", floorSummary: "the bare core call") { operations in
            var sum: Int32 = 0
            for _ in 0..<operations { sum &+= try add(1, 2) }
            benchmark_keep_number(UInt64(truncatingIfNeeded: sum))
        } floor: {
            try floor($0)
        }
    }

    private func addDynamic() throws -> Benchmark {
        let add = try instance.function("add")
        let floor = try bareAdd()
        return Benchmark("add-dynamic", floorSummary: "the bare core call") { operations in
            var sum: Int32 = 0
            for _ in 0..<operations {
                if case .s32(let number)? = try add.call(.s32(1), .s32(2)) { sum &+= number }
            }
            benchmark_keep_number(UInt64(truncatingIfNeeded: sum))
        } floor: {
            try floor($0)
        }
    }

    private func bareAdd() throws -> Benchmark.Body {
        let add = try bare.function("add")
        return { operations in
            var sum: Int32 = 0
            for _ in 0..<operations { sum &+= try add.call(1, 2) }
            benchmark_keep_number(UInt64(truncatingIfNeeded: sum))
        }
    }

    // MARK: echo-bytes

    private static let byteCount = 64 << 10

    /// The same bytes at places of all kinds.
    private final class Inputs {
        private var arrays: [[UInt8]] = []
        private var spaces: [[UInt8]] = []

        init() {
            for number in 0..<8 {
                spaces.append([UInt8](repeating: 0, count: 1040 + 528 * number))
                arrays.append([UInt8](repeating: 120, count: byteCount))
            }
        }

        /// The array for one batch.
        func next() -> [UInt8] { arrays[Int.random(in: 0..<arrays.count)] }
    }

    private func bytes() throws -> Benchmark {
        let echo = try instance.function("echo-bytes").typed(as: (([UInt8]) -> [UInt8]).self)
        let floor = try copies()
        let inputs = Inputs()
        return Benchmark("bytes-64k", floorSummary: "two memcpys") { operations in
            let bytes = inputs.next()
            for _ in 0..<operations {
                try echo(bytes).withUnsafeBytes { benchmark_keep($0.baseAddress) }
            }
        } floor: {
            try floor($0)
        }
    }

    private func bytesDynamic() throws -> Benchmark {
        let echo = try instance.function("echo-bytes")
        let floor = try copies()
        let inputs = Inputs()
        return Benchmark("bytes-64k-dynamic", floorSummary: "two memcpys") { operations in
            let bytes = inputs.next()
            for _ in 0..<operations {
                guard case .list(.u8(let result))? = try echo.call(.bytes(bytes)) else {
                    throw BareError("no bytes came back")
                }
                result.withUnsafeBytes { benchmark_keep($0.baseAddress) }
            }
        } floor: {
            try floor($0)
        }
    }

    /// Copies in and out of the places in the guest's memory that its `realloc` hands out one after the other.
    private func copies() throws -> Benchmark.Body {
        let bare = bare
        let memory = try bare.memory()
        let sources = UnsafeMutableRawPointer.allocate(byteCount: Self.byteCount + 4096, alignment: 16)
        let targets = UnsafeMutableRawPointer.allocate(byteCount: Self.byteCount + 4096, alignment: 16)
        sources.initializeMemory(as: UInt8.self, repeating: 120, count: Self.byteCount + 4096)
        return { operations in
            defer { withExtendedLifetime(bare) {} }
            // As good and bad places as those of arrays.
            let source = sources + 16 * Int.random(in: 0..<256)
            let target = targets + 16 * Int.random(in: 0..<256)
            var place = 1024
            for _ in 0..<operations {
                (memory + place).copyMemory(from: source, byteCount: Self.byteCount)
                benchmark_keep(memory + place)
                target.copyMemory(from: memory + place, byteCount: Self.byteCount)
                benchmark_keep(target)
                place += Self.byteCount
                if place + Self.byteCount > 4_000_000 { place = 1024 }
            }
        }
    }

    // MARK: echo-string

    private func string() throws -> Benchmark {
        let echo = try instance.function("echo-string").typed(as: ((String) -> String).self)
        let text = String(repeating: "x", count: 1024)
        let memory = try bare.memory()
        let bareEcho = try bare.function("echo")
        let realloc = try bare.function("cabi_realloc")
        return Benchmark("string-1k", floorSummary: "two bare core calls, a memcpy, String(decoding:)") { operations in
            for _ in 0..<operations {
                let result = try echo(text)
                benchmark_keep_number(UInt64(result.utf8.count))
            }
        } floor: { operations in
            var text = text
            for _ in 0..<operations {
                let result = try text.withUTF8 { utf8 in
                    let place = try realloc.allocate(alignment: 1, size: Int32(utf8.count))
                    UnsafeMutableRawBufferPointer(start: memory + place, count: utf8.count)
                        .copyMemory(from: UnsafeRawBufferPointer(utf8))
                    let pair = memory + Int(try bareEcho.call(Int32(place), Int32(utf8.count)))
                    let count = Int(pair.load(fromByteOffset: 4, as: UInt32.self))
                    let bytes = UnsafeRawBufferPointer(start: memory + Int(pair.load(as: UInt32.self)), count: count)
                    return String(decoding: bytes, as: UTF8.self)
                }
                benchmark_keep_number(UInt64(result.utf8.count))
            }
        }
    }

    // MARK: sum-records

    private func records() throws -> Benchmark {
        let sum = try instance.function("sum-records").typed(as: (([SmallWorld.Rec]) -> UInt32).self)
        let readings = (0..<1000).map { SmallWorld.Rec(id: $0, x: 1) }
        let memory = try bare.memory()
        let bareSum = try bare.function("sum")
        let realloc = try bare.function("cabi_realloc")
        return Benchmark("records-1000", floorSummary: "a loop that stores the same bytes, two bare core calls") {
            operations in
            var total: UInt32 = 0
            for _ in 0..<operations { total &+= try sum(readings) }
            benchmark_keep_number(UInt64(total))
        } floor: { operations in
            var total: Int32 = 0
            for _ in 0..<operations {
                let place = try realloc.allocate(alignment: 8, size: Int32(readings.count * 16))
                readings.withUnsafeBufferPointer { readings in
                    var position = memory + place
                    for reading in readings {
                        position.storeBytes(of: reading.id, as: UInt32.self)
                        position.storeBytes(of: reading.x, toByteOffset: 8, as: Double.self)
                        position += 16
                    }
                }
                total &+= try bareSum.call(Int32(place), Int32(readings.count))
            }
            benchmark_keep_number(UInt64(truncatingIfNeeded: total))
        }
    }
}
