// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import Foundation
import Testing

/// What the decoder says of the conformance data's binaries.
@Suite(.enabled(if: Corpus.isAvailable, "the conformance data is not beside the package"))
struct CorpusDecodingTests {
    /// Files that use the `cancellable` immediate, which the specification has removed: its byte must be 0 now.
    static let outdated: Set<String> = [
        "wasmtime/component-model/async/stackful", "wasmtime/component-model/async/task-deletion",
        "wasmtime/component-model-threading/stackful-cancellation",
        "wasmtime/component-model-threading/yield-cancellable",
        "wasmtime/component-model/async/stackful-cancellation", "wasmtime/component-model/async/yield-cancellable",
    ]

    @Test func everyWellFormedComponentDecodes() throws {
        var decoded = 0
        for command in try Corpus.commands() where command.type != "assert_malformed" {
            do {
                _ = try ComponentDecoder.decode(command.bytes)
                decoded += 1
            } catch {
                // The reference encoder leaves out the `shared` immediate that Binary.md has.
                let isShared =
                    command.script.hasPrefix("shared-everything-threads/") || command.script.hasSuffix("legacy-indices")
                let isOutdated =
                    isShared
                    || error.message.contains("reserved byte")
                        && Self.outdated.contains("\(command.suite)/\(command.script)")
                #expect(isOutdated, "\(command): \(error)")
            }
        }
        #expect(decoded > 1_500)
    }

    @Test func everyMalformedComponentIsRejected() throws {
        var count = 0
        for command in try Corpus.commands() where command.type == "assert_malformed" {
            #expect(throws: BinaryError.self, "\(command)") { try ComponentDecoder.decode(command.bytes) }
            count += 1
        }
        #expect(count > 80)
    }

    @Test(arguments: ["components", "abi"])
    func prebuiltComponentsDecode(_ folder: String) throws {
        let root = try #require(Corpus.root)
        for file in Corpus.files(in: root.appendingPathComponent(folder), ending: ".wasm") {
            let bytes = [UInt8](try Data(contentsOf: file))
            switch ComponentDecoder.kind(of: bytes) {
            case .component:
                do {
                    let component = try ComponentDecoder.decode(bytes)
                    #expect(component.range == 0..<bytes.count)
                } catch {
                    #expect(
                        error.message.contains("reserved byte") && file.path.contains("async-yield-callee-synchronous"),
                        "\(file.lastPathComponent): \(error)")
                }
            case .coreModule:
                let error = #expect(throws: BinaryError.self) { try ComponentDecoder.decode(bytes) }
                #expect(error?.code == .coreModule)
                _ = try bytes.withUnsafeBytes { try CoreModuleOutline($0) }
            case .text, .unknown:
                Issue.record("\(file.lastPathComponent) is neither a component nor a core module")
            }
        }
    }

    @Test func truncationAndMutationNeverCrash() throws {
        let commands = try Corpus.commands()
        let small = commands.filter { $0.type == "component" }.map(\.bytes).filter { (200..<4_000).contains($0.count) }
        for bytes in small.prefix(12) {
            for end in 0..<bytes.count {
                _ = try? ComponentDecoder.decode(Array(bytes[..<end]))
            }
        }
        var random = SplitMix(state: 0x5eed)
        for bytes in small.prefix(60) {
            for _ in 0..<200 {
                var mutated = bytes
                for _ in 0...Int(random.next() % 4) {
                    mutated[Int(random.next() % UInt64(mutated.count))] = UInt8(truncatingIfNeeded: random.next())
                }
                _ = try? ComponentDecoder.decode(mutated)
            }
        }
    }
}

/// A small generator that gives the same numbers each time.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
