// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem
import DovetailTestSupport
import Testing

/// A server that gets its frames written by hand.
private final class RawClient {
    let end = HTTP2Pair.End()
    let session: HTTP2Session
    private(set) var sent = 0

    init(_ limits: HTTP2Limits = HTTP2Limits()) throws {
        session = try HTTP2Session(isServer: true, limits: limits, owner: end)
        try send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + Self.frame(4, 0, 0, []))
    }

    deinit { session.close(.connectionTerminated) }

    static func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8]) -> [UInt8] {
        let count = payload.count
        return [
            UInt8(truncatingIfNeeded: count >> 16), UInt8(truncatingIfNeeded: count >> 8),
            UInt8(truncatingIfNeeded: count),
        ]
            + [type, flags] + (0..<4).map { UInt8(truncatingIfNeeded: stream >> (24 - 8 * $0)) } + payload
    }

    /// A field that is not compressed.
    static func field(_ name: String, _ value: String) -> [UInt8] {
        [0] + [UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
    }

    static func head(
        _ fields: [(String, String)] = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "a")]
    ) -> [UInt8] {
        fields.flatMap { field($0.0, $0.1) }
    }

    /// Sends bytes, and takes what comes back.
    func send(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try session.receive($0) }
        sent += 1
        _ = answer()
    }

    /// The types of the frames that came back, with the error codes of those that have one.
    func answer() -> [(type: UInt8, code: UInt32?)] {
        session.prepareOutput(limit: 1 << 20)
        var bytes = Array(session.output.bytes)[...]
        session.output.removeFirst(bytes.count)
        session.outputIsSent()
        var frames: [(UInt8, UInt32?)] = []
        while bytes.count >= 9 {
            let count = bytes.prefix(3).reduce(0) { $0 << 8 | Int($1) }
            let type = bytes[bytes.startIndex + 3]
            let payload = bytes.dropFirst(9).prefix(count)
            let number = { (bytes: ArraySlice<UInt8>) in bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } }
            frames.append(
                (type, type == 3 ? number(payload) : type == 7 ? number(payload.dropFirst(4).prefix(4)) : nil))
            bytes = bytes.dropFirst(9 + count)
        }
        return frames
    }

    /// Sends until it is refused; how often that went well.
    func flood(_ limit: Int = 100_000, _ bytes: (Int) -> [UInt8]) throws -> Int {
        for index in 0..<limit {
            try? bytes(index).withUnsafeBytes { try session.receive($0) }
            let last = answer().last
            if let failure = session.failure {
                #expect(failure == .httpProtocolError)
                #expect(
                    last?.type == 7 && last?.code == 11,
                    "expected GOAWAY with ENHANCE_YOUR_CALM, found \(String(describing: last))")
                #expect(session.isFinished)
                return index
            }
            try #require(!session.isFinished, "the connection ended without a refusal after \(index)")
        }
        return limit
    }
}

@Suite struct HTTP2FloodTests {
    private typealias Raw = RawClient
    /// For floods of frames that get nothing done, more than 1 000 at once are too many; a slow machine may give some back meanwhile.
    private let some = 900...3000

    @Test func `pings, settings, priorities and small windows without end are refused`() throws {
        let floods: [(String, [UInt8])] = [
            ("PING", Raw.frame(6, 0, 0, [UInt8](repeating: 1, count: 8))), ("SETTINGS", Raw.frame(4, 0, 0, [])),
            ("PRIORITY", Raw.frame(2, 0, 1, [0, 0, 0, 0, 1])),
            ("WINDOW_UPDATE", Raw.frame(8, 0, 0, [0, 0, 0, 1])),
        ]
        for (name, frame) in floods {
            let count = try RawClient().flood { _ in frame }
            #expect(some.contains(count), "\(name): \(count)")
        }
    }

    @Test func `empty frames without end are refused`() throws {
        let client = try RawClient()
        try client.send(Raw.frame(1, 4, 1, Raw.head()))
        let count = try client.flood { _ in Raw.frame(0, 0, 1, []) }
        #expect(some.contains(count), "\(count)")
    }

    @Test func `a head in very many pieces is refused`() throws {
        let client = try RawClient()
        try client.send(Raw.frame(1, 0, 1, Raw.head()))
        #expect(try client.flood { _ in Raw.frame(9, 0, 1, Raw.field("a", "b")) } <= 8)
        #expect(client.end.received.isEmpty)
    }

    @Test func `requests that are reset as soon as they are made are refused in the end`() throws {
        let client = try RawClient()
        let count = try client.flood { index in
            let id = UInt32(2 * index + 1)
            return Raw.frame(1, 5, id, Raw.head()) + Raw.frame(3, 0, id, [0, 0, 0, 8])
        }
        #expect((150...1000).contains(count), "\(count)")
        #expect(client.session.openStreams <= 1)
    }

    @Test func `requests that make the server reset them are refused in the end`() throws {
        let client = try RawClient()
        // A window that grows too much is an error of the stream.
        let count = try client.flood { index in
            let id = UInt32(2 * index + 1)
            return Raw.frame(1, 5, id, Raw.head()) + Raw.frame(8, 0, id, [0x7F, 0xFF, 0xFF, 0xFF])
        }
        #expect((150...1000).contains(count), "\(count)")
    }

    @Test func `resets between requests that are answered are nobody's attack`() throws {
        let client = try RawClient()
        let count = try client.flood(2000) { index in
            for stream in client.end.received {
                let exchange = HTTP2Exchange(
                    stream, peer: HTTPPeer(address: SocketAddress(.loopback(.v4), port: 1), isSecure: false))
                if let writer = try? exchange.respond(HTTPResponse(), hasBody: false) {
                    try? writer.finish(trailers: nil)
                }
            }
            client.end.received = []
            _ = client.answer()
            let id = UInt32(4 * index + 1)
            return Raw.frame(1, 5, id, Raw.head()) + Raw.frame(3, 0, id, [0, 0, 0, 8])
                + Raw.frame(1, 5, id + 2, Raw.head())
        }
        #expect(count == 2000)
    }

    @Test func `a small block that stands for very many fields ends the connection`() throws {
        let client = try RawClient()
        // Literal with incremental indexing, then that entry again and again.
        let large = [0x40, 1, UInt8(ascii: "x"), 0x7F, 0xD1, 0x0E] + [UInt8](repeating: 0x61, count: 2000)
        try client.send(Raw.frame(1, 4, 1, Raw.head() + large))
        #expect(throws: HTTPError.httpProtocolError) {
            try client.send(Raw.frame(1, 4, 3, Raw.head() + [UInt8](repeating: 0xBE, count: 10_000)))
        }
        #expect(client.session.failure == .httpProtocolError)
    }

    @Test func `heads that break the rules never reach a handler`() throws {
        let get = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "a")]
        let bad: [(String, [(String, String)])] = [
            ("no method", [(":scheme", "http"), (":path", "/"), (":authority", "a")]),
            ("no path", [(":method", "GET"), (":scheme", "http"), (":authority", "a")]),
            ("no scheme", [(":method", "GET"), (":path", "/"), (":authority", "a")]),
            ("no authority", [(":method", "GET"), (":scheme", "http"), (":path", "/")]),
            ("empty authority", [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "")]),
            ("userinfo", [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "u@a")]),
            ("empty path", [(":method", "GET"), (":scheme", "http"), (":path", ""), (":authority", "a")]),
            ("path twice", get + [(":path", "/")]), ("unknown pseudo-header", get + [(":protocol", "x")]),
            ("status in a request", get + [(":status", "200")]),
            ("pseudo-header behind a field", [("a", "b")] + get), ("host differs", get + [("host", "b")]),
            ("host twice", get + [("host", "a"), ("host", "a")]), ("capital", get + [("Ab", "b")]),
            ("connection", get + [("connection", "close")]),
            ("transfer-encoding", get + [("transfer-encoding", "chunked")]),
            ("upgrade", get + [("upgrade", "h2c")]), ("keep-alive", get + [("keep-alive", "1")]),
            ("proxy-connection", get + [("proxy-connection", "x")]), ("te", get + [("te", "gzip")]),
            ("line feed", get + [("a", "b\nc")]), ("NUL", get + [("a", "b\0c")]),
            ("space in a name", get + [("a b", "c")]),
            ("space before a value", get + [("a", " b")]),
            ("length twice", get + [("content-length", "1"), ("content-length", "2")]),
            ("length that is none", get + [("content-length", "+1")]),
            ("length of nothing", get + [("content-length", "5")]),
            ("method that is none", [(":method", "G T"), (":scheme", "http"), (":path", "/"), (":authority", "a")]),
            ("path without slash", [(":method", "GET"), (":scheme", "http"), (":path", "a"), (":authority", "a")]),
        ]
        for (name, fields) in bad {
            let client = try RawClient()
            try client.session.receiveAll(Raw.frame(1, 5, 1, Raw.head(fields)))
            #expect(client.end.received.isEmpty, "\(name)")
            let types = client.answer().map(\.type)
            #expect(types.contains(3) || types.contains(1), "\(name): \(types)")
        }
        for fields in [
            get, get + [("host", "a")], [(":method", "GET"), (":scheme", "http"), (":path", "/"), ("host", "a")],
        ] {
            let client = try RawClient()
            try client.send(Raw.frame(1, 5, 1, Raw.head(fields)))
            #expect(client.end.received.first?.request == HTTPRequest(scheme: "http", authority: "a"))
        }
    }

    @Test func `bodies of another length than promised never look whole`() throws {
        let post = [
            (":method", "POST"), (":scheme", "http"), (":path", "/"), (":authority", "a"), ("content-length", "3"),
        ]
        for body in [[1, 2], [1, 2, 3, 4]] as [[UInt8]] {
            let client = try RawClient()
            try client.send(Raw.frame(1, 4, 1, Raw.head(post)))
            try client.send(Raw.frame(0, 1, 1, body))
            let stream = try #require(client.end.received.first)
            #expect(throws: HTTPError.self) { _ = try readAll(HTTP2BodyReader(stream)) }
        }
    }

    @Test func `what is no HTTP 2 at all is refused`() throws {
        let end = HTTP2Pair.End()
        let session = try HTTP2Session(isServer: true, owner: end)
        #expect(throws: HTTPError.httpProtocolError) {
            try session.receiveAll(Array("GET / HTTP/1.1\r\nhost: a\r\n\r\n".utf8))
        }
        session.close(.httpProtocolError)
    }

    @Test func `damaged frames end a connection or a stream, and never the process`() throws {
        var generator = SeededGenerator(seed: 2)
        let start =
            Raw.frame(1, 4, 1, Raw.head()) + Raw.frame(0, 0, 1, [1, 2, 3])
            + Raw.frame(6, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8])
        for _ in 0..<2000 {
            let client = try RawClient()
            var bytes = start
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            try? client.send(bytes)
            for stream in client.end.received { _ = try? readAll(HTTP2BodyReader(stream)) }
            try? client.send(start)
        }
    }
}

extension HTTP2Session {
    fileprivate func receiveAll(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try receive($0) } }
}
