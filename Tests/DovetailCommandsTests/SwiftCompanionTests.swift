// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Testing

/// Components that stand for the hosts and the users of the examples in Swift, so that these run wherever components do.
private enum Companion: String {
    case shelf, counts, library, reader

    /// Their WIT beside that of the examples.
    static func wit(in folder: ScratchFolder) throws -> String {
        try folder.write(TestFiles.bytes(TestFiles.fixture("companions/companions.wit")), to: "wit/companions.wit")
        for example in [
            "kv-store/wit/kv-store.wit", "swift-counters/wit/counters.wit", "swift-async/wit/searching.wit",
        ] {
            let name = example.split(separator: "/").last ?? ""
            try folder.write(TestFiles.bytes(TestFiles.example(example)), to: "wit/deps/\(name)")
        }
        return folder.file("wit")
    }

    /// Builds it in `folder`; its path.
    func build(in folder: ScratchFolder) async throws -> String {
        let component = folder.file("\(rawValue).wasm")
        let source = TestFiles.fixture("companions/\(rawValue.capitalized).swift")
        let made = try await Tool.run(
            ["componentize", "--swift", "-d", Self.wit(in: folder), "-w", rawValue, source, "-o", component])
        #expect(made.code == 0 && made.errors.isEmpty, "\(made.errors)")
        return component
    }
}

@Suite(
    "Examples in Swift, composed with others",
    .enabled(if: Tool.path != nil, "the tool was not built beside the tests"),
    .enabled(if: GuestCompiler.shared != nil, "needs a toolchain with Embedded Swift for wasm32"),
    .enabled(if: Peer.wasmtime != nil, "needs `wac` and `wasmtime` of shared/peers"))
struct SwiftCompanionTests {
    /// Gives `plug` to the imports of `socket`.
    private func compose(_ socket: String, with plug: String, in folder: ScratchFolder) async throws -> String {
        let output = folder.file("composed-\(socket.split(separator: "/").last ?? "")")
        let run = try #require(Peer.run)
        let made = try await BuiltProduct.run(run, ["wac", "plug", socket, "--plug", plug, "-o", output])
        #expect(made.code == 0, "\(made.errors)")
        return output
    }

    /// Calls a function in this host and in wasmtime.
    private func check(_ call: String, of component: String, _ expected: String) async throws {
        #expect(try await Tool.run(["run", "--invoke", call, component]).output == expected + "\n")
        let peer = try #require(Peer.wasmtime)
        let answer = try await BuiltProduct.run(
            peer, ["run", "-W", "component-model-async=y", "--invoke", call, component])
        #expect(answer.firstLine == expected, "\(answer.errors)")
    }

    @Test("use resources of others")
    func kvStore() async throws {
        try await SwiftExample.kvStore.with { example in
            try await ScratchFolder.with { folder in
                let whole = try await compose(example, with: Companion.shelf.build(in: folder), in: folder)
                try await check("replace-value(\"a\", \"b\")", of: whole, "none")
            }
        }
    }

    @Test("give resources to others")
    func counters() async throws {
        try await SwiftExample.counters.with { example in
            try await ScratchFolder.with { folder in
                let whole = try await compose(Companion.counts.build(in: folder), with: example, in: folder)
                try await check(
                    "run()", of: whole, "[\"total 42, alive 2\", \"a+b 42\", \"error: a+b is full\", \"alive 0\"]")
            }
        }
    }

    @Test("wait for others, and exchange streams and futures with them")
    func searching() async throws {
        try await SwiftExample.searching.with { example in
            try await ScratchFolder.with { folder in
                let search = try await compose(example, with: Companion.library.build(in: folder), in: folder)
                let whole = try await compose(Companion.reader.build(in: folder), with: search, in: folder)
                let lines = ["rhyme:1: one fish two fish", "rhyme:3: blue fish", "missing 1", "count 400"]
                try await check("run()", of: whole, "[" + lines.map { "\"\($0)\"" }.joined(separator: ", ") + "]")
            }
        }
    }
}
