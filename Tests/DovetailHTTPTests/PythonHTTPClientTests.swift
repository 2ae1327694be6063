// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBindgen
import DovetailHTTP
import DovetailPython
import DovetailTestSupport
import DovetailWIT
import Foundation
import Testing

private let carrier = try? PythonCarrier.load()

/// Tells what it was asked.
private struct Upstream: HTTPHandler {
    nonisolated(nonsending) func respond(
        to request: HTTPRequest, body: HTTPBody
    ) async throws -> (HTTPResponse, HTTPBody) {
        let text = String(decoding: try await body.collect(limit: 10 << 20), as: UTF8.self)
        switch request.pathWithQuery {
        case "/refused": throw HTTPError.connectionRefused
        case "/large": return (HTTPResponse(status: 200), HTTPBody(String(repeating: "x", count: 1_000_000)))
        case "/moved":
            return (HTTPResponse(status: 302, fields: try HTTPFields([("location", "/new")])), HTTPBody(""))
        case "/none": return (HTTPResponse(status: 404), HTTPBody("nothing here"))
        default:
            let words = [request.method, request.scheme, request.authority, request.pathWithQuery, text]
            return (
                HTTPResponse(status: 200, fields: try HTTPFields([("x-kind", "plain")])),
                HTTPBody(words.map { $0 ?? "" }.joined(separator: " "))
            )
        }
    }
}

@Suite(
    "http.client and urllib in Python",
    .enabled(if: carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct PythonHTTPClientTests {
    private static let app = """
        import http.client, urllib.error, urllib.request
        from http.client import HTTPConnection, HTTPSConnection
        from urllib.request import Request, urlopen
        from componentize_py_types import Ok
        from poll_loop import PollLoop, Sink, Stream
        from wit_world import exports
        from wit_world.imports.types import Fields, OutgoingResponse, ResponseOutparam

        def exchange(connection, method, path, body=None, **options):
            connection.request(method, path, body, **options)
            response = connection.getresponse()
            return f"{response.status} {response.read().decode()}"

        class IncomingHandler(exports.IncomingHandler):
            def handle(self, request, response_out):
                PollLoop().run_until_complete(self.answer(request, response_out))

            async def answer(self, request, response_out):
                code = b""
                async for chunk in Stream(request.consume()):
                    code += chunk
                try:
                    text = str(eval(code.decode(), globals()))
                except Exception as error:
                    text = f"{type(error).__name__}: {error}"
                response = OutgoingResponse(Fields())
                sink = Sink(response.body())
                ResponseOutparam.set(response_out, Ok(response))
                await sink.send(text.encode())
                sink.close()
        """

    private static let component = BlockingWork.Once { () async throws in
        let resolution = try WIT.resolve(WITLoader.load(TestFiles.example("python-echo") + "/wit"))
        let world = try Bindgen.world(nil, in: resolution.graph, root: resolution.root)
        var configuration = Engine.Configuration()
        configuration.compiler = .winch
        let engine = try Engine(configuration)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(app.utf8).write(to: folder.appendingPathComponent("app.py"))
        let build = try PythonComponentizer(try #require(carrier)).component(
            of: PythonProgram(module: "app", folders: [folder.path]), world: world, in: resolution.graph,
            engine: engine)
        return try Component(engine: engine, bytes: build.component)
    }

    @Test(
        "reach what the host lets requests reach",
        arguments: [
            ("urlopen('http://a.test/x?y=1').read().decode()", "GET http a.test /x?y=1 "),
            ("urlopen('https://a.test:444/').read().decode()", "GET https a.test:444 / "),
            ("urlopen(Request('http://a.test/p', b'body')).read().decode()", "POST http a.test /p body"),
            ("urlopen(Request('http://a.test/p', method='PURGE')).headers['x-kind']", "plain"),
            ("urlopen('http://a.test/moved').url", "http://a.test/new"),
            ("len(urlopen('http://a.test/large').read())", "1000000"),
            ("urlopen('http://a.test/none')", "HTTPError: HTTP Error 404: Not Found"),
            (
                "urlopen('http://a.test/refused')",
                "URLError: <urlopen error wasi:http: ConnectionRefused>"
            ),
            ("exchange(HTTPConnection('a.test', 81), 'GET', '/')", "200 GET http a.test:81 / "),
            ("exchange(HTTPSConnection('a.test'), 'HEAD', '/')", "200 "),
            ("exchange(HTTPConnection('a.test'), 'POST', '/')", "200 POST http a.test / "),
            (
                "exchange(HTTPConnection('a.test'), 'PUT', '/', iter([b'one ', b'two']), encode_chunked=True, "
                    + "headers={'Transfer-Encoding': 'chunked'})", "200 PUT http a.test / one two"
            ),
            (
                "(lambda c: [exchange(c, 'POST', f'/{n}', 'x' * n) for n in range(3)])(HTTPConnection('a.test'))",
                "['200 POST http a.test /0 ', '200 POST http a.test /1 x', '200 POST http a.test /2 xx']"
            ),
            ("len(exchange(HTTPConnection('a.test', timeout=5), 'POST', '/', b'x' * 300_000))", "300023"),
            (
                "exchange(HTTPConnection('a.test'), 'GET', '/refused')",
                "ConnectionRefusedError: wasi:http: ConnectionRefused"
            ),
        ])
    func requests(_ code: String, _ expected: String) async throws {
        let probe = try Probe(of: try await Self.component.get()) {
            $0.limits.maximumMemory = nil
            $0.http = HTTPGrants(answeredBy: Upstream())
        }
        let answer = try await probe.answer { try MemoryExchange("/", method: "POST", text: code) }
        #expect(answer.text == expected)
    }

    @Test("are denied what is not granted")
    func denied() async throws {
        let probe = try Probe(of: try await Self.component.get()) { $0.limits.maximumMemory = nil }
        let answer = try await probe.answer {
            try MemoryExchange("/", method: "POST", text: "urlopen('http://a.test/')")
        }
        #expect(answer.text == "URLError: <urlopen error wasi:http: HttpRequestDenied>")
    }
}
