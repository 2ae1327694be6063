// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailHTTP
import DovetailPython
import DovetailSystem
import DovetailTestSupport
import Testing

private let packages: String? = {
    let outcome = try? BuiltProduct.runHoldingThread(TestFiles.root + "/Scripts/fetch-requests", [])
    guard let outcome, outcome.code == 0 else {
        print("requests in Python is not tested: \(outcome?.errors ?? "")")
        return nil
    }
    return outcome.firstLine
}()

/// requests as it is on PyPI, in a component, against a server of this library.
@Suite(
    "requests in Python",
    .enabled(if: PythonEvaluator.carrier != nil, "CPython is not in the cache and cannot be fetched"),
    .enabled(if: packages != nil, "requests is not in the cache and cannot be fetched"))
struct PythonRequestsTests {
    private static let component = BlockingWork.Once { () async throws in
        try PythonEvaluator.component(
            importing: """
                import requests

                def session(base):
                    with requests.Session() as session:
                        session.headers["User-Agent"] = "component"
                        session.get(base + "/cookie")
                        return session.get(base + "/cookies").text

                def failure(url, **options):
                    try:
                        requests.get(url, **options)
                    except requests.RequestException as error:
                        return type(error).__name__

                """, folders: [try #require(packages)])
    }

    /// Expressions that name a server as `BASE`, and what they give there.
    private static let cases = [
        ("requests.get('BASE/x', params={'y': 1, 'z': 'a b'}).text", "GET SCHEME HOST /x?y=1&z=a+b "),
        ("requests.post('BASE/p', data=b'body').text", "POST SCHEME HOST /p body"),
        ("requests.put('BASE/j', json={'a': [1, 2]}).text", "PUT SCHEME HOST /j {\"a\": [1, 2]}"),
        ("requests.post('BASE/f', data={'a': 'b c'}).text", "POST SCHEME HOST /f a=b+c"),
        ("requests.post('BASE/c', data=iter([b'one ', b'two'])).text", "POST SCHEME HOST /c one two"),
        ("len(requests.post('BASE/', data=b'x' * 300_000).content) > 300_000", "True"),
        ("(lambda r: (r.status_code, r.headers['X-Kind'], r.ok))(requests.get('BASE/'))", "(200, 'plain', True)"),
        ("(lambda r: (r.url, [h.status_code for h in r.history]))(requests.get('BASE/moved'))", "('BASE/new', [302])"),
        ("requests.get('BASE/none').status_code", "404"),
        ("requests.get('BASE/none').raise_for_status()", "HTTPError: 404 Client Error: Not Found for url: BASE/none"),
        ("sum(map(len, requests.get('BASE/large', stream=True).iter_content(10_000)))", "1000000"),
        ("session('BASE')", "crumb=1"),
        ("failure('http://127.0.0.1:1/', timeout=5)", "ConnectionError"),
        ("requests.__version__, requests.__file__", "('2.32.5', '/app/2/requests/__init__.py')"),
    ]

    private func answers(
        _ expressions: [String], isSecure: Bool, grant: Bool = true
    ) async throws -> (answers: [String], base: String, requests: Int) {
        let certificates = try await TestCertificates.shared.get()
        var serving = HTTPServer.Configuration.patient
        if isSecure {
            serving.certificate = HTTPServer.Certificate(
                chain: certificates.server.certificate, privateKey: certificates.server.key,
                protocols: [.http2, .http1])
        }
        let server = HTTPServer(serving, handler: TellingServer())
        try await server.start()
        let base = "\(isSecure ? "https" : "http")://localhost:\(server.addresses.first?.port ?? 0)"
        var client = HTTPClient.Configuration()
        client.tls = try TLSContext(trusting: .certificates(certificates.authority))
        let granted = HTTPGrants(client: HTTPClient(client))
        let probe = try Probe(of: try await Self.component.get()) {
            $0.limits.maximumMemory = nil
            $0.http = granted
            if grant { $0.wasi.network.outbound = .everywhere }
        }
        var answers: [String] = []
        for expression in expressions {
            let code = expression.replacing("BASE", with: base)
            let answer = try await probe.answer { try MemoryExchange("/", method: "POST", text: code) }
            answers.append(try #require(answer.text).replacing(base, with: "BASE"))
        }
        return (answers, base, Int(server.counters.requests))
    }

    @Test("reaches a server by the host's client", arguments: [false, true])
    func reaches(_ isSecure: Bool) async throws {
        let (answers, base, requests) = try await answers(Self.cases.map(\.0), isSecure: isSecure)
        let parts = base.split(separator: "://").map(String.init)
        for (answer, item) in zip(answers, Self.cases) {
            let expected = item.1.replacing("SCHEME", with: parts[0]).replacing("HOST", with: parts[1])
            #expect(answer == expected, "\(item.0)")
        }
        #expect(requests >= 13)
    }

    @Test("gets no further than the host lets it")
    func denied() async throws {
        let (answers, _, requests) = try await answers(["failure('BASE/')"], isSecure: false, grant: false)
        #expect(answers == ["ConnectionError"])
        #expect(requests == 0)
    }
}
