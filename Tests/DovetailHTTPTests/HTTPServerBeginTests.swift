// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem
import Synchronization
import Testing

/// Requests that are answered on the thread of the loop, without a task.
@Suite(.timeLimit(.minutes(2))) struct HTTPServerBeginTests {
    /// Answers at once with the path, after `before` was called with it; what is left comes from `rest`.
    private struct Handler: ExchangeHandler {
        var before: @Sendable (String) -> Void = { _ in }
        var rest: @Sendable (any ServerExchange) -> ExchangeTask? = { _ in nil }

        nonisolated(nonsending) func handle(_ exchange: any ServerExchange) async {
            Issue.record("a handler that begins is not asked for all of it")
        }

        func begin(_ exchange: any ServerExchange) -> ExchangeTask? {
            let path = exchange.request.pathWithQuery ?? ""
            before(path)
            do throws(HTTPError) {
                let fields = try HTTPFields([("content-length", "\(path.utf8.count)")])
                let writer = try exchange.respond(HTTPResponse(fields: fields), hasBody: true)
                try Array(path.utf8).withRawBytes { (bytes) throws(HTTPError) in try writer.write(bytes) }
                try writer.finish(trailers: nil)
            } catch {
                Issue.record(error)
            }
            return rest(exchange)
        }
    }

    private func requests(_ paths: some Sequence<String>) -> String {
        paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
    }

    @Test func `what is answered at once keeps its order, and the connection`() async throws {
        try await withServer(exchanges: Handler()) { server, address in
            let client = try await HTTPTestClient(address)
            try await client.send(requests((0..<300).map { "/\($0)." }))
            var rest = try await client.receive(until: "/299.")[...]
            for index in 0..<300 {
                let found = try #require(rest.firstRange(of: "/\(index)."))
                rest = rest[found.upperBound...]
            }
            try await client.send(requests(["/last"]))
            _ = try await client.receive(until: "/last")
            #expect(server.counters.requests == 301 && server.counters.connections == 1)
        }
    }

    @Test func `a client that sends many requests together does not hold up another one`() async throws {
        let record = Record()
        let isSent = Atomic(false)
        let handler = Handler(before: { path in
            // On the loop's own thread: whatever comes meanwhile is seen afterwards.
            if path == "/0" { while !isSent.load(ordering: .acquiring) { SystemThread.sleep(nanoseconds: 1_000_000) } }
            record.add(path)
        })
        try await withServer({ $0.threads = 1 }, exchanges: handler) { _, address in
            let (many, other) = (try await HTTPTestClient(address), try await HTTPTestClient(address))
            try await many.send(requests((0..<100).map { "/\($0)" }))
            try await other.send(requests(["/other"]))
            isSent.store(true, ordering: .releasing)
            let order = try await record.wait(for: 101)
            // A turn's worth of the one, and perhaps what it had in store when the other one came.
            #expect(try #require(order.firstIndex(of: "/other")) <= 40, "\(order)")
        }
    }

    @Test func `what is left of an exchange runs in a task, and the next request with it`() async throws {
        let record = Record()
        let handler = Handler(rest: { exchange in
            guard exchange.request.pathWithQuery == "/a" else { return nil }
            return {
                // The response is whole, so the next request has come in the meantime.
                _ = try? await record.wait(for: 1)
                record.add("done")
            }
        })
        try await withServer(exchanges: handler) { _, address in
            let client = try await HTTPTestClient(address)
            try await client.send(requests(["/a", "/b"]))
            _ = try await client.receive(until: "/b")
            record.add("answered")
            #expect(try await record.wait(for: 2) == ["answered", "done"])
        }
    }

    @Test func `what is left of an exchange whose client went meanwhile is cancelled, and not forgotten`() async throws
    {
        struct Cutting: ExchangeHandler {
            let record: Record
            nonisolated(nonsending) func handle(_ exchange: any ServerExchange) async {}

            func begin(_ exchange: any ServerExchange) -> ExchangeTask? {
                try? exchange.respond(HTTPResponse(), hasBody: true).abort(.internalError(nil))
                let (record, isClosed) = (record, exchange.isClosed)
                return {
                    while !Task.isCancelled { await Task.yield() }
                    record.add("cancelled \(isClosed)")
                }
            }
        }
        let record = Record()
        try await withServer(exchanges: Cutting(record: record)) { _, address in
            _ = try await HTTPTestClient.answer(address, requests(["/"]))
            #expect(try await record.wait(for: 1) == ["cancelled true"])
        }
    }
}
