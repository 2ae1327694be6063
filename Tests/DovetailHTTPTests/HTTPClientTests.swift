// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem
import DovetailTestSupport
import Synchronization
import Testing

@Suite(.serialized) struct HTTPClientTests {
    /// Runs `body` on a loop of its own, or on none.
    private func run(onLoop: Bool, _ body: @escaping @Sendable () async throws -> Void) async throws {
        guard onLoop else { return try await body() }
        let loop = try EventLoop(threadNamed: "client")
        defer { loop.stop() }
        try await Task(executorPreference: loop) { try await body() }.value
    }

    @Test(arguments: Spoken.allCases, [true, false])
    func `requests and responses go over with bodies and trailers, on one connection`(
        spoken: Spoken, onLoop: Bool
    ) async throws {
        try await run(onLoop: onLoop) {
            let fixture = try await HTTPClientFixture(spoken)
            for round in 0..<3 {
                let exchange = try fixture.send(fixture.request("POST", "/a?\(round)"), hasBody: true)
                let writer = exchange.writer
                try await write(Array("question".utf8), to: writer)
                try writer.finish(trailers: try HTTPFields([("sum", "8")]))
                let response = try await head(exchange)
                #expect(response.status == 200)
                #expect(response.fields["seen-authority"] == "localhost:\(fixture.port)")
                #expect(response.fields["seen-path"] == "/a?\(round)")
                let (bytes, trailers) = try await readToEnd(exchange.body)
                #expect(bytes == Array("question".utf8))
                #expect(trailers == (try HTTPFields([("sum", "8")])))
            }
            let exchange = try fixture.send(fixture.request())
            #expect(try await head(exchange).status == 200)
            #expect(try await readToEnd(exchange.body).bytes.isEmpty)
            #expect(fixture.server.counters.connections == 1)
            #expect(fixture.server.counters.requests == 4)
            await fixture.server.stop()
        }
    }

    @Test(arguments: Spoken.allCases)
    func `a body is sent while its echo is read, and neither end holds much of it`(spoken: Spoken)
        async throws
    {
        try await run(onLoop: true) {
            let fixture = try await HTTPClientFixture(spoken)
            let exchange = try fixture.send(fixture.request("POST"), hasBody: true)
            let (writer, reader) = (exchange.writer, exchange.body)
            let pattern = (0..<30_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let rounds = 300
            var (written, read) = (0, 0)
            var differs = false
            var inFlight = 0
            receiving: while true {
                var waits: [Readiness] = [reader.readiness]
                while written < rounds * pattern.count {
                    let start = written % pattern.count
                    let count = min(try writer.capacity(), pattern.count - start)
                    if count == 0 { break }
                    try pattern[start..<start + count].withUnsafeBytes { try writer.write($0) }
                    written += count
                    inFlight = max(inFlight, written - read)
                    if written == rounds * pattern.count { try writer.finish(trailers: nil) }
                }
                if written < rounds * pattern.count { waits.append(writer.readiness) }
                switch try reader.read(1 << 20) {
                case .bytes(let bytes):
                    for byte in bytes {
                        if byte != pattern[read % pattern.count] { differs = true }
                        read += 1
                    }
                case .pending: try await EventLoop.nearest.wait(for: waits)
                case .end: break receiving
                }
            }
            #expect(read == rounds * pattern.count && !differs)
            #expect(inFlight < 8 << 20)
            await fixture.server.stop()
        }
    }

    @Test
    func `many requests share a connection of HTTP 2, and have connections of their own with HTTP 1`()
        async throws
    {
        for spoken in [Spoken.tls2, .tls1] {
            try await run(onLoop: true) {
                let fixture = try await HTTPClientFixture(spoken)
                let exchanges = try (0..<50).map { try fixture.send(fixture.request("GET", "/\($0)")) }
                for (index, exchange) in exchanges.enumerated() {
                    #expect(try await head(exchange).fields["seen-path"] == "/\(index)")
                    #expect(try await readToEnd(exchange.body).bytes.isEmpty)
                }
                #expect(fixture.server.counters.connections == (spoken == .tls2 ? 1 : 50))
                #expect(fixture.client.connections.open == fixture.server.counters.connections)
                await fixture.server.stop()
            }
        }
    }

    @Test func `more requests than a host may have connections wait for one another`() async throws {
        try await run(onLoop: true) {
            let fixture = try await HTTPClientFixture(.http1, change: { $0.connectionsPerHost = 2 })
            let exchanges = try (0..<10).map { _ in try fixture.send(fixture.request()) }
            for exchange in exchanges {
                #expect(try await head(exchange).status == 200)
                _ = try await readToEnd(exchange.body)
            }
            #expect(fixture.server.counters.connections == 2)
            await fixture.server.stop()
        }
    }

    @Test func `requests beyond what a host's connections take go out as soon as there is room`() async throws {
        try await run(onLoop: true) {
            let go = ReadinessSignal()
            let fixture = try await HTTPClientFixture(
                .tls2, change: { $0.connectionsPerHost = 1 },
                TestExchangeHandler { exchange in
                    if exchange.request.pathWithQuery == "/slow" {
                        try await EventLoop.nearest.wait(for: [.signal(go)])
                    }
                    try exchange.respond(HTTPResponse(), hasBody: false).finish(trailers: nil)
                })
            // One that lasts, as many others as the server takes besides, and more.
            let slow = try fixture.send(fixture.request("GET", "/slow"))
            let others = try (0..<150).map { _ in try fixture.send(fixture.request()) }
            for exchange in others { #expect(try await head(exchange).status == 200) }
            go.raise()
            #expect(try await head(slow).status == 200)
            #expect(fixture.server.counters.connections == 1)
            await fixture.server.stop()
        }
    }

    @Test func `an address that refuses or does not answer is no obstacle where there is another`() async throws {
        let (silent, refusing) = (IPAddress(v4: (127, 0, 0, 2)), IPAddress(v4: (127, 0, 0, 3)))
        let fixture = try await HTTPClientFixture(.http1) {
            $0.lookup = { host in
                .known([host == "silent.test" ? silent : refusing, IPAddress(v4: (127, 0, 0, 1))])
            }
        }
        // Connections for which there is no room any more are neither made nor refused.
        let listener = try Socket.tcp(.v4)
        try listener.bind(SocketAddress(silent, port: fixture.port))
        try listener.listen(backlog: 0)
        let waiting = try (0..<8).map { _ in
            let socket = try Socket.tcp(.v4)
            do throws(SystemError) { try socket.connect(SocketAddress(silent, port: fixture.port)) } catch {
                guard error == .inProgress else { throw error }
            }
            return socket
        }
        var options = HTTPClientFixture.everything
        options.connectTimeout = .seconds(60)
        for host in ["refusing.test", "silent.test"] {
            #expect(await fixture.failure(fixture.request(host: host), options) == nil, "\(host)")
        }
        #expect(fixture.server.counters.connections == 2 && waiting.count == 8)
        await fixture.server.stop()
    }

    // MARK: - What goes wrong

    @Test func `no server, no name, no permission and no certificate have errors of their own`()
        async throws
    {
        let certificates = try await TestCertificates.shared.get()
        let fixture = try await HTTPClientFixture(.tls2)
        #expect(
            await fixture.failure(HTTPRequest(scheme: "http", authority: "127.0.0.1:1"))
                == .connectionRefused)
        if case .dnsError = await fixture.failure(
            HTTPRequest(scheme: "http", authority: "name.invalid"))
        {
        } else {
            Issue.record("expected an error of name resolution")
        }
        #expect(
            await fixture.failure(HTTPRequest(scheme: "ftp", authority: "localhost"))
                == .httpRequestURIInvalid)
        #expect(
            await fixture.failure(HTTPRequest(scheme: "http", authority: nil)) == .httpRequestURIInvalid)
        #expect(
            await fixture.failure(HTTPRequest(method: "A B", scheme: "http", authority: "a"))
                == .httpRequestMethodInvalid)
        let asked = Mutex<[String]>([])
        let nothing = HTTPClient.Options { host, address in
            asked.withLock { $0.append("\(host) \(address.ip)") }
            return false
        }
        #expect(
            await fixture.failure(fixture.request(host: "LocalHost"), nothing) == .destinationIPProhibited
        )
        #expect(asked.withLock { $0 }.contains("localhost 127.0.0.1"))
        #expect(fixture.server.counters.connections == 0)

        let other = try await HTTPClientFixture(.tls2, certificate: certificates.otherHost)
        let expired = try await HTTPClientFixture(.tls1, certificate: certificates.expired)
        let unknown = try await HTTPClientFixture(.tls2, trusting: certificates.otherAuthority)
        for broken in [other, expired, unknown] {
            #expect(await broken.failure(broken.request()) == .tlsCertificateError)
            #expect(broken.server.counters.requests == 0)
            await broken.server.stop()
        }
        let plain = try await HTTPClientFixture(.http1)
        let secure = HTTPRequest(scheme: "https", authority: "localhost:\(plain.port)")
        #expect(await plain.failure(secure) == .tlsProtocolError)
        await plain.server.stop()
        await fixture.server.stop()
    }

    @Test func `a connection that is kept is not used for a request that may not reach it`()
        async throws
    {
        let fixture = try await HTTPClientFixture(.tls2)
        #expect(await fixture.failure(fixture.request()) == nil)
        #expect(
            await fixture.failure(fixture.request(), HTTPClient.Options { _, _ in false })
                == .destinationIPProhibited)
        #expect(fixture.server.counters.requests == 1)
        await fixture.server.stop()
    }

    private func fixture(
        _ script:
            nonisolated(nonsending) @escaping @Sendable (ScriptedServer.Connection) async throws -> Void
    ) async throws -> (
        ScriptedServer, HTTPClientFixture, HTTPRequest
    ) {
        let server = try ScriptedServer(script)
        return (
            server, try await HTTPClientFixture(.http1),
            HTTPRequest(scheme: "http", authority: "127.0.0.1:\(server.port)")
        )
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort", HTTPError.httpResponseIncomplete),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nshort\r\n", .httpResponseIncomplete
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nshort\r\n0\r\n",
            .httpResponseIncomplete
        ),
        ("HTTP/1.1 200 OK\r\ncontent-le", .connectionTerminated), ("", .connectionTerminated),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
            .httpProtocolError
        ),
        ("SSH-2.0\r\n\r\n", .httpProtocolError),
        ("HTTP/1.1 101 Switching\r\n\r\n", .httpUpgradeFailed),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n", .httpProtocolError),
        (
            "HTTP/1.1 200 OK\r\na: \(String(repeating: "a", count: 40_000))\r\n\r\n",
            .httpResponseHeaderSectionSize(nil)
        ),
    ])
    func `responses that are cut or wrong are never whole`(text: String, error: HTTPError)
        async throws
    {
        let (server, fixture, request) = try await fixture { connection in
            _ = try await connection.receiveHead()
            try await connection.send(text)
            try connection.socket.shutdown(reading: false, writing: true)
            _ = try await connection.receive()
        }
        #expect(await fixture.failure(request) == error)
        #expect(server.connections == 1)
    }

    @Test
    func
        `a response that ends with its connection is whole, over TLS only if the server has said so`()
        async throws
    {
        let (server, fixture, request) = try await fixture { connection in
            _ = try await connection.receiveHead()
            try await connection.send(
                "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nall of it")
            try connection.socket.shutdown(reading: false, writing: true)
            _ = try await connection.receive()
        }
        let exchange = try fixture.send(request)
        #expect(try await head(exchange).status == 200)
        #expect(try await readToEnd(exchange.body).bytes == Array("all of it".utf8))
        #expect(server.connections == 1)

        let certificate = try await TestCertificates.shared.get().server
        let context = try TLSContext(
            certificateChain: certificate.certificate, privateKey: certificate.key, protocols: [.http1])
        for saysSo in [true, false] {
            let server = try ScriptedServer { connection in
                let session = try TLSSession(context)
                var text: [UInt8] = []
                while text.isEmpty {
                    let bytes = try await connection.receive()
                    try withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
                        let count = try bytes.withUnsafeBytes { try session.receive($0, into: buffer) }
                        text += buffer.prefix(count)
                    }
                    let answer = Array(session.output.bytes)
                    session.output.removeAll()
                    try await connection.send(answer)
                }
                try Array("HTTP/1.1 200 OK\r\n\r\nall of it".utf8).withUnsafeBytes { try session.send($0) }
                if saysSo { session.close() }
                try await connection.send(Array(session.output.bytes))
                try connection.socket.shutdown(reading: false, writing: true)
                while !(try await connection.receive()).isEmpty {}
            }
            let error = await fixture.failure(
                HTTPRequest(scheme: "https", authority: "localhost:\(server.port)"))
            #expect(error == (saysSo ? nil : .httpResponseIncomplete))
            #expect(server.connections == 1)
        }
    }

    @Test
    func
        `a request is sent again where the kept connection was closed before it came, if that does no harm`()
        async throws
    {
        let (server, fixture, request) = try await fixture { connection in
            guard try await connection.receiveHead() else { return }
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            guard try await connection.receiveHead() else { return }
            // As if it had been closed a moment before.
        }
        #expect(await fixture.failure(request) == nil)
        #expect(await fixture.failure(request) == nil)
        #expect(server.connections == 2)
        var post = request
        post.method = "POST"
        #expect(await fixture.failure(post) == .connectionTerminated)
        #expect(server.connections == 2)
        // A body that was small enough to be kept goes along.
        #expect(await fixture.failure(request) == nil)
        var put = request
        put.method = "PUT"
        let exchange = try fixture.send(put, hasBody: true)
        try await write(Array("body".utf8), to: exchange.writer)
        try exchange.writer.finish(trailers: nil)
        #expect(try await head(exchange).status == 200)
        #expect(server.connections == 4)
    }

    @Test func `a server that is silent costs no more than the time that was given`() async throws {
        let (server, fixture, request) = try await fixture { connection in
            guard try await connection.receiveHead() else { return }
            if connection.number == 2 {
                try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab")
            }
            _ = try await connection.receive()
        }
        var options = HTTPClientFixture.everything
        options.firstByteTimeout = .milliseconds(50)
        #expect(await fixture.failure(request, options) == .connectionReadTimeout)
        options = HTTPClientFixture.everything
        options.betweenBytesTimeout = .milliseconds(50)
        #expect(await fixture.failure(request, options) == .connectionReadTimeout)
        // Nobody shakes hands.
        options = HTTPClientFixture.everything
        options.connectTimeout = .milliseconds(50)
        var secure = request
        secure.scheme = "https"
        #expect(await fixture.failure(secure, options) == .connectionTimeout)
        #expect(server.connections == 3)
        // They are closed on the client's loop.
        for _ in 0..<500 where fixture.client.connections.open > 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(fixture.client.connections.open == 0)
    }

    @Test(arguments: Spoken.allCases)
    func `an exchange that nobody wants is given up, and the server learns of it`(spoken: Spoken)
        async throws
    {
        let closed = ReadinessSignal()
        let began = ReadinessSignal()
        let fixture = try await HTTPClientFixture(
            spoken,
            TestExchangeHandler { exchange in
                began.raise()
                try? await EventLoop.nearest.wait(for: [exchange.closed])
                if exchange.isClosed { closed.raise() }
            })
        do {
            let exchange = try fixture.send(fixture.request())
            try await EventLoop.nearest.wait(for: [.signal(began)])
            #expect(try exchange.response() == nil)
        }
        try await EventLoop.nearest.wait(for: [.signal(closed)])
        await fixture.server.stop()
    }

    @Test func `connections without requests are closed after a while`() async throws {
        let fixture = try await HTTPClientFixture(.tls2, change: { $0.idleTimeout = .milliseconds(50) })
        #expect(await fixture.failure(fixture.request()) == nil)
        while fixture.client.connections.open > 0 { try await Task.sleep(for: .milliseconds(10)) }
        while fixture.server.counters.openConnections > 0 {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(await fixture.failure(fixture.request()) == nil)
        #expect(fixture.server.counters.connections == 2)
        await fixture.server.stop()
    }

    @Test func `a connection that is reset before anything was sent counts as refused`() async throws {
        try await run(onLoop: true) {
            let listener = try Socket.tcp(.v4)
            try listener.bind(SocketAddress(.loopback(.v4), port: 0))
            try listener.listen(backlog: 1)
            let request = HTTPRequest(
                method: "GET", scheme: "http", authority: "127.0.0.1:\(try listener.localAddress().port)",
                pathWithQuery: "/")
            let exchange = try HTTPClient().send(request, hasBody: false, options: HTTPClientFixture.everything)
            // On the thread of the loop, which sees nothing of the connection before it is over.
            func accept() throws(SystemError) {
                while true {
                    do throws(SystemError) {
                        return try listener.accept().socket.source.descriptor.resetOnClose()
                    } catch {
                        guard error.isWouldBlock else { throw error }
                        SystemThread.sleep(nanoseconds: 1_000_000)
                    }
                }
            }
            try accept()
            await #expect(throws: HTTPError.connectionRefused) { _ = try await head(exchange) }
        }
    }

    @Test func `a server that drains finishes its requests, and the next one goes elsewhere`()
        async throws
    {
        for spoken in Spoken.allCases {
            let go = ReadinessSignal()
            let fixture = try await HTTPClientFixture(
                spoken,
                TestExchangeHandler { exchange in
                    let writer = try exchange.respond(HTTPResponse(), hasBody: true)
                    try await write(Array("one".utf8), to: writer)
                    if exchange.request.pathWithQuery == "/slow" {
                        try writer.flush()
                        try await EventLoop.nearest.wait(for: [.signal(go)])
                    }
                    try await write(Array("two".utf8), to: writer)
                    try writer.finish(trailers: nil)
                })
            let exchange = try fixture.send(fixture.request("GET", "/slow"))
            #expect(try await head(exchange).status == 200)
            let server = fixture.server
            let drain = Task { await server.drain(timeout: .seconds(20)) }
            while true {
                let failure = await fixture.failure(fixture.request())
                if failure == .connectionRefused { break }
                #expect(failure == nil)
                try await Task.sleep(for: .milliseconds(1))
            }
            go.raise()
            #expect(try await readToEnd(exchange.body).bytes == Array("onetwo".utf8))
            #expect(await drain.value, "\(spoken)")
        }
    }
}
