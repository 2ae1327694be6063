// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Testing

private let runner = BuiltProduct.path("dovetail-conformance")
private let table = "\(TestFiles.root)/Tests/Conformance/expected.txt"

/// The runner of the conformance data against the committed table of results.
@Suite(
    "Conformance with the corpus", .serialized, .enabled(if: runner != nil, "dovetail-conformance was not built"),
    .enabled(if: SharedData.isPresent, "\(SharedData.hint)"))
struct ConformanceTests {
    /// The suites of the table.
    private static func suites(atLeast least: Int) throws -> [String] {
        let lines = String(decoding: try TestFiles.bytes(table), as: UTF8.self).split(separator: "\n")
        let suites = lines.filter { !$0.hasPrefix("#") }.map { String($0.prefix { $0 != " " }) }
        guard suites.count >= least else { throw CaseFailure("expected at least \(least) suites, found \(suites)") }
        return suites
    }

    @Test("is at least what the committed table says", arguments: try suites(atLeast: 14))
    func suite(_ name: String) async throws {
        let outcome = try await BuiltProduct.run(
            try #require(runner), ["--failures", "--suite", name, "--expected", table])
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
        print("conformance: \(outcome.firstLine)")
    }

    @Test("that is less than a table says is a failure")
    func loss() async throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let greedy = try scratch.write("wave 100000 0 0\n".utf8, to: "table.txt")
        let outcome = try await BuiltProduct.run(try #require(runner), ["--suite", "wave", "--expected", greedy])
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("lost: wave: expected 100000 passed, 0 failed, 0 skipped, found "))
    }
}
