// SPDX-License-Identifier: Apache-2.0

import BenchmarkHarness
import CBenchmarkSupport

/// `Echoes.swift`: what a component in Swift does with strings and lists, by core calls alone; nothing of the host's is in it.
struct EchoesComponent {
    private let bare: BareModule

    init() throws { bare = try BareModule(PackageResources.echoes_wasm) }

    func benchmarks() throws -> [Benchmark] {
        [
            try echo("swift-guest-bytes-64k", "echo-bytes", count: 64 << 10),
            try echo("swift-guest-string-1k", "echo-string", count: 1 << 10),
        ]
    }

    /// One operation makes room for a parameter, calls the function, and lets it free its result.
    private func echo(_ row: String, _ name: String, count: Int) throws -> Benchmark {
        let memory = try bare.memory()
        let (realloc, function) = (try bare.function("cabi_realloc"), try bare.function(name))
        let postReturn = try bare.function("cabi_post_" + name)
        let (source, target) = (
            UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16),
            UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
        )
        source.initializeMemory(as: UInt8.self, repeating: 120, count: count)
        // Writes the first and the last bytes of the parameter.
        func call(writing edge: Int) throws {
            let place = try realloc.allocate(alignment: 1, size: Int32(count))
            (memory + place).copyMemory(from: source, byteCount: edge)
            (memory + place + count - edge).copyMemory(from: source, byteCount: edge)
            let result = try function.call(Int32(place), Int32(count))
            let length = (memory + Int(result)).load(fromByteOffset: 4, as: UInt32.self)
            guard length == count else { throw BareError("`\(name)` gave back \(length) bytes") }
            _ = try postReturn.call(result, count: 1)
        }
        for _ in 0..<8 { try call(writing: count) }
        return Benchmark(row, floorSummary: "two memcpys") { operations in
            // The text is there from earlier calls, but where the allocator puts its own: copying it is the host's work.
            for _ in 0..<operations { try call(writing: 64) }
        } floor: { operations in
            for _ in 0..<operations {
                target.copyMemory(from: source, byteCount: count)
                benchmark_keep(target)
                source.copyMemory(from: target, byteCount: count)
                benchmark_keep(source)
            }
        }
    }
}
