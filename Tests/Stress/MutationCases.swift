// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary
import DovetailTestSupport

/// Components with changed bytes, each loaded, linked, instantiated and called.
struct MutationCases {
    let seed: Int
    let files: [SourceFiles.File]
    private let contents: [[UInt8]]
    private let engine: Engine

    init(seed: Int, files: [SourceFiles.File]) throws {
        self.seed = seed
        self.files = files
        contents = files.map(\.bytes)
        var configuration = Engine.Configuration()
        configuration.cache = .off
        engine = try Engine(configuration)
    }

    /// Runs one case.
    /// - Returns: how far it got.
    func run(_ number: Int) throws -> String {
        var random = SeededGenerator(seed: seed, case: number)
        let bytes = Mutation.changed(files[random.below(files.count)].bytes, splicing: contents, &random)
        let component: Component
        do {
            component = try Component(engine: engine, bytes: bytes)
        } catch let error as ComponentError {
            return error.code == .invalid || error.code == .unsupported ? "not valid" : "not decoded"
        } catch is EngineError {
            return "core module refused"
        }
        let instance: Instance
        do {
            instance = try GuestHost.instantiate(component, engine)
        } catch {
            return "not instantiated"
        }
        var outcome = "instantiated"
        for name in instance.functionNames.prefix(4) {
            guard let function = try? instance.function(name) else { continue }
            var values = RandomValues(types: function.types, random: random, resources: [:])
            values.wrongness = 0
            let arguments = function.type.parameters.map { values.value($0.type) }
            random = values.random
            do {
                _ = try function.call(arguments)
                outcome = "called"
            } catch {
                continue
            }
        }
        return outcome
    }
}

/// A host that defines every import.
enum GuestHost {
    private struct Refused: Error {}

    /// Links every import of the component with a function that throws, and makes an instance.
    static func instantiate(_ component: Component, _ engine: Engine) throws -> Instance {
        var linker = Linker(engine: engine)
        for function in component.plan.imports.functions {
            define(function.path) { linker.define($0, in: $1) { _, _ in throw Refused() } }
        }
        for resource in component.plan.resources {
            guard case .imported(let path) = resource.origin else { continue }
            define(path) { linker.defineResource($0, in: $1, type: ResourceType(name: $0)) }
        }
        var limits = Store.Configuration()
        limits.timeout = .milliseconds(200)
        limits.maximumMemory = 64 << 20
        limits.maximumTableElements = 100_000
        limits.maximumInstances = 1000
        limits.copyBudget = 16 << 20
        return try linker.instantiate(component, in: Store(engine: engine, configuration: limits))
    }

    private static func define(_ path: [String], _ body: (String, String?) -> Void) {
        guard let name = path.last else { return }
        body(name, path.count > 1 ? path.dropLast().joined(separator: "#") : nil)
    }
}
