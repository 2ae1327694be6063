// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Testing

/// Where commands read from: files, standard input, pipes; binaries and text.
@Suite(.enabled(if: Tool.path != nil, "the tool was not built beside the tests"))
struct InputTests {
    private static let names = TestFiles.fixture("names")
    private static let wit = "package a:b;\nworld w { export f: func(); }\n"

    /// Every command that reads a component, with `FILE` where its file stands.
    private static let commands = [
        ["run", "--invoke", "plain()", "FILE"], ["inspect", "FILE"], ["inspect", "--json", "FILE"],
        ["validate", "FILE"],
        ["wit", "FILE"], ["wit", "--json", "FILE"], ["parse", "FILE"], ["targets", "FILE", "FILE2"],
        ["targets", "FILE2", "FILE"], ["semver-check", "FILE2", "FILE"], ["semver-check", "FILE", "FILE2"],
        ["bindgen", "FILE", "--name", "Names", "--made-by", "test", "--out-file", "-"],
    ]

    private func run(
        _ command: [String], _ file: String, script: String = "\"$tool\" \"$@\"", input: String? = nil
    ) async throws -> BuiltProduct.Outcome {
        let words = command.map { $0 == "FILE" ? file : $0 == "FILE2" ? Self.names + ".wasm" : $0 }
        return try await Tool.shell(
            script.replacingOccurrences(of: "INPUT", with: "'\(input ?? "/dev/null")'"), words)
    }

    /// The outcome without the name of the file, which is all that may differ.
    private func anonymous(_ outcome: BuiltProduct.Outcome) -> String {
        "\(outcome.code) \(outcome.output) \(outcome.errors)".replacingOccurrences(
            of: "'[^']*names|/[^` ]*names.wasm|<stdin>|/dev/fd/[0-9]+|/dev/stdin", with: "FILE",
            options: .regularExpression)
    }

    @Test("standard input and pipes are read", arguments: commands) func standardInputAndPipesAreRead(command: [String])
        async throws
    {
        let file = Self.names + ".wasm"
        let expected = try await run(command, file)
        #expect(expected.code == (command[0] == "targets" ? expected.code : 0), "\(expected)")
        for (path, script) in [
            ("-", "\"$tool\" \"$@\" < INPUT"), ("-", "cat INPUT | \"$tool\" \"$@\""),
            ("/dev/stdin", "cat INPUT | \"$tool\" \"$@\""), ("/dev/stdin", "\"$tool\" \"$@\" < INPUT"),
            ("/dev/fd/9", "\"$tool\" \"$@\" 9< <(cat INPUT)"),
        ] {
            let outcome = try await run(command, path, script: script, input: file)
            // The names of worlds and types come from the file's.
            if command[0] == "bindgen" {
                #expect(outcome.code == 0 && !outcome.output.isEmpty, "\(script) \(path): \(outcome.errors)")
            } else {
                #expect(anonymous(outcome) == anonymous(expected), "\(script) \(path)")
            }
        }
    }

    @Test("a named pipe is read") func aNamedPipeIsRead() async throws {
        try await Tool.withFolder { folder in
            let script = "mkfifo \"$1/pipe\"; cat \"$2\" > \"$1/pipe\" & \"$tool\" run --invoke 'plain()' \"$1/pipe\""
            let outcome = try await Tool.shell(script, [folder, Self.names + ".wasm"])
            #expect(outcome.code == 0 && outcome.output == "2\n", "\(outcome)")
        }
    }

    @Test("text is read where a binary is", arguments: commands) func textIsReadWhereABinaryIs(command: [String])
        async throws
    {
        let outcome = try await run(command, Self.names + ".wat")
        let piped = try await run(command, "-", script: "cat INPUT | \"$tool\" \"$@\"", input: Self.names + ".wat")
        #expect(outcome.code == piped.code && outcome.errors.isEmpty == piped.errors.isEmpty, "\(outcome) \(piped)")
        if command[0] != "targets" { #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)") }
    }

    @Test("text that does not parse is shown with its place", arguments: commands)
    func textThatDoesNotParseIsShownWithItsPlace(command: [String]) async throws {
        try await Tool.withFolder { folder in
            let file = folder + "/odd näme.wat"
            try Data("(component\n  (import \"a\" (fnuc)))".utf8).write(to: URL(fileURLWithPath: file))
            let outcome = try await run(command, file)
            #expect(outcome.code == 1 && outcome.output.isEmpty, "\(outcome)")
            #expect(outcome.errors.contains("--> \(file):2:16\n"), "\(outcome.errors)")
            #expect(outcome.errors.contains("    2 |   (import \"a\" (fnuc)))\n      |                ^"))
        }
    }

    @Test("what cannot be read is named", arguments: commands) func whatCannotBeReadIsNamed(command: [String])
        async throws
    {
        for (file, reason) in [
            ("/no/such/file", "No such file"), ("no such.wasm", "No such file"), ("", "No such file"),
        ] {
            let outcome = try await run(command, file)
            #expect(outcome.code == 1 && outcome.output.isEmpty, "\(outcome)")
            #expect(outcome.errors.contains("`\(file)`") && outcome.errors.contains(reason), "\(outcome.errors)")
        }
        guard !["wit", "semver-check"].contains(command[0]), command != ["targets", "FILE", "FILE2"] else { return }
        try await Tool.withFolder { folder in
            let outcome = try await run(command, folder)
            let expected = command[0] == "targets" ? "WIT" : "Is a directory"
            #expect(outcome.code == 1 && !outcome.errors.isEmpty && outcome.output.isEmpty, "\(expected) \(outcome)")
        }
    }

    @Test("an empty file is an error", arguments: commands) func anEmptyFileIsAnError(command: [String]) async throws {
        let outcome = try await run(command, "/dev/null")
        #expect(outcome.code == 1 && outcome.output.isEmpty && outcome.errors.hasPrefix("error: "), "\(outcome)")
        #expect(outcome.errors.contains("/dev/null"), "\(outcome.errors)")
    }

    @Test("names may begin with a dash") func namesMayBeginWithADash() async throws {
        try await Tool.withFolder { folder in
            for name in ["-x.wasm", "--help", "-o", "a b\n.wasm", "ünï'\"$.wasm"] {
                let script =
                    "cd \"$1\"; cp \"$2\" \"./$3\"; \"$tool\" validate -- \"$3\" && "
                    + "\"$tool\" run --invoke 'plain()' -- \"$3\" && \"$tool\" inspect -- \"$3\" > /dev/null"
                let outcome = try await Tool.shell(script, [folder, Self.names + ".wasm", name])
                #expect(outcome.code == 0 && outcome.output == "2\n" && outcome.errors.isEmpty, "\(name): \(outcome)")
            }
        }
    }

    @Test("text of interfaces is read from standard input") func textOfInterfacesIsReadFromStandardInput() async throws
    {
        for path in ["-", "/dev/stdin"] {
            let script = "cat | \"$tool\" \"$@\""
            let printed = try await Tool.shell(script, ["wit", path], input: Self.wit)
            #expect(printed.code == 0 && printed.output.contains("export f: func();"), "\(printed)")
            let formatted = try await Tool.shell(script, ["fmt", path], input: "package   a:b;\nworld w{}")
            #expect(formatted.code == 0 && formatted.output == "package a:b;\n\nworld w {}\n", "\(formatted)")
            let checked = try await Tool.shell(script, ["fmt", "--check", path], input: "package   a:b;")
            #expect(checked.code == 1 && checked.output == (path == "-" ? "<stdin>\n" : path + "\n"), "\(checked)")
        }
        let wrong = try await Tool.shell("cat | \"$tool\" wit -", input: "package a:b;\nworld w { import x: strng; }")
        #expect(wrong.code == 1 && wrong.errors.contains("--> <stdin>:2:"), "\(wrong)")
    }

    @Test("text among the dependencies goes through the engine") func dependenciesInText() async throws {
        try await Tool.withFolder { folder in
            let script = """
                cd "$1" && mkdir -p wit/deps && printf '%s' "$2" > wit/w.wit && echo '(component (fnuc))' > wit/deps/x.wat
                "$tool" "${@:3}"
                """
            for command in [["wit", "wit"], ["bindgen", "--wit", "wit", "--out-file", "-"]] {
                let outcome = try await Tool.shell(script, [folder, Self.wit] + command)
                #expect(outcome.code == 1 && outcome.output.isEmpty, "\(outcome)")
                #expect(outcome.errors.contains("wit/deps/x.wat:1:13\n"), "\(outcome.errors)")
            }
        }
    }

    @Test("standard input is read once, and a guest finds nothing of the component in it")
    func standardInputIsReadOnce() async throws {
        for script in ["\"$tool\" targets - - < \"$1\"", "cat \"$1\" | \"$tool\" targets - -"] {
            let outcome = try await Tool.shell(script, [Self.names + ".wasm"])
            #expect(outcome.code == 2 && outcome.errors.contains("at most once"), "\(outcome)")
        }
        // Reads one byte, and exits with the number of bytes that it got.
        let program = """
            (module
              (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (memory (export "memory") 1)
              (func (export "_start")
                (i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const 1))
                (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
                (call $exit (i32.load (i32.const 8)))))
            """
        try await Tool.withFile(Data(program.utf8)) { file in
            let piped = try await Tool.shell("\"$tool\" run - < \"$1\"", [file])
            let named = try await Tool.shell("\"$tool\" run \"$1\" < \"$1\"", [file])
            #expect(piped.code == 0 && named.code == 1, "\(piped) \(named)")
        }
    }

    @Test("words that are not UTF-8 are refused") func wordsThatAreNotUTF8AreRefused() async throws {
        for (script, word) in [
            ("\"$tool\" run $'caf\\xe9.wasm'", #"argument 2 is not UTF-8: `caf\xe9.wasm`"#),
            ("\"$tool\" run \"$1\" $'\\xff'", #"argument 3 is not UTF-8: `\xff`"#),
            ("\"$tool\" run --env $'A=\\xc3\\x28' \"$1\"", #"argument 3 is not UTF-8: `A=\xc3(`"#),
            ("A=$'\\xff' \"$tool\" run --env A \"$1\"", "the environment holds a variable that is not UTF-8"),
            ("A=$'\\xff' \"$tool\" run --inherit-env \"$1\"", "the environment holds a variable that is not UTF-8"),
        ] {
            let outcome = try await Tool.shell(script, [TestFiles.fixture("show.wasm")])
            #expect(outcome.code != 0 && outcome.output.isEmpty && outcome.errors.contains(word), "\(outcome)")
        }
    }
}
