// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Testing

/// Components in Swift, made as a newcomer makes them.
@Suite(
    .enabled(if: Tool.path != nil, "the tool was not built beside the tests"),
    .enabled(if: GuestCompiler.shared != nil, "needs a toolchain with Embedded Swift for wasm32"))
struct SwiftToolTests {
    private static let wit = """
        package a:b;
        world sums { export sum: func(numbers: list<u32>) -> u32; }
        world plain { export twice: func(a: u32) -> u32; }
        """
    private static let sum = """
        extension Sums: Sums.Exports {
            static func sum(numbers: [UInt32]) -> UInt32 { numbers.reduce(0, &+) }
        }
        """
    private static let twice = """
        extension Plain: Plain.Exports {
            static func twice(a: UInt32) -> UInt32 { a &* 2 }
        }
        """

    /// Runs `body` with a folder that has a world in `wit` and code in `Main.swift`.
    private func withCode(_ code: String, _ body: (ScratchFolder) async throws -> Void) async throws {
        try await ScratchFolder.with { folder in
            try folder.write(Self.wit.utf8, to: "wit/a.wit")
            try folder.write(code.utf8, to: "Code.swift")
            try await body(folder)
        }
    }

    /// Compiles `Code.swift`; returns what is said when that fails.
    private func errors(_ code: String, _ options: [String] = ["-w", "sums"]) async throws -> String {
        var errors = ""
        try await withCode(code) { folder in
            let outcome = try await Tool.run(
                ["componentize", "--swift", "-d", folder.file("wit"), folder.file("Code.swift")] + options
                    + ["-o", folder.file("out.wasm")])
            #expect(outcome.code == 1)
            #expect(!FileManager.default.fileExists(atPath: folder.file("out.wasm")))
            errors = outcome.errors.replacingOccurrences(of: folder.path, with: "FOLDER")
        }
        return errors
    }

    @Test(
        "sources become a component of the world, in all ways of building",
        arguments: [[], ["--speed"], ["--lto"], ["--trap-texts"], ["--no-unicode"], ["--keep-names"]])
    func sourcesBecomeAComponent(_ options: [String]) async throws {
        try await withCode(Self.sum) { folder in
            let component = folder.file("sums.wasm")
            let made = try await Tool.run(
                [
                    "componentize", "--swift", "-d", folder.file("wit"), "-w", "sums", folder.file("Code.swift"), "-o",
                    component,
                ] + options)
            #expect(made.code == 0 && made.errors.isEmpty, "\(made.errors)")
            #expect(try await Tool.run(["run", "--invoke", "sum([1, 2, 39])", component]).output == "42\n")
            #expect(try await Tool.run(["targets", "-w", "sums", folder.file("wit"), component]).code == 0)
        }
    }

    @Test("a component into which nothing comes through memory has no allocator")
    func smallest() async throws {
        try await withCode(Self.twice) { folder in
            let component = folder.file("plain.wasm")
            let made = try await Tool.run(
                [
                    "componentize", "--swift", "-d", folder.file("wit"), "-w", "plain", folder.file("Code.swift"), "-o",
                    component,
                ])
            #expect(made.code == 0, "\(made.errors)")
            #expect(try TestFiles.bytes(component).count < 512)
            #expect(try await Tool.run(["run", "--invoke", "twice(21)", component]).output == "42\n")
        }
    }

    @Test("what does not compile is shown with its place")
    func compileError() async throws {
        let text = try await errors(
            "extension Sums: Sums.Exports {\n    static func sum(numbers: [UInt32]) -> UInt32 { \"x\" }\n}\n")
        #expect(text.hasPrefix("error: the sources do not compile\n"))
        #expect(text.contains("FOLDER/Code.swift:2:52: error: cannot convert return expression of type 'String'"))
        #expect(!text.contains("made of the world"))
    }

    @Test("a missing export is named, and how to write it")
    func missingExport() async throws {
        let text = try await errors("func unrelated() {}\n")
        #expect(text.contains("SumsBindings.swift:"))
        #expect(text.contains("error: type 'Sums' has no member 'sum'"))
        #expect(text.contains("`SumsBindings.swift` is made of the world `a:b/sums`."))
        #expect(text.contains("extension Sums: Sums.Exports"))
    }

    @Test("symbols that nobody defines are named")
    func unresolved() async throws {
        let text = try await errors(
            """
            @_extern(c, "fmod") func fmod(_ x: Double, _ y: Double) -> Double
            @_extern(c, "$s5Guest5otheryyF") func other()
            extension Sums: Sums.Exports {
                static func sum(numbers: [UInt32]) -> UInt32 { other(); return UInt32(fmod(Double(numbers[0]), 3)) }
            }
            """)
        #expect(text.contains("error: symbols are not defined:\n"))
        #expect(text.contains("\n  `fmod`\n") && text.contains("\n  `Guest.other() -> ()`\n"))
        #expect(text.contains("--wasi-libc"))
    }

    @Test("a compiler that never ends is stopped")
    func timeLimit() async throws {
        let text = try await errors(
            """
            func add(_ numbers: [UInt32]) -> UInt32 {
                var sum: UInt32 = 0
                for number in AnySequence(numbers) { sum += number }
                return sum
            }
            extension Sums: Sums.Exports {
                static func sum(numbers: [UInt32]) -> UInt32 { add(numbers) }
            }
            """, ["-w", "sums", "--time-limit", "3"])
        #expect(text.hasPrefix("error: `swiftc` was stopped after 3 s without a result; "))
        #expect(text.contains("`AnySequence`") && text.contains("`--time-limit`"))
    }

    @Test("a toolchain that lacks a part, an unknown world and wrong WIT are told")
    func input() async throws {
        #expect(
            try await errors(Self.sum, ["-w", "sums", "--toolchain", "/nowhere"]).contains(
                "the Swift toolchain in `/nowhere` has no `bin/swiftc`, the Swift compiler"))
        #expect(try await errors(Self.sum, ["-w", "sum"]).contains("there is no world `sum`"))
        #expect(try await errors(Self.sum, []).contains("sums") == true)
        try await withCode(Self.sum) { folder in
            try folder.write("package a:b;\nworld sums { export sum: fun(); }\n".utf8, to: "wit/a.wit")
            let outcome = try await Tool.run(
                ["componentize", "--swift", "-d", folder.file("wit"), folder.file("Code.swift")])
            #expect(outcome.code == 1 && outcome.errors.contains("wit/a.wit:2"), "\(outcome.errors)")
        }
        let empty = try await Tool.run(
            ["componentize", "--swift", "-d", TestFiles.example("adder/wit"), "x.swift"],
            environment: ["PATH": "/nowhere", "DOVETAIL_TOOLCHAIN": ""])
        #expect(empty.code == 1 && empty.errors.contains("there is no `swiftc` in `PATH`"))
    }

    @Test(
        "wrong usage is refused",
        arguments: [
            ["--speed", "a.wasm"], ["--swift", "--size", "--speed", "a.swift"], ["a.wasm", "b.wasm"],
            ["--swift", "--time-limit", "0", "a.swift"], ["--product", "p", "a.wasm"],
        ])
    func usage(_ arguments: [String]) async throws {
        #expect(try await Tool.run(["componentize"] + arguments).code == 2)
    }

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
            let made = try await Tool.run(["new", "--swift", kind, project])
            #expect(made.code == 0 && made.output.contains("dovetail componentize --swift . -o my-tool.wasm"))
            let component = folder.file("c.wasm")
            let bindings = project + "/Sources/MyTool/Generated/MyToolBindings.swift"
            let first = try TestFiles.bytes(bindings)
            if kind != "--http" {
                let sources = try await Tool.run(
                    ["componentize", "--swift", "-d", project + "/wit", project + "/Sources", "-o", component])
                #expect(sources.code == 0 && sources.errors.isEmpty, "\(sources.errors)")
                #expect(try await Tool.run(before + [component] + after).output == output)
            }
            let package = try await Tool.run(["componentize", "--swift", project, "-o", component])
            #expect(package.code == 0 && package.errors.isEmpty, "\(package.errors)")
            #expect(try await Tool.run(before + [component] + after).output == output)
            // What `new` wrote is what the world says.
            #expect(try TestFiles.bytes(bindings) == first)
            #expect(try await Tool.run(["new", "--swift", kind, project]).errors.contains("exists already"))
        }
    }

    @Test(
        "C's library is linked where it is asked for",
        .enabled(if: FileManager.default.fileExists(atPath: wasiLibc + "/libm.a"), "there is no wasi-libc"))
    func library() async throws {
        let code = """
            @_extern(c, "fmod") func fmod(_ x: Double, _ y: Double) -> Double
            extension Sums: Sums.Exports {
                static func sum(numbers: [UInt32]) -> UInt32 { UInt32(fmod(Double(numbers.reduce(0, &+)), 10)) }
            }
            """
        try await withCode(code) { folder in
            let component = folder.file("sums.wasm")
            let made = try await Tool.run(
                [
                    "componentize", "--swift", "--wasi-libc", Self.wasiLibc, "-d", folder.file("wit"), "-w", "sums",
                    folder.file("Code.swift"), "-o", component,
                ])
            #expect(made.code == 0, "\(made.errors)")
            #expect(try await Tool.run(["run", "--invoke", "sum([30, 7])", component]).output == "7\n")
        }
        let missing = try await errors(code, ["-w", "sums", "--wasi-libc", "/nowhere"])
        #expect(missing.contains("there is no `libc.a` in `/nowhere`"))
    }

    private static let wasiLibc = "/usr/lib/wasm32-wasi"

    @Test("the SDK lets SwiftPM build a plain package")
    func sdk() async throws {
        try await ScratchFolder.with { folder in
            #expect(try await Tool.run(["new", "--swift", "--library", folder.file("lib")]).code == 0)
            let installed = try await Tool.run(["sdk", "install", "--path", folder.file("sdks")])
            #expect(installed.code == 0, "\(installed.errors)")
            #expect(installed.output.hasSuffix("/sdks/dovetail-guest.artifactbundle\n"))
            let built = try await Tool.shell(
                #"""
                cd "$1/lib" && swift build --swift-sdks-path ../sdks --swift-sdk dovetail-guest -c release &&
                cp "$(swift build --swift-sdks-path ../sdks --swift-sdk dovetail-guest -c release --show-bin-path)/Lib.wasm" ..
                """#, [folder.path])
            #expect(built.code == 0, "\(built.output)\(built.errors)")
            let component = folder.file("lib.component.wasm")
            let made = try await Tool.run(
                ["componentize", "-d", folder.file("lib/wit"), folder.file("Lib.wasm"), "-o", component])
            #expect(made.code == 0, "\(made.errors)")
            #expect(
                try await Tool.run(["run", "--invoke", "greet(\"SwiftPM\")", component]).output
                    == "\"Hello, SwiftPM!\"\n")
        }
    }
}

/// `dovetail strip`
@Suite(.enabled(if: Tool.path != nil, "the tool was not built beside the tests"))
struct StripToolTests {
    private static let module = """
        (module $m (@custom "component-type:x" "1") (@custom ".debug_line" "2") (@custom "other" "3")
          (func $f (export "f")))
        """

    /// The names of custom sections that are left.
    private func left(_ options: [String]) async throws -> [String] {
        try await ScratchFolder.with { folder in
            let file = try folder.write(Self.module.utf8, to: "m.wat")
            let outcome = try await Tool.run(["strip", file, "-o", folder.file("m.wasm")] + options)
            #expect(outcome.code == 0, "\(outcome.errors)")
            let text = String(decoding: try TestFiles.bytes(folder.file("m.wasm")), as: UTF8.self)
            return ["component-type:x", ".debug_line", "other", "name"].filter(text.contains)
        }
    }

    @Test("removes what is not needed, all, or what is named")
    func sections() async throws {
        #expect(try await left([]) == ["component-type:x"])
        #expect(try await left(["--all"]) == [])
        #expect(try await left(["--delete", "^\\.debug", "--delete", "^other$"]) == ["component-type:x", "name"])
    }

    @Test("refuses wrong usage and what is no binary")
    func refused() async throws {
        #expect(try await Tool.run(["strip", "--delete", "(", "x.wasm"]).code == 2)
        #expect(try await Tool.run(["strip", "--all", "--delete", "x", "x.wasm"]).code == 2)
        let wit = try await Tool.run(["strip", TestFiles.example("adder/wit/adder.wit")])
        #expect(wit.code == 1 && wit.output.isEmpty)
    }
}
