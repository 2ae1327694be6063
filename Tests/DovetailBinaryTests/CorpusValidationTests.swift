// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import Foundation
import Testing

/// What the validator says of the conformance data's binaries.
@Suite(.enabled(if: Corpus.isAvailable, "the conformance data is not beside the package"))
struct CorpusValidationTests {
    /// The features with which upstream runs a script.
    static func features(of command: Corpus.Command) -> ComponentFeatures {
        switch command.suite {
        case "component-model":
            return [
                .standard, .asyncStackful, .moreAsyncBuiltins, .threading, .fixedLengthLists, .forward,
            ]
        case "wasmtime":
            return command.script.contains("implements-disabled")
                ? ComponentFeatures.all.subtracting(.implements) : .all.subtracting(.garbageCollection)
        default:
            var features = ComponentFeatures.standard
            for name in command.features {
                let isOff = name.hasPrefix("-")
                for known in ComponentFeatures.names where known.name == (isOff ? String(name.dropFirst()) : name) {
                    if isOff { features.remove(known.feature) } else { features.insert(known.feature) }
                }
            }
            return features
        }
    }

    /// The commands whose recorded verdict is another one, with what decides.
    static let known: [String: String] = [
        // Validated by the engine, which is not here; the conformance runner asks it.
        "component-model/validation/core-modules:24": "the body of a core module is the engine's to validate",
        // Binary.md: `0x40 shared?:<sh?> ft:<core:typeidx>`, `0x41 shared?:<sh?> …`, `0x42 shared?:<sh?>`; the byte is not there.
        "wasm-tools/component-model/legacy-indices:71": "Binary.md has a `shared` immediate",
        "wasm-tools/shared-everything-threads/builtins:5": "Binary.md has a `shared` immediate",
        "wasm-tools/shared-everything-threads/builtins:16": "Binary.md has a `shared` immediate",
        // Binary.md: the byte behind `thread.yield` and the like is 0x00.
        "wasmtime/component-model-threading/stackful-cancellation:38": "the `cancellable` byte must be 0 now",
        "wasmtime/component-model-threading/yield-cancellable:4": "the `cancellable` byte must be 0 now",
        "wasmtime/component-model/async/task-deletion:11": "the `cancellable` byte must be 0 now",
        // Explainer.md, "Import and Export Definitions": imports and exports of every sort but core ones, `core module` apart.
        "wasmtime/component-model/import:1": "a limit of that runtime",
        "wasmtime/component-model/restrictions:1": "a limit of that runtime",
        "wasmtime/component-model/restrictions:5": "a limit of that runtime",
        "wasmtime/component-model/restrictions:9": "a limit of that runtime",
        "wasmtime/component-model/restrictions:16": "a limit of that runtime",
        "wasmtime/component-model/simple:24": "a limit of that runtime",
        "wasmtime/component-model/simple:30": "a limit of that runtime",
    ]

    @Test(arguments: ["components", "abi"])
    func prebuiltComponentsAreValid(_ folder: String) throws {
        let root = try #require(Corpus.root)
        var count = 0
        for file in Corpus.files(in: root.appendingPathComponent(folder), ending: ".wasm") {
            let bytes = [UInt8](try Data(contentsOf: file))
            guard ComponentDecoder.kind(of: bytes) == .component else { continue }
            do throws(BinaryError) {
                _ = try ComponentValidator.validate(try ComponentDecoder.decode(bytes), bytes: bytes)
                count += 1
            } catch {
                #expect(file.path.contains("async-yield-callee-synchronous"), "\(file.lastPathComponent): \(error)")
            }
        }
        #expect(count > 10)
    }

    /// Components and WIT packages that the other suites expect to come out; `wac` and `wac-graph` have some that import
    /// `unlocked-dep=<…>`, which is no extern name. (Explainer.md, "Import and Export Definitions")
    @Test(arguments: [
        "worlds", "wit-parse", "wit-encode", "wit-tools", "wit-targets", "compose", "componentize", "wac", "wac-graph",
    ])
    func whatOtherSuitesExpectIsValid(_ folder: String) throws {
        let root = try #require(Corpus.root)
        let formerName = Array("unlocked-dep=".utf8)
        for file in Corpus.files(in: root.appendingPathComponent(folder), ending: ".wasm") {
            let bytes = [UInt8](try Data(contentsOf: file))
            guard ComponentDecoder.kind(of: bytes) == .component else { continue }
            let verdict: BinaryError?
            do throws(BinaryError) {
                _ = try ComponentValidator.validate(try ComponentDecoder.decode(bytes), bytes: bytes, features: .all)
                verdict = nil
            } catch {
                verdict = error
            }
            guard let verdict else { continue }
            let isMeantToFail = bytes.firstRange(of: formerName) != nil || file.path.contains("component-not-valid")
            #expect(isMeantToFail, "\(file.path): \(verdict)")
        }
    }

    @Test func mutationNeverCrashes() throws {
        let small = try Corpus.commands().map(\.bytes).filter { (60..<3_000).contains($0.count) }
        var random = SplitMix(state: 0xd07e)
        for bytes in small {
            for _ in 0..<25 {
                var mutated = bytes
                for _ in 0...Int(random.next() % 3) {
                    mutated[Int(random.next() % UInt64(mutated.count))] = UInt8(truncatingIfNeeded: random.next())
                }
                guard let component = try? ComponentDecoder.decode(mutated) else { continue }
                _ = try? ComponentValidator.validate(component, bytes: mutated, features: .all)
            }
        }
    }

    @Test func verdictsAgree() throws {
        var counts: [String: (passed: Int, failed: Int)] = [:]
        for command in try Corpus.commands() {
            let verdict: BinaryError?
            do throws(BinaryError) {
                let bytes = command.bytes
                _ = try ComponentValidator.validate(
                    try ComponentDecoder.decode(bytes), bytes: bytes, features: Self.features(of: command))
                verdict = nil
            } catch {
                verdict = error
            }
            let isRejection = command.type == "assert_invalid" || command.type == "assert_malformed"
            let key = "\(command.suite) \(command.type)"
            let place = "\(command.suite)/\(command.script):\(command.line)"
            if (verdict != nil) == isRejection {
                #expect(Self.known[place] == nil, "\(command) agrees by now")
                counts[key, default: (0, 0)].passed += 1
            } else {
                counts[key, default: (0, 0)].failed += 1
                #expect(Self.known[place] != nil, "\(command): \(verdict?.description ?? "accepted")")
            }
        }
        for (key, count) in counts.sorted(by: { $0.key < $1.key }) {
            print("validation, \(key): \(count.passed) passed, \(count.failed) failed")
        }
    }
}
