// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import Testing

private func parse<Command: ParsableCommand>(_ type: Command.Type, _ words: String...) throws -> Command {
    try #require(try Joiner.parseAsRoot(words) as? Command)
}

@Suite struct ParsingTests {
    @Test("what belongs to the guest is passed on untouched")
    func guestWordsStayUntouched() throws {
        let run = try parse(
            Joiner.Run.self, "run", "--dir", "a::b", "-d", "c", "-de", "--env=K=V=W", "--timeout", "5", "x.wasm",
            "--dir",
            "--help", "--", "-x")
        #expect(run.folders == ["a::b", "c", "e"])
        #expect(run.environment == ["K=V=W"])
        #expect(run.timeout == 5)
        #expect(run.inheritEnv == false)
        #expect(run.file == "x.wasm")
        #expect(run.arguments == ["--dir", "--help", "--", "-x"])
    }

    @Test("a word behind `--` is an argument even when it begins with a dash")
    func terminatorMakesADashedFile() throws {
        let run = try parse(Joiner.Run.self, "run", "--inherit-env", "--", "-x.wasm", "--", "y")
        #expect(run.inheritEnv)
        #expect(run.file == "-x.wasm")
        #expect(run.arguments == ["--", "y"])
        #expect(run.timeout == nil)
    }

    @Test("option groups, repeated options and options of few values are parsed")
    func groupsArraysAndEnums() throws {
        let show = try parse(
            Joiner.Show.self, "display", "-vv", "--verbose", "-fjson", "--only", "1", "-2", "3", "--width=7", "a", "b")
        #expect(show.common.verbose == 3)
        #expect(show.common.width == 7)
        #expect(show.format == .json)
        #expect(show.only == [1, -2, 3])
        #expect(show.files == ["a", "b"])
    }

    @Test("flags are parsed in every form")
    func flagsOfEveryKind() throws {
        let plain = try parse(Joiner.Paint.self, "paint")
        #expect(plain.gloss && plain.coat == nil && plain.colour == .green && !plain.all)
        #expect(plain.tint == Joiner.Hex(value: 1) && plain.thing == nil)
        let given = try parse(
            Joiner.Paint.self, "paint", "--no-gloss", "--disable-coat", "-art", "ff", "--offset", "-1.5", "-7")
        #expect(!given.gloss && given.coat == false && given.colour == .red && given.all)
        #expect(given.tint == Joiner.Hex(value: 255) && given.offset == -1.5 && given.thing == -7)
    }

    @Test("unknown options are kept where a command asks for that")
    func unknownWordsWhereTheyAreWanted() throws {
        let strict = try parse(Joiner.Strict.self, "strict", "--red", "--name", "n", "--what", "x", "-q")
        #expect(strict.rest == ["--what", "x", "-q"])
    }

    @Test("parsing does not change a command that was parsed before")
    func commandsKeepValueSemantics() throws {
        let first = try parse(Joiner.Paint.self, "paint", "3")
        var second = first
        second.thing = 4
        #expect(first.thing == 3)
        #expect(second.thing == 4)
    }

    @Test(
        "wrong usage is an error that says what was expected",
        arguments: [
            (["run"], "missing argument `<file>`"),
            (["run", "--dri", ".", "x"], "unknown option `--dri`, did you mean `--dir`?"),
            (["run", "--dir"], "missing value for `--dir <dir>`"),
            (["run", "--dir", "--inherit-env", "x"], "missing value for `--dir <dir>`, found option `--inherit-env`"),
            (["run", "--inherit-env=yes", "x"], "`--inherit-env` takes no value, found `yes`"),
            (["rnu", "x"], "unknown command `rnu`, did you mean `run`?"),
            (["frobnicate"], "unknown command `frobnicate`"),
            (["show", "--format", "jsno", "a"], "invalid value `jsno` for `--format <format>`, did you mean `json`?"),
            (
                ["show", "--format", "pdf", "a"],
                "invalid value `pdf` for `--format <format>`, expected one of `text`, `json`, `yaml`"
            ),
            (
                ["show", "--width", "300", "a"],
                "invalid value `300` for `--width <width>`, expected an integer from 0 to 255"
            ),
            (["show", "--width", "13", "a"], "width 13 is unlucky"),
            (["paint", "--red", "--green"], "`--green` cannot be given together with `--red`"),
            (["paint", "--tint", "xyz"], "invalid value `xyz` for `--tint <tint>`: not hexadecimal"),
            (["paint", "1", "2"], "unexpected argument `2`"),
            (["paint", "-az"], "unknown option `-az`"),
            (["strict", "--name", "n"], "missing one of `--red`, `--green`"),
            (["strict", "--red"], "missing option `--name <name>`"),
            (["help", "shwo"], "unknown command `shwo`, did you mean `show`?"),
        ])
    func wrongUsage(words: [String], message: String) throws {
        let error = try #require(throws: (any Error).self) { try Joiner.parseAsRoot(words) }
        let text = Joiner.fullMessage(for: error, columns: 100)
        #expect(text.split(separator: "\n").first.map(String.init) == "error: \(message)")
        #expect(text.contains("\nUsage: joiner "))
        #expect(text.contains("--help` for more."))
        #expect(Joiner.exitCode(for: error) == .validationFailure)
    }

    @Test(
        "help and version end without an error",
        arguments: [
            ["--version"], ["--help"], ["-h"], ["help"], ["help", "run"], ["run", "--help"], ["run", "-h"],
        ])
    func cleanExits(words: [String]) throws {
        let error = try #require(throws: (any Error).self) { try Joiner.parseAsRoot(words) }
        #expect(Joiner.exitCode(for: error) == .success)
        #expect(!Joiner.fullMessage(for: error).isEmpty)
    }

    @Test("each way to end has its exit code")
    func exitCodes() {
        #expect(Joiner.exitCode(for: ExitCode(42)) == ExitCode(42))
        #expect(Joiner.fullMessage(for: ExitCode(42)).isEmpty)
        #expect(Joiner.exitCode(for: Other()) == .failure)
        #expect(Joiner.fullMessage(for: Other()) == "error: it broke")
        #expect(Joiner.exitCode(for: ValidationError("no")) == .validationFailure)
    }

    private struct Other: Error, CustomStringConvertible {
        var description: String { "it broke" }
    }
}
