// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem
import Testing

@Suite(.timeLimit(.minutes(2))) struct HTTPServerTimeTests {
    @Test func `a head that is too slow gets 408, and a connection without one is closed`() async throws {
        try await withServer({ $0.headTimeout = .seconds(2) }, exchanges: echoing) { _, address in
            let answer = try await HTTPTestClient.answer(address, "GET / HTTP/1.1\r\nHo")
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
            let nothing = try await HTTPTestClient.answer(address, "")
            #expect(nothing == "")
        }
    }

    @Test func `an idle connection is closed`() async throws {
        try await withServer({ $0.idleTimeout = .milliseconds(300) }, exchanges: echoing) { server, address in
            let answer = try await HTTPTestClient.answer(address, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.hasSuffix("GET / ") && !answer.contains("connection: close"))
        }
    }

    @Test func `a server that nobody has asked for long has as much time for the next client`() async throws {
        try await withServer({ $0.headTimeout = .seconds(3) }, exchanges: echoing) { server, address in
            #expect(try await HTTPTestClient.get("/1", at: address).hasSuffix("GET /1 "))
            while server.counters.openConnections > 0 { try await Task.sleep(for: .milliseconds(5)) }
            try await Task.sleep(for: .seconds(4))
            #expect(try await HTTPTestClient.get("/2", at: address).hasSuffix("GET /2 "))
        }
    }

    @Test func `a body that stops gets 408`() async throws {
        try await withServer({ $0.readTimeout = .milliseconds(300) }, exchanges: echoing) { _, address in
            let answer = try await HTTPTestClient.answer(
                address, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            #expect(answer.hasPrefix("HTTP/1.1 408 ") && answer.contains("connection: close"))
        }
    }

    @Test func `a body that trickles gets 408`() async throws {
        try await withServer(
            {
                $0.minimumRate = 1000
                $0.minimumRateGrace = .milliseconds(300)
            }, exchanges: echoing
        ) { _, address in
            let client = try await HTTPTestClient(address)
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
            async let answer = client.receiveAll()
            for _ in 0..<40 {
                do { try await client.send("x") } catch { break }
                try await EventLoop.nearest.wait(for: [.time(SystemClock.monotonic + 50_000_000)])
            }
            #expect(try await answer.hasPrefix("HTTP/1.1 408 "))
        }
    }

    @Test func `a client that does not take its response is given up`() async throws {
        let record = Record()
        let handler = TestHandler { exchange in
            let writer = try exchange.respond(HTTPResponse(), hasBody: true)
            do { while true { try await writer.writeAll([UInt8](repeating: 0, count: 65536)) } } catch {
                record.add("\(error)")
            }
        }
        try await withServer({ $0.writeTimeout = .milliseconds(300) }, exchanges: handler) { server, address in
            let client = try await HTTPTestClient(address)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let found = try await record.wait(for: 1)
            #expect(found == ["\(CancellationError())"] || found == ["\(HTTPError.connectionTerminated)"])
            #expect(server.counters.openConnections == 0)
            _ = client
        }
    }

    @Test func `draining finishes what is in flight, and says so on each connection`() async throws {
        let (begun, goOn) = (Record(), Record())
        let handler = TestHandler { exchange in
            begun.add("")
            if exchange.request.pathWithQuery == "/slow" { _ = try await goOn.wait(for: 1) }
            try await answer(exchange, "done")
        }
        try await withServer({ $0.drainGrace = .seconds(60) }, exchanges: handler) { server, address in
            let (slow, idle) = (try await HTTPTestClient(address), try await HTTPTestClient(address))
            try await idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await idle.receive(until: "done").contains("200 OK"))
            try await slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await begun.wait(for: 2)
            async let isDone = server.drain(timeout: .seconds(30))
            try await EventLoop.nearest.wait(for: [.time(SystemClock.monotonic + 100_000_000)])
            await #expect(throws: SystemError.connectionRefused) { try await HTTPTestClient(address) }
            // A request that has crossed the news is answered.
            try await idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let last = try await idle.receiveAll()
            #expect(last.contains("connection: close") && last.hasSuffix("done"))
            goOn.add("")
            let answer = try await slow.receiveAll()
            #expect(answer.contains("connection: close") && answer.hasSuffix("done"))
            #expect(await isDone)
        }
    }

    @Test func `draining closes idle connections, and cuts off what is not finished in time`() async throws {
        let begun = Record()
        let handler = TestHandler { exchange in
            begun.add("")
            try await EventLoop.nearest.wait(for: [.never])
        }
        try await withServer(exchanges: handler) { server, address in
            let (idle, slow) = (try await HTTPTestClient(address), try await HTTPTestClient(address))
            try await slow.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await begun.wait(for: 1)
            async let isDone = server.drain(timeout: .seconds(3))
            #expect(try await idle.receiveAll() == "")
            #expect(!(await isDone))
            #expect((try? await slow.receiveAll()) ?? "" == "")
        }
    }

    @Test func `stopping and draining once more come to an end, whenever they are called`() async throws {
        try await withServer(exchanges: echoing) { server, address in
            let idle = try await HTTPTestClient(address)
            try await idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await idle.receive(until: "GET / ")
            async let first = server.drain(timeout: .seconds(30))
            async let second = server.drain(timeout: .seconds(30))
            #expect(try await idle.receiveAll() == "")
            let both = await [first, second]
            #expect(both == [true, true])
            // By now, the threads of the loops have ended.
            try await Task.sleep(for: .milliseconds(100))
            #expect(await server.drain(timeout: .seconds(10)))
            await server.stop()
        }
    }

    @Test func `a client that has just connected when draining begins has the time for its request that it always has`()
        async throws
    {
        let configure = { (configuration: inout HTTPServer.Configuration) in
            (configuration.headTimeout, configuration.drainGrace) = (.seconds(60), .milliseconds(1))
        }
        try await withServer(configure, exchanges: echoing) { server, address in
            let (idle, new) = (try await HTTPTestClient(address), try await HTTPTestClient(address))
            try await idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await idle.receive(until: "GET / ")
            async let isDone = server.drain(timeout: .seconds(120))
            // By then, the time is over of those who may send another request.
            #expect(try await idle.receiveAll() == "")
            try await new.send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try await new.receiveAll()
            #expect(answer.contains("connection: close\r\n") && answer.hasSuffix("GET /first "))
            #expect(await isDone)
        }
    }

    @Test func `connections that were made before draining begins are answered`() async throws {
        let begun = Record()
        let handler = TestHandler { exchange in
            if exchange.request.pathWithQuery == "/hold" {
                begun.add("")
                // Holds the loop, so that nobody takes the connections that are made meanwhile.
                let end = SystemClock.monotonic + 300_000_000
                while SystemClock.monotonic < end {}
            }
            try await answer(exchange, "done")
        }
        try await withServer(exchanges: handler) { server, address in
            let holder = try await HTTPTestClient(address)
            try await holder.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await begun.wait(for: 1)
            var late: [HTTPTestClient] = []
            for _ in 0..<3 {
                let client = try await HTTPTestClient(address)
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                late.append(client)
            }
            async let isDone = server.drain(timeout: .seconds(30))
            for client in late + [holder] {
                let answer = try await client.receiveAll()
                #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix("done"))
            }
            #expect(await isDone)
        }
    }
}
