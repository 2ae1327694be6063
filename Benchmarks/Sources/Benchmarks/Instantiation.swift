// SPDX-License-Identifier: Apache-2.0

import BenchmarkHarness
import CBenchmarkSupport
import Dovetail

/// New instances of `small.wat`, each in a store of its own.
struct Instantiation {
    func benchmarks() throws -> [Benchmark] {
        var configuration = Engine.Configuration()
        configuration.allocation = .pooling()
        let engine = try Engine(configuration)
        let component = PackageResources.small_wasm
        let prepared = try Linker(engine: engine).prepare(Component(engine: engine, bytes: component))
        let bare = try BareModule(component, pooled: true)
        return [
            Benchmark("instantiate-pooled", floorSummary: "a store and the core module in it") { operations in
                for _ in 0..<operations {
                    let instance = try prepared.instantiate(in: Store(engine: engine))
                    withExtendedLifetime(instance) {}
                }
            } floor: {
                try bare.instantiate($0)
            },
            Benchmark("bindings-instantiate-pooled", floorSummary: "a store and the core module in it") { operations in
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
