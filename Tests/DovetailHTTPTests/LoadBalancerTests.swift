// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import DovetailTestSupport
import Foundation
import Testing

private let haproxy = ["/usr/sbin/haproxy", "/usr/bin/haproxy", "/usr/local/sbin/haproxy"].first {
    FileManager.default.isExecutableFile(atPath: $0)
}

@Suite(
    "Two servers behind HAProxy", .enabled(if: ProbeComponent.isPossible, ProbeComponent.hint),
    .enabled(if: haproxy != nil, "there is no haproxy"),
    .enabled(if: ServedProcess.tool != nil, "the tool was not built"))
struct LoadBalancerTests {
    /// A port that was free a moment ago.
    private func freePort() throws -> UInt16 {
        let socket = try Socket.tcp(.v4)
        try socket.bind(SocketAddress(.loopback(.v4), port: 0))
        return try socket.localAddress().port
    }

    /// Two servers, and where HAProxy spreads requests over them.
    private func withServers(
        _ body: (_ one: ServedProcess, _ two: ServedProcess, _ front: SocketAddress) async throws -> Void
    ) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let file = try folder.write(try await ProbeComponent.bytes(), to: "probe.wasm")
        let one = try await ServedProcess(["--metrics-addr", "127.0.0.1:0"], file: file)
        let two = try await ServedProcess(["--metrics-addr", "127.0.0.1:0"], file: file)
        let front = SocketAddress(.loopback(.v4), port: try freePort())
        let balancer = try TestProcess(
            try #require(haproxy), ["-db", "-q", "-f", TestFiles.root + "/Deploy/haproxy/haproxy.cfg"],
            environment: [
                "FRONT": "\(front)", "ONE": "\(one.address)", "TWO": "\(two.address)",
                "ONE_HEALTH": "\(one.metrics?.port ?? 0)", "TWO_HEALTH": "\(two.metrics?.port ?? 0)",
            ])
        defer { balancer.send(SIGTERM) }
        #expect(await one.waits { (try? await HTTPTestClient(front)) != nil })
        try await body(one, two, front)
    }

    private func status(_ answer: String) -> String { String(answer.prefix { $0 != "\r" && $0 != "\r\n" }) }

    @Test("fail no request when one of them is told to end, or killed, under load", arguments: [SIGTERM, SIGKILL])
    func loss(signal: Int32) async throws {
        try await withServers { one, two, front in
            let answers = Record()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<100 {
                            answers.add(status(try await HTTPTestClient.get("/sleep?10", at: front)))
                        }
                    }
                }
                // In the middle of it, however fast the machine is.
                _ = try await answers.wait(for: 100)
                one.send(signal)
                try await group.waitForAll()
            }
            #expect(answers.all.count == 400)
            #expect(Set(answers.all) == ["HTTP/1.1 200 OK"])
            let code = await one.end()
            #expect(signal == SIGKILL || code == 0)
            #expect(two.log.contains { $0.contains(" request ") })
        }
    }

    /// How many requests a server is busy with.
    private func active(_ server: ServedProcess) async throws -> Int? {
        let text = try await HTTPTestClient.get("/metrics", at: try #require(server.metrics))
        let line = text.split(separator: "\n").first { $0.hasPrefix("dovetail_requests_active ") }
        return line.flatMap { Int($0.split(separator: " ")[1]) }
    }

    @Test("do nothing twice that is not idempotent when one of them is killed")
    func post() async throws {
        try await withServers { one, two, front in
            let answer = Task {
                try await HTTPTestClient.answer(
                    front,
                    "POST /sleep?600000 HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: 1\r\n\r\n!")
            }
            var busy: ServedProcess?
            #expect(
                try await one.waits {
                    busy = try await active(one) == 1 ? one : try await active(two) == 1 ? two : nil
                    return busy != nil
                })
            try #require(busy).send(SIGKILL)
            #expect(status(try await answer.value) == "HTTP/1.1 502 Bad Gateway")
            let other = busy === one ? two : one
            #expect(try await active(other) == 0 && !other.log.contains { $0.contains("/sleep") })
            // The next one finds the one that is left.
            #expect(status(try await HTTPTestClient.get("/", at: front)) == "HTTP/1.1 200 OK")
        }
    }
}
