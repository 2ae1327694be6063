// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailHTTP
import DovetailSystem
import DovetailTestSupport
import Foundation
import Testing

@Suite(
    "`dovetail serve`", .serialized, .enabled(if: ProbeComponent.isPossible, ProbeComponent.hint),
    .enabled(if: ServedProcess.tool != nil, "the tool was not built"))
struct ServeTests {
    private static let file = BlockingWork.Once {
        try ScratchFolder().write(try await ProbeComponent.bytes(), to: "probe.wasm")
    }

    private func serve(_ arguments: String...) async throws -> ServedProcess {
        try await ServedProcess(arguments, file: try await Self.file.get())
    }

    @Test("answers requests, and logs them with the lines that the guest printed, under one number")
    func answers() async throws {
        let server = try await serve()
        let answer = try await HTTPTestClient.get("/", at: server.address)
        #expect(answer.hasPrefix("HTTP/1.1 200 "))
        #expect(answer.contains("Hello, World!"))
        #expect(try await HTTPTestClient.get("/print", at: server.address).contains("printed"))
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

    /// The two ends of a pipe that is not inherited.
    private func pipe() throws -> (reader: FileHandle, writer: FileHandle) {
        let pipe = Pipe()
        for end in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
            _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        return (pipe.fileHandleForReading, pipe.fileHandleForWriting)
    }

    @Test("writes the line of a request to a pipe as soon as the request has ended")
    func promptLog() async throws {
        let (reader, writer) = try pipe()
        let server = try await ServedProcess(
            [], file: try await Self.file.get(), output: .descriptor(writer.fileDescriptor))
        try writer.close()
        for number in 1...3 {
            _ = try await HTTPTestClient.get("/?\(number)", at: server.address)
            // Nothing else happens that could bring it out.
            let descriptor = reader.fileDescriptor
            try await EventLoop.nearest.wait(
                for: [.readable(descriptor)], until: SystemClock.monotonic + 10_000_000_000)
            try #require(try Poll.isReady(descriptor, .readable, waiting: 0))
            let line = String(decoding: reader.availableData, as: UTF8.self)
            #expect(line.hasSuffix("\n") && line.split(separator: "\n").count == 1)
            #expect(line.contains(" request id=\(number) method=GET path=/?\(number) status=200 "))
        }
        server.send(SIGTERM)
        #expect(await server.end() == 0)
    }

    @Test("goes on when its log is closed, full or not read", arguments: ["closed", "full", "not read"])
    func brokenLog(_ kind: String) async throws {
        let (reader, writer) = try pipe()
        var output = TestProcess.Place.descriptor(writer.fileDescriptor)
        if kind == "full" {
            guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
            output = .file("/dev/full")
        }
        let server = try await ServedProcess([], file: try await Self.file.get(), output: output)
        try writer.close()
        if kind == "closed" { try reader.close() }
        // More than a pipe holds.
        let target = "/?" + String(repeating: "a", count: 4000)
        for _ in 0..<40 {
            let answer = try await HTTPTestClient.get(target, at: server.address)
            try #require(answer.contains("Hello, World!"))
        }
        server.send(SIGTERM)
        #expect(await server.end() == 0)
    }

    @Test("writes its log as JSON when asked to")
    func json() async throws {
        let server = try await serve("--log-format", "json")
        _ = try await HTTPTestClient.get("/trap?\"x", at: server.address)
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
        // Who is to fail in another way has time for it.
        let limit = line.contains("fault=timeout") ? "300ms" : "60s"
        let server = try await serve("--timeout", limit, "--max-memory", "16M")
        let answer = try await HTTPTestClient.get(path, at: server.address)
        #expect(answer.hasPrefix(head))
        // A body that was cut short has no last chunk.
        #expect(!answer.hasSuffix("0\r\n\r\n"))
        #expect(await server.waits { server.log.contains { $0.contains(line) } }, "\(server.log)")
        #expect(try await HTTPTestClient.get("/", at: server.address).contains("Hello, World!"))
    }

    @Test("notices that a client went away in the middle of a response")
    func clientGone() async throws {
        let server = try await serve()
        let client = try await HTTPTestClient(server.address)
        try await client.send("GET /flood HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(String(decoding: try await client.receiveSome(), as: UTF8.self).hasPrefix("HTTP/1.1 200 "))
        client.close()
        #expect(await server.waits { server.log.contains { $0.contains("fault=client-gone") } })
    }

    @Test("gives up a client whose body never ends, and one whose body comes too slowly")
    func endlessBody() async throws {
        let server = try await serve("--timeout", "500ms")
        let client = try await HTTPTestClient(server.address)
        try await client.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n")
        async let answer = client.receiveAll()
        // As long as the server takes it.
        while (try? await client.send("3\r\nabc\r\n")) != nil { try await Task.sleep(for: .milliseconds(5)) }
        let text = (try? await answer) ?? ""
        #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 200 ") && !text.hasSuffix("0\r\n\r\n"))
        #expect(await server.waits { server.log.contains { $0.contains("cut=true fault=timeout") } }, "\(server.log)")
        #expect(try await HTTPTestClient.get("/", at: server.address).contains("Hello, World!"))
    }

    @Test("passes on what is wrong with a server behind it, and tells the cause")
    func upstream() async throws {
        let half = try ScriptedServer { connection in
            _ = try await connection.receiveHead()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it")
            try connection.socket.shutdown(reading: true, writing: true)
        }
        let silent = try ScriptedServer { connection in
            _ = try await connection.receiveHead()
            try connection.socket.shutdown(reading: true, writing: true)
        }
        let server = try await serve(
            "--allow-outbound", "127.0.0.1:\(half.port)", "--allow-outbound", "127.0.0.1:\(silent.port)",
            "--allow-outbound", "127.0.0.1:1", "--allow-outbound", "name.invalid:80")
        func get(_ authority: String) async throws -> String {
            try await HTTPTestClient.get(
                "/proxy", at: server.address, fields: "x-to: \(authority)\r\nx-path: /\r\n")
        }
        let cut = try await get("127.0.0.1:\(half.port)")
        #expect(cut.hasPrefix("HTTP/1.1 200 ") && cut.contains("half of it") && !cut.hasSuffix("0\r\n\r\n"))
        #expect(try await get("127.0.0.1:\(silent.port)").hasPrefix("HTTP/1.1 502 "))
        #expect(try await get("127.0.0.1:1").hasPrefix("HTTP/1.1 502 "))
        #expect(try await get("name.invalid:80").hasPrefix("HTTP/1.1 502 "))
        #expect(try await get("127.0.0.1:2").hasPrefix("HTTP/1.1 403 "))
        #expect(await server.waits { server.log.count == 5 }, "\(server.log)")
        let causes = [
            "cut=true", "\(HTTPError.connectionTerminated)", "\(HTTPError.connectionRefused)", "name",
            "\(HTTPError.httpRequestDenied)",
        ]
        // On several threads, the lines may change places.
        for (index, cause) in causes.enumerated() {
            let line = server.log.first { $0.contains(" id=\(index + 1) ") }
            #expect(line?.contains(cause) == true, "\(line ?? "")")
        }
    }

    @Test("finishes what is under way when it is told to end, and takes nothing new")
    func drain() async throws {
        let server = try await serve()
        let client = try await HTTPTestClient(server.address)
        try await client.send("GET /sleep?500 HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(await server.waits { (try? await HTTPTestClient(server.address)) != nil })
        try await Task.sleep(for: .milliseconds(100))
        server.send(SIGINT)
        #expect(await server.waits { server.said.contains("shutting down: SIGINT") })
        #expect(try await client.receiveAll().contains("rested"))
        #expect(await server.end() == 0)
        await #expect(throws: SystemError.self) { _ = try await HTTPTestClient(server.address) }
    }

    @Test("cuts off what takes longer than it may to end, with exit code 1")
    func drainTimeout() async throws {
        let server = try await serve("--shutdown-timeout", "50ms")
        let client = try await HTTPTestClient(server.address)
        try await client.send("GET /sleep?60000 HTTP/1.1\r\nHost: test\r\n\r\n")
        try await Task.sleep(for: .milliseconds(200))
        server.send(SIGTERM)
        #expect(await server.end() == 1)
        #expect(server.said.contains("were cut off"))
    }

    @Test("ends after as many requests as it was told")
    func maxRequests() async throws {
        let server = try await serve("--max-requests", "3")
        for _ in 0..<3 { _ = try await HTTPTestClient.get("/", at: server.address) }
        #expect(await server.end() == 0)
        #expect(server.said.contains("3 requests were answered"))
    }

    @Test("reads its file again on SIGHUP, and goes on with the old one when that is no good")
    func reload() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let path = try folder.write(try await ProbeComponent.bytes(), to: "app.wasm")
        let server = try await ServedProcess(["--reuse", "1000"], file: path)
        #expect(try await HTTPTestClient.get("/count", at: server.address).contains("\r\n1\r\n"))
        // The instance is free for the next one once the request has ended.
        #expect(await server.waits { server.log.count == 1 })
        #expect(try await HTTPTestClient.get("/count", at: server.address).contains("\r\n2\r\n"))
        server.send(SIGHUP)
        #expect(await server.waits { server.said.contains("was read again") })
        #expect(try await HTTPTestClient.get("/count", at: server.address).contains("\r\n1\r\n"))
        #expect(await server.waits { server.log.count == 3 })
        try folder.write("no component".utf8, to: "app.wasm")
        server.send(SIGHUP)
        #expect(await server.waits { server.said.contains("is served as it was before") })
        #expect(try await HTTPTestClient.get("/count", at: server.address).contains("\r\n2\r\n"))
    }

    @Test("reads its file again when it changes, if asked to")
    func watch() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let path = try folder.write(try await ProbeComponent.bytes(), to: "app.wasm")
        let server = try await ServedProcess(["--reuse", "1000", "--watch"], file: path)
        #expect(try await HTTPTestClient.get("/count", at: server.address).contains("\r\n1\r\n"))
        try folder.write(try await ProbeComponent.bytes(), to: "app.wasm")
        #expect(await server.waits { server.said.contains("was read again") })
        #expect(try await HTTPTestClient.get("/count", at: server.address).contains("\r\n1\r\n"))
    }

    @Test("has metrics for Prometheus and a health check that turns when it shuts down")
    func metrics() async throws {
        let server = try await serve("--metrics-addr", "127.0.0.1:0", "--shutdown-timeout", "20s")
        let metrics = try #require(server.metrics)
        _ = try await HTTPTestClient.get("/", at: server.address)
        _ = try await HTTPTestClient.get("/trap", at: server.address)
        #expect(await server.waits { server.log.count == 2 })
        let text = try await HTTPTestClient.get("/metrics", at: metrics)
        for line in [
            "dovetail_requests_total{code=\"200\"} 1", "dovetail_requests_total{code=\"500\"} 1",
            "dovetail_faults_total{kind=\"trap\"} 1", "dovetail_request_duration_seconds_count 2",
            "dovetail_request_duration_seconds_bucket{le=\"+Inf\"} 2", "dovetail_requests_active 0",
            "dovetail_instances 0", "process_resident_memory_bytes ",
        ] { #expect(text.contains("\n" + line)) }
        #expect(try await HTTPTestClient.get("/healthz", at: metrics).contains("ok"))
        let client = try await HTTPTestClient(server.address)
        try await client.send("GET /sleep?1500 HTTP/1.1\r\nHost: test\r\n\r\n")
        try await Task.sleep(for: .milliseconds(200))
        server.send(SIGTERM)
        #expect(await server.waits { server.said.contains("shutting down") })
        #expect(try await HTTPTestClient.get("/healthz", at: metrics).hasPrefix("HTTP/1.1 503 "))
        #expect(try await client.receiveAll().contains("rested"))
        #expect(await server.end() == 0)
    }

    @Test("serves what was compiled ahead of time, for itself or for `run`", arguments: [[], ["--for", "run"]])
    func compiled(purpose: [String]) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let tool = try #require(ServedProcess.tool)
        let path = folder.file("probe.cwasm")
        let outcome = try await BuiltProduct.run(tool, ["compile", try await Self.file.get(), "-o", path] + purpose)
        try #require(outcome.code == 0)
        let server = try await ServedProcess([], file: path)
        #expect(try await HTTPTestClient.get("/", at: server.address).contains("Hello, World!"))
        // Slower than it could be, which is said once.
        let isSlow = server.said.contains("note: `\(path)` was compiled for `dovetail run`")
        #expect(isSlow == !purpose.isEmpty, "\(server.said)")
        // `run` takes either, as far as to see that it is nothing to run.
        let run = try await BuiltProduct.run(tool, ["run", path])
        #expect(run.code == 1 && run.errors.contains("dovetail serve"), "\(run)")
    }

    @Test("says what is wrong before it serves: a port that is taken")
    func portTaken() async throws {
        let server = try await serve()
        let outcome = try await BuiltProduct.run(
            try #require(ServedProcess.tool),
            ["serve", "--addr", "\(server.address)", try await Self.file.get()])
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("error: cannot listen at \(server.address): "))
        #expect(outcome.errors.contains("name another address with `--addr`"))
    }

    @Test("says what to do with a component that is no proxy, and `run` with one that is")
    func otherWorlds() async throws {
        let tool = try #require(ServedProcess.tool)
        let command = TestFiles.fixture("waits.wasm")
        let refused = try await BuiltProduct.run(tool, ["serve", command])
        #expect(refused.code == 1)
        #expect(refused.errors.contains("exports no `wasi:http/incoming-handler`, so it answers no requests"))
        let proxy = try await Self.file.get()
        let run = try await BuiltProduct.run(tool, ["run", proxy])
        #expect(run.code == 1)
        #expect(run.errors.contains("it answers HTTP requests, which `dovetail serve \(proxy)` lets it do"))
        #expect(try await BuiltProduct.run(tool, ["serve", "--tls-cert", "a.pem", proxy]).code == 2)
        #expect(try await BuiltProduct.run(tool, ["serve", "--addr", "nowhere", proxy]).code == 2)
        let noKey = try await BuiltProduct.run(
            tool, ["serve", "--addr", "127.0.0.1:0", "--tls-cert", proxy, "--tls-key", proxy, proxy])
        #expect(noKey.code == 1)
        #expect(noKey.errors.contains("error: cannot use the certificate in `\(proxy)`"))
    }
}
