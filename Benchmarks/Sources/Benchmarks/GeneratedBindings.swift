// SPDX-License-Identifier: Apache-2.0

import BenchmarkHarness
import CBenchmarkSupport
import Dovetail

/// The work of ``SmallComponent`` and ``CallsComponent``, and lists of variants, through generated bindings: names begin with
/// `bindings-`, floors and peers are those of the same rows written by hand.
struct GeneratedBindings {
    /// What the guest of `calls.wat` imports.
    private struct Host: CallsWorld.Imports {
        func tick(a: UInt32) -> UInt32 { a &+ 1 }

        func name(s: String) { benchmark_keep_number(UInt64(s.utf8.count)) }
    }

    /// The host's resource.
    private final class Counter: CallsWorld.Counter {
        private var value: UInt32 = 0

        func inc(by: UInt32) -> UInt32 {
            value &+= by
            return value
        }
    }

    private let small: SmallWorld
    private let calls: CallsWorld
    private let variants: VariantsWorld
    private let bareVariants: BareModule

    init(_ engine: Engine) throws {
        func component(_ bytes: [UInt8]) throws -> Component { try Component(engine: engine, bytes: bytes) }
        small = try SmallWorld(component(PackageResources.small_wasm), in: Store(engine: engine))
        calls = try CallsWorld(component(PackageResources.calls_wasm), in: Store(engine: engine), imports: Host())
        variants = try VariantsWorld(component(PackageResources.variants_wasm), in: Store(engine: engine))
        bareVariants = try BareModule(PackageResources.variants_wasm)
    }

    /// - Parameter others: the benchmarks written by hand, whose floors are used.
    func benchmarks(floorsOf others: [Benchmark]) throws -> [Benchmark] {
        func row(_ name: String, _ ours: @escaping Benchmark.Body) throws -> Benchmark {
            guard let other = others.first(where: { $0.name == name }) else {
                throw BareError("there is no benchmark `\(name)`")
            }
            return other.with(name: "bindings-\(name)", ours)
        }
        return [
            try row("add", add), try row("bytes-64k", bytes), try row("string-1k", string),
            try row("records-1000", records), try variantList(), try row("host-u32", number),
            try row("host-string-16", name), try row("host-method", method),
        ]
    }

    // MARK: Calls into the guest

    private func add(_ operations: Int) throws {
        var sum: Int32 = 0
        for _ in 0..<operations { sum &+= try small.add(a: 1, b: 2) }
        benchmark_keep_number(UInt64(truncatingIfNeeded: sum))
    }

    private func bytes(_ operations: Int) throws {
        let bytes = [UInt8](repeating: 120, count: 64 << 10)
        for _ in 0..<operations {
            try small.echoBytes(a: bytes).withUnsafeBytes { benchmark_keep($0.baseAddress) }
        }
    }

    private func string(_ operations: Int) throws {
        let text = String(repeating: "x", count: 1024)
        for _ in 0..<operations {
            let result = try small.echoString(a: text)
            benchmark_keep_number(UInt64(result.utf8.count))
        }
    }

    private func records(_ operations: Int) throws {
        let records = (0..<1000).map { SmallWorld.Rec(id: $0, x: 1) }
        var total: UInt32 = 0
        for _ in 0..<operations { total &+= try small.sumRecords(a: records) }
        benchmark_keep_number(UInt64(total))
    }

    private func variantList() throws -> Benchmark {
        let items = (0..<1000).map { number -> VariantsWorld.Item in
            switch number % 5 {
            case 0: .number(UInt32(number))
            case 1: .drawing(.circle(Double(number)))
            case 2: .drawing(.square(UInt32(number)))
            case 3: .maybe(.point)
            default: .maybe(nil)
            }
        }
        let variants = variants
        let bare = bareVariants
        let memory = try bare.memory()
        let bareSum = try bare.function("sum")
        let realloc = try bare.function("cabi_realloc")
        return Benchmark(
            "bindings-variants-1000", floorSummary: "a loop that stores the same bytes, two bare core calls"
        ) { operations in
            var total: UInt32 = 0
            for _ in 0..<operations { total &+= try variants.sumVariants(a: items) }
            benchmark_keep_number(UInt64(total))
        } floor: { operations in
            var total: Int32 = 0
            for _ in 0..<operations {
                let place = try realloc.allocate(alignment: 8, size: Int32(items.count * 32))
                items.withUnsafeBufferPointer { items in
                    var position = memory + place
                    for item in items {
                        Self.store(item, at: position)
                        position += 32
                    }
                }
                total &+= try bareSum.call(Int32(place), Int32(items.count))
            }
            benchmark_keep_number(UInt64(truncatingIfNeeded: total))
        }
    }

    /// The discriminant at 0; behind it, at 8, a number, a shape, or an option with its shape at 16.
    private static func store(_ item: VariantsWorld.Item, at place: UnsafeMutableRawPointer) {
        switch item {
        case .number(let number):
            place.storeBytes(of: 0, as: UInt8.self)
            place.storeBytes(of: number, toByteOffset: 8, as: UInt32.self)
        case .drawing(let shape):
            place.storeBytes(of: 1, as: UInt8.self)
            store(shape, at: place + 8)
        case .maybe(let shape):
            place.storeBytes(of: 2, as: UInt8.self)
            place.storeBytes(of: shape == nil ? 0 : 1, toByteOffset: 8, as: UInt8.self)
            if let shape { store(shape, at: place + 16) }
        }
    }

    private static func store(_ shape: VariantsWorld.Shape, at place: UnsafeMutableRawPointer) {
        switch shape {
        case .point: place.storeBytes(of: 0, as: UInt8.self)
        case .circle(let radius):
            place.storeBytes(of: 1, as: UInt8.self)
            place.storeBytes(of: radius, toByteOffset: 8, as: Double.self)
        case .square(let side):
            place.storeBytes(of: 2, as: UInt8.self)
            place.storeBytes(of: side, toByteOffset: 8, as: UInt32.self)
        }
    }

    // MARK: Calls of the host

    private func number(_ operations: Int) throws {
        guard try calls.ticks(n: UInt32(operations)) == UInt32(operations) else { throw BareError("ticks were lost") }
    }

    private func name(_ operations: Int) throws { try calls.names(n: UInt32(operations)) }

    private func method(_ operations: Int) throws {
        let result = try calls.bumps(c: Counter(), n: UInt32(operations))
        guard result == UInt32(operations) else { throw BareError("steps were lost") }
    }
}
