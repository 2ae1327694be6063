// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem
import Testing

@Suite struct HTTP2SessionTests {
    private let pattern = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }

    private func write(_ bytes: ArraySlice<UInt8>, _ writer: some BodyWriter) throws -> Int {
        let count = min(try writer.capacity(), bytes.count)
        try bytes.prefix(count).withUnsafeBytes { try writer.write($0) }
        return count
    }

    @Test(arguments: [Int.max, 1, 13])
    func `a request and its response go over, with bodies and trailers`(pieces: Int) throws {
        let pair = try HTTP2Pair(pieces: pieces)
        let fields = try HTTPFields([("X-Case", "Kept as it is"), ("cookie", "a=1"), ("empty", ""), ("te", "trailers")])
        let (stream, exchange) = try pair.request(
            HTTPRequest(
                method: "POST", scheme: "https", authority: "localhost:8080", pathWithQuery: "/a/b?c=d", fields: fields),
            hasBody: true)
        #expect(exchange.request.method == "POST")
        #expect(exchange.request.scheme == "https")
        #expect(exchange.request.authority == "localhost:8080")
        #expect(exchange.request.pathWithQuery == "/a/b?c=d")
        #expect(
            exchange.request.fields
                == (try HTTPFields([("x-case", "Kept as it is"), ("empty", ""), ("te", "trailers"), ("cookie", "a=1")]))
        )
        #expect(stream.response == nil)
        #expect(try !stream.headReadiness.isReady)

        let up = HTTP2BodyWriter(stream)
        #expect(try readAll(exchange.body).end == nil)
        #expect(try !exchange.body.readiness.isReady)
        try Array("question".utf8).withUnsafeBytes { try up.write($0) }
        try pair.carry()
        #expect(try exchange.body.readiness.isReady)
        try up.finish(trailers: try HTTPFields([("Sum", "8")]))
        try pair.carry()
        let question = try readAll(exchange.body)
        #expect(question.bytes == Array("question".utf8))
        #expect(question.end == .some(try HTTPFields([("sum", "8")])))

        try exchange.sendInformational(HTTPResponse(status: 103, fields: try HTTPFields([("link", "</style.css>")])))
        let down = try exchange.respond(
            HTTPResponse(status: 201, fields: try HTTPFields([("Kind", "x")])), hasBody: true)
        try pair.carry()
        #expect(stream.response == HTTPResponse(status: 201, fields: try HTTPFields([("kind", "x")])))
        #expect(try stream.headReadiness.isReady)
        let body = HTTP2BodyReader(stream)
        #expect(try readAll(body).end == nil)
        try Array("answer".utf8).withUnsafeBytes { try down.write($0) }
        try down.finish(trailers: try HTTPFields([("Took", "1 ms")]))
        try pair.carry()
        let answer = try readAll(body)
        #expect(answer.bytes == Array("answer".utf8))
        #expect(answer.end == .some(try HTTPFields([("took", "1 ms")])))
        #expect(exchange.isClosed)
        #expect(pair.client.openStreams == 0 && pair.server.openStreams == 0)
        #expect(pair.atClient.closed.map(\.id) == [1] && pair.atServer.closed.map(\.id) == [1])
    }

    @Test func `a thousand streams are open at once, and each gets its own answer`() throws {
        var limits = HTTP2Limits()
        limits.concurrentStreams = 1000
        let pair = try HTTP2Pair(server: limits)
        #expect(pair.client.peerConcurrentStreams == 1000)
        var streams: [HTTP2Stream] = []
        for index in 0..<1000 {
            streams.append(
                try pair.client.request(
                    HTTPRequest(scheme: "https", authority: "localhost", pathWithQuery: "/\(index)"), hasBody: false))
        }
        try pair.carry()
        #expect(pair.atServer.received.count == 1000)
        #expect(pair.server.openStreams == 1000)
        for received in pair.atServer.received.reversed() {
            let exchange = HTTP2Exchange(
                received, peer: HTTPPeer(address: SocketAddress(.loopback(.v4), port: 1), isSecure: false))
            let writer = try exchange.respond(HTTPResponse(), hasBody: true)
            try Array((received.request?.pathWithQuery ?? "").utf8).withUnsafeBytes { try writer.write($0) }
            try writer.finish(trailers: nil)
        }
        try pair.carry()
        for (index, stream) in streams.enumerated() {
            #expect(try readAll(HTTP2BodyReader(stream)).bytes == Array("/\(index)".utf8))
        }
        #expect(pair.client.openStreams == 0 && pair.server.openStreams == 0)
    }

    @Test func `streams beyond the limit wait for others to end`() throws {
        var limits = HTTP2Limits()
        limits.concurrentStreams = 2
        let pair = try HTTP2Pair(server: limits)
        for _ in 0..<3 { _ = try pair.client.request(HTTPRequest(scheme: "http", authority: "a"), hasBody: false) }
        try pair.carry()
        #expect(pair.atServer.received.count == 2)
        let exchange = HTTP2Exchange(
            pair.atServer.received[0], peer: HTTPPeer(address: SocketAddress(.loopback(.v4), port: 1), isSecure: false))
        try exchange.respond(HTTPResponse(status: 204), hasBody: false).finish(trailers: nil)
        try pair.carry()
        #expect(pair.atServer.received.count == 3)
    }

    // MARK: - Flow control

    @Test func `a sender gets no further than the reader lets it`() throws {
        var limits = HTTP2Limits()
        limits.streamWindow = 100_000
        let pair = try HTTP2Pair(server: limits)
        let (stream, exchange) = try pair.request(
            HTTPRequest(method: "PUT", scheme: "https", authority: "a"), hasBody: true)
        let writer = HTTP2BodyWriter(stream)
        var sent = 0
        while true {
            let count = try write(pattern[sent...], writer)
            sent += count
            try pair.carry()
            if count == 0 { break }
        }
        // The window is full at the server, the stream's buffer at the client.
        #expect(sent == 100_000 + 65536)
        #expect(try writer.capacity() == 0)
        #expect(try !writer.readiness.isReady)
        #expect(!writer.isFlushed)
        var received: [UInt8] = []
        while true {
            let part = try readAll(exchange.body, 10_000)
            received += part.bytes
            if part.end != nil { break }
            try pair.carry()
            if sent < pattern.count {
                if try writer.readiness.isReady { sent += try write(pattern[sent...], writer) }
                if sent == pattern.count { try writer.finish(trailers: nil) }
            }
            try pair.carry()
        }
        #expect(received == pattern)
        // Read to the end of what was sent is not the same as answered.
        #expect(!exchange.isClosed)
    }

    @Test func `a reader that takes nothing on one stream holds up only what all streams may hold together`() throws {
        var limits = HTTP2Limits()
        limits.connectionWindow = 150_000
        limits.streamWindow = 100_000
        let pair = try HTTP2Pair(server: limits)
        var streams: [(writer: HTTP2BodyWriter, exchange: HTTP2Exchange)] = []
        for _ in 0..<3 {
            let (stream, exchange) = try pair.request(
                HTTPRequest(method: "PUT", scheme: "https", authority: "a"), hasBody: true)
            let writer = HTTP2BodyWriter(stream)
            for _ in 0..<4 {
                _ = try write(pattern[0...], writer)
                try pair.carry()
            }
            streams.append((writer, exchange))
        }
        let held = try streams.map { try readAll($0.exchange.body).bytes.count }
        #expect(held == [100_000, 50_000, 0])
        try pair.carry()
        #expect(try readAll(streams[2].exchange.body).bytes.count > 0)
    }

    @Test func `writing is flushed when everything has left, and says so`() throws {
        let pair = try HTTP2Pair()
        let (stream, exchange) = try pair.request()
        let writer = try exchange.respond(HTTPResponse(), hasBody: true)
        #expect(!writer.isFlushed)
        try ([1, 2, 3] as [UInt8]).withUnsafeBytes { try writer.write($0) }
        try writer.flush()
        #expect(!writer.isFlushed)
        #expect(try !writer.readiness.isReady)
        try pair.carry()
        #expect(writer.isFlushed)
        #expect(try writer.readiness.isReady)
        #expect(try readAll(HTTP2BodyReader(stream)).bytes == [1, 2, 3])
    }

    // MARK: - Bodies that are not whole

    @Test func `a body that is given up is cut for the receiver, not ended`() throws {
        let pair = try HTTP2Pair()
        let (stream, exchange) = try pair.request()
        let writer = try exchange.respond(HTTPResponse(), hasBody: true)
        try ([1, 2, 3] as [UInt8]).withUnsafeBytes { try writer.write($0) }
        try pair.carry()
        writer.abort(.internalError("trap"))
        #expect(throws: HTTPError.internalError("trap")) { _ = try writer.capacity() }
        try pair.carry()
        let reader = HTTP2BodyReader(stream)
        guard case .bytes([1, 2, 3]) = try reader.read(10) else { return #expect(Bool(false), "expected the bytes") }
        for _ in 0..<2 { #expect(throws: HTTPError.httpResponseIncomplete) { _ = try reader.read(10) } }
        #expect(exchange.isClosed)
    }

    @Test func `a body of another length than promised is cut`() throws {
        let pair = try HTTP2Pair()
        let promise = try HTTPFields([("content-length", "3")])
        let (short, shortExchange) = try pair.request()
        let writer = try shortExchange.respond(HTTPResponse(fields: promise), hasBody: true)
        try ([1, 2] as [UInt8]).withUnsafeBytes { try writer.write($0) }
        #expect(throws: HTTPError.httpResponseBodySize(1)) { try writer.finish(trailers: nil) }
        try pair.carry()
        #expect(throws: HTTPError.httpResponseIncomplete) { _ = try readAll(HTTP2BodyReader(short)) }

        let (long, longExchange) = try pair.request()
        let other = try longExchange.respond(HTTPResponse(fields: promise), hasBody: true)
        #expect(throws: HTTPError.httpResponseBodySize(3)) {
            try ([1, 2, 3, 4] as [UInt8]).withUnsafeBytes { try other.write($0) }
        }
        try pair.carry()
        #expect(throws: HTTPError.httpResponseIncomplete) { _ = try readAll(HTTP2BodyReader(long)) }

        let (none, noneExchange) = try pair.request()
        let nothing = try noneExchange.respond(HTTPResponse(fields: promise), hasBody: false)
        #expect(throws: HTTPError.httpResponseBodySize(3)) { try nothing.finish(trailers: nil) }
        try pair.carry()
        #expect(throws: HTTPError.httpResponseIncomplete) { _ = try readAll(HTTP2BodyReader(none)) }
    }

    @Test func `responses that have no body by their nature promise a length and send none`() throws {
        let pair = try HTTP2Pair()
        let promise = try HTTPFields([("content-length", "3")])
        let (stream, exchange) = try pair.request(HTTPRequest(method: "HEAD", scheme: "https", authority: "a"))
        let writer = try exchange.respond(HTTPResponse(fields: promise), hasBody: true)
        try ([1, 2, 3] as [UInt8]).withUnsafeBytes { try writer.write($0) }
        try writer.finish(trailers: nil)
        try pair.carry()
        #expect(stream.response?.fields["content-length"] == "3")
        let (bytes, end) = try readAll(HTTP2BodyReader(stream))
        #expect(bytes.isEmpty && end != nil)
        #expect(exchange.isClosed)
    }

    @Test func `a client that goes away is noticed`() throws {
        let pair = try HTTP2Pair()
        let (stream, exchange) = try pair.request(hasBody: true)
        #expect(try !exchange.closed.isReady)
        HTTP2BodyReader(stream).cancel()
        try pair.carry()
        #expect(exchange.isClosed)
        #expect(try exchange.closed.isReady)
        #expect(throws: HTTPError.connectionTerminated) { _ = try exchange.body.read(1) }
        #expect(throws: HTTPError.connectionTerminated) { _ = try exchange.respond(HTTPResponse(), hasBody: false) }

        let (_, other) = try pair.request(hasBody: true)
        let writer = try other.respond(HTTPResponse(), hasBody: true)
        pair.server.close(.connectionTerminated)
        #expect(throws: HTTPError.connectionTerminated) { _ = try writer.capacity() }
    }

    @Test func `a response that is complete before the request ends the stream, after the response has left`() throws {
        let pair = try HTTP2Pair()
        let (stream, exchange) = try pair.request(hasBody: true)
        let writer = try exchange.respond(HTTPResponse(status: 413), hasBody: true)
        for _ in 0..<2 {
            #expect(try write(pattern[0...], writer) == 65536)
            try pair.carry()
        }
        try writer.finish(trailers: nil)
        try pair.carry()
        let reader = HTTP2BodyReader(stream)
        // The last of it has to wait for the reader, and the reset with it.
        var bytes: [UInt8] = []
        while true {
            let part = try readAll(reader, 50_000)
            bytes += part.bytes
            if part.end != nil { break }
            try pair.carry()
        }
        #expect(bytes == Array(pattern[..<65536] + pattern[..<65536]))
        #expect(pair.client.openStreams == 0)
        #expect(throws: (any Error).self) { _ = try HTTP2BodyWriter(stream).capacity() }
    }

    @Test func `a client that wants to be asked for its body is asked when somebody reads`() throws {
        let pair = try HTTP2Pair()
        let request = HTTPRequest(
            method: "PUT", scheme: "https", authority: "a", fields: try HTTPFields([("expect", "100-continue")]))
        let (stream, exchange) = try pair.request(request, hasBody: true)
        let before = pair.atServer.told
        #expect(try readAll(exchange.body).end == nil)
        #expect(pair.atServer.told == before + 1)
        try pair.carry()
        #expect(stream.response == nil)
        try exchange.respond(HTTPResponse(status: 204), hasBody: false).finish(trailers: nil)
        try pair.carry()
        #expect(stream.response?.status == 204)
    }

    // MARK: - The end of a connection

    @Test func `a session that drains finishes what is under way and takes nothing new`() throws {
        let pair = try HTTP2Pair()
        let (stream, exchange) = try pair.request()
        pair.server.drain()
        try pair.carry()
        #expect(pair.client.isGoingAway)
        #expect(!pair.server.isFinished)
        let late = try pair.client.request(HTTPRequest(scheme: "https", authority: "a"), hasBody: false)
        try pair.carry()
        #expect(late.isRefused)
        #expect(throws: HTTPError.connectionTerminated) { _ = try HTTP2BodyReader(late).read(1) }
        #expect(pair.atServer.received.count == 1)
        let writer = try exchange.respond(HTTPResponse(), hasBody: true)
        try ([1] as [UInt8]).withUnsafeBytes { try writer.write($0) }
        try writer.finish(trailers: nil)
        try pair.carry()
        #expect(try readAll(HTTP2BodyReader(stream)).bytes == [1])
        #expect(pair.server.isFinished)
    }

    @Test func `fields of connections are not written, and bad heads are refused`() throws {
        let pair = try HTTP2Pair()
        let fields = try HTTPFields([
            ("Connection", "close"), ("Keep-Alive", "1"), ("Transfer-Encoding", "chunked"), ("Upgrade", "x"),
            ("Proxy-Connection", "x"), ("TE", "gzip"), ("Host", "b"), ("ok", "1"),
        ])
        let (_, exchange) = try pair.request(HTTPRequest(scheme: "https", authority: "a", fields: fields))
        #expect(exchange.request.fields == (try HTTPFields([("ok", "1")])))
        #expect(exchange.request.authority == "a")
        let bad = [
            HTTPRequest(method: "GE T", scheme: "https", authority: "a"),
            HTTPRequest(scheme: "https", authority: "a b"), HTTPRequest(scheme: "https", authority: nil),
            HTTPRequest(scheme: "https", authority: "a", pathWithQuery: "a"),
            HTTPRequest(scheme: "https", authority: "a", pathWithQuery: "/ "),
        ]
        for request in bad {
            #expect(throws: HTTPError.self) { _ = try pair.client.request(request, hasBody: false) }
        }
        #expect(pair.client.openStreams == 1)
    }

    @Test func `heads that are too large are refused at both ends`() throws {
        var limits = HTTP2Limits()
        limits.fieldSectionSize = 1000
        let pair = try HTTP2Pair(client: limits, server: limits)
        let large = try HTTPFields([("large", String(repeating: "x", count: 1000))])
        let stream = try pair.client.request(
            HTTPRequest(scheme: "https", authority: "a", fields: large), hasBody: false)
        try pair.carry()
        #expect(pair.atServer.received.isEmpty)
        #expect(stream.response?.status == 431)
        let (other, exchange) = try pair.request()
        _ = try exchange.respond(HTTPResponse(fields: large), hasBody: true)
        try pair.carry()
        guard
            case .httpResponseHeaderSectionSize(let size) = #expect(
                throws: HTTPError.self, performing: { try HTTP2BodyReader(other).read(1) })
        else { return #expect(Bool(false), "expected the size") }
        #expect((size ?? 0) > 1000)
    }
}
