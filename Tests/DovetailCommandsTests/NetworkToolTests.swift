// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Testing

/// `lookup.wasm`: looks up a name and gives its first IPv4 address, or makes a socket.
@Suite("The tool: grants of the network", .enabled(if: Tool.path != nil, "the tool was not built beside the tests"))
struct NetworkToolTests {
    private func run(_ options: [String], _ call: String) async throws -> BuiltProduct.Outcome {
        try await Tool.run(["run"] + options + ["--invoke", call, TestFiles.fixture("lookup.wasm")])
    }

    @Test("a guest is denied what was not granted, and the option that grants it is named")
    func denied() async throws {
        let socket = try await run([], "listens()")
        #expect(socket.code == 0 && socket.output == "err(1)\n", "\(socket)")
        #expect(
            socket.errors == "note: the guest was denied a TCP socket; `--tcp` or `--inherit-network` would grant it\n")
        let name = try await run(["--tcp", "--udp"], "lookup(\"localhost\")")
        #expect(
            name.errors
                == "note: the guest was denied to look up `localhost`; `--allow-ip-name-lookup` or `--inherit-network` would grant it\n",
            "\(name)")
    }

    @Test(
        "each option grants what it says",
        arguments: [
            ["--allow-ip-name-lookup"], ["--inherit-network"], ["--allow-outbound", "localhost"],
            ["--allow-outbound", "localhost:80"],
        ])
    func lookup(options: [String]) async throws {
        let outcome = try await run(options, "lookup(\"localhost\")")
        #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome)")
        // The guest asks once and does not wait, so there may be no answer yet: `would-block`.
        #expect(outcome.output.hasPrefix("ok(") || outcome.output == "err(8)\n", "\(outcome)")
    }

    @Test("an address in text form is there at once")
    func address() async throws {
        #expect(try await run(["--tcp"], "lookup(\"127.0.0.1\")").output == "ok(16777343)\n")
    }

    @Test("a socket is made when it is granted", arguments: ["--tcp", "--inherit-network"])
    func socket(option: String) async throws {
        let outcome = try await run([option], "listens()")
        #expect(outcome.output == "ok(0)\n" && outcome.errors.isEmpty, "\(outcome)")
    }

    @Test("a place that is none is wrong usage")
    func places() async throws {
        for option in ["--allow-outbound", "--allow-listen"] {
            let outcome = try await run([option, "http://example.com"], "listens()")
            #expect(outcome.code == 2 && outcome.errors.contains("expected HOST or HOST:PORT"), "\(outcome)")
        }
    }
}
