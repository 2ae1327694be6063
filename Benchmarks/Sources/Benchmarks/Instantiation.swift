// SPDX-License-Identifier: Apache-2.0

import BenchmarkHarness
import CBenchmarkSupport
import Dovetail

/// New instances of `small.wat`, each in a store of its own, in the two ways that are made for many of them.
struct Instantiation {
    func benchmarks() throws -> [Benchmark] {
        let bare = try BareModule(PackageResources.small_wasm, pooled: true)
        return try rows("pooled", .pooling(), bare) + rows("recycled", .recycling(), bare)
    }

    private func rows(
        _ name: String, _ allocation: Engine.Configuration.Allocation, _ bare: BareModule
    ) throws -> [Benchmark] {
        var configuration = Engine.Configuration()
        configuration.allocation = allocation
        let engine = try Engine(configuration)
        let prepared = try Linker(engine: engine).prepare(Component(engine: engine, bytes: PackageResources.small_wasm))
        let floor = "a store and the core module in it, pooled"
        return [
            Benchmark("instantiate-\(name)", floorSummary: floor) { operations in
                for _ in 0..<operations {
                    let instance = try prepared.instantiate(in: Store(engine: engine))
                    withExtendedLifetime(instance) {}
                }
            } floor: {
                try bare.instantiate($0)
            },
            Benchmark("bindings-instantiate-\(name)", floorSummary: floor) { operations in
                for _ in 0..<operations {
                    let world = try SmallWorld(prepared.instantiate(in: Store(engine: engine)))
                    withExtendedLifetime(world) {}
                }
            } floor: {
                try bare.instantiate($0)
            },
        ]
    }
}
