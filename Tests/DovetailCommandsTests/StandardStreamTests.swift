// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Testing

/// What a guest meets whose standard streams are closed, or are files that cannot be read or written.
@Suite(.enabled(if: Tool.path != nil, "the tool is not built"))
struct StandardStreamTests {
    /// Runs the guest that copies its input to its output, with redirections of the shell. It exits with 3 when reading
    /// fails, with 4 when its output is closed, with 5 when writing fails otherwise.
    private func copy(_ redirections: String, options: String = "", input: String = "") async throws
        -> BuiltProduct.Outcome
    {
        try await BuiltProduct.run(
            "/bin/sh",
            [
                "-c", "exec \"$0\" run \(options) \"$1\" \(redirections)", Tool.path ?? "",
                TestFiles.fixture("copy.wasm"),
            ],
            input: input)
    }

    @Test("input that is closed is at its end, whatever else the tool opens")
    func closedInput() async throws {
        for options in ["", "--dir /", "--timeout 20s"] {
            let outcome = try await copy("<&-", options: options)
            #expect(outcome.code == 0 && outcome.output.isEmpty, "\(outcome)")
        }
    }

    @Test("output that is closed is closed to the guest", arguments: [">&-", ">&- 2>&-"])
    func closedOutput(_ redirections: String) async throws {
        #expect(try await copy(redirections, options: "--timeout 20s", input: "hello").code == 4)
    }

    @Test("all three closed end a guest that reads", arguments: ["<&- >&- 2>&-"])
    func allClosed(_ redirections: String) async throws {
        #expect(try await copy(redirections, options: "--timeout 20s").code == 0)
    }

    @Test("a folder as input is a failed read, a file that is not open for reading an end")
    func wrongInput() async throws {
        #expect(try await copy("< /", options: "--timeout 20s").code == 3)
        #expect(try await copy("0> /dev/null", options: "--timeout 20s").code == 0)
    }

    @Test("a write that fails is told to the guest", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func failedWrite() async throws {
        #expect(try await copy("> /dev/full", options: "--timeout 20s", input: "hello").code == 5)
    }

    @Test("files and pipes are copied to their end")
    func copies() async throws {
        #expect(try await copy("", input: "hello\n").output == "hello\n")

    }
}
