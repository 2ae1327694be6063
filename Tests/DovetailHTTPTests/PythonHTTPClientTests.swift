// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailHTTP
import DovetailTestSupport
import Testing

/// Tells what it was asked.
struct TellingServer: HTTPHandler {
    nonisolated(nonsending) func respond(
        to request: HTTPRequest, body: HTTPBody
    ) async throws -> (HTTPResponse, HTTPBody) {
        let text = String(decoding: try await body.collect(limit: 10 << 20), as: UTF8.self)
        switch request.pathWithQuery {
        case "/refused": throw HTTPError.connectionRefused
        case "/large": return (HTTPResponse(status: 200), HTTPBody(String(repeating: "x", count: 1_000_000)))
        case "/moved":
            return (HTTPResponse(status: 302, fields: try HTTPFields([("location", "/new")])), HTTPBody(""))
        case "/cookie":
            return (
                HTTPResponse(status: 200, fields: try HTTPFields([("set-cookie", "crumb=1; Path=/")])), HTTPBody("")
            )
        case "/cookies":
            let values = request.fields.values(of: "cookie").map { String(decoding: $0, as: UTF8.self) }
            return (HTTPResponse(status: 200), HTTPBody(values.joined(separator: "; ")))
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
    .enabled(if: PythonEvaluator.carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct PythonHTTPClientTests {
    private static let component = BlockingWork.Once { () async throws in try PythonEvaluator.component() }

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
            $0.http = HTTPGrants(answeredBy: TellingServer())
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
