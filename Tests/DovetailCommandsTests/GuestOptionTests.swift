// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Testing

/// What `run` gives a guest, and what it holds it to.
@Suite(.enabled(if: Tool.path != nil, "the tool was not built beside the tests"))
struct GuestOptionTests {
    private let show = TestFiles.fixture("show.wasm")
    private let faults = TestFiles.fixture("faults.wasm")
    private let sleep = TestFiles.fixture("sleep.wasm")

    private func lines(_ arguments: [String], environment: [String: String] = [:]) async throws -> [String] {
        let outcome = try await Tool.run(["run"] + arguments, environment: environment)
        #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        return outcome.output.split(separator: "\n").map(String.init)
    }

    @Test("a guest gets nothing unless an option gives it")
    func nothingIsGivenUnasked() async throws {
        #expect(try await lines([show], environment: ["SECRET": "1"]) == ["arg show.wasm"])
    }

    @Test("arguments behind the file are the guest's")
    func argumentsAreTheGuestsOwn() async throws {
        #expect(
            try await lines([show, "--env", "A=1", "", "--", "ä b"])
                == ["arg show.wasm", "arg --env", "arg A=1", "arg ", "arg --", "arg ä b"])
    }

    @Test("a guest gets the environment variables that options name")
    func variables() async throws {
        let given = ["--env", "A=1", "--env=B=x=y", "--env", "FROM_HERE", "--env", "NOT_SET_ANYWHERE", "--env", "C="]
        #expect(
            try await lines(given + [show], environment: ["FROM_HERE": "here"]).dropFirst()
                == ["env A=1", "env B=x=y", "env FROM_HERE=here", "env C="])
        #expect(try await lines(["--env", "A=1", "--env", "A=2", show]).dropFirst() == ["env A=2"])
    }

    @Test("a guest inherits environment variables when an option says so")
    func inheritedVariables() async throws {
        let found = try await lines(
            ["--inherit-env", "--env", "OVER=guest", show], environment: ["OVER": "host", "LEFT": "alone"])
        #expect(found.contains("env OVER=guest") && !found.contains("env OVER=host"))
        #expect(found.contains("env LEFT=alone"))
        #expect(found.contains { $0.hasPrefix("env PATH=") })
    }

    @Test("a guest reaches the folders that options name, as far as they permit")
    func folders() async throws {
        #expect(
            try await lines(["--dir", TestFiles.root, "--dir", "\(TestFiles.root)/Examples::/data/x", show]).dropFirst()
                == ["dir \(TestFiles.root)", "dir /data/x"])
        for (argument, code, text) in [
            ("/no/such/folder", 1, "cannot open the folder `/no/such/folder`"), (faults, 1, "cannot open the folder"),
            ("::/data", 2, "expected HOST or HOST::GUEST"),
        ] as [(String, Int32, String)] {
            let outcome = try await Tool.run(["run", "--dir", argument, show])
            #expect(outcome.code == code && outcome.output.isEmpty && outcome.errors.contains(text), "\(outcome)")
        }
    }

    @Test("a guest ends at its time limit")
    func timeLimits() async throws {
        let loop = try await Tool.run(["run", "--timeout", "200ms", "--invoke", "spin()", faults])
        #expect(loop.code == 134)
        #expect(loop.errors.hasPrefix("error: interrupted: the time limit was reached\nwasm backtrace:\n"))
        let wait = try await Tool.run(["run", "--timeout", "0.2", "--invoke", "sleep(3600000000000)", sleep])
        #expect(wait.code == 134)
        #expect(wait.errors.hasPrefix("error: interrupted: the time limit was reached while the guest waited\n"))
        #expect(try await Tool.run(["run", "--timeout", "1h", "--invoke", "sleep(1)", sleep]).code == 0)
    }

    @Test(
        "a guest's memory ends at its limit",
        arguments: [("3MiB", 47, "1"), ("3M", 48, "-1"), ("196608", 2, "1"), ("196608", 3, "-1"), ("1G", 48, "1")])
    func memoryLimits(limit: String, pages: Int, result: String) async throws {
        let outcome = try await Tool.run(["run", "--max-memory", limit, "--invoke", "grow(\(pages))", faults])
        #expect(outcome.code == 0 && outcome.output == result + "\n", "\(outcome)")
    }

    @Test("a module whose memory begins beyond the limit is refused")
    func tooLittleMemory() async throws {
        let outcome = try await Tool.run(["run", "--max-memory", "1000", "--invoke", "grow(0)", faults])
        #expect(outcome.code == 134 && outcome.errors.contains("exceeds memory limits"))
    }

    @Test("the tool ends with the exit code of the guest")
    func exitCodes() async throws {
        let exit = try await Tool.run(["run", TestFiles.fixture("exit.wasm")])
        #expect(exit.code == 7 && exit.output.isEmpty && exit.errors.isEmpty)
        let trap = try await Tool.run(["run", "--invoke", "divide(1, 0)", faults])
        #expect(trap.code == 134 && trap.output.isEmpty)
        #expect(trap.errors.hasPrefix("error: integer divide by zero\nwasm backtrace:\n  0: 0x"))
        #expect(trap.errors.contains(" - guest!quotient\n") && trap.errors.contains(" - guest!divide\n"))
    }
}
