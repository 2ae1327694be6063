// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Testing

/// The verbs that read, lay out and compare WIT, and the one that validates.
@Suite(.enabled(if: Tool.path != nil, "the tool was not built beside the tests"))
struct WITToolTests {
    private let adder = TestFiles.example("adder/adder.wasm")
    private let store = TestFiles.example("kv-store/kv-store.wasm")

    /// Runs `body` in a folder with these files, which is removed afterwards.
    private func withFiles(_ files: [String: String], _ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("wit-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            let file = folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try await body(folder)
    }

    private static let package = [
        "wit/a.wit": "package a:b;\n\n/// About i.\ninterface i {\n  use c:d/types@0.1.0.{t};\n  f: func(x: t);\n}\n",
        "wit/w.wit": "world w {\n  import i;\n  @unstable(feature = more)\n  export run: func();\n}\n",
        "wit/deps/c/c.wit": "package c:d@0.1.0;\n\ninterface types {\n  type t = u32;\n}\n",
    ]

    @Test("`wit` prints the world of a component")
    func printsTheWorldOfAComponent() async throws {
        let outcome = try await Tool.run(["wit", adder])
        #expect(outcome.code == 0 && outcome.errors.isEmpty)
        #expect(
            outcome.output
                == "package root:component;\n\nworld root {\n  export add: func(a: s32, b: s32) -> s32;\n}\n")
    }

    @Test("`wit` prints a folder with its dependencies")
    func printsAFolderWithItsDependencies() async throws {
        try await withFiles(Self.package) { folder in
            let path = folder.appendingPathComponent("wit").path
            let text = try await Tool.run(["wit", path]).output
            #expect(text.contains("/// About i.") && text.contains("package c:d@0.1.0 {") && !text.contains("run"))
            #expect(!(try await Tool.run(["wit", "--no-docs", path]).output.contains("About")))
            #expect(try await Tool.run(["wit", "--features", "more", path]).output.contains("export run: func();"))
            #expect(try await Tool.run(["wit", "--all-features", path]).output.contains("export run: func();"))
            let json = try await Tool.run(["wit", "--json", path]).output
            let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
            #expect(
                (object["packages"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["c:d@0.1.0", "a:b"])
        }
    }

    @Test("`wit --out-dir` writes a file for each package")
    func writesAFileForEachPackage() async throws {
        try await withFiles(Self.package) { folder in
            let target = folder.appendingPathComponent("out/here").path
            let outcome = try await Tool.run(["wit", "--out-dir", target, folder.appendingPathComponent("wit").path])
            #expect(outcome.code == 0 && outcome.output == "\(target)/b.wit\n\(target)/deps/d.wit\n")
            let again = try await Tool.run(["wit", target])
            #expect(again.code == 0 && again.output.contains("use c:d/types@0.1.0.{t};"))
        }
    }

    @Test("`wit --out-wasm` writes a package in binary form")
    func writesAPackageInBinaryForm() async throws {
        try await withFiles(Self.package) { folder in
            let file = folder.appendingPathComponent("package.wasm").path
            let wit = folder.appendingPathComponent("wit").path
            let outcome = try await Tool.run(["wit", "--out-wasm", file, wit])
            #expect(outcome.code == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
            // Its world needs no feature any more: what is behind one was left out.
            #expect(try await Tool.run(["wit", file]).output == Tool.run(["wit", wit]).output)
            #expect(try await Tool.run(["validate", file]).code == 0)
            let both = try await Tool.run(["wit", "--out-wasm", file, "--json", wit])
            #expect(both.code == 2 && both.errors.contains("`--json` and `--out-wasm` cannot be used together"))
        }
    }

    @Test("`wit` turns the imports and exports of a world around")
    func turnsWorldsAround() async throws {
        let outcome = try await Tool.run(["wit", "--importize", "--importize-out-world-name", "host", adder])
        #expect(outcome.output.contains("world host {\n  import add: func(a: s32, b: s32) -> s32;\n}"))
        let missing = try await Tool.run(["wit", "--importize-world", "nope", adder])
        #expect(missing.code == 1 && missing.errors.contains("there is no world `nope`; worlds: `root`"))
    }

    @Test("`wit` merges packages and compatible versions")
    func mergesPackagesAndVersions() async throws {
        let files = [
            "one.wit": "package a:b; interface i { f: func(); }",
            "two.wit": "package a:b; interface i { g: func(); } interface j { }",
            "three.wit": "package a:b; interface i { f: func(x: u8); }",
            "versions.wit": """
            package a:b;
            world w { import c:d/i@0.1.0; import c:d/i@0.1.1; }
            package c:d@0.1.0 { interface i { } }
            package c:d@0.1.1 { interface i { } }
            """,
        ]
        try await withFiles(files) { folder in
            func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
            let both = try await Tool.run(["wit", "--merge", path("two.wit"), path("one.wit")])
            #expect(both.code == 0)
            #expect(
                both.output
                    == "package a:b;\n\ninterface i {\n  f: func();\n\n  g: func();\n}\n\ninterface j {\n}\n\n")
            let conflict = try await Tool.run(["wit", "--merge", path("three.wit"), path("one.wit")])
            #expect(conflict.code == 1 && conflict.output.isEmpty)
            #expect(
                conflict.errors == "error: cannot merge interface `a:b/i`: function `f` has other parameters\n")
            let newest = try await Tool.run(["wit", "--merge-world-imports-based-on-semver", "w", path("versions.wit")])
            #expect(newest.output.contains("world w {\n  import c:d/i@0.1.1;\n}"))
        }
    }

    @Test("a mistake in WIT is shown with its place")
    func pointsAtMistakes() async throws {
        try await withFiles(["a.wit": "package a:b;\ninterface i { f: func(x: strng); }\n"]) { folder in
            let outcome = try await Tool.run(["wit", folder.appendingPathComponent("a.wit").path])
            #expect(outcome.code == 1 && outcome.output.isEmpty)
            #expect(outcome.errors.hasPrefix("error: type `strng` does not exist\n"))
            #expect(outcome.errors.contains("a.wit:2:26") && outcome.errors.contains("did you mean `string`?"))
        }
        #expect(try await Tool.run(["wit", "nothing-here"]).code == 1)
    }

    // MARK: - Layout

    @Test("`fmt` formats files in place")
    func laysOutFilesInPlace() async throws {
        let files = [
            "wit/good.wit": "package a:b;\n", "wit/ugly.wit": "package  a:b ; // comment\ninterface i{f:func( );}",
            "wit/deps/theirs.wit": "package  c:d;", "wit/broken.wit": "package a:b; interface",
        ]
        try await withFiles(files) { folder in
            func text(_ name: String) throws -> String {
                try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            }
            let ugly = folder.appendingPathComponent("wit/ugly.wit").path
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: ugly)
            let check = try await Tool.run(["fmt", "--check", ugly, folder.appendingPathComponent("wit/good.wit").path])
            #expect(check.code == 1 && check.output == ugly + "\n" && check.errors.isEmpty)
            let outcome = try await Tool.run(["fmt", folder.appendingPathComponent("wit").path])
            #expect(outcome.code == 1 && outcome.output.isEmpty)
            #expect(outcome.errors.hasPrefix("error: expected an identifier, found end of file\n"))
            #expect(try text("wit/ugly.wit") == "package a:b; // comment\n\ninterface i {\n  f: func();\n}\n")
            #expect(
                try FileManager.default.attributesOfItem(atPath: ugly)[.posixPermissions] as? Int == 0o640)
            #expect(try text("wit/deps/theirs.wit") == "package  c:d;")
            #expect(try text("wit/broken.wit") == "package a:b; interface")
            #expect(try await Tool.run(["fmt", "--check", ugly]).code == 0)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("wit").path).count
                    == 4)
        }
        let stream = try await Tool.run(["fmt", "-"], input: "package  a:b;")
        #expect(stream.code == 0 && stream.output == "package a:b;\n")
    }

    // MARK: - Checks

    @Test("`validate` accepts what is valid and names the offset of what is not")
    func validatesComponentsAndModules() async throws {
        let good = try await Tool.run(["validate", adder])
        #expect(good.code == 0 && good.output.isEmpty && good.errors.isEmpty)
        #expect(try await Tool.withFile(Guest.trap) { try await Tool.run(["validate", $0]) }.code == 0)
        // A type section whose list has an element of type index 1, which is not there.
        let bad = Data([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, 0x07, 0x03, 0x01, 0x70, 0x01])
        let outcome = try await Tool.withFile(bad) { try await Tool.run(["validate", $0]) }
        #expect(outcome.code == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.hasSuffix(": unknown type 1, only 0 are defined (at offset 0xb, in type 0)\n"))
        // A module in a component whose function leaves nothing on the stack.
        let module: [UInt8] = [
            0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x0b,
        ]
        let component = Data([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, 0x01, UInt8(module.count)] + module)
        let inner = try await Tool.withFile(component) { try await Tool.run(["validate", $0]) }
        #expect(inner.code == 1)
        #expect(inner.errors.contains("in the core module at offset 0xa: ") && inner.errors.contains("type mismatch"))
    }

    @Test("`validate --features` switches features on and off")
    func featuresOfValidation() async throws {
        // `(type (func async))`
        let async = Data([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, 0x07, 0x05, 0x01, 0x43, 0x00, 0x01, 0x00])
        try await Tool.withFile(async) { path in
            #expect(try await Tool.run(["validate", path]).code == 0)
            let off = try await Tool.run(["validate", "--features", "-cm-async", path])
            #expect(off.code == 1 && off.errors.contains("requires the feature `cm-async`, which is switched off"))
            #expect(try await Tool.run(["validate", "--features=-all,cm-async", path]).code == 0)
        }
    }

    @Test("`targets` says whether a component fits a world")
    func targets() async throws {
        try await withFiles([
            "w.wit": "package a:b; world math { import log: func(); export add: func(a: s32, b: s32) -> s32; }",
            "other.wit": "package a:b; world math { export add: func(a: s32, b: u8) -> s32; export sub: func(); }",
        ]) { folder in
            let fits = try await Tool.run(["targets", "-w", "math", folder.appendingPathComponent("w.wit").path, adder])
            #expect(fits.code == 0 && fits.output.isEmpty && fits.errors.isEmpty)
            let other = folder.appendingPathComponent("other.wit").path
            let differs = try await Tool.run(["targets", other, adder])
            #expect(differs.code == 1 && differs.output.isEmpty)
            #expect(
                differs.errors == """
                    error: `\(adder)` does not fit the world `math`
                      export `add`, parameter `b`: expected `u8`, found `s32`
                      export `sub`: the component does not export it

                    """)
            let json = try await Tool.run(["targets", "--json", other, adder])
            #expect(json.code == 1 && json.errors.isEmpty && json.output.contains("\"compatible\": false"))
            let noComponent = try await Tool.run(["targets", other, other])
            #expect(noComponent.code == 1 && noComponent.errors.contains("is no component"))
        }
    }

    @Test("`semver-check` says whether a package is a compatible successor")
    func successors() async throws {
        try await withFiles([
            "one.wit": "package a:b@1.0.0; interface i { f: func(); } world w { import i; export run: func(); }",
            "two.wit":
                "package a:b@1.1.0; interface i { f: func(); g: func(); } world w { import i; export run: func(); }",
        ]) { folder in
            let one = folder.appendingPathComponent("one.wit").path
            let two = folder.appendingPathComponent("two.wit").path
            #expect(try await Tool.run(["semver-check", one, two]).code == 0)
            #expect(try await Tool.run(["semver-check", "-w", "w", one, two]).code == 0)
            let back = try await Tool.run(["semver-check", two, one])
            #expect(back.code == 1 && back.errors.hasPrefix("error: package `a:b@1.0.0` is no compatible successor"))
            #expect(back.errors.contains("\n  interface `i`, function `g`: it is missing"))
        }
        #expect(
            try await Tool.run(["semver-check", adder, store]).errors.contains("\n  export `replace-value`: it is new"))
    }
}
