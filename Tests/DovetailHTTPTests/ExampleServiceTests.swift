// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Testing

@Suite(
    "The examples of HTTP services", .enabled(if: ProbeComponent.isPossible, ProbeComponent.hint),
    .enabled(if: ServedProcess.tool != nil, "the tool was not built"))
struct ExampleServiceTests {
    private func build(_ name: String, in folder: ScratchFolder) async throws -> String {
        let bytes = try await BlockingWork.run { try ProbeComponent.build(name, of: "http-services", "proxy") }
        return try folder.write(bytes, to: "\(name).wasm")
    }

    @Test("greet, send back and pass on, as their README says")
    func services() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let hello = try await ServedProcess([], file: try await build("hello-http", in: folder))
        #expect(try await HTTPTestClient.get("/", at: hello.address).contains("Hello, World!\n"))

        let echo = try await ServedProcess([], file: try await build("http-echo", in: folder))
        let client = try await HTTPTestClient(echo.address)
        try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\nfirst ")
        // What has come goes back before the rest is there.
        #expect(try await client.receive(until: "first \r\n").hasPrefix("HTTP/1.1 200 "))
        try await client.send("second")
        #expect(try await client.receive(until: "\r\n0\r\n\r\n").contains("second"))

        let file = try await build("http-proxy", in: folder)
        let upstream = ["--env", "UPSTREAM=\(hello.address)"]
        let proxy = try await ServedProcess(upstream + ["--allow-outbound", "\(hello.address)"], file: file)
        let answer = try await HTTPTestClient.get("/", at: proxy.address)
        #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.contains("Hello, World!\n"))
        hello.send(9)
        _ = await hello.end()
        #expect(try await HTTPTestClient.get("/", at: proxy.address).hasPrefix("HTTP/1.1 502 "))

        let denied = try await ServedProcess(upstream, file: file)
        #expect(try await HTTPTestClient.get("/", at: denied.address).hasPrefix("HTTP/1.1 403 "))
        #expect(await denied.waits { denied.said.contains("--allow-outbound") }, "\(denied.said)")
    }
}
