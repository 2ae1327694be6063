// SPDX-License-Identifier: Apache-2.0

import DovetailPython
import DovetailTestSupport
import Foundation
import Testing

/// Components in Python whose packages bring WIT of their own, in a `componentize-py.toml`.
@Suite(
    .serialized, .enabled(if: Tool.path != nil, "the tool was not built beside the tests"),
    .enabled(if: PythonCarrier.installed() != nil, "CPython is not in the cache (`Scripts/setup python`)"))
struct PythonPackageTests {
    private static let inner = """
        package inner:sdk@0.1.0;
        interface words { record word { text: string } shout: func(of: word) -> word; }
        interface signs { sign: func() -> string; }
        world shouting { import words; export words; }
        world signing { import signs; export greet: func() -> string; }
        """
    /// The same package as another one knows it, which has less of it.
    private static let innerInOuter = """
        package inner:sdk@0.1.0;
        interface words { record word { text: string } shout: func(of: word) -> word; }
        """
    private static let outer = """
        package outer:sdk;
        interface notes { use inner:sdk/words@0.1.0.{word}; note: func(of: word) -> string; }
        world noting { import inner:sdk/words@0.1.0; export notes; }
        """
    private static let files = [
        "packages/inner_sdk/__init__.py": "",
        "packages/inner_sdk/componentize-py.toml":
            "# Where things are.\nwit_directory = 'wit'\nbindings = \"made\"\n[import_interface_names]\n\"inner:sdk/signs@0.1.0\" = \"letters\"\n",
        "packages/inner_sdk/wit/inner.wit": inner,
        // Bindings for type checkers, which are not those of the component.
        "packages/inner_sdk/made/__init__.py": "raise Exception('stale')\n",
        "packages/outer_sdk/__init__.py":
            "from outer_sdk.made.imports import words\ndef twice(word): return words.shout(words.shout(word))\n",
        "packages/outer_sdk/componentize-py.toml": "wit_directory = 'wit'\nbindings = 'made'\nfull_names = true\n",
        "packages/outer_sdk/wit/outer.wit": outer,
        "packages/outer_sdk/wit/deps/inner/inner.wit": innerInOuter,
        "wit/app.wit":
            "package app:plain; world app { export run: func() -> string; } world narrow { export run: func() -> string; "
            + "export inner:sdk/words@0.1.0; import inner:sdk/words@0.1.0; }",
        "wit/deps/inner.wit": innerInOuter,
        "app.py": """
        import wit_world, outer_sdk
        from inner_sdk.made import exports as inner_exports
        from inner_sdk.made.imports import words
        from outer_sdk.made import exports as outer_exports
        from outer_sdk.made.imports import words as same_words
        class WitWorld(wit_world.WitWorld):
            def run(self): return f"{words is same_words} {words.Word('a')}"
        class Words(inner_exports.Words):
            def shout(self, of): return words.Word(of.text.upper())
        class OuterSdkNotes(outer_exports.OuterSdkNotes):
            def note(self, of): return outer_sdk.twice(of).text
        """,
    ]

    private func withFiles(
        _ changes: [String: String] = [:], _ body: (ScratchFolder) async throws -> Void
    ) async throws {
        try await ScratchFolder.with { folder in
            for (name, text) in Self.files.merging(changes, uniquingKeysWith: { $1 }) {
                try folder.write(text.utf8, to: name)
            }
            try await body(folder)
        }
    }

    private func build(_ folder: ScratchFolder, _ options: [String], app: String = "app") async throws
        -> BuiltProduct.Outcome
    {
        try await Tool.run(
            ["componentize", "--python", app, "-p", folder.path, "-p", folder.file("packages"), "-o"]
                + [folder.file("c.wasm"), "-d", folder.file("wit")] + options,
            environment: ["VIRTUAL_ENV": "/nonexistent"])
    }

    private static let app = files["app.py", default: ""]

    @Test("packages have their bindings inside them, and types are the same everywhere") func packages() async throws {
        try await withFiles { folder in
            let made = try await build(
                folder, ["-w", "app", "-m", "inner_sdk=shouting", "--module-worlds", "outer_sdk=noting"])
            #expect(made.code == 0 && made.errors.isEmpty, "\(made.errors)")
            let wit = try await Tool.run(["wit", folder.file("c.wasm")]).output
            for line in [
                "import inner:sdk/words@0.1.0;", "export inner:sdk/words@0.1.0;", "export outer:sdk/notes;",
                "export run: func() -> string;",
            ] {
                #expect(wit.contains(line), "\(wit)")
            }
            #expect(!wit.contains("signs"))
        }
    }

    @Test("worlds of packages are found by `-w`, and the functions that they export are a class of theirs")
    func classes() async throws {
        let app =
            Self.app.replacing("from inner_sdk.made import", with: "import inner_sdk.made\nfrom inner_sdk.made import")
                + """

                from inner_sdk.made.imports import letters
                class InnerSdkMade(inner_sdk.made.InnerSdkMade):
                    def greet(self): return "hello"
                """
        try await withFiles(["app.py": app]) { folder in
            let worlds = ["-w", "app", "-w", "shouting", "-w", "signing", "-w", "noting"]
            let made = try await build(folder, worlds)
            #expect(made.code == 0 && made.errors.isEmpty, "\(made.errors)")
            #expect(
                try await Tool.run(["wit", folder.file("c.wasm")]).output.contains("import inner:sdk/signs@0.1.0;"))
            try folder.write(Self.app.utf8, to: "other.py")
            let missing = try await build(folder, worlds, app: "other")
            #expect(
                missing.code == 1
                    && missing.errors.contains(
                        "`other` has no class `InnerSdkMade`; expected a subclass of `inner_sdk.made.InnerSdkMade`"),
                "\(missing.errors)")
        }
    }

    @Test("what a host does not have is left out by the world that has the rest") func intersection() async throws {
        let app = Self.app.components(separatedBy: "class OuterSdkNotes")[0]
        try await withFiles(["app.py": app]) { folder in
            let made = try await build(
                folder, ["-w", "app", "-w", "shouting", "-w", "noting", "--intersect-world", "narrow"])
            #expect(made.code == 0 && made.errors.isEmpty, "\(made.errors)")
            let wit = try await Tool.run(["wit", folder.file("c.wasm")]).output
            #expect(wit.contains("export inner:sdk/words@0.1.0;") && !wit.contains("outer:sdk"), "\(wit)")
        }
    }

    @Test(
        "what is wrong with packages is told",
        arguments: [
            ("wit_directory = [\n", "componentize-py.toml`, line 1: expected a value in one line"),
            ("wit_directory 1\n", "componentize-py.toml`, line 1: expected `=`, found `1`"),
            ("\nbindings = 3\n", "componentize-py.toml`: expected a string for `bindings`"),
            ("bindings = '../x'\n", "componentize-py.toml`: expected a folder in that of the file for `bindings`"),
            ("wit_directory = 'none'", "componentize-py.toml`: expected a folder that is there for `wit_directory`"),
        ])
    func mistakes(_ text: String, _ message: String) async throws {
        try await withFiles(["packages/inner_sdk/componentize-py.toml": text]) { folder in
            let made = try await build(folder, ["-w", "app"])
            #expect(made.code == 1 && made.errors.contains(message), "\(made.errors)")
        }
    }

    @Test("worlds of packages that are not there") func unknown() async throws {
        try await withFiles { folder in
            let module = try await build(folder, ["-w", "app", "-m", "no_sdk=shouting"])
            #expect(
                module.errors.contains(
                    "no package `no_sdk` with a `componentize-py.toml`, which `--module-worlds` names")
                    && module.errors.contains("`inner_sdk`, `outer_sdk`"), "\(module.errors)")
            let world = try await build(folder, ["-w", "app", "-i", "nowhere"])
            #expect(world.code == 1 && world.errors.contains("`nowhere`"), "\(world.errors)")
        }
    }
}
