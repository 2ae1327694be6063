// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem
import Synchronization
import Testing

extension HTTPServer.Configuration {
    /// A port of the system's choosing, and any time for clients: how long the steps of a test take is the machine's business.
    static var patient: Self {
        var configuration = Self(addresses: [SocketAddress(.loopback(.v4), port: 0)])
        (configuration.headTimeout, configuration.idleTimeout) = (.seconds(600), .seconds(600))
        (configuration.readTimeout, configuration.writeTimeout) = (.seconds(600), .seconds(600))
        configuration.minimumRate = 0
        return configuration
    }
}

/// A server on a port of the system's choosing for the time of a test.
func withServer(
    _ configure: (inout HTTPServer.Configuration) -> Void = { _ in }, exchanges handler: any ExchangeHandler,
    _ body: (HTTPServer, SocketAddress) async throws -> Void
) async throws {
    var configuration = HTTPServer.Configuration.patient
    configure(&configuration)
    let server = HTTPServer(configuration, exchanges: handler)
    try await server.start()
    do {
        try await body(server, try #require(server.addresses.first))
    } catch {
        await server.stop()
        throw error
    }
    await server.stop()
}

/// A handler made of a function.
struct TestHandler: ExchangeHandler {
    let body: nonisolated(nonsending) @Sendable (any ServerExchange) async throws -> Void

    init(_ body: nonisolated(nonsending) @escaping @Sendable (any ServerExchange) async throws -> Void) {
        self.body = body
    }

    nonisolated(nonsending) func handle(_ exchange: any ServerExchange) async { try? await body(exchange) }
}

/// Answers with the method, the path and the body of the request.
let echoing = TestHandler { exchange in
    var bytes: [UInt8] = []
    reading: while true {
        switch try exchange.body.read(1000) {
        case .bytes(let found): bytes += found
        case .pending: try await EventLoop.nearest.wait(for: [exchange.body.readiness])
        case .end: break reading
        }
    }
    let text =
        "\(exchange.request.method) \(exchange.request.pathWithQuery ?? "-") \(String(decoding: bytes, as: UTF8.self))"
    try await answer(exchange, text)
}

/// Answers with text of a known length.
nonisolated(nonsending) func answer(_ exchange: any ServerExchange, status: UInt16 = 200, _ text: String) async throws {
    let response = HTTPResponse(status: status, fields: try HTTPFields([("content-length", "\(text.utf8.count)")]))
    let writer = try exchange.respond(response, hasBody: true)
    try await writer.writeAll(Array(text.utf8))
    try writer.finish(trailers: nil)
}

/// What a handler has seen, for the test to wait for.
final class Record: Sendable {
    private let lines = Mutex<[String]>([])
    private let signal = ReadinessSignal()

    func add(_ line: String) {
        lines.withLock { $0.append(line) }
        signal.raise()
    }

    var all: [String] { lines.withLock { $0 } }

    /// Waits until there are so many lines.
    func wait(for count: Int) async throws -> [String] {
        while true {
            let found = all
            if found.count >= count { return found }
            signal.lower()
            if all.count >= count { continue }
            try await EventLoop.nearest.wait(for: [.signal(signal)])
        }
    }
}
