// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Testing

/// What `Deploy/` says of the tool, against the tool.
@Suite(
    "The files in Deploy", .enabled(if: ProbeComponent.isPossible, ProbeComponent.hint),
    .enabled(if: ServedProcess.tool != nil, "the tool was not built"))
struct DeployTests {
    private static let folder = TestFiles.root + "/Deploy"

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: Self.folder + "/" + name, encoding: .utf8)
    }

    private func number(_ pattern: Regex<(Substring, Substring)>, _ text: String) throws -> Int {
        let found = try #require(text.firstMatch(of: pattern))
        return try #require(Int(found.1))
    }

    /// The arguments of the deployment, without the file.
    private func arguments() throws -> [String] {
        let list = try text("kubernetes/deployment.yaml").split(separator: " args:\n").last ?? ""
        return list.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .prefix { $0.hasPrefix("- ") }.map { String($0.dropFirst(2)) }.filter { $0.hasPrefix("--") }
    }

    @Test("name metrics that are exported, by a server that was started as they say")
    func metrics() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let file = try folder.write(try await ProbeComponent.bytes(), to: "probe.wasm")
        let arguments = try arguments()
        #expect(arguments.contains { $0.hasPrefix("--shutdown-timeout=") })
        let server = try await ServedProcess(arguments + ["--metrics-addr", "127.0.0.1:0"], file: file)
        #expect(try await HTTPTestClient.get("/", at: server.address).hasPrefix("HTTP/1.1 200 "))
        let place = try #require(server.metrics)
        #expect(try await HTTPTestClient.get("/healthz", at: place).hasPrefix("HTTP/1.1 200 "))
        let exported = try await HTTPTestClient.get("/metrics", at: place)
        var named: Set<Substring> = []
        for name in ["README.md", "kubernetes/adapter-rule.yaml", "kubernetes/autoscaler.yaml"] {
            let found = try text(name).matches(of: /(?:dovetail|process)_[a-z_]+/).map { $0.output }
            #expect(!found.isEmpty, "\(name)")
            named.formUnion(found)
        }
        for name in named { #expect(exported.contains("\n# TYPE \(name) "), "\(name)") }
    }

    @Test("agree with one another about ports and times")
    func agreement() throws {
        let (image, deployment) = (try text("Containerfile"), try text("kubernetes/deployment.yaml"))
        let http = try number(/"--addr", "0\.0\.0\.0:(\d+)"/, image)
        let metrics = try number(/"--metrics-addr", "0\.0\.0\.0:(\d+)"/, image)
        #expect(image.contains("EXPOSE \(http) \(metrics)\n"))
        #expect(try number(/name: http, containerPort: (\d+)/, deployment) == http)
        #expect(try number(/name: metrics, containerPort: (\d+)/, deployment) == metrics)
        #expect(try number(/prometheus\.io\/port: "(\d+)"/, deployment) == metrics)
        #expect(try text("kubernetes/service.yaml").contains("targetPort: http}"))
        // The signal to end comes after `preStop`, and the pod is killed when its time is up.
        let grace = try number(/terminationGracePeriodSeconds: (\d+)/, deployment)
        let pause = try number(/sleep: \{seconds: (\d+)\}/, deployment)
        let shutdown = try number(/--shutdown-timeout=(\d+)s/, deployment)
        #expect(grace > pause + shutdown)
        // What the image puts at one place, the deployment serves, as the same user.
        let path = try #require(image.firstMatch(of: /-o \/out(\/srv\/[a-z.]+)/)?.1)
        #expect(image.contains("\"\(path)\"]\n") && deployment.contains("- \(path)\n"))
        #expect(try number(/USER (\d+):/, image) == number(/runAsUser: (\d+)/, deployment))
        // The autoscaler's limit leaves room below the one that requests wait at.
        let target = try number(/averageValue: "(\d+)"/, try text("kubernetes/autoscaler.yaml"))
        #expect(try number(/--max-concurrent=(\d+)/, deployment) > target)
    }
}
