// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import DovetailTestSupport
import Testing

@Suite("Child processes")
struct ChildProcessTests {
    @Test("give their output and exit code, with and without a time limit", arguments: [nil, 60])
    func outcome(_ limit: UInt32?) throws {
        let outcome = try ChildProcess.run(["/bin/sh", "-c", "echo one; echo two >&2; cat; exit 3"], timeLimit: limit)
        #expect(outcome.text == "one\ntwo")
        #expect(outcome.code == 3)
        #expect(!outcome.wasStopped)
    }

    @Test("are interrupted when they take too long, and killed when that does not help")
    func limit() throws {
        let polite = try ChildProcess.run(
            ["/bin/sh", "-c", "trap 'echo ended; exit 7' INT; echo begun; while :; do sleep 0.1; done"], timeLimit: 1)
        #expect(polite.wasStopped)
        #expect(polite.text == "begun\nended")
        #expect(polite.code == 7)
        let stubborn = try ChildProcess.run(
            ["/bin/sh", "-c", "trap '' INT; while :; do sleep 0.1; done"], timeLimit: 1)
        #expect(stubborn.wasStopped)
        #expect(stubborn.code == 128 + 9)
    }

    @Test("that do not exist are an error")
    func missing() {
        #expect(throws: SystemError.noSuchFile) { try ChildProcess.run(["/no/such/program"]) }
    }
}
