// SPDX-License-Identifier: Apache-2.0
import Dovetail
import DovetailABI
import DovetailWASI
import Foundation
import Testing

/// WASI 0.2 commands of the shared corpus, through the linker.
@Suite struct CommandTests {
    /// The folder of the shared data; nil when it is not there.
    static let shared: URL? = {
        let named = ProcessInfo.processInfo.environment["DOVETAIL_SHARED"].map { URL(fileURLWithPath: $0) }
        let beside = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared")
        let folder = (named ?? beside).appending(path: "conformance/components")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    /// A run of a command in the manifest.
    struct Manifest: Decodable {
        struct Case: Decodable {
            let id: String
            let kind: String
            let file: String?
            let wasi: [String]?
            let runs: [Run]?
        }
        struct Run: Decodable {
            let kind: String?
            let args: [String]?
            let stdout: String?
            let stderr: String?
        }
        let cases: [Case]
    }

    @Test(.enabled(if: shared != nil, "the shared corpus is not there")) func commandsOfTheCorpus() throws {
        let folder = try #require(Self.shared)
        let manifest = try JSONDecoder().decode(
            Manifest.self, from: Data(contentsOf: folder.appending(path: "manifest.json")))
        let engine = try Engine()
        var linker = Linker(engine: engine)
        linker.addWASI()
        var count = 0
        for entry in manifest.cases where entry.kind == "component" && entry.wasi?.contains("0.3.0") == false {
            for run in entry.runs ?? [] where run.kind == "command" {
                guard let file = entry.file else { continue }
                let (output, errors) = (OutputCollector(), OutputCollector())
                let store = Store(engine: engine)
                try store.grantWASI(
                    WASIConfiguration(
                        arguments: run.args ?? [], standardOutput: .collected(output),
                        standardError: .collected(errors)))
                let component = try Component(engine: engine, path: folder.appending(path: file).path)
                let instance = try linker.instantiate(component, in: store)
                let result = try instance.function("run", in: "wasi:cli/run@0.2.0").call()
                #expect(result == .ok(nil), "\(entry.id)")
                if let expected = run.stdout { #expect(output.text == expected, "\(entry.id)") }
                if let expected = run.stderr { #expect(errors.text == expected, "\(entry.id)") }
                count += 1
            }
        }
        #expect(count >= 2)
    }
}
