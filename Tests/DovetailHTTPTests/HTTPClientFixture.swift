// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem
import DovetailTestSupport
import Synchronization

/// What a client and a server speak in a test.
enum Spoken: String, CaseIterable {
    case http1 = "HTTP/1.1"
    case http2 = "HTTP/2 by prior knowledge"
    case tls1 = "HTTP/1.1 over TLS"
    case tls2 = "HTTP/2 over TLS"

    var isSecure: Bool { self == .tls1 || self == .tls2 }
    var isHTTP2: Bool { self == .http2 || self == .tls2 }
}

/// Answers with what a test wants.
struct TestExchangeHandler: ExchangeHandler {
    let body: nonisolated(nonsending) @Sendable (any ServerExchange) async throws -> Void

    nonisolated(nonsending) func handle(_ exchange: any ServerExchange) async {
        do { try await body(exchange) } catch {}
    }

    /// Sends back what comes, with its trailers; without a body: what the request looks like.
    static let echo = TestExchangeHandler { exchange in
        let fields = try HTTPFields([
            ("seen-authority", exchange.request.authority ?? ""),
            ("seen-path", exchange.request.pathWithQuery ?? ""),
        ])
        let writer = try exchange.respond(HTTPResponse(fields: fields), hasBody: true)
        while true {
            switch try exchange.body.read(32768) {
            case .bytes(let bytes): try await write(bytes, to: writer)
            case .pending: try await EventLoop.nearest.wait(for: [exchange.body.readiness])
            case .end(let trailers): return try writer.finish(trailers: trailers)
            }
        }
    }
}

/// Writes all of it, waiting where there is no room.
nonisolated(nonsending) func write(_ bytes: [UInt8], to writer: any BodyWriter) async throws {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = min(try writer.capacity(), rest.count)
        if count == 0 {
            try await EventLoop.nearest.wait(for: [writer.readiness])
            continue
        }
        try rest.prefix(count).withUnsafeBytes { try writer.write($0) }
        rest = rest.dropFirst(count)
    }
}

/// Reads to the end, waiting where there is nothing.
nonisolated(nonsending) func readToEnd(_ reader: any BodyReader) async throws -> (
    bytes: [UInt8], trailers: HTTPFields?
) {
    var bytes: [UInt8] = []
    while true {
        switch try reader.read(65536) {
        case .bytes(let more): bytes += more
        case .pending: try await EventLoop.nearest.wait(for: [reader.readiness])
        case .end(let trailers): return (bytes, trailers)
        }
    }
}

/// Waits for the head of a response.
nonisolated(nonsending) func head(_ exchange: HTTPClientExchange) async throws -> HTTPResponse {
    while true {
        if let response = try exchange.response() { return response }
        try await EventLoop.nearest.wait(for: [exchange.responseReadiness])
    }
}

/// A server of this library, and a client that can talk to it.
final class HTTPClientFixture {
    let server: HTTPServer
    let client: HTTPClient
    let spoken: Spoken
    let port: UInt16

    init(
        _ spoken: Spoken, certificate: TestCertificates.Server? = nil,
        trusting authority: String? = nil, change: (inout HTTPClient.Configuration) -> Void = { _ in },
        _ handler: TestExchangeHandler = .echo
    ) async throws {
        self.spoken = spoken
        let certificates = try await TestCertificates.shared.get()
        var serving = HTTPServer.Configuration.patient
        let protocols: [ApplicationProtocol] = spoken == .tls1 ? [.http1] : [.http2, .http1]
        if spoken.isSecure {
            let certificate = certificate ?? certificates.server
            serving.certificate = HTTPServer.Certificate(
                chain: certificate.certificate, privateKey: certificate.key, protocols: protocols)
        }
        server = HTTPServer(serving, exchanges: handler)
        try await server.start()
        port = server.addresses.first?.port ?? 0
        var configuration = HTTPClient.Configuration()
        configuration.tls = try TLSContext(trusting: .certificates(authority ?? certificates.authority))
        configuration.assumesHTTP2 = spoken == .http2
        change(&configuration)
        client = HTTPClient(configuration)
    }

    func request(_ method: String = "GET", _ path: String = "/", host: String = "localhost")
        -> HTTPRequest
    {
        HTTPRequest(
            method: method, scheme: spoken.isSecure ? "https" : "http", authority: "\(host):\(port)",
            pathWithQuery: path)
    }

    static let everything = HTTPClient.Options { _, _ in true }

    func send(
        _ request: HTTPRequest, hasBody: Bool = false, _ options: HTTPClient.Options = everything
    ) throws -> HTTPClientExchange {
        try client.send(request, hasBody: hasBody, options: options)
    }

    /// What a request fails with.
    nonisolated(nonsending) func failure(
        _ request: HTTPRequest, _ options: HTTPClient.Options = everything
    ) async -> HTTPError? {
        do {
            let exchange = try send(request, hasBody: false, options)
            _ = try await head(exchange)
            _ = try await readToEnd(exchange.body)
            return nil
        } catch {
            return error as? HTTPError ?? .internalError("\(error)")
        }
    }
}

/// A server that sends what a test says, whatever it is asked.
final class ScriptedServer: Sendable {
    /// A connection of it.
    struct Connection: Sendable {
        let socket: Socket
        let number: Int

        nonisolated(nonsending) func receive() async throws -> [UInt8] {
            while true {
                do throws(SystemError) {
                    return try [UInt8](unsafeUninitializedCapacity: 65536) {
                        (buffer, count) throws(SystemError) in
                        count = try socket.receive(UnsafeMutableRawBufferPointer(buffer))
                    }
                } catch {
                    guard error.isWouldBlock else { throw error }
                }
                try await EventLoop.nearest.wait(for: [.event(socket.source, .reading)])
            }
        }

        /// Receives until the end of a head has come; false at the end.
        nonisolated(nonsending) func receiveHead() async throws -> Bool {
            var bytes: [UInt8] = []
            while true {
                let more = try await receive()
                if more.isEmpty { return false }
                bytes += more
                if String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") { return true }
            }
        }

        nonisolated(nonsending) func send(_ bytes: [UInt8]) async throws {
            var rest = bytes[...]
            while !rest.isEmpty {
                do throws(SystemError) {
                    rest = rest.dropFirst(
                        try rest.withUnsafeBufferPointer { (bytes) throws(SystemError) in
                            try socket.send(UnsafeRawBufferPointer(bytes))
                        })
                } catch {
                    guard error.isWouldBlock else { throw error }
                    try await EventLoop.nearest.wait(for: [.event(socket.source, .writing)])
                }
            }
        }

        nonisolated(nonsending) func send(_ text: String) async throws {
            try await send(Array(text.utf8))
        }
    }

    let port: UInt16
    private let task: Task<Void, any Error>
    private let count: Counter

    final class Counter: Sendable {
        let value = Mutex(0)
    }

    /// How many connections there were.
    var connections: Int { count.value.withLock { $0 } }

    init(_ script: nonisolated(nonsending) @escaping @Sendable (Connection) async throws -> Void)
        throws
    {
        let listener = try Socket.tcp(.v4)
        try listener.bind(SocketAddress(.loopback(.v4), port: 0))
        try listener.listen(backlog: 16)
        port = try listener.localAddress().port
        let counter = Counter()
        count = counter
        task = Task {
            while !Task.isCancelled {
                try await EventLoop.nearest.wait(for: [.event(listener.source, .reading)])
                guard let (socket, _) = try? listener.accept() else { continue }
                let number = counter.value.withLock { count in
                    count += 1
                    return count
                }
                Task { try await script(Connection(socket: socket, number: number)) }
            }
        }
    }

    deinit { task.cancel() }
}
