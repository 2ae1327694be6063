// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Testing

private let stress = BuiltProduct.path("DovetailStress")

/// Hostile input and many repetitions, run in separate processes; see `Tests/Stress`.
@Suite(
    "Hostile input and many rounds", .serialized,
    .enabled(if: stress != nil, "DovetailStress was not built"))
struct RobustnessTests {
    /// The components of the package, and those of the shared data where it is there.
    private func sources(_ shared: String...) -> [String] {
        [TestFiles.root + "/Tests/Fixtures", TestFiles.root + "/Examples"]
            + (SharedData.isPresent ? shared.map { SharedData.suite($0).path } : [])
    }

    private func run(_ arguments: [String]) async throws {
        let outcome = try await BuiltProduct.run(try #require(stress), arguments)
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
        print(outcome.firstLine)
    }

    @Test("10 000 changed components neither crash, hang nor grow")
    func mutations() async throws {
        try await run(["mutations", "--count", "10000"] + sources("abi", "wast/component-model", "wast/wasmtime"))
    }

    @Test("10 000 random lists of arguments are answered or refused")
    func calls() async throws { try await run(["calls", "--count", "10000"] + sources("abi")) }

    @Test(
        "1 000 rounds leave memory where it was",
        arguments: [
            "calls", "values", "wasi", "host-resources", "guest-resources", "traps", "host-errors", "exits", "timeouts",
            "components",
        ])
    func rounds(kind: String) async throws { try await run(["rounds", "--count", "1000", kind, TestFiles.root]) }
}
