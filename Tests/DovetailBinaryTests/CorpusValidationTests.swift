// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport
import Testing

@Suite("Validating the corpus", .enabled(if: SharedData.isPresent, "\(SharedData.hint)"))
struct CorpusValidationTests {
    /// The features with which upstream runs a script.
    static func features(of script: CorpusScript) throws -> ComponentFeatures {
        switch script.suite {
        case "component-model":
            return [
                .standard, .asyncStackful, .moreAsyncBuiltins, .threading, .fixedLengthLists, .forward,
            ]
        case "wasmtime":
            return script.name.contains("implements-disabled")
                ? ComponentFeatures.all.subtracting(.implements) : .all.subtracting(.garbageCollection)
        default:
            var features = ComponentFeatures.standard
            for name in try script.features() {
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

    /// What the validator says of a component or a WIT package; core modules are not its to validate.
    private func verdict(_ file: CorpusFile, features: ComponentFeatures = .all) throws -> BinaryError? {
        let bytes = try file.bytes()
        guard ComponentDecoder.kind(of: bytes) == .component else { return nil }
        do throws(BinaryError) {
            _ = try ComponentValidator.validate(try ComponentDecoder.decode(bytes), bytes: bytes, features: features)
            return nil
        } catch {
            return error
        }
    }

    @Test("accepts prebuilt components", arguments: try Corpus.files("components", "abi", atLeast: 590))
    func prebuilt(_ file: CorpusFile) throws {
        if let verdict = try verdict(file) {
            #expect(file.name.contains("async-yield-callee-synchronous"), "\(verdict)")
        }
    }

    /// `wac` and `wac-graph` have some that import `unlocked-dep=<…>`, which is not an extern name.
    /// (Explainer.md, "Import and Export Definitions")
    @Test(
        "accepts components and WIT packages that the other suites expect as results",
        arguments: try Corpus.files(
            "worlds", "wit-parse", "wit-encode", "wit-tools", "wit-targets", "compose", "componentize", "wac",
            "wac-graph", atLeast: 840))
    func results(_ file: CorpusFile) throws {
        guard let verdict = try verdict(file, features: .all) else { return }
        let isMeantToFail =
            try file.bytes().firstRange(of: Array("unlocked-dep=".utf8)) != nil
            || file.name.contains("component-not-valid")
        #expect(isMeantToFail, "\(verdict)")
    }

    @Test("agrees with the verdicts of the scripts", arguments: try Corpus.scripts(atLeast: 210))
    func verdicts(_ script: CorpusScript) throws {
        let features = try Self.features(of: script)
        for command in try script.commands() {
            let verdict: BinaryError?
            do throws(BinaryError) {
                let bytes = command.bytes
                _ = try ComponentValidator.validate(
                    try ComponentDecoder.decode(bytes), bytes: bytes, features: features)
                verdict = nil
            } catch {
                verdict = error
            }
            let isKnown = Self.known["\(script):\(command.line)"] != nil
            if (verdict != nil) == command.isRejection {
                #expect(!isKnown, "\(command) agrees by now")
            } else {
                #expect(isKnown, "\(command): \(verdict?.description ?? "accepted")")
            }
        }
    }

    @Test("survives changed components", arguments: try Corpus.scripts(atLeast: 210))
    func damaged(_ script: CorpusScript) throws {
        var random = SeededGenerator(seed: 0xd07e)
        for command in try script.commands() where (60..<3_000).contains(command.bytes.count) {
            for _ in 0..<25 {
                let changed = Mutation.changed(command.bytes, &random)
                guard let component = try? ComponentDecoder.decode(changed) else { continue }
                _ = try? ComponentValidator.validate(component, bytes: changed, features: .all)
            }
        }
    }
}
