// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Testing

/// The verbs that make components and take them apart.
@Suite(.enabled(if: Tool.path != nil, "the tool was not built beside the tests"))
struct ComponentizeToolTests {
    private static let wit = """
        package a:b;
        interface log { write: func(text: string); }
        world plugin { import log; export run: func(arguments: list<string>) -> string; }
        world other { export f: func(); }
        """

    private func withWIT(_ body: (String) async throws -> Void) async throws {
        try await Tool.withFolder { folder in
            try Data(Self.wit.utf8).write(to: URL(fileURLWithPath: folder + "/a.wit"))
            try await body(folder)
        }
    }

    @Test("a dummy becomes a component of its world", arguments: ["legacy", "standard32"])
    func aDummyBecomesAComponent(_ names: String) async throws {
        try await withWIT { folder in
            let made = try await Tool.shell(
                #"""
                "$tool" embed --dummy-names "$2" -w plugin "$1" | "$tool" componentize - -o "$1/plugin.wasm"
                "$tool" validate "$1/plugin.wasm" && "$tool" targets -w plugin "$1/a.wit" "$1/plugin.wasm"
                "$tool" wit "$1/plugin.wasm"
                """#, [folder, names])
            #expect(made.code == 0, "\(made.errors)")
            #expect(made.output.contains("import a:b/log;"))
            #expect(made.output.contains("export run: func(arguments: list<string>) -> string;"))
        }
    }

    @Test("the world may come with the module or with `--wit`")
    func theWorldMayComeWithEither() async throws {
        try await withWIT { folder in
            let text = "(module (func (export \"f\")))"
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/f.wat"))
            let component = folder + "/f.wasm"
            let direct = try await Tool.run(
                ["componentize", "-d", folder + "/a.wit", "-w", "other", folder + "/f.wat", "-o", component])
            #expect(direct.code == 0, "\(direct.errors)")
            #expect(try await Tool.run(["wit", component]).output.contains("export f: func();"))
            let wrong = try await Tool.run(["componentize", "-d", folder + "/a.wit", "-w", "plugin", folder + "/f.wat"])
            #expect(wrong.code == 1)
            #expect(
                wrong.errors.contains("the module does not export `run`, which the world's export `run` needs"))
        }
    }

    private static let hello = """
        (module
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (memory (export "memory") 1)
          (data (i32.const 8) "hello\\n")
          (func (export "_start")
            (i32.store (i32.const 0) (i32.const 8))
            (i32.store (i32.const 4) (i32.const 6))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))
            (call $exit (i32.const 33))))
        """

    @Test(
        "a program for WASI preview 1 needs nothing named",
        arguments: [("", 33, "0.2.12"), ("--wasi-0.2.0", 1, "0.2.0")])
    func programsForPreview1(_ option: String, _ exitCode: Int32, _ version: String) async throws {
        try await Tool.withFolder { folder in
            try Data(Self.hello.utf8).write(to: URL(fileURLWithPath: folder + "/hello.wat"))
            let component = folder + "/hello.wasm"
            let options = option.isEmpty ? [] : [option]
            let made = try await Tool.run(["componentize", folder + "/hello.wat", "-o", component] + options)
            #expect(made.code == 0, "\(made.errors)")
            #expect(try await Tool.run(["wit", component]).output.contains("import wasi:cli/stdout@\(version);"))
            let run = try await Tool.run(["run", component])
            #expect(run.output == "hello\n")
            #expect(run.code == exitCode)
        }
    }

    private static let library = """
        (module (@dylink.0 (mem-info (memory 4 2)))
          (import "env" "memory" (memory 1))
          (import "env" "__memory_base" (global $base i32))
          (func (export "seven") (result i32) (i32.load (global.get $base)))
          (data (global.get $base) "\\07"))
        """
    private static let application = """
        (module (@dylink.0 (needed "lib.so"))
          (import "env" "seven" (func $seven (result i32)))
          (func (export "run") (result i32) (i32.mul (call $seven) (i32.const 6))))
        """

    @Test("shared libraries are linked into a component that runs")
    func librariesAreLinked() async throws {
        try await Tool.withFolder { folder in
            try Data(Self.library.utf8).write(to: URL(fileURLWithPath: folder + "/lib.wat"))
            try Data(Self.application.utf8).write(to: URL(fileURLWithPath: folder + "/app.wat"))
            try Data("package a:b; world w { export run: func() -> u32; }".utf8)
                .write(to: URL(fileURLWithPath: folder + "/w.wit"))
            let component = folder + "/app.wasm"
            let wit = ["link", "-d", folder + "/w.wit", folder + "/app.wat"]
            let made = try await Tool.run(wit + ["lib.so=\(folder)/lib.wat", "--stack-size", "4096", "-o", component])
            #expect(made.code == 0, "\(made.errors)")
            let run = try await Tool.run(["run", "--invoke", "run()", component])
            #expect(run.output == "42\n", "\(run.errors)")
            let missing = try await Tool.run(wit + [folder + "/lib.wat", "-o", component])
            #expect(missing.code == 1)
            #expect(missing.errors.contains("`app.wat` needs library `lib.so`"), "\(missing.errors)")
            #expect(try await Tool.run(["link"]).code == 2)
        }
    }

    @Test("a component is initialised once, and its state written down", arguments: [false, true])
    func snapshots(_ usesWinch: Bool) async throws {
        let text = """
            (component
              (core module $m
                (global $g (mut i32) (i32.const 1))
                (func (export "prepare") (global.set $g (i32.const 42)))
                (func (export "get") (result i32) (global.get $g)))
              (core instance $i (instantiate $m))
              (func (export "prepare") (canon lift (core func $i "prepare")))
              (func (export "get") (result u32) (canon lift (core func $i "get"))))
            """
        try await Tool.withFolder { folder in
            let (file, ready) = (folder + "/c.wat", folder + "/c.wasm")
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            for option in ["--init-func", "--core-init-func"] {
                let made = try await Tool.run(
                    ["snapshot", option, "prepare", file, "-o", ready] + (usesWinch ? ["--winch"] : []))
                #expect(made.code == 0, "\(made.errors)")
                #expect(try await Tool.run(["run", "--invoke", "get()", ready]).output == "42\n")
            }
            let missing = try await Tool.run(["snapshot", "--init-func", "nothing", file, "-o", ready])
            #expect(missing.code != 0 && missing.errors.contains("`nothing`"), "\(missing.errors)")
        }
    }

    @Test("wrong usage is refused")
    func wrongUsageIsRefused() async throws {
        try await withWIT { folder in
            #expect(try await Tool.run(["componentize", "-w", "plugin", "x.wasm"]).code == 2)
            #expect(try await Tool.run(["embed", "--dummy", folder, "x.wasm"]).code == 2)
            #expect(try await Tool.run(["embed", "--dummy", "--async-callback", "-w", "other", folder]).code == 2)
            #expect(try await Tool.run(["embed", "--dummy-names", "new", "-w", "other", folder]).code == 2)
            let encoding = try await Tool.run(["embed", "--dummy", "--encoding", "latin1", "-w", "other", folder])
            #expect(encoding.code == 2 && encoding.errors.contains("expected `utf8`, `utf16` or `compact-utf16`"))
        }
    }

    @Test("core modules are taken out of a component")
    func modulesAreTakenOut() async throws {
        try await Tool.withFolder { folder in
            let thin = folder + "/thin.wasm"
            let adder = TestFiles.example("adder/adder.wasm")
            let outcome = try await Tool.run(
                ["unbundle", adder, "--module-dir", folder + "/modules", "--threshold", "0", "-o", thin])
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(try await Tool.run(["validate", thin]).code == 0)
            #expect(try await Tool.run(["validate", folder + "/modules/unbundled-module0.wasm"]).code == 0)
            #expect(
                try Data(contentsOf: URL(fileURLWithPath: thin)).count
                    < Data(contentsOf: URL(fileURLWithPath: adder)).count)
        }
    }
}
