// SPDX-License-Identifier: Apache-2.0

import DovetailPython
import DovetailTestSupport
import Foundation
import Testing

/// Components in Python, made as a newcomer makes them.
@Suite(
    .serialized, .enabled(if: Tool.path != nil, "the tool was not built beside the tests"),
    .enabled(if: PythonCarrier.installed() != nil, "CPython is not in the cache (`Scripts/setup python`)"))
struct PythonToolTests {
    /// Nothing of the machine's own packages.
    private static let environment = ["VIRTUAL_ENV": "/nonexistent"]

    private func tool(_ arguments: [String]) async throws -> BuiltProduct.Outcome {
        try await Tool.run(arguments, environment: Self.environment)
    }

    private static let wit = "package a:b; world w { export f: func(n: u8) -> string; }"

    /// Runs `body` with a folder in which there are `wit/w.wit` and an app.
    private func withApp(_ app: String, _ body: (ScratchFolder) async throws -> Void) async throws {
        try await ScratchFolder.with { folder in
            try folder.write(Self.wit.utf8, to: "wit/w.wit")
            try folder.write(app.utf8, to: "app.py")
            try await body(folder)
        }
    }

    private static let app = """
        import wit_world
        class WitWorld(wit_world.WitWorld):
            def f(self, n): return "x" * n
        """

    @Test(
        "a new project builds and runs",
        arguments: [
            ("--command", ["run"], ["one"], "Hello, one!\n"),
            ("--library", ["run", "--invoke", "greet(\"Ada\")"], [], "\"Hello, Ada!\"\n"),
            ("--http", ["validate"], [], ""),
        ])
    func newProject(_ kind: String, _ before: [String], _ after: [String], _ output: String) async throws {
        try await ScratchFolder.with { folder in
            let project = folder.file("my-tool")
            let made = try await tool(["new", "--python", kind, project])
            #expect(made.code == 0 && made.output.contains("dovetail componentize --python app -o my-tool.wasm"))
            #expect(FileManager.default.fileExists(atPath: project + "/bindings/wit_world/__init__.py"))
            let component = project + "/my-tool.wasm"
            let build = try await Tool.shell(
                #"cd "$1" && "$tool" componentize --python app -o my-tool.wasm"#, [project],
                environment: Self.environment)
            #expect(build.code == 0 && build.output.isEmpty && build.errors.isEmpty, "\(build.errors)")
            let run = try await tool(before + [component] + after)
            #expect(run.code == 0 && run.output == output, "\(run.errors)")
        }
    }

    @Test("the app is named by its module or its file") func names() async throws {
        try await withApp(Self.app) { folder in
            let world = ["-d", folder.file("wit")]
            for arguments in [["app", "-p", folder.path], [folder.file("app.py")]] {
                let component = folder.file("c.wasm")
                let made = try await tool(["componentize", "--python"] + arguments + world + ["-o", component])
                #expect(made.code == 0 && made.errors.isEmpty, "\(made.errors)")
                #expect(try await tool(["run", "--invoke", "f(3)", component]).output == "\"xxx\"\n")
            }
        }
    }

    @Test("packages of the virtual environment are found") func virtualEnvironment() async throws {
        try await withApp("import helper\n" + Self.app.replacing("\"x\"", with: "helper.LETTER")) { folder in
            try folder.write("LETTER = 'y'\n".utf8, to: "venv/lib/python3.14/site-packages/helper.py")
            let component = folder.file("c.wasm")
            let made = try await Tool.run(
                ["componentize", "--python", "app", "-p", folder.path, "-d", folder.file("wit"), "-o", component],
                environment: ["VIRTUAL_ENV": folder.file("venv")])
            #expect(made.code == 0 && made.errors.isEmpty, "\(made.errors)")
            #expect(try await tool(["run", "--invoke", "f(3)", component]).output == "\"yyy\"\n")
        }
    }

    @Test(
        "wasmtime runs them, which has none of their files",
        .enabled(if: Peer.wasmtime != nil, "needs `wasmtime` of shared/peers"), arguments: [[], ["--stub-wasi"]])
    func peer(_ options: [String]) async throws {
        let peer = try #require(Peer.wasmtime)
        let app = """
            import dataclasses, json, re
            import wit_world
            class WitWorld(wit_world.WitWorld):
                def f(self, n):
                    import textwrap
                    try:
                        import zlib
                        json.loads("{")
                    except json.JSONDecodeError as error:
                        return textwrap.indent(re.sub("e", "-", error.msg[:8]), " " * n) + str(zlib.crc32(b"abc"))
            """
        try await withApp(app) { folder in
            let component = folder.file("c.wasm")
            let made = try await tool(
                ["componentize", "--python", "app", "-p", folder.path, "-d", folder.file("wit"), "-o", component]
                    + options)
            #expect(made.code == 0 && made.errors.isEmpty, "\(made.errors)")
            try FileManager.default.removeItem(atPath: folder.file("app.py"))
            let run = try await BuiltProduct.run(peer, ["run", "--invoke", "f(2)", component])
            #expect(run.output == "\"  Exp-ctin891568578\"\n", "\(run.errors)")
        }
    }

    @Test("several worlds are one, with names as they are asked for") func severalWorlds() async throws {
        try await ScratchFolder.with { folder in
            try folder.write(
                """
                package one:sdk@1.2.0;
                interface words { shout: func(text: string) -> string; }
                world w { export words; export first: func() -> string; }
                world other { export never: func(); }
                """.utf8, to: "one/one.wit")
            try folder.write(
                """
                package two:sdk;
                interface words { whisper: func(text: string) -> string; }
                world v { export words; export second: func() -> u8; }
                """.utf8, to: "two/two.wit")
            try folder.write(
                """
                import my.world
                from my.world.exports import one_sdk_words_1_2_0, quiet
                class World(my.world.World):
                    def first(self): return "1"
                    def second(self): return 2
                class OneSdkWords120(my.world.exports.OneSdkWords120):
                    def shout(self, text): return text.upper()
                class Quiet(my.world.exports.Quiet):
                    def whisper(self, text): return text.lower()
                """.utf8, to: "app.py")
            let worlds = ["-d", folder.file("one"), "-d", folder.file("two"), "-w", "one:sdk/w@1.2.0", "-w", "v"]
            let names = [
                "--world-module", "my.world", "--full-names", "--export-interface-name", "two:sdk/words=quiet",
            ]
            let component = folder.file("c.wasm")
            let made = try await tool(
                ["componentize", "--python", "app", "-p", folder.path, "-o", component] + worlds + names)
            #expect(made.code == 0 && made.errors.isEmpty, "\(made.errors)")
            for (call, result) in [("first()", "\"1\""), ("second()", "2"), ("whisper(\"AB\")", "\"ab\"")] {
                let run = try await tool(["run", "--invoke", call, component])
                #expect(run.output == result + "\n", "\(run.errors)")
            }
            let wit = try await tool(["wit", component])
            #expect(
                wit.output.contains("export first") && wit.output.contains("export second")
                    && wit.output.contains("export two:sdk/words;")
                    && wit.output.contains("export one:sdk/words@1.2.0;"), "\(wit.output)")
            let unknown = try await tool(
                ["componentize", "--python", "app", "-p", folder.path] + worlds + ["-w", "third", "-o", component])
            #expect(unknown.code == 1 && unknown.errors.contains("`third`"), "\(unknown.errors)")
            let renamed = try await tool(
                ["componentize", "--python", "app", "-p", folder.path, "-o", component] + worlds
                    + ["--import-interface-name", "two:sdk/words=quiet"])
            #expect(renamed.code == 1 && renamed.errors.contains("does not import"), "\(renamed.errors)")
        }
    }

    @Test("bindings of several worlds are one package") func bindingsOfSeveralWorlds() async throws {
        try await ScratchFolder.with { folder in
            try folder.write(
                """
                package one:sdk@1.2.0;
                interface words { shout: func(text: string) -> string; }
                /// Said of the first.
                world w { import words; export words; export first: func() -> string; }
                world v { import words; export second: func() -> u8; }
                """.utf8, to: "wit/one.wit")
            let generate = ["bindgen", "--guest", "python", "--wit", folder.file("wit"), "--out-dir"]
            let both = ["--world", "w", "--world", "one:sdk/v@1.2.0"]
            let made = try await tool(generate + [folder.file("both")] + both)
            #expect(made.code == 0 && made.errors.isEmpty, "\(made.errors)")
            let module = String(decoding: try TestFiles.bytes(folder.file("both/wit_world/__init__.py")), as: UTF8.self)
            #expect(
                module.hasPrefix(
                    "# Generated by `dovetail bindgen` from the worlds `one:sdk/w@1.2.0`, `one:sdk/v@1.2.0`.\n"),
                "\(module)")
            #expect(module.contains("def first(self) -> str:") && module.contains("def second(self) -> int:"))
            for name in ["imports/words.py", "exports/words.py"] {
                #expect(FileManager.default.fileExists(atPath: folder.file("both/wit_world/\(name)")))
            }
            let check = try await tool(generate + [folder.file("both")] + both + ["--check"])
            #expect(check.code == 0, "\(check.errors)")
            let one = try await tool(generate + [folder.file("one"), "--world", "v"])
            #expect(
                one.code == 0 && !FileManager.default.fileExists(atPath: folder.file("one/wit_world/exports/words.py")))
        }
    }

    @Test("mistakes are told, and no file is written") func mistakes() async throws {
        try await withApp("import json\nprint('hello')\njson.loads('{')\n") { folder in
            let component = folder.file("c.wasm")
            let made = try await tool(
                ["componentize", "--python", "app", "-p", folder.path, "-d", folder.file("wit"), "-o", component])
            #expect(made.code == 1 && made.output.isEmpty)
            #expect(
                made.errors.hasPrefix(
                    "error: the app `app` cannot be made a component\nhello\nTraceback (most recent call last):\n"
                        + "  File \"\(folder.path)/app.py\", line 3, in <module>\n"), "\(made.errors)")
            #expect(made.errors.contains("json.decoder.JSONDecodeError: Expecting property name"), "\(made.errors)")
            #expect(!FileManager.default.fileExists(atPath: component))
        }
    }

    @Test("an exception that the world does not declare, too much memory and too much time end a call, and say so")
    func limits() async throws {
        let app = """
            import wit_world
            class WitWorld(wit_world.WitWorld):
                def f(self, n):
                    kept = [10 // n]
                    while n == 1: pass
                    while n == 2: kept.append(bytes(1 << 20))
                    return str(kept[0])
            """
        try await withApp(app) { folder in
            let component = folder.file("c.wasm")
            let made = try await tool(
                ["componentize", "--python", "app", "-p", folder.path, "-d", folder.file("wit"), "-o", component])
            #expect(made.code == 0 && made.errors.isEmpty, "\(made.errors)")
            func run(_ number: Int, _ options: String...) async throws -> BuiltProduct.Outcome {
                try await tool(["run", "--invoke", "f(\(number))"] + options + [component])
            }
            let traceback = "Traceback (most recent call last):\n  File \"/app/1/app.py\", line "
            let raised = try await run(0)
            #expect(
                raised.errors.hasPrefix(
                    traceback + "4, in f\nZeroDivisionError: division by zero\n"
                        + "error: wasm `unreachable` instruction executed\n"), "\(raised.errors)")
            let endless = try await run(1, "--timeout", "300ms")
            #expect(endless.errors.hasPrefix("error: interrupted: the time limit was reached\n"), "\(endless.errors)")
            let greedy = try await run(2, "--max-memory", "64M")
            #expect(
                greedy.errors.hasPrefix(
                    traceback + "6, in f\nMemoryError\nerror: wasm `unreachable` instruction executed\n"),
                "\(greedy.errors)")
            for outcome in [raised, endless, greedy] { #expect(outcome.code == 134 && outcome.output.isEmpty) }
            #expect(try await run(3, "--max-memory", "64M").output == "\"3\"\n")
        }
    }

    @Test("an app that is not there, and a world that is not there, are told")
    func missing() async throws {
        try await withApp(Self.app) { folder in
            let component = folder.file("c.wasm")
            func build(_ app: String, _ options: String...) async throws -> BuiltProduct.Outcome {
                try await tool(
                    ["componentize", "--python", app, "-p", folder.path, "-d", folder.file("wit"), "-o", component]
                        + options)
            }
            let app = try await build("other")
            #expect(
                app.errors == """
                    error: the app `other` cannot be made a component
                    ModuleNotFoundError: No module named 'other'
                    `other` was looked for in `\(folder.path)` and the standard library; name its folder with `-p`

                    """, "\(app.errors)")
            let world = try await build("app", "-w", "v")
            #expect(world.errors.hasPrefix("error: ") && world.errors.contains("`v`"), "\(world.errors)")
            for outcome in [app, world] { #expect(outcome.code == 1 && outcome.output.isEmpty) }
            #expect(!FileManager.default.fileExists(atPath: component))
        }
    }

    /// A cache that has the engine, and of CPython what is named.
    private func cache(_ folder: ScratchFolder, _ parts: [String]) throws -> String {
        let usual = try #require(PythonCarrier.installed()?.folder.components(separatedBy: "/python/").first)
        let cache = folder.file("cache/dovetail")
        try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
        for part in ["engine"] + parts {
            try? FileManager.default.removeItem(atPath: "\(cache)/\(part)")
            try FileManager.default.createSymbolicLink(
                atPath: "\(cache)/\(part)", withDestinationPath: "\(usual)/\(part)")
        }
        return folder.file("cache")
    }

    @Test("a native extension that components share is named where it is lost") func lostExtension() async throws {
        try await ScratchFolder.with { folder in
            let name = "python-extension-numpy-sha256-x" + String(repeating: "0f", count: 32)
            try folder.write("(component (import \"\(name)\" (core module)))".utf8, to: "c.wat")
            let lost = try await Tool.run(
                ["run", folder.file("c.wat")], environment: ["XDG_CACHE_HOME": try cache(folder, [])])
            #expect(lost.code == 1 && lost.output.isEmpty)
            #expect(
                lost.errors.contains(
                    "imports a native extension of `numpy` as the core module `\(name)`, which is not in "
                        + "`\(folder.file("cache/dovetail/modules"))`; `dovetail componentize --python --shared` puts it there"
                ),
                "\(lost.errors)")
        }
    }

    @Test("CPython that components share is made again where it is lost, or named") func lostModules() async throws {
        try await withApp(Self.app) { folder in
            let component = folder.file("c.wasm")
            let made = try await tool(
                ["componentize", "--python", "--shared", "app", "-p", folder.path, "-d", folder.file("wit"), "-o"]
                    + [component])
            #expect(made.code == 0 && made.errors.isEmpty, "\(made.errors)")
            let run = ["run", "--invoke", "f(3)", component]
            #expect(try await tool(run).output == "\"xxx\"\n")
            let compiled = try await tool(["compile", component, "-o", folder.file("c.cwasm")])
            #expect(compiled.code == 0, "\(compiled.errors)")
            #expect(try await tool(["run", "--invoke", "f(3)", folder.file("c.cwasm")]).output == "\"xxx\"\n")

            var environment = ["XDG_CACHE_HOME": try cache(folder, []), "DOVETAIL_PYTHON_WHEEL": "/nonexistent.whl"]
            let lost = try await Tool.run(run, environment: environment)
            #expect(lost.code == 1 && lost.output.isEmpty)
            #expect(
                lost.errors.contains("imports CPython as the core module `cpython-sha256-x")
                    && lost.errors.contains(
                        "which is neither in `\(folder.file("cache/dovetail/modules"))` nor can be made")
                    && lost.errors.contains("/nonexistent.whl"), "\(lost.errors)")

            environment["XDG_CACHE_HOME"] = try cache(folder, ["python"])
            let again = try await Tool.run(run, environment: environment)
            #expect(again.code == 0 && again.output == "\"xxx\"\n", "\(again.errors)")
            let modules = try FileManager.default.contentsOfDirectory(atPath: folder.file("cache/dovetail/modules"))
            #expect(modules.count >= 4 && modules.allSatisfy { $0.hasSuffix(".wasm") }, "\(modules)")
            // One that is damaged is another one.
            for module in modules { try folder.write("no".utf8, to: "cache/dovetail/modules/" + module) }
            let damaged = try await Tool.run(run, environment: environment)
            #expect(damaged.code == 0 && damaged.output == "\"xxx\"\n", "\(damaged.errors)")
        }
    }

    @Test(
        "options that do not go together",
        arguments: [
            (["--python", "--swift", "a"], "expected either `--swift` or `--python`, found both"),
            (["-p", ".", "a.wasm"], "`-p` needs `--python`"),
            (["--include", "x", "a"], "`--include` needs `--python`"),
            (["--world-module", "x", "a"], "`--world-module` needs `--python`"),
            (["-d", "a", "-d", "b", "a"], "with `--python` they may be repeated"),
            (["--python", "--export-interface-name", "x", "a"], "expected `ns:pkg/iface=name`"),
            (["--python", "a", "b"], "expected the module of one app, found 2"),
            (["--python", "a-b"], "expected the name of a module in Python as `app` or `package.app`, found `a-b`"),
        ])
    func options(_ arguments: [String], _ message: String) async throws {
        try await withApp(Self.app) { folder in
            let world = arguments.contains("--python") ? ["-d", folder.file("wit")] : []
            let outcome = try await tool(["componentize"] + arguments + world)
            #expect(outcome.code != 0 && outcome.errors.contains(message), "\(outcome.errors)")
        }
    }
}
