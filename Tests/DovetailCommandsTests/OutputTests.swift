// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Testing

/// What happens when results cannot be written.
@Suite(.enabled(if: Tool.path != nil, "the tool was not built beside the tests"))
struct OutputTests {
    private static let names = TestFiles.fixture("names.wasm")

    /// Every command that prints something.
    private static let commands = [
        ["--help"], ["--version"], ["help", "run"], ["run", "--help"], ["run", "--invoke", "plain()", names],
        ["inspect", names], ["inspect", "--json", names], ["wit", names], ["wit", "--json", names],
        ["wit", "--out-wasm", "-", names], ["parse", names], ["completions", "bash"], ["fmt", "-"],
        ["fmt", "--check", "-"], ["targets", "--json", names, names], ["semver-check", "--json", names, names],
        ["bindgen", names, "--out-file", "-"],
    ]
    private static let input = "package   a:b;"

    @Test("a full device is an error", arguments: commands) func aFullDeviceIsAnError(command: [String]) async throws {
        let outcome = try await Tool.shell("\"$tool\" \"$@\" > /dev/full", command, input: Self.input)
        #expect(outcome.code == 1, "\(outcome)")
        #expect(outcome.errors == "error: cannot write to standard output: No space left on device\n")
    }

    @Test("a limit on the size of files is an error", arguments: commands) func aLimitOnTheSizeOfFilesIsAnError(
        command: [String]
    ) async throws {
        try await Tool.withFolder { folder in
            let outcome = try await Tool.shell(
                "(ulimit -f 0; cd '\(folder)'; \"$tool\" \"$@\" 2>&1 > output) | cat; exit ${PIPESTATUS[0]}", command,
                input: Self.input)
            #expect(outcome.code == 1, "\(outcome)")
            #expect(outcome.output == "error: cannot write to standard output: File too large\n")
        }
    }

    @Test("a reader that went away ends the command quietly", arguments: commands)
    func aReaderThatWentAwayEndsTheCommandQuietly(command: [String]) async throws {
        for setup in ["", "trap '' PIPE; "] {
            // The reader is gone long before anything is written.
            let outcome = try await Tool.shell(
                "(\(setup)sleep 0.2; \"$tool\" \"$@\"; echo $? >&2) | true", command, input: Self.input)
            #expect(outcome.errors == "1\n", "\(setup): \(outcome)")
        }
    }

    @Test("a closed standard output is an error") func aClosedStandardOutputIsAnError() async throws {
        let outcome = try await Tool.shell("\"$tool\" inspect \"$1\" >&-", [Self.names])
        #expect(outcome.code == 1 && outcome.errors.contains("cannot write to standard output"), "\(outcome)")
    }

    @Test("files are written through pipes and devices") func filesAreWrittenThroughPipesAndDevices() async throws {
        let binary = try Data(contentsOf: URL(fileURLWithPath: Self.names))
        try await Tool.withFolder { folder in
            let outcome = try await Tool.shell(
                "cd \"$1\"; mkfifo pipe; cat pipe > copy & \"$tool\" parse \"$2\" -o pipe && wait && \"$tool\" parse \"$2\" -o /dev/null"
                    + " && test -c /dev/null && test -p pipe && \"$tool\" parse \"$2\" -o /dev/stdout > other",
                [folder, Self.names])
            #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/copy")) == binary)
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/other")) == binary)
            let full = try await Tool.shell("\"$tool\" parse \"$1\" -o /dev/full", [Self.names])
            #expect(full.code == 1 && full.errors == "error: cannot write `/dev/full`: No space left on device\n")
        }
    }

    @Test("text becomes the binary of the same component") func textBecomesTheBinaryOfTheSameComponent() async throws {
        try await Tool.withFolder { folder in
            let text = TestFiles.fixture("names.wat")
            let outcome = try await Tool.shell(
                "\"$tool\" parse \"$1\" -o \"$2/a.wasm\" && \"$tool\" parse - < \"$1\" > \"$2/b.wasm\" "
                    + "&& cmp \"$2/a.wasm\" \"$2/b.wasm\" && \"$tool\" run --invoke 'plain()' \"$2/a.wasm\"",
                [text, folder])
            #expect(outcome.code == 0 && outcome.output == "2\n" && outcome.errors.isEmpty, "\(outcome)")
        }
    }

    @Test("binary output is not printed to a terminal") func binaryOutputIsNotPrintedToATerminal() async throws {
        // `script` runs the command on a terminal of its own.
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/script") else { return }
        let outcome = try await Tool.shell("script -qec \"'$tool' parse '$1'\" /dev/null", [Self.names])
        #expect(outcome.code == 2 && outcome.output.contains("found a terminal"), "\(outcome)")
    }
}
