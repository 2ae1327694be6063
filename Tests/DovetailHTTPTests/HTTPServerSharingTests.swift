// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem
import Synchronization
import Testing

/// Connections that wait for requests on several loops at once.
@Suite(.timeLimit(.minutes(10))) struct HTTPServerSharingTests {
    /// Answers on the thread of the loop, with the path and what was sent, after `before` was called with the path; with a task below `/later`.
    private struct Handler: ExchangeHandler {
        var before: @Sendable (String) -> Void = { _ in }

        nonisolated(nonsending) func handle(_ exchange: any ServerExchange) async {}

        func begin(_ exchange: any ServerExchange) -> ExchangeTask? {
            let path = exchange.request.pathWithQuery ?? ""
            before(path)
            if path.hasPrefix("/later") || exchange.request.method == "POST" {
                return { await echoing.handle(exchange) }
            }
            let size = path.hasPrefix("/large") ? 300_000 : 0
            do throws(HTTPError) {
                let text = Array(path.utf8) + [UInt8](repeating: 0x2E, count: size)
                let fields = try HTTPFields([("content-length", "\(text.count)")])
                let writer = try exchange.respond(HTTPResponse(fields: fields), hasBody: true)
                try text.withRawBytes { (bytes) throws(HTTPError) in try writer.write(bytes) }
                try writer.finish(trailers: nil)
            } catch {
                Issue.record(error)
            }
            return nil
        }
    }

    /// Requests for `/hold`, which keep their loop's thread until they are let go.
    private final class Hold: Sendable {
        let held = Record()
        let isLetGo = Atomic(false)

        var handler: Handler {
            Handler(before: { [self] path in
                guard path == "/hold" else { return }
                held.add(path)
                while !isLetGo.load(ordering: .acquiring) { SystemThread.sleep(nanoseconds: 1_000_000) }
            })
        }
    }

    private func withServer(
        threads: Int, _ configure: (inout HTTPServer.Configuration) -> Void = { _ in }, handler: Handler = Handler(),
        _ body: (HTTPServer, SocketAddress) async throws -> Void
    ) async throws {
        try await DovetailHTTPTests.withServer(
            {
                $0.threads = threads
                configure(&$0)
            }, exchanges: handler, body)
    }

    private func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n" }

    private func clients(_ count: Int, _ address: SocketAddress) async throws -> [HTTPTestClient] {
        var clients: [HTTPTestClient] = []
        for index in 0..<count {
            let client = try await HTTPTestClient(address)
            try await client.send(get("/first\(index)."))
            #expect(try await client.receive(until: "/first\(index).").hasPrefix("HTTP/1.1 200 OK\r\n"))
            clients.append(client)
        }
        return clients
    }

    @Test func `a request is answered by the loop that is free, whichever has answered those before`() async throws {
        let hold = Hold()
        try await withServer(threads: 2, handler: hold.handler) { server, address in
            let clients = try await clients(8, address)
            try await clients[7].send(get("/hold"))
            _ = try await hold.held.wait(for: 1)
            // One of two threads answers nobody now.
            for (index, client) in clients.prefix(7).enumerated() {
                try await client.send(get("/free\(index)."))
                _ = try await client.receive(until: "/free\(index).")
            }
            hold.isLetGo.store(true, ordering: .releasing)
            _ = try await clients[7].receive(until: "/hold")
            #expect(server.counters.requests == 16 && server.counters.openConnections == 8)
        }
    }

    @Test func `a loop that sleeps while another one answers all requests stands in for it when it is held up`()
        async throws
    {
        let hold = Hold()
        try await withServer(threads: 2, handler: hold.handler) { server, address in
            let clients = try await clients(8, address)
            for index in 0..<4 {
                // So many that one loop goes to sleep.
                for number in 0..<100 {
                    try await clients[number % 8].send(get("/quick\(number)."))
                    _ = try await clients[number % 8].receive(until: "/quick\(number).")
                }
                hold.isLetGo.store(false, ordering: .releasing)
                try await clients[index].send(get("/hold"))
                _ = try await hold.held.wait(for: index + 1)
                for (number, client) in clients.enumerated() where number != index {
                    try await client.send(get("/free\(index)."))
                    _ = try await client.receive(until: "/free\(index).")
                }
                hold.isLetGo.store(true, ordering: .releasing)
                _ = try await clients[index].receive(until: "/hold")
            }
            #expect(server.counters.requests == 8 + 4 * 108 && server.counters.openConnections == 8)
        }
    }

    @Test(arguments: [2, 3, 5]) func `clients of several loops get their own answers, whatever they send`(threads: Int)
        async throws
    {
        try await withServer(threads: threads) { server, address in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<16 {
                    group.addTask {
                        let client = try await HTTPTestClient(address)
                        for index in 0..<60 {
                            let path = "\(["/a", "/later", "/large", "/b"][(number + index) % 4])/\(number)/\(index)"
                            switch index % 7 {
                            case 3:
                                try await client.send(
                                    "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
                                await Task.yield()
                                try await client.send("def")
                                #expect(try await client.receive(until: "abcdef").hasSuffix("POST \(path) abcdef"))
                            case 5:
                                let request = get(path)
                                try await client.send(String(request.prefix(9)))
                                await Task.yield()
                                try await client.send(String(request.dropFirst(9)))
                                try await Self.expectAnswer(client, path)
                            default:
                                try await client.send(get(path))
                                try await Self.expectAnswer(client, path)
                            }
                        }
                        client.close()
                    }
                }
                try await group.waitForAll()
            }
            #expect(server.counters.requests == 16 * 60 && server.counters.refusedRequests == 0)
            while server.counters.openConnections > 0 { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    private static func expectAnswer(_ client: HTTPTestClient, _ path: String) async throws {
        if path.hasPrefix("/large") {
            let answer = try await client.receive(until: String(repeating: ".", count: 300_000))
            #expect(answer.contains("\r\n\r\n\(path)..."))
        } else {
            let end = path.hasPrefix("/later") ? "GET \(path) " : path
            #expect(try await client.receive(until: end).hasSuffix("\r\n\r\n\(end)"))
        }
    }

    @Test func `connections that are shared are closed when they are idle for long`() async throws {
        try await withServer(threads: 2, { $0.idleTimeout = .milliseconds(300) }) {
            server, address in
            for client in try await clients(4, address) { #expect(try await client.receiveAll() == "") }
            while server.counters.openConnections > 0 { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    @Test func `draining answers who asks on a shared connection, and closes those that do not`() async throws {
        try await withServer(threads: 2, { $0.drainGrace = .seconds(600) }) {
            server, address in
            let clients = try await clients(6, address)
            async let isDone = server.drain(timeout: .seconds(600))
            while (try? await HTTPTestClient(address)) != nil { try await Task.sleep(for: .milliseconds(5)) }
            for client in clients {
                try await client.send(get("/last"))
                #expect(try await client.receiveAll().contains("connection: close\r\n"))
            }
            #expect(await isDone)
        }
        try await withServer(threads: 2, { $0.drainGrace = .milliseconds(1) }) {
            server, address in
            let clients = try await clients(6, address)
            #expect(await server.drain(timeout: .seconds(600)))
            for client in clients { #expect(try await client.receiveAll() == "") }
        }
    }

    @Test func `stopping closes shared connections at once`() async throws {
        try await withServer(threads: 2) { server, address in
            let clients = try await clients(6, address)
            await server.stop()
            for client in clients { #expect((try? await client.receiveAll()) ?? "" == "") }
            #expect(server.counters.openConnections == 0)
        }
    }

    @Test func `room that one loop makes lets in who waits at another one`() async throws {
        try await withServer(threads: 2, { $0.maximumConnections = 2 }) {
            server, address in
            var clients = try await clients(2, address)
            for index in 0..<6 {
                let next = try await HTTPTestClient(address)
                try await next.send(get("/next\(index)."))
                clients[index % 2].close()
                _ = try await next.receive(until: "/next\(index).")
                clients[index % 2] = next
            }
            #expect(server.counters.connections == 8)
        }
    }
}
