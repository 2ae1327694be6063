// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Testing

@Suite(
    "Handlers in Swift, in the servers that there are", .enabled(if: ProbeComponent.isPossible, ProbeComponent.hint),
    .enabled(if: ServedProcess.tool != nil, "the tool was not built"))
struct SwiftExampleServeTests {
    /// Ours, and wasmtime where it is there.
    private static let servers: [String?] = [nil] + (Peer.wasmtime.map { [$0] } ?? [])

    private func serve(_ example: String, by program: String?, in folder: ScratchFolder) async throws -> ServedProcess {
        let bytes = try await BlockingWork.run { try ProbeComponent.build(example, of: "swift-http", "site") }
        return try await ServedProcess([], file: try folder.write(bytes, to: "\(example).wasm"), by: program)
    }

    @Test("answer alike", arguments: servers)
    func answers(_ program: String?) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let hello = try await serve("Hello", by: program, in: folder)
        let answer = try await HTTPTestClient.get("/anything", at: hello.address)
        #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.contains("Hello, World!\n"), "\(answer)")

        let routes = try await serve("Routes", by: program, in: folder)
        let agent = try await HTTPTestClient.get("/agent", at: routes.address, fields: "User-Agent: tests\r\n")
        #expect(agent.hasPrefix("HTTP/1.1 200 ") && agent.contains("tests"), "\(agent)")
        let missing = try await HTTPTestClient.get("/nowhere", at: routes.address)
        #expect(missing.hasPrefix("HTTP/1.1 404 ") && missing.contains("There is nothing here.\n"), "\(missing)")
        let echo = try await HTTPTestClient.answer(
            routes.address,
            "PUT /echo HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: 9\r\n\r\nsome text")
        #expect(echo.contains("x-method: PUT") && echo.contains("some text"), "\(echo)")

        // Nobody is called so; ours may not ask either.
        let forward = try await serve("Forward", by: program, in: folder)
        #expect(try await HTTPTestClient.get("/", at: forward.address).hasPrefix("HTTP/1.1 502 "))
    }
}
