// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem
import Synchronization
import Testing

@Suite("A client that is used by the program itself", .timeLimit(.minutes(2))) struct HTTPClientHandlerTests {
    /// Serves with `handler` while `body` runs.
    private func serving<Result: Sendable>(
        _ handler:
            nonisolated(nonsending) @escaping @Sendable (HTTPRequest, HTTPBody) async throws -> (HTTPResponse, HTTPBody),
        _ body: (_ authority: String) async throws -> Result
    ) async throws -> Result {
        let server = HTTPServer(.patient, handler)
        try await server.start()
        let address = try #require(server.addresses.first)
        do {
            let result = try await body("\(address)")
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    @Test func `sends a body of known length and receives a stream with trailers`() async throws {
        let text = String(repeating: "gyre and gimble ", count: 50_000)
        let (length, received, trailer) = try await serving { request, body in
            let length = request.fields["content-length"] ?? "none"
            return (
                HTTPResponse(fields: try HTTPFields([("seen-length", length)])),
                HTTPBody(body, trailers: { try HTTPFields([("checksum", "42")]) })
            )
        } _: { authority in
            let request = HTTPRequest(method: "POST", scheme: "http", authority: authority)
            let (response, body) = try await HTTPClient().respond(to: request, body: HTTPBody(text))
            let bytes = try await body.collect(limit: 10 << 20)
            return (response.fields["seen-length"], bytes, try await body.receivedTrailers()?["checksum"])
        }
        #expect(length == "800000" && trailer == "42")
        let isSame = received.elementsEqual(text.utf8)
        #expect(isSame)
    }

    @Test func `streams both ways at once`() async throws {
        // The server answers each piece before the next one is sent.
        let (pieces, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let seen = try await serving { _, body in
            (HTTPResponse(), HTTPBody(body))
        } _: { authority in
            continuation.yield([0])
            let request = HTTPRequest(method: "POST", scheme: "http", authority: authority)
            let (_, body) = try await HTTPClient().respond(to: request, body: HTTPBody(pieces))
            var seen: [UInt8] = []
            for try await bytes in body {
                seen += bytes
                let last = seen.last ?? 0
                if last < 9 { continuation.yield([last + 1]) } else { continuation.finish() }
            }
            return seen
        }
        #expect(seen == Array(0...9))
    }

    @Test func `says why there is no response`() async throws {
        let request = HTTPRequest(scheme: "http", authority: "127.0.0.1:1")
        await #expect(throws: HTTPError.connectionRefused) {
            try await HTTPClient().respond(to: request, body: HTTPBody())
        }
        await #expect(throws: HTTPError.httpRequestURIInvalid) {
            try await HTTPClient().respond(to: HTTPRequest(scheme: "ftp", authority: "a"), body: HTTPBody())
        }
    }

    @Test func `stops when its task is cancelled, and when nobody wants the rest`() async throws {
        let gone = ReadinessSignal()
        try await serving { request, _ in
            if request.pathWithQuery == "/never" { try await Task.sleep(for: .seconds(3600)) }
            struct Endless: AsyncSequence, AsyncIteratorProtocol, Sendable {
                mutating func next() async throws -> [UInt8]? { [UInt8](repeating: 7, count: 4096) }
                func makeAsyncIterator() -> Endless { self }
            }
            let ending = Ending(gone)
            return (HTTPResponse(), HTTPBody(Endless(), trailers: { ending.keep() }))
        } _: { authority in
            let client = HTTPClient()
            let waiting = Task {
                try await client.respond(
                    to: HTTPRequest(scheme: "http", authority: authority, pathWithQuery: "/never"), body: HTTPBody())
            }
            waiting.cancel()
            await #expect(throws: (any Error).self) { try await waiting.value }

            let (response, body) = try await client.respond(
                to: HTTPRequest(scheme: "http", authority: authority), body: HTTPBody())
            #expect(response.status == 200)
            for try await _ in body { break }
        }
        // The server's stream went with the connection.
        try await EventLoop.nearest.wait(for: [.signal(gone)])
    }

    /// Raises a signal when it goes.
    private final class Ending: Sendable {
        private let gone: ReadinessSignal

        init(_ gone: ReadinessSignal) { self.gone = gone }

        deinit { gone.raise() }

        func keep() -> HTTPFields? { nil }
    }
}
