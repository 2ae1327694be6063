// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Testing

@Suite(.enabled(if: Tool.path != nil, "the tool was not built beside the tests"))
struct ToolTests {
    private let adder = TestFiles.example("adder/adder.wasm")

    @Test("`run --invoke` prints nothing but the result")
    func printsTheResultAlone() async throws {
        let outcome = try await Tool.run(["run", "--invoke", "add(1, 2)", adder])
        #expect(outcome.code == 0 && outcome.output == "3\n" && outcome.errors.isEmpty)
    }

    @Test(
        "a call that cannot be made is an error with a reason",
        arguments: [
            ("ad(1, 2)", "error: there is no function `ad`, did you mean `add`?"),
            ("nothing-like-it()", "error: there is no function `nothing-like-it`; it exports `add`"),
            ("add(1)", "error: "), ("add(1, \"x\")", "error: "), ("add(", "error: "),
            ("add(1, 99999999999)", "error: "),
        ])
    func wrongCalls(call: String, error: String) async throws {
        let outcome = try await Tool.run(["run", "--invoke", call, adder])
        #expect(outcome.code == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix(error))
    }

    @Test("the tool ends with the exit code of the guest")
    func exitCodeOfTheGuest() async throws {
        #expect(try await Tool.withFile(Guest.exit) { try await Tool.run(["run", $0]) }.code == 7)
    }

    @Test("a trap is reported with a backtrace and exit code 134")
    func trapsSayWhere() async throws {
        let outcome = try await Tool.withFile(Guest.trap) { try await Tool.run(["run", $0]) }
        #expect(outcome.code == 134)
        // The engine gives the place of the instruction, or that of the next one, where code has no checks for interruption.
        #expect(outcome.errors.contains("wasm `unreachable` instruction executed\nwasm backtrace:\n  0: 0x3"))
        #expect(outcome.errors.contains("!boom\n"))
    }

    @Test("a guest that takes too long is ended")
    func timeouts() async throws {
        let outcome = try await Tool.withFile(Guest.loop) { try await Tool.run(["run", "--timeout", "100ms", $0]) }
        #expect(outcome.code == 134)
        #expect(outcome.errors.hasPrefix("error: the guest ran for longer than 0.1 seconds\n"))
    }

    @Test("all missing imports are named together")
    func missingImportsAreNamedTogether() async throws {
        let outcome = try await Tool.withFile(Guest.missing) { try await Tool.run(["run", $0]) }
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("`env` `nope`") && outcome.errors.contains("`env` `two`"))
        let component = try await Tool.run(["run", "--invoke", "f()", TestFiles.example("kv-store/kv-store.wasm")])
        #expect(component.code == 1)
        #expect(component.errors.contains("`log`") && component.errors.contains("connection.get`"))
    }

    @Test("a file that is not WebAssembly is an error that says what it is")
    func unsuitableFiles() async throws {
        #expect(
            try await Tool.run(["run", "no-such-file.wasm"]).errors.hasPrefix(
                "error: cannot read `no-such-file.wasm`: "))
        let text = try await Tool.withFile(Data("(module".utf8)) { try await Tool.run(["run", $0]) }
        #expect(text.code == 1 && text.errors.contains("expected `)`\n     --> /"))
        let junk = try await Tool.withFile(Data("junk".utf8)) { try await Tool.run(["inspect", $0]) }
        #expect(junk.code == 1 && junk.errors.contains("is neither a component nor a core module"))
        let core = try await Tool.withFile(Guest.exit) { try await Tool.run(["run", "--invoke", "f()", $0]) }
        #expect(core.code == 1 && core.errors.contains("`--invoke` needs a component"))
        #expect(try await Tool.run(["run", adder]).errors.contains("exports no `wasi:cli/run`"))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: adder))
        let cut = try await Tool.withFile(bytes.prefix(300)) {
            try await Tool.run(["run", "--invoke", "add(1, 2)", $0])
        }
        #expect(cut.code == 1 && cut.errors.contains("(at offset 0x"))
    }

    @Test(
        "wrong usage ends with exit code 2",
        arguments: [
            (["rnu", "x"], "did you mean `run`?"), (["run", "--tmeout", "3", "x"], "did you mean `--timeout`?"),
            (["run", "--timeout", "soon", "x"], "expected a time such as `5s`"),
            (["run", "--max-memory", "lots", "x"], "expected a number of bytes"),
            (["run"], "missing argument `<file>`"),
            (["completions", "bsh"], "did you mean `bash`?"), (["wit"], "missing argument `<path>`"),
            (["wit", "--json", "--out-dir", "x", "y"], "cannot be used together"),
            (["fmt"], "missing argument `<files>"),
            (["validate", "--features", "cm-asinc", "x"], "there is no feature"),
            (["targets", "x"], "missing argument `<component>`"),
            (["semver-check", "x"], "needs `--prev` and `--new`"),
        ])
    func wrongUsage(arguments: [String], error: String) async throws {
        let outcome = try await Tool.run(arguments)
        #expect(outcome.code == 2 && outcome.output.isEmpty)
        #expect(outcome.errors.contains(error) && outcome.errors.contains("\nUsage: dovetail"))
    }

    @Test(
        "every command has help",
        arguments: [
            ["--help"], ["run", "--help"], ["inspect", "--help"], ["completions", "--help"], ["help", "run"],
            ["wit", "--help"], ["fmt", "--help"], ["validate", "--help"], ["targets", "--help"],
            ["semver-check", "--help"],
        ])
    func helpAtEveryLevel(arguments: [String]) async throws {
        let outcome = try await Tool.run(arguments, environment: ["COLUMNS": "80"])
        #expect(outcome.code == 0 && outcome.errors.isEmpty)
        for heading in ["OVERVIEW: ", "USAGE: ", "EXAMPLES:", "OPTIONS:"] { #expect(outcome.output.contains(heading)) }
    }

    @Test("`inspect` shows a component as text and as JSON")
    func inspection() async throws {
        let text = try await Tool.run(["inspect", TestFiles.example("kv-store/kv-store.wasm")]).output
        #expect(text.contains("  export replace-value: func(key: string, value: string) -> option<string>;\n"))
        #expect(text.contains("    resource connection;\n"))
        let json = try await Tool.run(["inspect", "--json", adder]).output
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(object["kind"] as? String == "component")
        #expect((object["exports"] as? [[String: Any]])?.first?["name"] as? String == "add")
    }
}
