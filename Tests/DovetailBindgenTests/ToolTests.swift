// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Foundation
import Testing

/// The light tool, as the build plugin runs it.
private let tool = BuiltProduct.path("dovetail-bindgen")

@Suite("dovetail-bindgen", .enabled(if: tool != nil, "needs the built tool"))
struct ToolTests {
    private func run(_ arguments: String...) async throws -> BuiltProduct.Outcome {
        try await BuiltProduct.run(try #require(tool), arguments)
    }

    private func withFile<Result>(_ text: String, _ body: (String) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bindgen-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("input.wit")
        try Data(text.utf8).write(to: file)
        return try await body(file.path)
    }

    @Test("names place and reason in the form of build systems")
    func diagnostics() async throws {
        try await withFile("package a:b;\nworld w { export f: func(x: strng); }\n") { path in
            let outcome = try await run("--wit", path, "--out-file", "-", "--diagnostics", "xcode")
            #expect(outcome.code == 1)
            #expect(outcome.errors.hasPrefix("\(path):2:29: error: type `strng` does not exist"))
            let plain = try await run("--wit", path, "--out-file", "-")
            #expect(plain.errors.contains("^----"))
        }
    }

    @Test("writes, keeps and compares files")
    func files() async throws {
        try await withFile("package a:b;\nworld some-world { export f: func(); }\n") { path in
            let folder = path + ".out/deep"
            #expect(try await run("--wit", path, "--out-dir", folder, "--check").code == 1)
            #expect(try await run("--wit", path, "--out-dir", folder).code == 0)
            let file = folder + "/SomeWorld.swift"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.contains("final class SomeWorld: WorldBindings {"))
            // What differs from machine to machine is not in the file.
            #expect(!text.contains(path))
            #expect(try await run("--wit", path, "--out-dir", folder, "--check").code == 0)
            try Data("changed".utf8).write(to: URL(fileURLWithPath: file))
            let outcome = try await run("--wit", path, "--out-dir", folder, "--check")
            #expect(outcome.code == 1 && outcome.errors.contains("is out of date; make it again with"))
        }
    }

    @Test("writes into what is no file")
    func pipes() async throws {
        try await withFile("package a:b;\nworld some-world { export f: func(); }\n") { path in
            let outcome = try await run("--wit", path, "--out-file", "/dev/stdout")
            #expect(outcome.code == 0)
            #expect(try await outcome.output == run("--wit", path, "--out-file", "-").output)
        }
    }

    @Test("takes either WIT or a component, and one place to write to")
    func usage() async throws {
        #expect(
            try await run("--out-file", "-").errors.contains("expected either `--wit` or a component, found neither"))
        #expect(
            try await run("--wit", "x").errors.contains("expected either `--out-dir` or `--out-file`, found neither"))
        #expect(try await run("--wit", "x", "--out-file", "-", "--with", "y").code != 0)
        let missing = try await run("--wit", "/nothing/here", "--out-file", "-", "--diagnostics", "xcode")
        #expect(missing.code == 1 && missing.errors.contains("/nothing/here"))
        #expect(
            try await run("--host", "python", "--wit", "x", "--out-dir", "y").errors.contains(
                "there are no such bindings"))
        #expect(
            try await run("--guest", "python", "--wit", "x", "--out-file", "-").errors
                .contains("expected `--out-dir` beside `--guest python`: the bindings are a package"))
    }

    @Test(
        "generates from a component, here one written in Rust", .enabled(if: SharedData.isPresent, "\(SharedData.hint)")
    )
    func component() async throws {
        let path = SharedData.suite("components").file("examples/adder.wasm")
        let outcome = try await run(path, "--name", "RustAdder", "--made-by", "dovetail bindgen", "--out-file", "-")
        let reference = "\(TestFiles.root)/Tests/DovetailBindgenTests/Generated/RustAdder.swift"
        #expect(try outcome.output == String(contentsOfFile: reference, encoding: .utf8))
        let engine = try Engine()
        let adder = try RustAdder(Component(engine: engine, path: path), in: Store(engine: engine))
        #expect(try adder.add.add(x: 1, y: .max) == 0)
        #expect(try adder.add.add(x: 40, y: 2) == 42)
    }
}
