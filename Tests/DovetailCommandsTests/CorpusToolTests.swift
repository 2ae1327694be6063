// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Testing

/// The programs of the WASI test suite for preview 1, each a case with its expected outcome beside it.
@Suite(.enabled(if: Tool.path != nil && TestFiles.shared != nil, "needs the tool and the shared test data"))
struct CorpusToolTests {
    private struct Case: Decodable {
        var args: [String]?
        var env: [String: String]?
        var root: String?
        var exit_code: Int32?
        var stdout: String?
        var stderr: String?
    }

    private static let programs: [String] = {
        let root = (TestFiles.shared ?? "") + "/conformance/wasi-testsuite/wasm32-wasip1"
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".wasm") }.sorted().map { "\(root)/\($0)" }
    }()

    @Test(arguments: programs) func preview1(program: String) throws {
        let description = URL(fileURLWithPath: String(program.dropLast(5)) + ".json")
        let item = (try? Data(contentsOf: description)).flatMap { try? JSONDecoder().decode(Case.self, from: $0) }
        var arguments = ["run"]
        for (name, value) in item?.env ?? [:] { arguments += ["--env", "\(name)=\(value)"] }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("root-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        if let root = item?.root {
            // Programs write into it.
            try FileManager.default.copyItem(
                at: description.deletingLastPathComponent().appendingPathComponent(root), to: folder)
            arguments += ["--dir", "\(folder.path)::/"]
        }
        let outcome = try Tool.run(arguments + [program] + (item?.args ?? []))
        #expect(outcome.code == item?.exit_code ?? 0, "\(outcome.errors)")
        if let expected = item?.stdout { #expect(outcome.output == expected) }
        if let expected = item?.stderr { #expect(outcome.errors == expected) }
    }
}
