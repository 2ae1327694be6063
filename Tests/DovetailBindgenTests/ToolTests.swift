// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Foundation
import Testing

/// The tool that the build plugins run, and the command that has all options.
private let tool = BuiltProduct.path("dovetail-bindgen")
private let command = BuiltProduct.path("dovetail")

@Suite("dovetail-bindgen", .enabled(if: tool != nil && command != nil, "needs the built tools"))
struct ToolTests {
    private func run(_ arguments: String...) async throws -> BuiltProduct.Outcome {
        try await BuiltProduct.run(try #require(tool), arguments)
    }

    private func runCommand(_ arguments: String...) async throws -> BuiltProduct.Outcome {
        try await BuiltProduct.run(try #require(command), ["bindgen"] + arguments)
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
    }

    @Test("leaves bindings for components, and what it does not know, to `dovetail bindgen`")
    func guests() async throws {
        for arguments in [["--guest", "python"], ["--guest", "swift"], ["--host", "swift"], ["--help"]] {
            let outcome = try await BuiltProduct.run(
                try #require(tool), arguments + ["--wit", "x", "--out-dir", "y"])
            #expect(outcome.code == 2)
            #expect(
                outcome.errors
                    == "error: unknown option `\(arguments[0])`: this is the tool of the build plugins, which writes bindings for "
                    + "hosts in Swift; `dovetail bindgen` has all options\n")
        }
        #expect(try await run("--wit").errors == "error: expected a value behind `--wit`, found nothing\n")
        #expect(
            try await run("--access", "private").errors
                == "error: expected one of `public`, `package`, `internal` for `--access`, found `private`\n")
        #expect(try await run("a.wasm", "b.wasm").errors == "error: unexpected argument `b.wasm`\n")
        #expect(
            try await runCommand("--host", "python", "--wit", "x", "--out-dir", "y").errors
                .hasPrefix("error: invalid value `python` for `--host <host>`, expected `swift`\n"))
        #expect(
            try await runCommand("--guest", "python", "--wit", "x", "--out-file", "-").errors
                .contains("expected `--out-dir` beside `--guest python`: the bindings are a package"))
    }

    @Test("writes what `dovetail bindgen` writes with the same options")
    func sameAsTheCommand() async throws {
        let text = """
            package a:b;
            interface i { record r { x: u8 } f: func(x: r); }
            world w { import i; export g: func(); }
            """
        try await withFile(text) { path in
            for options in [
                ["--access", "public"], ["--name", "Other"], ["--rename", "a:b/i=Renamed"], ["--async", "all"],
                ["--conformance", "Codable"], ["--skip-import", "a:b/i"], ["--skip-export", "g"], ["--import", "Some"],
                ["--feature", "none"], ["--all-features"], ["--no-wasi"], ["--interfaces-only"], ["--world", "a:b/w"],
                ["--with", "a:b/i=Some.I"], ["--diagnostics", "xcode"],
            ] {
                let arguments = options + ["--wit", path, "--made-by", "a test", "--out-file", "-"]
                let one = try await BuiltProduct.run(try #require(tool), arguments)
                let other = try await BuiltProduct.run(try #require(command), ["bindgen"] + arguments)
                #expect(one.code == 0 && one.output == other.output, "\(options): \(one.errors)")
            }
        }
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
