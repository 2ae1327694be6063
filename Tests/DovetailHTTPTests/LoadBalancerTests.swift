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

    @Test("fail no request when one of them is told to end under load")
    func restart() async throws {
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

        let statuses = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var statuses: [String] = []
                    for _ in 0..<100 {
                        let answer = try await HTTPTestClient.get("/sleep?10", at: front)
                        statuses.append(String(answer.prefix { $0 != "\r" && $0 != "\r\n" }))
                    }
                    return statuses
                }
            }
            try await Task.sleep(for: .milliseconds(500))
            one.send(SIGTERM)
            var all: [String] = []
            for try await part in group { all += part }
            return all
        }
        #expect(statuses.count == 400)
        #expect(Set(statuses) == ["HTTP/1.1 200 OK"])
        #expect(await one.end() == 0)
        #expect(two.log.filter { $0.contains(" request ") }.count > 0)
    }
}
