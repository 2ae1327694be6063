// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary

/// Components with changed bytes, each loaded, linked, instantiated and called.
struct MutationCases {
    let seed: Int
    let files: [SourceFiles.File]
    private let engine: Engine

    init(seed: Int, files: [SourceFiles.File]) throws {
        self.seed = seed
        self.files = files
        var configuration = Engine.Configuration()
        configuration.cache = .off
        engine = try Engine(configuration)
    }

    /// Runs one case.
    /// - Returns: how far it came.
    func run(_ number: Int) throws -> String {
        var random = SeededGenerator(seed: seed, case: number)
        let bytes = mutate(files[random.below(files.count)].bytes, &random)
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

    private func mutate(_ original: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        // The preamble is only rarely worth changing.
        func position(_ random: inout SeededGenerator) -> Int {
            let start = random.oneIn(50) ? 0 : min(8, bytes.count)
            return start + random.below(bytes.count - start)
        }
        // Most changes are small, so that much of the component stays as it was and is reached.
        for _ in 0...(random.oneIn(3) ? random.below(4) : 0) where !bytes.isEmpty {
            switch random.below(12) {
            case 0, 1, 9, 10:
                for _ in 0...(random.oneIn(3) ? random.below(8) : 0) {
                    let place = position(&random)
                    if place < bytes.count { bytes[place] ^= 1 << UInt8(random.below(8)) }
                }
            case 2:
                let place = position(&random)
                if place < bytes.count { bytes[place] = UInt8(random.below(256)) }
            case 3: bytes.removeLast(min(bytes.count, 1 + random.below(bytes.count)))
            case 4:
                // A piece of any component, in place of a piece of this one or between two.
                let other = files[random.below(files.count)].bytes
                let start = random.below(other.count)
                let piece = other[start..<min(other.count, start + 1 + random.below(200))]
                let place = min(position(&random), bytes.count)
                let end = random.oneIn(2) ? place : min(bytes.count, place + piece.count)
                bytes.replaceSubrange(place..<end, with: piece)
            case 5:
                let start = position(&random)
                bytes.removeSubrange(min(start, bytes.count)..<min(bytes.count, start + 1 + random.below(16)))
            case 6:
                // A number as large as they come.
                let place = min(position(&random), bytes.count)
                let number: [UInt8] = [0xff, 0xff, 0xff, 0xff, UInt8(random.oneIn(2) ? 0x0f : 0x07)]
                bytes.replaceSubrange(place..<min(bytes.count, place + 1), with: number)
            case 7:
                // The same thing many times over.
                let start = min(position(&random), bytes.count)
                let piece = Array(bytes[start..<min(bytes.count, start + 1 + random.below(32))])
                for _ in 0..<random.below(200) { bytes.insert(contentsOf: piece, at: start) }
            default:
                let place = position(&random)
                guard place < bytes.count else { continue }
                bytes[place] = bytes[place] &+ (random.oneIn(2) ? 1 : 255)
            }
        }
        return bytes
    }
}

/// A host that has something under every name.
enum GuestHost {
    private struct Refused: Error {}

    /// Links every import of the component with something that refuses, and makes an instance.
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
