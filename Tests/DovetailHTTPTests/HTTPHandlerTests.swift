// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem
import Testing

@Suite(.timeLimit(.minutes(2))) struct HTTPHandlerTests {
    /// Requests with `Connection: close`, and what a server of plain values answers.
    private func answers(
        _ requests: [String],
        _ handler:
            nonisolated(nonsending) @escaping @Sendable (HTTPRequest, HTTPBody) async throws -> (HTTPResponse, HTTPBody)
    ) async throws -> [String] {
        let server = HTTPServer(.patient, handler)
        try await server.start()
        let address = try #require(server.addresses.first)
        var answers: [String] = []
        for request in requests { answers.append(try await HTTPTestClient.answer(address, request)) }
        await server.stop()
        return answers
    }

    private func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" }

    @Test func `plain values are answered with plain values`() async throws {
        let found = try await answers([get("/a"), get("/none"), get("/fail"), get("/denied")]) { request, body in
            switch request.pathWithQuery {
            case "/none": return (HTTPResponse(status: 204), HTTPBody())
            case "/fail": throw HTTPError.httpProtocolError
            case "/denied": throw HTTPError.refused(status: 403, reason: "no")
            default: return (HTTPResponse(), HTTPBody("path \(request.pathWithQuery ?? "")"))
            }
        }
        #expect(found[0].contains("content-length: 7\r\n") && found[0].hasSuffix("\r\n\r\npath /a"))
        #expect(found[1].hasPrefix("HTTP/1.1 204 No Content\r\n") && !found[1].contains("content-length"))
        #expect(found[2].hasPrefix("HTTP/1.1 500 ") && found[3].hasPrefix("HTTP/1.1 403 "))
    }

    @Test func `a stream goes out as it comes in, with its trailers`() async throws {
        let request =
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx: y\r\n\r\n"
        let found = try await answers([request]) { _, body in
            (HTTPResponse(), HTTPBody(body, trailers: { try await body.receivedTrailers() }))
        }
        #expect(found[0].hasSuffix("\r\n\r\n3\r\nabc\r\n0\r\nx: y\r\n\r\n"))
    }

    @Test func `a body can be read on another thread`() async throws {
        let request = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"
        let found = try await answers([request]) { _, body in
            let bytes = try await Task.detached { try await body.collect(limit: 100) }.value
            return (HTTPResponse(), HTTPBody(bytes.reversed()))
        }
        #expect(found[0].hasSuffix("\r\n\r\nolleh"))
    }

    @Test func `a stream that fails cuts the response off, and one that is too large an error`() async throws {
        struct Failing: AsyncSequence, AsyncIteratorProtocol, Sendable {
            var count = 0
            mutating func next() async throws -> [UInt8]? {
                count += 1
                if count > 1 { throw HTTPError.connectionTerminated }
                return Array("some".utf8)
            }
            func makeAsyncIterator() -> Failing { self }
        }
        let found = try await answers([get("/")]) { _, _ in (HTTPResponse(), HTTPBody(Failing())) }
        #expect(found[0].hasSuffix("\r\n\r\n4\r\nsome\r\n"))
        await #expect(throws: HTTPError.httpRequestBodySize(3)) { try await HTTPBody("text").collect(limit: 3) }
        #expect(try await HTTPBody("text").collect(limit: 4) == Array("text".utf8))
    }
}
