// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBindgen
import DovetailHTTP
import DovetailPython
import DovetailTestSupport
import DovetailWIT
import Testing

private let carrier = try? PythonCarrier.load()

/// Answers `/slow` after `/quick`, whatever comes first.
private struct Upstream: HTTPHandler {
    nonisolated(nonsending) func respond(
        to request: HTTPRequest, body: HTTPBody
    ) async throws -> (HTTPResponse, HTTPBody) {
        switch request.pathWithQuery {
        case "/refused": throw HTTPError.connectionRefused
        case "/slow": try await Task.sleep(for: .milliseconds(50))
        default: break
        }
        return (HTTPResponse(status: 200), HTTPBody(String(repeating: "x", count: 100_000)))
    }
}

@Suite(
    "The streaming service in Python",
    .enabled(if: carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct PythonEchoTests {
    private static let component = BlockingWork.Once { () async throws in
        let folder = TestFiles.example("python-echo")
        let resolution = try WIT.resolve(WITLoader.load(folder + "/wit"))
        let world = try Bindgen.world(nil, in: resolution.graph, root: resolution.root)
        var configuration = Engine.Configuration()
        configuration.compiler = .winch
        let engine = try Engine(configuration)
        let app = PythonProgram(module: "app", folders: [folder])
        let build = try PythonComponentizer(try #require(carrier)).component(
            of: app, world: world, in: resolution.graph, engine: engine)
        return try Component(engine: engine, bytes: build.component)
    }

    private func probe() async throws -> Probe {
        try Probe(of: try await Self.component.get()) {
            $0.limits.maximumMemory = nil
            $0.http = HTTPGrants(answeredBy: Upstream())
            $0.reuse = 10
        }
    }

    @Test("sends back what comes, whole and in order")
    func echo() async throws {
        let probe = try await probe()
        let text = String((0..<50_000).flatMap { "\($0) " })
        for text in [text, "", "x"] {
            let answer = try await probe.answer { try MemoryExchange("/echo", method: "POST", text: text) }
            #expect(answer.status == 200)
            let isSame = answer.text == text
            #expect(isSame)
        }
        #expect(try await probe.get("/other").status == 404)
    }

    @Test("sends requests at the same time, and tells what went wrong with one")
    func lengths() async throws {
        let urls = ["http://a.test/slow", "http://a.test/quick", "http://a.test/refused"]
        let answer = try await probe().get("/lengths", fields: urls.map { ("url", $0) })
        let lines = (answer.text ?? "").split(separator: "\n").map(String.init)
        #expect(lines.last == "http://a.test/slow: 100000 bytes, status 200")
        #expect(
            lines.sorted() == [
                "http://a.test/quick: 100000 bytes, status 200",
                "http://a.test/refused: Err(value=ErrorCode_ConnectionRefused())",
                "http://a.test/slow: 100000 bytes, status 200",
            ])
    }
}
