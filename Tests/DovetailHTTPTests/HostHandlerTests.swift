// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailHTTP
import DovetailTestSupport
import DovetailWASI
import Testing

/// What stands behind the guests' proxy: a handler of the host.
struct HostUpstream: HTTPHandler {
    struct Broken: Error {}

    nonisolated(nonsending) func respond(
        to request: HTTPRequest, body: HTTPBody
    ) async throws -> (HTTPResponse, HTTPBody) {
        switch request.pathWithQuery {
        case "/refused": throw HTTPError.connectionRefused
        case "/broken": throw Broken()
        case "/never":
            try await Task.sleep(for: .seconds(3600))
            throw Broken()
        default:
            let text = String(decoding: try await body.collect(limit: 10 << 20), as: UTF8.self)
            let fields = try HTTPFields([
                ("x-seen", "\(request.method) \(request.scheme ?? "") \(request.authority ?? "")")
            ])
            return (HTTPResponse(status: 201, fields: fields), HTTPBody(text.uppercased()))
        }
    }
}

@Suite("Requests that guests send", .enabled(if: ProbeComponent.isPossible, ProbeComponent.hint))
struct OutgoingRequestTests {
    private func send(
        _ path: String, text: String = "", fields: [(name: String, value: String)] = [], granted: Bool = true
    ) async throws -> (Answer, RequestOutcome) {
        let probe = try await Probe {
            if granted { $0.http = HTTPGrants(answeredBy: HostUpstream()) }
        }
        let all = [(name: "x-to", value: "upstream.test:81"), (name: "x-path", value: path)] + fields
        let answer = try await probe.answer { try MemoryExchange("/proxy", method: "POST", fields: all, text: text) }
        return (answer, try probe.outcome())
    }

    @Test("are answered by a handler of the host, with bodies in both directions")
    func host() async throws {
        let text = String(repeating: "gimble in the wabe ", count: 20_000)
        let (answer, outcome) = try await send("/", text: text)
        #expect(answer.status == 201)
        #expect(answer.fields["x-seen"] == "POST http upstream.test:81")
        let isSame = answer.text == text.uppercased()
        #expect(isSame)
        #expect(outcome.fault == nil)
    }

    @Test("are denied unless granted: status 403, when the guest passes the error on")
    func denied() async throws {
        let (answer, outcome) = try await send("/", granted: false)
        #expect(answer.status == 403)
        #expect(outcome.cause == "the guest answered with an error: \(HTTPError.httpRequestDenied)")
    }

    @Test("fail with the error of the handler", arguments: [("/refused", 502), ("/broken", 500)] as [(String, UInt16)])
    func errors(_ path: String, _ status: UInt16) async throws {
        #expect(try await send(path).0.status == status)
    }

    @Test("end when the guest's own time limit has come")
    func firstByte() async throws {
        let (answer, outcome) = try await send("/never", fields: [("x-first-byte", "20")])
        #expect(answer.status == 504)
        #expect(outcome.cause == "the guest answered with an error: \(HTTPError.httpResponseTimeout)")
    }

    @Test("go to a valid place only", arguments: ["", "a b", "host:99999", "[::1"])
    func places(_ authority: String) async throws {
        let probe = try await Probe { $0.http = HTTPGrants(answeredBy: HostUpstream()) }
        let answer = try await probe.get("/proxy", fields: [("x-to", authority), ("x-path", "/")])
        #expect(answer.status == 400)
    }
}

@Suite("A component in a server of one's own", .enabled(if: ProbeComponent.isPossible, ProbeComponent.hint))
struct LibraryHandlerTests {
    private func handler() async throws -> ComponentHandler {
        var configuration = ComponentHandler.Configuration()
        configuration.limits.timeout = nil
        return try ComponentHandler(try await Probe.component.get(), configuration: configuration)
    }

    @Test("answers plain requests with streams as bodies, from any thread")
    func answers() async throws {
        let handler = try await handler()
        let text = Array(String(repeating: "and the mome raths outgrabe ", count: 20_000).utf8)
        let stream = AsyncStream<[UInt8]> { continuation in
            for start in stride(from: 0, to: text.count, by: 1000) {
                continuation.yield(Array(text[start..<min(start + 1000, text.count)]))
            }
            continuation.finish()
        }
        let trailers = try HTTPFields([("x-sum", "7")])
        let (response, body) = try await handler.respond(
            to: HTTPRequest(method: "POST", scheme: "https", authority: "a.test", pathWithQuery: "/echo"),
            body: HTTPBody(stream, trailers: { trailers }))
        #expect(response.status == 200)
        #expect(try await body.collect(limit: 10 << 20) == text)
        #expect(try await body.receivedTrailers() == trailers)
        #expect(handler.load.active == 0)
    }

    @Test("fails like any handler: with a status, or by a body that ends in an error")
    func faults() async throws {
        let handler = try await handler()
        #expect(try await handler.respond(to: HTTPRequest(pathWithQuery: "/trap"), body: HTTPBody()).0.status == 500)
        let (response, body) = try await handler.respond(
            to: HTTPRequest(pathWithQuery: "/trap-later"), body: HTTPBody())
        #expect(response.status == 200)
        await #expect(throws: HTTPError.self) { try await body.collect(limit: 1 << 20) }
    }

    @Test("ends with the task that asked, and with a body that nobody wants")
    func cancellation() async throws {
        let handler = try await handler()
        let task = Task {
            try await handler.respond(to: HTTPRequest(pathWithQuery: "/sleep?3600000"), body: HTTPBody())
        }
        while handler.load.active < 1 { try await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        while handler.load.active > 0 { try await Task.sleep(for: .milliseconds(1)) }
        do {
            let (_, body) = try await handler.respond(to: HTTPRequest(pathWithQuery: "/flood"), body: HTTPBody())
            var iterator = body.makeAsyncIterator()
            #expect(try await iterator.next()?.isEmpty == false)
        }
        while handler.load.active > 0 { try await Task.sleep(for: .milliseconds(1)) }
    }
}
