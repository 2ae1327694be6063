// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Testing

/// The programs of the WASI test suite for preview 1, each with a file beside it that says how to run it and what to expect.
@Suite(
    "The corpus's WASI programs, run by the tool", .enabled(if: Tool.path != nil, "needs the tool"),
    .enabled(if: SharedData.isPresent, "\(SharedData.hint)"))
struct CorpusToolTests {
    @Test("end and write as recorded", arguments: try Corpus.files("wasi-testsuite/wasm32-wasip1", atLeast: 49))
    func preview1(_ program: CorpusFile) async throws {
        let parts = program.path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = DataFolder(path: parts.dropLast().joined(separator: "/"))
        let description = String(parts.last?.dropLast(5) ?? "") + ".json"
        let item = folder.contains(description) ? try folder.json(description) : .object([:])
        var arguments = ["run"]
        for (name, value) in item["env"]?.object ?? [:] { arguments += ["--env", "\(name)=\(value.string ?? "")"] }
        // Programs write into their folder.
        let root = try item["root"]?.string.map { try ScratchFolder(copying: folder.file($0)) }
        defer { root?.remove() }
        if let root { arguments += ["--dir", "\(root.path)::/"] }
        let outcome = try await Tool.run(arguments + [program.path] + (item["args"]?.strings ?? []))
        #expect(outcome.code == Int32(clamping: item["exit_code"]?.integer ?? 0), "\(outcome.errors)")
        if let expected = item["stdout"]?.string { #expect(outcome.output == expected) }
        if let expected = item["stderr"]?.string { #expect(outcome.errors == expected) }
    }
}
