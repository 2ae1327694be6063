// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct HTTPServerTests {
    /// An answer without its date.
    private func undated(_ text: String) -> String {
        text.split(separator: "\r\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("date: ") }
            .joined(separator: "\r\n")
    }

    @Test func `a request is answered, and the connection kept for the next`() async throws {
        try await withServer(exchanges: echoing) { server, address in
            let client = try await HTTPTestClient(address)
            for path in ["/a", "/b"] {
                try await client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
                let answer = try await client.receive(until: "GET \(path) ")
                #expect(undated(answer) == "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nGET \(path) ")
                #expect(answer.contains("\r\ndate: "))
            }
            try await client.send("GET /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(
                undated(try await client.receiveAll())
                    == "HTTP/1.1 200 OK\r\ncontent-length: 7\r\nconnection: close\r\n\r\nGET /c ")
            #expect(server.counters.requests == 3 && server.counters.connections == 1)
        }
    }

    @Test func `a request that comes byte by byte is answered as one that comes at once`() async throws {
        // However long the machine takes for all these steps.
        try await withServer(exchanges: echoing) { _, address in
            let client = try await HTTPTestClient(address)
            let text =
                "\r\nPOST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx: y\r\n\r\n"
            for byte in text.utf8 {
                try await client.send([byte])
                await Task.yield()
            }
            #expect(try await client.receive(until: "POST /x abc").hasPrefix("HTTP/1.1 200 OK"))
        }
    }

    @Test func `requests that come together are answered in order`() async throws {
        try await withServer(exchanges: echoing) { _, address in
            let client = try await HTTPTestClient(address)
            var requests = ""
            for index in 0..<500 {
                requests += "POST /\(index) HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
            }
            async let sent: Void = client.send(requests + "GET /end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let answers = try await client.receiveAll()
            try await sent
            var rest = answers[...]
            for index in 0..<500 {
                let found = try #require(rest.firstRange(of: "POST /\(index) hi"))
                rest = rest[found.upperBound...]
            }
            #expect(rest.hasSuffix("GET /end "))
        }
    }

    @Test func `a handler that lingers after its response does not hold up the next request`() async throws {
        let record = Record()
        let handler = TestHandler { exchange in
            let path = exchange.request.pathWithQuery ?? ""
            try await answer(exchange, path)
            if path == "/slow" { _ = try await record.wait(for: 1) } else { record.add(path) }
        }
        try await withServer(exchanges: handler) { _, address in
            let client = try await HTTPTestClient(address)
            try await client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /quick HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.receive(until: "/quick").contains("/slow"))
        }
    }

    @Test(arguments: HTTP1RequestParserTests.refused.indices)
    func `what is not valid is refused with its status, and the connection closed`(index: Int) async throws {
        let (name, status, text) = HTTP1RequestParserTests.refused[index]
        try await withServer(exchanges: echoing) { server, address in
            let answer = try await HTTPTestClient.answer(address, text + "\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(name): \(answer)")
            #expect(answer.contains("\r\nconnection: close\r\n"))
            #expect(answer.components(of: "connection: close") == 1)
            #expect(server.counters.refusedRequests == 1)
        }
    }

    @Test func `HTTP/1.0 has no chunks, and its connection is kept only on request`() async throws {
        let handler = TestHandler { exchange in
            let writer = try exchange.respond(HTTPResponse(), hasBody: true)
            try await writer.writeAll(Array("text".utf8))
            try writer.finish(trailers: nil)
        }
        try await withServer(exchanges: handler) { _, address in
            let answer = try await HTTPTestClient.answer(address, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(undated(answer) == "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\ntext")
        }
        try await withServer(exchanges: echoing) { _, address in
            let client = try await HTTPTestClient(address)
            for _ in 0..<2 {
                try await client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                let answer = try await client.receive(until: "GET / ")
                #expect(
                    undated(answer) == "HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: keep-alive\r\n\r\nGET / ")
            }
            #expect(try await HTTPTestClient.answer(address, "GET / HTTP/1.0\r\n\r\n").contains("connection: close"))
        }
    }

    @Test(arguments: [("HEAD", 200, "9"), ("GET", 204, nil), ("GET", 304, "9")])
    func `responses without a body have none, whatever is written`(
        method: String, status: UInt16, length: String?
    ) async throws {
        let handler = TestHandler { exchange in
            if exchange.request.method == "OPTIONS" { return try await answer(exchange, "next") }
            let writer = try exchange.respond(
                HTTPResponse(status: status, fields: try HTTPFields([("content-length", "9")])), hasBody: true)
            try await writer.writeAll(Array("some text".utf8))
            try writer.finish(trailers: nil)
        }
        try await withServer(exchanges: handler) { _, address in
            let answer = try await HTTPTestClient.answer(
                address,
                "\(method) / HTTP/1.1\r\nHost: a\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let head = length.map { "content-length: \($0)\r\n" } ?? ""
            #expect(undated(answer).hasPrefix("HTTP/1.1 \(status) "))
            #expect(undated(answer).contains("\r\n\(head)\r\nHTTP/1.1 200 OK\r\n"))
            #expect(answer.hasSuffix("next"))
        }
    }

    @Test func `chunks, trailers and informational responses go out`() async throws {
        let handler = TestHandler { exchange in
            try exchange.sendInformational(
                HTTPResponse(status: 103, fields: try HTTPFields([("link", "</a>; rel=preload")])))
            let writer = try exchange.respond(HTTPResponse(status: 201), hasBody: true)
            for piece in ["abc", "", "0123456789abcdef"] { try await writer.writeAll(Array(piece.utf8)) }
            try writer.finish(trailers: try HTTPFields([("sum", "1")]))
        }
        try await withServer(exchanges: handler) { _, address in
            let answer = try await HTTPTestClient.answer(
                address, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let expected = """
                HTTP/1.1 103 Early Hints
                link: </a>; rel=preload

                HTTP/1.1 201 Created
                transfer-encoding: chunked
                connection: close

                3
                abc
                10
                0123456789abcdef
                0
                sum: 1


                """
            #expect(
                undated(answer)
                    == expected.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n"))
        }
    }

    @Test func `a client that asks first is told to go on, and only when the body is wanted`() async throws {
        try await withServer(exchanges: echoing) { _, address in
            let client = try await HTTPTestClient(address)
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            #expect(try await client.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.send("abc")
            #expect(try await client.receive(until: "POST / abc").hasPrefix("HTTP/1.1 200 OK"))
        }
        let refusing = TestHandler { exchange in try await answer(exchange, status: 403, "no") }
        try await withServer(exchanges: refusing) { _, address in
            let answer = try await HTTPTestClient.answer(
                address, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 403 Forbidden\r\n") && answer.contains("connection: close"))
        }
    }

    @Test func `a body that nobody reads is passed over, if it is not large`() async throws {
        let handler = TestHandler { exchange in try await answer(exchange, exchange.request.pathWithQuery ?? "") }
        try await withServer(exchanges: handler) { _, address in
            let body = String(repeating: "x", count: 100_000)
            let answers = try await HTTPTestClient.answer(
                address,
                "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n\(body)"
                    + "GET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(answers.contains("/a") && answers.hasSuffix("/b"))
            let large = try await HTTPTestClient.answer(
                address, "POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n\(body)\(body)\(body)\(body)")
            #expect(large.hasSuffix("/c"))
        }
    }

    @Test func `a handler that does not answer gives 500, and one that stops in the middle a body without end`()
        async throws
    {
        let handler = TestHandler { exchange in
            guard exchange.request.pathWithQuery != "/none" else { return }
            let writer = try exchange.respond(HTTPResponse(), hasBody: true)
            try await writer.writeAll(Array("half".utf8))
            guard exchange.request.pathWithQuery == "/abort" else { return }
            writer.abort(.internalError(nil))
        }
        try await withServer(exchanges: handler) { _, address in
            let none = try await HTTPTestClient.answer(
                address, "GET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(none.hasPrefix("HTTP/1.1 500 Internal Server Error\r\n"))
            for path in ["/half", "/abort"] {
                let half = try await HTTPTestClient.answer(address, "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(half.hasSuffix("\r\n4\r\nhalf\r\n"))
                // Without framing, only a reset shows that something is missing.
                let client = try await HTTPTestClient(address)
                try await client.send("GET \(path) HTTP/1.0\r\n\r\n")
                await #expect(throws: SystemError.connectionReset) { try await client.receiveAll() }
            }
        }
    }

    @Test func `a length that is promised is kept, or the body cut off`() async throws {
        let record = Record()
        let handler = TestHandler { exchange in
            let response = HTTPResponse(fields: try HTTPFields([("content-length", "3")]))
            let writer = try exchange.respond(response, hasBody: true)
            do {
                try await writer.writeAll(Array((exchange.request.pathWithQuery ?? "").utf8))
                try writer.finish(trailers: nil)
            } catch { record.add("\(error)") }
        }
        try await withServer(exchanges: handler) { _, address in
            for (path, expected) in [("/a", "/a"), ("/ab", "/ab"), ("/abc", "")] {
                let answer = try await HTTPTestClient.answer(
                    address, "GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                #expect(answer.isEmpty || answer.hasSuffix("\r\n\r\n\(expected)"), "\(answer)")
            }
            #expect(record.all == ["\(HTTPError.httpResponseBodySize(nil))", "\(HTTPError.httpResponseBodySize(nil))"])
        }
    }

    @Test func `a handler's task is cancelled when the client goes`() async throws {
        let record = Record()
        let handler = TestHandler { exchange in
            record.add("begun")
            do {
                try await EventLoop.nearest.wait(for: [.never])
            } catch is CancellationError {
                record.add("cancelled \(exchange.isClosed) \((try? exchange.closed.isReady) == true)")
                #expect(throws: HTTPError.connectionTerminated) { try exchange.respond(HTTPResponse(), hasBody: false) }
            }
        }
        try await withServer(exchanges: handler) { server, address in
            do {
                let client = try await HTTPTestClient(address)
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await record.wait(for: 1)
            }
            #expect(try await record.wait(for: 2) == ["begun", "cancelled true true"])
        }
    }

    @Test func `a client that has ended its direction gets its answers where that is allowed`() async throws {
        let begun = Record()
        let handler = TestHandler { exchange in
            begun.add("")
            try await EventLoop.nearest.wait(for: [.time(SystemClock.monotonic + 50_000_000)])
            try await answer(exchange, exchange.request.pathWithQuery ?? "")
        }
        try await withServer({ $0.allowsHalfClosed = true }, exchanges: handler) { _, address in
            let client = try await HTTPTestClient(address)
            try await client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n")
            try client.endSending()
            let answers = try await client.receiveAll()
            #expect(answers.contains("/a") && answers.hasSuffix("/b"))
        }
    }

    @Test func `a client that goes in the middle of its body is an error for the handler`() async throws {
        let record = Record()
        let handler = TestHandler { exchange in
            do {
                while true {
                    switch try exchange.body.read(100) {
                    case .bytes(let bytes): record.add("\(bytes.count)")
                    case .pending: try await EventLoop.nearest.wait(for: [exchange.body.readiness])
                    case .end: return record.add("end")
                    }
                }
            } catch { record.add("\(error)") }
        }
        try await withServer(exchanges: handler) { _, address in
            for fields in ["Content-Length: 5", "Transfer-Encoding: chunked"] {
                let client = try await HTTPTestClient(address)
                try await client.send("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n1\r\n")
                if fields.hasPrefix("C") { _ = try await record.wait(for: 1) }
                try client.endSending()
                #expect(try await client.receiveAll() == "")
            }
            let error = "\(HTTPError.connectionTerminated)"
            #expect(try await record.wait(for: 3) == ["3", error, error])
        }
    }

    @Test func `a body that is not valid is an error for the handler, and its status for the client`() async throws {
        let record = Record()
        let handler = TestHandler { exchange in
            do {
                while case .pending = try exchange.body.read(100) {
                    try await EventLoop.nearest.wait(for: [exchange.body.readiness])
                }
            } catch { record.add("\(error)") }
        }
        var limits = HTTP1Limits()
        limits.bodySize = 10
        try await withServer({ $0.limits = limits }, exchanges: handler) { _, address in
            let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            #expect(try await HTTPTestClient.answer(address, head + "x").hasPrefix("HTTP/1.1 400 "))
            #expect(try await HTTPTestClient.answer(address, head + "20\r\n").hasPrefix("HTTP/1.1 413 "))
            let found = try await record.wait(for: 2)
            #expect(found[0].hasPrefix("refused with status 400") && found[1].hasPrefix("refused with status 413"))
        }
    }

    @Test func `neither end can fill the other's memory`() async throws {
        let record = Record()
        let handler = TestHandler { exchange in
            guard exchange.request.method == "GET" else {
                // Reads nothing.
                return try await EventLoop.nearest.wait(for: [.never])
            }
            let writer = try exchange.respond(HTTPResponse(), hasBody: true)
            var written = 0
            while written < 1 << 30 {
                let room = try writer.capacity()
                if room == 0 {
                    // Others may have their turn, or the client takes nothing.
                    let limit = SystemClock.monotonic + 500_000_000
                    try await EventLoop.nearest.wait(for: [writer.readiness], until: limit)
                    if try writer.capacity() == 0 { break }
                    continue
                }
                try [UInt8](repeating: 0, count: room).withRawBytes { (bytes) throws(HTTPError) in
                    try writer.write(bytes)
                }
                written += room
            }
            record.add("full")
            try await EventLoop.nearest.wait(for: [writer.readiness])
            record.add("\(try writer.capacity() > 0)")
            try writer.finish(trailers: nil)
        }
        try await withServer(exchanges: handler) { _, address in
            let sender = try await HTTPTestClient(address)
            try await sender.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n")
            #expect(try await sender.sendUntilFull() < 64 << 20)
            let receiver = try await HTTPTestClient(address)
            try await receiver.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(try await record.wait(for: 1) == ["full"])
            _ = try await receiver.receiveAll()
            #expect(record.all == ["full", "true"])
        }
    }

    @Test func `a client that sends a lot does not keep its loop from others`() async throws {
        // The handler takes a byte at a time: its client is always ahead of it.
        let handler = TestHandler { exchange in
            guard exchange.request.method == "POST" else { return try await answer(exchange, "quick") }
            var count = 0
            reading: while true {
                switch try exchange.body.read(1) {
                case .bytes: count += 1
                case .pending: try await EventLoop.nearest.wait(for: [exchange.body.readiness])
                case .end: break reading
                }
            }
            try await answer(exchange, "\(count)")
        }
        try await withServer(exchanges: handler) { _, address in
            let (sender, other) = (try await HTTPTestClient(address), try await HTTPTestClient(address))
            try await sender.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n")
            async let sent: Void = sender.send([UInt8](repeating: 0, count: 300_000))
            try await other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await other.receive(until: "quick").contains("200 OK"))
            try await sent
            #expect(try await sender.receive(until: "300000").contains("200 OK"))
        }
    }

    @Test func `a client that takes all it gets does not keep its loop from others`() async throws {
        // The handler never has to wait for its client.
        let handler = TestHandler { exchange in
            guard exchange.request.pathWithQuery == "/flood" else { return try await answer(exchange, "quick") }
            let writer = try exchange.respond(
                HTTPResponse(fields: try HTTPFields([("content-length", "\(1 << 40)")])), hasBody: true)
            let bytes = [UInt8](repeating: 0, count: 16 * 1024)
            while true { try await writer.writeAll(bytes) }
        }
        try await withServer(exchanges: handler) { _, address in
            let flooded = try await HTTPTestClient(address)
            try await flooded.send("GET /flood HTTP/1.1\r\nHost: a\r\n\r\n")
            let drink = Thread {
                // A thread of its own: it always takes more than the server gives.
                while let bytes = try? flooded.receiveBlocking(), !bytes.isEmpty {}
            }
            drink.start()
            for _ in 0..<20 {
                let answer = try await HTTPTestClient.get("/", at: address)
                #expect(answer.hasSuffix("quick"))
            }
            flooded.close()
        }
    }

    @Test func `IPv6 and several threads serve, and what was started ends`() async throws {
        let handler = TestHandler { exchange in try await answer(exchange, "\(exchange.peer.address.ip)") }
        try await withServer(
            {
                $0.addresses = [SocketAddress(.loopback(.v6), port: 0), SocketAddress(.loopback(.v4), port: 0)]
                $0.threads = 3
            }, exchanges: handler
        ) { server, _ in
            #expect(server.addresses.count == 2)
            for address in server.addresses {
                for _ in 0..<10 {
                    let answer = try await HTTPTestClient.answer(
                        address, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    #expect(answer.hasSuffix("\r\n\r\n\(address.ip)"))
                }
            }
            await #expect(throws: HTTPServerError.alreadyStarted) { try await server.start() }
        }
    }

    @Test(arguments: [1, 2]) func `an address that is taken is an error`(threads: Int) async throws {
        try await withServer({ $0.threads = threads }, exchanges: echoing) { _, address in
            let other = HTTPServer(HTTPServer.Configuration(addresses: [address], threads: threads), exchanges: echoing)
            let expected = HTTPServerError.cannotListen(address, reason: SystemError.addressInUse.description)
            await #expect(throws: expected) { try await other.start() }
        }
    }

    @Test func `connections are spread evenly over the loops of a server`() async throws {
        let record = Record()
        let handler = TestHandler { exchange in
            record.add("\(try ObjectIdentifier(EventLoop.nearest))")
            try await answer(exchange, "x")
        }
        try await withServer({ $0.threads = 3 }, exchanges: handler) { server, address in
            var clients: [HTTPTestClient] = []
            for _ in 0..<30 {
                let client = try await HTTPTestClient(address)
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await client.receive(until: "\r\n\r\nx")
                clients.append(client)
            }
            let counts = Dictionary(grouping: record.all, by: \.self).values.map(\.count)
            // By chance, one loop would have had 15 and more in one of ten runs, and all nearly the same in few.
            #expect(counts.count == 3 && counts.allSatisfy { 9...11 ~= $0 }, "\(counts)")
            #expect(server.counters.openConnections == 30)
            withExtendedLifetime(clients) {}
        }
    }

    @Test func `more connections than may be open wait until there is room`() async throws {
        try await withServer({ $0.maximumConnections = 1 }, exchanges: echoing) { server, address in
            let first = try await HTTPTestClient(address)
            try await first.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await first.receive(until: "GET /1 ")
            let second = try await HTTPTestClient(address)
            try await second.send("GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            try await EventLoop.nearest.wait(for: [.time(SystemClock.monotonic + 100_000_000)])
            #expect(server.counters.openConnections == 1 && server.counters.connections == 1)
            try first.endSending()
            #expect(try await second.receiveAll().hasSuffix("GET /2 "))
        }
    }
}

extension String {
    /// How often another text occurs.
    func components(of text: String) -> Int {
        var (count, rest) = (0, self[...])
        while let found = rest.firstRange(of: text) {
            count += 1
            rest = rest[found.upperBound...]
        }
        return count
    }
}
