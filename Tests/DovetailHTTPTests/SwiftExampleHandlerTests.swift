// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailHTTP
import DovetailSystem
import DovetailTestSupport
import DovetailWASI
import Synchronization
import Testing

/// Answers all requests at once, and keeps them.
private final class Upstream: OutgoingHandler {
    struct Seen: Sendable {
        var request: HTTPRequest
        var body: [UInt8]
    }

    final class Exchange: OutgoingExchange {
        let written = MemoryBodyWriter()
        let request: HTTPRequest
        let upstream: Upstream
        private let signal = ReadinessSignal()
        private var answer: Result<IncomingMessage, HTTPError>?

        init(_ request: HTTPRequest, _ upstream: Upstream) {
            self.request = request
            self.upstream = upstream
            signal.raise()
        }

        var body: any BodyWriter { written }
        var readiness: Readiness { .signal(signal) }
        func cancel() {}

        var response: Result<IncomingMessage, HTTPError>? {
            if answer == nil {
                upstream.seen.withLock { $0.append(Seen(request: request, body: written.bytes)) }
                answer = upstream.makeAnswer(request)
            }
            return answer
        }
    }

    let seen = Mutex<[Seen]>([])

    func send(_ request: HTTPRequest, _ options: OutgoingOptions) throws(HTTPError) -> any OutgoingExchange {
        Exchange(request, self)
    }

    func makeAnswer(_ request: HTTPRequest) -> Result<IncomingMessage, HTTPError> {
        if request.pathWithQuery == "/gone" { return .failure(.connectionRefused) }
        guard let fields = try? HTTPFields([("x-upstream", "yes")]) else { return .failure(.configurationError) }
        return .success(
            IncomingMessage(HTTPResponse(status: 203, fields: fields), MemoryBodyReader(Array("from upstream".utf8))))
    }
}

@Suite("Handlers in Swift that DovetailGuest helps", .enabled(if: ProbeComponent.isPossible, ProbeComponent.hint))
struct SwiftExampleHandlerTests {
    private static let routes = BlockingWork.Once { try component("Routes") }
    private static let forward = BlockingWork.Once { try component("Forward") }

    private static func component(_ name: String) throws -> Component {
        var configuration = Engine.Configuration()
        configuration.cache = .off
        return try Component(
            engine: try Engine(configuration),
            bytes: try ProbeComponent.build(name, of: "swift-http", "site"))
    }

    @Test("answer by path, with fields and bodies")
    func routes() async throws {
        let probe = try Probe(of: try await Self.routes.get()) { $0.reuse = 100 }
        let hello = try await probe.get("/")
        #expect(hello.status == 200)
        #expect(hello.fields["content-type"] == "text/plain; charset=utf-8")
        #expect(hello.text == "Hello, World!\n")
        #expect(try await probe.get("/agent", fields: [("user-agent", "tests")]).text == "tests")
        #expect(try await probe.get("/agent").text == "nobody")
        let missing = try await probe.get("/nowhere?x")
        #expect(missing.status == 404)
        #expect(missing.text == "There is nothing here.\n")
        // More than the memory of one write, and more than once with one instance.
        let text = String(repeating: "0123456789", count: 20_000)
        for method in ["PUT", "POST", "PURGE"] {
            let echo = try await probe.answer { try MemoryExchange("/echo", method: method, text: text) }
            #expect(echo.text == text)
            #expect(echo.fields["x-method"] == method)
        }
        #expect(probe.records.outcomes.withLock { $0.allSatisfy { $0.fault == nil } })
    }

    @Test("send requests of their own")
    func forward() async throws {
        let upstream = Upstream()
        let probe = try Probe(of: try await Self.forward.get()) {
            $0.wasi.network.outbound = .everywhere
            $0.http = HTTPGrants(outgoing: upstream)
            $0.reuse = 100
        }
        let answer = try await probe.answer { try MemoryExchange("/a?b", method: "POST", text: "some text") }
        #expect(answer.status == 203)
        #expect(answer.fields["x-upstream"] == "yes")
        #expect(answer.text == "from upstream")
        let seen = try #require(upstream.seen.withLock { $0.first })
        #expect(seen.request.method == "POST")
        #expect(seen.request.scheme == "http")
        #expect(seen.request.authority == "upstream.example:8080")
        #expect(seen.request.pathWithQuery == "/a?b")
        #expect(seen.request.fields["x-forwarded"] == "yes")
        #expect(seen.body == Array("some text".utf8))
        let refused = try await probe.get("/gone")
        #expect(refused.status == 502)
        #expect(refused.text == "connection-refused\n")
    }

    @Test("are told that they may not send")
    func denied() async throws {
        let probe = try Probe(of: try await Self.forward.get())
        #expect(try await probe.get("/").text == "HTTP-request-denied\n")
    }
}
