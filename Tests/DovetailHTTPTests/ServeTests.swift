// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem
import DovetailTestSupport
import Foundation
import Testing

@Suite(
    "`dovetail serve`", .serialized, .enabled(if: ProbeComponent.isPossible, ProbeComponent.hint),
    .enabled(if: ServedProcess.tool != nil, "the tool was not built"))
struct ServeTests {
    private static let folder = Result { try ScratchFolder() }
    private static let file = Result {
        try folder.get().write(try ProbeComponent.bytes(), to: "probe.wasm")
    }

    private func serve(_ arguments: String...) throws -> ServedProcess {
        try ServedProcess(arguments, file: try Self.file.get())
    }

    @Test("answers requests, and logs them with the lines that the guest printed, under one number")
    func answers() async throws {
        let server = try serve()
        let answer = try await ServedClient.get("/", at: server.address)
        #expect(answer.hasPrefix("HTTP/1.1 200 "))
        #expect(answer.contains("Hello, World!"))
        #expect(try await ServedClient.get("/print", at: server.address).contains("printed"))
        #expect(await server.waits { server.log.count >= 5 })
        let log = server.log
        #expect(log.contains { $0.contains(" info request id=1 method=GET path=/ status=200 bytes=13 ") })
        for line in ["stream=stdout line=one", "stream=stdout line=two", "stream=stderr line=three"] {
            #expect(log.contains { $0.contains(" guest id=2 \(line)") })
        }
        server.send(SIGTERM)
        #expect(await server.end() == 0)
        #expect(server.said.contains("shutting down: SIGTERM"))
    }

    @Test("writes its log as JSON when asked to")
    func json() async throws {
        let server = try serve("--log-format", "json")
        _ = try await ServedClient.get("/trap?\"x", at: server.address)
        #expect(await server.waits { !server.log.isEmpty })
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(server.log[0].utf8)) as? [String: Any])
        #expect(object["kind"] as? String == "request")
        #expect(object["level"] as? String == "error")
        #expect(object["fault"] as? String == "trap")
        #expect(object["status"] as? Int == 500)
    }

    @Test(
        "tells the cause of what went wrong in its log",
        arguments: [
            ("/trap", "HTTP/1.1 500 ", "fault=trap cause=\"the guest trapped: "),
            ("/spin", "HTTP/1.1 504 ", "fault=timeout cause=\"the guest ran into the time limit\""),
            ("/bomb", "HTTP/1.1 500 ", "fault=trap cause="),
            ("/none", "HTTP/1.1 500 ", "fault=incomplete cause=\"the guest returned without a response\""),
            ("/error", "HTTP/1.1 504 ", "fault=error cause="),
            ("/trap-later", "HTTP/1.1 200 ", "cut=true fault=trap cause="),
            (
                "/drop", "HTTP/1.1 200 ",
                "cut=true fault=incomplete cause=\"the body was cut short: the guest dropped the body"
            ),
            ("/flood", "HTTP/1.1 200 ", "cut=true fault=timeout"),
        ])
    func faults(_ path: String, _ head: String, _ line: String) async throws {
        let server = try serve("--timeout", "300ms", "--max-memory", "16M")
        let answer = try await ServedClient.get(path, at: server.address)
        #expect(answer.hasPrefix(head))
        // A body that was cut short has no last chunk.
        #expect(!answer.hasSuffix("0\r\n\r\n"))
        #expect(await server.waits { server.log.contains { $0.contains(line) } }, "\(server.log)")
        #expect(try await ServedClient.get("/", at: server.address).contains("Hello, World!"))
    }

    @Test("notices that a client went away in the middle of a response")
    func clientGone() async throws {
        let server = try serve()
        let client = try ServedClient(server.address)
        try client.send("GET /flood HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(try client.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
        try client.close()
        #expect(await server.waits { server.log.contains { $0.contains("fault=client-gone") } })
    }

    @Test("finishes what is under way when it is told to end, and takes nothing new")
    func drain() async throws {
        let server = try serve()
        let client = try ServedClient(server.address)
        try client.send("GET /sleep?500 HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(await server.waits { (try? ServedClient(server.address)) != nil })
        try await Task.sleep(for: .milliseconds(100))
        server.send(SIGINT)
        #expect(await server.waits { server.said.contains("shutting down: SIGINT") })
        #expect(try client.receive().contains("rested"))
        #expect(await server.end() == 0)
        #expect(throws: SystemError.self) { _ = try ServedClient(server.address) }
    }

    @Test("cuts off what takes longer than it may to end, with exit code 1")
    func drainTimeout() async throws {
        let server = try serve("--shutdown-timeout", "50ms")
        let client = try ServedClient(server.address)
        try client.send("GET /sleep?60000 HTTP/1.1\r\nHost: test\r\n\r\n")
        try await Task.sleep(for: .milliseconds(200))
        server.send(SIGTERM)
        #expect(await server.end() == 1)
        #expect(server.said.contains("were cut off"))
    }

    @Test("ends after as many requests as it was told")
    func maxRequests() async throws {
        let server = try serve("--max-requests", "3")
        for _ in 0..<3 { _ = try await ServedClient.get("/", at: server.address) }
        #expect(await server.end() == 0)
        #expect(server.said.contains("3 requests were answered"))
    }

    @Test("reads its file again on SIGHUP, and goes on with the old one when that is no good")
    func reload() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let path = try folder.write(try ProbeComponent.bytes(), to: "app.wasm")
        let server = try ServedProcess(["--reuse", "1000"], file: path)
        #expect(try await ServedClient.get("/count", at: server.address).contains("\r\n1\r\n"))
        #expect(try await ServedClient.get("/count", at: server.address).contains("\r\n2\r\n"))
        server.send(SIGHUP)
        #expect(await server.waits { server.said.contains("was read again") })
        #expect(try await ServedClient.get("/count", at: server.address).contains("\r\n1\r\n"))
        try folder.write("no component".utf8, to: "app.wasm")
        server.send(SIGHUP)
        #expect(await server.waits { server.said.contains("is served as it was before") })
        #expect(try await ServedClient.get("/count", at: server.address).contains("\r\n2\r\n"))
    }

    @Test("reads its file again when it changes, if asked to")
    func watch() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let path = try folder.write(try ProbeComponent.bytes(), to: "app.wasm")
        let server = try ServedProcess(["--reuse", "1000", "--watch"], file: path)
        #expect(try await ServedClient.get("/count", at: server.address).contains("\r\n1\r\n"))
        try folder.write(try ProbeComponent.bytes(), to: "app.wasm")
        #expect(await server.waits { server.said.contains("was read again") })
        #expect(try await ServedClient.get("/count", at: server.address).contains("\r\n1\r\n"))
    }

    @Test("has metrics for Prometheus and a health check that turns when it shuts down")
    func metrics() async throws {
        let server = try serve("--metrics-addr", "127.0.0.1:0", "--shutdown-timeout", "20s")
        let metrics = try #require(server.metrics)
        _ = try await ServedClient.get("/", at: server.address)
        _ = try await ServedClient.get("/trap", at: server.address)
        #expect(await server.waits { server.log.count == 2 })
        let text = try await ServedClient.get("/metrics", at: metrics)
        for line in [
            "dovetail_requests_total{code=\"200\"} 1", "dovetail_requests_total{code=\"500\"} 1",
            "dovetail_faults_total{kind=\"trap\"} 1", "dovetail_request_duration_seconds_count 2",
            "dovetail_request_duration_seconds_bucket{le=\"+Inf\"} 2", "dovetail_requests_active 0",
            "dovetail_instances 0", "process_resident_memory_bytes ",
        ] { #expect(text.contains("\n" + line)) }
        #expect(try await ServedClient.get("/healthz", at: metrics).contains("ok"))
        let client = try ServedClient(server.address)
        try client.send("GET /sleep?1500 HTTP/1.1\r\nHost: test\r\n\r\n")
        try await Task.sleep(for: .milliseconds(200))
        server.send(SIGTERM)
        #expect(await server.waits { server.said.contains("shutting down") })
        #expect(try await ServedClient.get("/healthz", at: metrics).hasPrefix("HTTP/1.1 503 "))
        #expect(try client.receive().contains("rested"))
        #expect(await server.end() == 0)
    }

    @Test("serves what was compiled ahead of time")
    func compiled() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let path = folder.file("probe.cwasm")
        let outcome = try await BuiltProduct.run(
            try #require(ServedProcess.tool), ["compile", try Self.file.get(), "-o", path])
        try #require(outcome.code == 0)
        let server = try ServedProcess([], file: path)
        #expect(try await ServedClient.get("/", at: server.address).contains("Hello, World!"))
    }

    @Test("says what is wrong before it serves: a port that is taken")
    func portTaken() throws {
        let server = try serve()
        let outcome = try BuiltProduct.run(
            try #require(ServedProcess.tool),
            ["serve", "--addr", "\(server.address)", try Self.file.get()])
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("error: cannot listen at \(server.address): "))
        #expect(outcome.errors.contains("name another address with `--addr`"))
    }

    @Test("says what to do with a component that is no proxy, and `run` with one that is")
    func otherWorlds() throws {
        let tool = try #require(ServedProcess.tool)
        let command = TestFiles.fixture("waits.wasm")
        let refused = try BuiltProduct.run(tool, ["serve", command])
        #expect(refused.code == 1)
        #expect(refused.errors.contains("exports no `wasi:http/incoming-handler`, so it answers no requests"))
        let proxy = try Self.file.get()
        let run = try BuiltProduct.run(tool, ["run", proxy])
        #expect(run.code == 1)
        #expect(run.errors.contains("it answers HTTP requests, which `dovetail serve \(proxy)` lets it do"))
        #expect(try BuiltProduct.run(tool, ["serve", "--tls-cert", "a.pem", proxy]).code == 2)
        #expect(try BuiltProduct.run(tool, ["serve", "--addr", "nowhere", proxy]).code == 2)
        let noKey = try BuiltProduct.run(
            tool, ["serve", "--addr", "127.0.0.1:0", "--tls-cert", proxy, "--tls-key", proxy, proxy])
        #expect(noKey.code == 1)
        #expect(noKey.errors.contains("error: cannot use the certificate in `\(proxy)`"))
    }
}
