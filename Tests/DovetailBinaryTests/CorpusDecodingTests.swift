// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport
import Testing

@Suite("Decoding the corpus", .enabled(if: SharedData.isPresent, "\(SharedData.hint)"))
struct CorpusDecodingTests {
    /// Files that use the `cancellable` immediate, which the specification has removed: its byte must be 0 now.
    static let outdated: Set<String> = [
        "wasmtime/component-model/async/stackful", "wasmtime/component-model/async/task-deletion",
        "wasmtime/component-model-threading/stackful-cancellation",
        "wasmtime/component-model-threading/yield-cancellable",
        "wasmtime/component-model/async/stackful-cancellation", "wasmtime/component-model/async/yield-cancellable",
    ]

    @Test("accepts what is well-formed and refuses what is malformed", arguments: try Corpus.scripts(atLeast: 210))
    func scripts(_ script: CorpusScript) throws {
        // The reference encoder leaves out the `shared` immediate that Binary.md has.
        let isShared =
            script.name.hasPrefix("shared-everything-threads/") || script.name.hasSuffix("legacy-indices")
        for command in try script.commands() {
            do throws(BinaryError) {
                _ = try ComponentDecoder.decode(command.bytes)
                #expect(command.type != "assert_malformed", "\(command)")
            } catch {
                guard command.type != "assert_malformed" else { continue }
                let isOutdated = error.message.contains("reserved byte") && Self.outdated.contains("\(script)")
                #expect(isShared || isOutdated, "\(command): \(error)")
            }
        }
    }

    @Test(
        "accepts prebuilt components and tells core modules from them",
        arguments: try Corpus.files("components", "abi", atLeast: 590))
    func prebuilt(_ file: CorpusFile) throws {
        let bytes = try file.bytes()
        switch ComponentDecoder.kind(of: bytes) {
        case .component:
            do throws(BinaryError) {
                let component = try ComponentDecoder.decode(bytes)
                #expect(component.range == 0..<bytes.count)
            } catch {
                #expect(
                    error.message.contains("reserved byte") && file.name.contains("async-yield-callee-synchronous"),
                    "\(error)")
            }
        case .coreModule:
            let error = #expect(throws: BinaryError.self) { try ComponentDecoder.decode(bytes) }
            #expect(error?.code == .coreModule)
            _ = try bytes.withUnsafeBytes { try CoreModuleOutline($0) }
        case .text, .unknown: Issue.record("neither a component nor a core module")
        }
    }

    @Test("survives truncated and changed components", arguments: try Corpus.scripts(atLeast: 210))
    func damaged(_ script: CorpusScript) throws {
        let small = try script.commands().filter { $0.type == "component" && (200..<4_000).contains($0.bytes.count) }
        guard let bytes = small.first?.bytes else { return }
        for end in stride(from: 0, to: bytes.count, by: 1 + bytes.count / 300) {
            _ = try? ComponentDecoder.decode(Array(bytes[..<end]))
        }
        var random = SeededGenerator(seed: 0x5eed)
        for _ in 0..<100 { _ = try? ComponentDecoder.decode(Mutation.changed(bytes, &random)) }
    }
}
