// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailTestSupport
import Testing

@Suite struct HTTP1RequestParserTests {
    /// Requests that have to be refused: a name, the status, the bytes.
    static let refused: [(String, UInt16, String)] = [
        ("no method", 400, " / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("a method that is no token", 400, "G@T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("a method without end", 501, "\(String(repeating: "A", count: 33)) / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("bytes of another protocol", 400, "\u{16}\u{3}\u{1}\u{2}\u{0}"),
        ("two spaces", 400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("a tab", 400, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("no target", 400, "GET HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("a target without a slash", 400, "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("a fragment", 400, "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("a control character in the target", 400, "GET /a\u{1}b HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("NUL in the target", 400, "GET /a\u{0}b HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("DEL in the target", 400, "GET /a\u{7F}b HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("a byte from 128 on in the target", 400, "GET /ä HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("an asterisk for GET", 400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("another scheme", 400, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("an absolute target without host", 400, "GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("an absolute target with user information", 400, "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("another host in the target", 400, "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("CONNECT with a path", 400, "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("CONNECT without a port", 400, "CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("no version", 400, "GET /\r\nHost: a\r\n\r\n"),
        ("a version in small letters", 400, "GET / http/1.1\r\nHost: a\r\n\r\n"),
        ("a version with words behind it", 400, "GET / HTTP/1.1 x\r\nHost: a\r\n\r\n"),
        ("a version of two digits", 400, "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
        ("a version without a point", 400, "GET / HTTP/11\r\nHost: a\r\n\r\n"),
        ("HTTP/2", 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
        ("HTTP/1.2", 505, "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
        ("HTTP/0.9", 505, "GET / HTTP/0.9\r\nHost: a\r\n\r\n"),
        ("a first line that ends with LF", 400, "GET / HTTP/1.1\nHost: a\r\n\r\n"),
        ("a first line that ends with CR", 400, "GET / HTTP/1.1\rHost: a\r\n\r\n"),
        ("CR without LF before the request", 400, "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("LF before the request", 400, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("many empty lines before the request", 400, "\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("a field that ends with LF", 400, "GET / HTTP/1.1\r\nHost: a\nx: y\r\n\r\n"),
        ("a field that ends with CR", 400, "GET / HTTP/1.1\r\nHost: a\rx: y\r\n\r\n"),
        ("an end of LF", 400, "GET / HTTP/1.1\r\nHost: a\r\n\n"),
        ("an end of CR", 400, "GET / HTTP/1.1\r\nHost: a\r\n\rx"),
        ("folding", 400, "GET / HTTP/1.1\r\nHost: a\r\nx: y\r\n z\r\n\r\n"),
        ("folding with a tab", 400, "GET / HTTP/1.1\r\nHost: a\r\nx: y\r\n\tz\r\n\r\n"),
        ("folding of the first field", 400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        ("a space before the colon", 400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
        ("a field without a colon", 400, "GET / HTTP/1.1\r\nHost: a\r\nx\r\n\r\n"),
        ("a field without a name", 400, "GET / HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n"),
        ("a name that is no token", 400, "GET / HTTP/1.1\r\nHost: a\r\nx[]: y\r\n\r\n"),
        ("a name with bytes from 128 on", 400, "GET / HTTP/1.1\r\nHost: a\r\nä: y\r\n\r\n"),
        ("NUL in a value", 400, "GET / HTTP/1.1\r\nHost: a\r\nx: a\u{0}b\r\n\r\n"),
        ("a control character in a value", 400, "GET / HTTP/1.1\r\nHost: a\r\nx: a\u{8}b\r\n\r\n"),
        ("DEL in a value", 400, "GET / HTTP/1.1\r\nHost: a\r\nx: \u{7F}\r\n\r\n"),
        ("no host", 400, "GET / HTTP/1.1\r\n\r\n"),
        ("two hosts", 400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
        ("two hosts in HTTP/1.0", 400, "GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n"),
        ("a list of hosts", 400, "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
        ("a host with a path", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        ("a host with a user", 400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
        ("a host with a space", 400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        ("a host with bytes from 128 on", 400, "GET / HTTP/1.1\r\nHost: ä\r\n\r\n"),
        ("a port that is no number", 400, "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"),
        ("a port that is too large", 400, "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"),
        ("a port alone", 400, "GET / HTTP/1.1\r\nHost: :80\r\n\r\n"),
        ("two ports", 400, "GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n"),
        ("an open bracket", 400, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"),
        ("words in brackets", 400, "GET / HTTP/1.1\r\nHost: [xyz]\r\n\r\n"),
        ("words behind brackets", 400, "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n"),
        ("half a percent sign", 400, "GET / HTTP/1.1\r\nHost: a%4\r\n\r\n"),
        ("a length and a coding", 400, post("Content-Length: 3\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        ("a coding and a length", 400, post("Transfer-Encoding: chunked\r\nContent-Length: 3", "0\r\n\r\n")),
        ("two lengths that differ", 400, post("Content-Length: 3\r\nContent-Length: 4", "abcd")),
        ("two lengths that agree", 400, post("Content-Length: 3\r\nContent-Length: 3", "abc")),
        ("a list of lengths", 400, post("Content-Length: 3, 3", "abc")),
        ("an empty length", 400, post("Content-Length: ", "")),
        ("a negative length", 400, post("Content-Length: -1", "")),
        ("a length with a plus sign", 400, post("Content-Length: +3", "abc")),
        ("a length with a space", 400, post("Content-Length: 1 2", "abc")),
        ("a hexadecimal length", 400, post("Content-Length: 0x3", "abc")),
        ("a length with a point", 400, post("Content-Length: 3.0", "abc")),
        ("a length above 2^63", 400, post("Content-Length: 9223372036854775808", "abc")),
        ("a length above 2^64", 400, post("Content-Length: 18446744073709551619", "abc")),
        ("another coding before chunked", 501, post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n")),
        ("another coding", 400, post("Transfer-Encoding: gzip", "")),
        ("identity", 400, post("Transfer-Encoding: identity", "")),
        ("chunked twice", 400, post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n")),
        ("chunked before another coding", 400, post("Transfer-Encoding: chunked, gzip", "0\r\n\r\n")),
        ("a comma before chunked", 400, post("Transfer-Encoding: , chunked", "0\r\n\r\n")),
        ("a comma behind chunked", 400, post("Transfer-Encoding: chunked,", "0\r\n\r\n")),
        ("chunked with a parameter", 400, post("Transfer-Encoding: chunked;q=1", "0\r\n\r\n")),
        ("chunked in quotes", 400, post("Transfer-Encoding: \"chunked\"", "0\r\n\r\n")),
        ("chunked in two fields", 400, post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        ("codings in two fields", 400, post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n")),
        ("an empty coding", 400, post("Transfer-Encoding: ", "0\r\n\r\n")),
        ("a word that begins as chunked", 400, post("Transfer-Encoding: chunkedx", "0\r\n\r\n")),
        (
            "a coding in HTTP/1.0", 400,
            "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        ("an expectation", 417, post("Expect: tea\r\nContent-Length: 1", "a")),
        ("something that is no token in connection", 400, "GET / HTTP/1.1\r\nHost: a\r\nConnection: a b\r\n\r\n"),
        ("a chunk size that is no number", 400, chunked("x\r\nabc\r\n0\r\n\r\n")),
        ("an empty chunk size", 400, chunked("\r\nabc\r\n0\r\n\r\n")),
        ("a chunk size with 0x", 400, chunked("0x3\r\nabc\r\n0\r\n\r\n")),
        ("a negative chunk size", 400, chunked("-3\r\nabc\r\n0\r\n\r\n")),
        ("a chunk size with a space before it", 400, chunked(" 3\r\nabc\r\n0\r\n\r\n")),
        ("a chunk size with a space behind it", 400, chunked("3 \r\nabc\r\n0\r\n\r\n")),
        ("a chunk size of 17 digits", 400, chunked("00000000000000003\r\nabc\r\n0\r\n\r\n")),
        ("a chunk size above 2^63", 400, chunked("8000000000000000\r\nabc\r\n0\r\n\r\n")),
        ("a chunk size that ends with LF", 400, chunked("3\nabc\r\n0\r\n\r\n")),
        ("a chunk size that ends with CR", 400, chunked("3\rabc\r\n0\r\n\r\n")),
        ("a chunk that is longer than it says", 400, chunked("3\r\nabcd\r\n0\r\n\r\n")),
        ("a chunk that ends with LF", 400, chunked("3\r\nabc\n0\r\n\r\n")),
        ("a chunk that ends with CR", 400, chunked("3\r\nabc\r0\r\n\r\n")),
        ("NUL in an extension", 400, chunked("3;a=\u{0}\r\nabc\r\n0\r\n\r\n")),
        ("an extension without a name", 400, chunked("3;\r\nabc\r\n0\r\n\r\n")),
        ("an extension without a value", 400, chunked("3;a=\r\nabc\r\n0\r\n\r\n")),
        ("an extension with a space", 400, chunked("3; a\r\nabc\r\n0\r\n\r\n")),
        ("an extension with open quotes", 400, chunked("3;a=\"b\r\nabc\r\n0\r\n\r\n")),
        ("an extension that ends with LF", 400, chunked("3;a\nabc\r\n0\r\n\r\n")),
        ("words behind a quoted extension", 400, chunked("3;a=\"b\"c\r\nabc\r\n0\r\n\r\n")),
        ("a length in the trailers", 400, chunked("0\r\nContent-Length: 3\r\n\r\n")),
        ("a coding in the trailers", 400, chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n")),
        ("a host in the trailers", 400, chunked("0\r\nHost: b\r\n\r\n")),
        ("folding in the trailers", 400, chunked("0\r\na: b\r\n c\r\n\r\n")),
        ("trailers that end with LF", 400, chunked("0\r\na: b\n\r\n")),
        ("a trailer that is none", 400, chunked("0\r\nGET / HTTP/1.1\r\n\r\n")),
    ]

    static func post(_ fields: String, _ body: String) -> String {
        "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)"
    }

    static func chunked(_ body: String) -> String { post("Transfer-Encoding: chunked", body) }

    @Test(arguments: refused.indices)
    func `what could be understood in two ways is refused, in whatever pieces it comes`(index: Int) {
        let (name, status, text) = Self.refused[index]
        let outcomes = ParsedMessage.everyWay(.request, Array(text.utf8))
        guard outcomes.count == 1, case .refused(status, _) = outcomes[0] else {
            Issue.record("\(name): expected \(status), found \(outcomes)")
            return
        }
    }

    private func request(_ text: String) throws -> (HTTPRequest, body: String, HTTPFields?, keeps: Bool, rest: String) {
        let outcomes = ParsedMessage.everyWay(.request, Array(text.utf8))
        #expect(outcomes.count == 1)
        guard case .request(let request, let body, let trailers, let keeps, let rest) = outcomes[0] else {
            throw ParsingFailed(outcome: outcomes[0])
        }
        return (request, body, trailers, keeps, rest)
    }

    struct ParsingFailed: Error { let outcome: ParsedMessage }

    @Test func `a request has its target, host and fields`() throws {
        let text = "GET /a/b?c=d HTTP/1.1\r\nHost: example.com:8080\r\nX-Y:\t v w \t\r\nempty:\r\n\r\nGET"
        let (request, body, trailers, keeps, rest) = try request(text)
        #expect(request.method == "GET" && request.pathWithQuery == "/a/b?c=d")
        #expect(request.scheme == "http" && request.authority == "example.com:8080")
        #expect(request.fields == (try HTTPFields([("host", "example.com:8080"), ("x-y", "v w"), ("empty", "")])))
        #expect(body == "" && trailers == nil && keeps && rest == "GET")
    }

    static let targets: [(String, String?, String?)] = [
        ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "a", "*"),
        ("GET http://A.b:1/x?y HTTP/1.1\r\nHost: a.B:1\r\n\r\n", "A.b:1", "/x?y"),
        ("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", "a", "/"),
        ("GET HTTPS://a?x HTTP/1.1\r\nHost: a\r\n\r\n", "a", "/?x"),
        ("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", "a:443", nil),
        ("GET / HTTP/1.0\r\n\r\n", nil, "/"),
        ("GET / HTTP/1.1\r\nHost:\r\n\r\n", nil, "/"),
        ("GET / HTTP/1.1\r\nHost: [::ffff:1.2.3.4]:80\r\n\r\n", "[::ffff:1.2.3.4]:80", "/"),
        ("GET / HTTP/1.1\r\nHost: a%2F_~b:\r\n\r\n", "a%2F_~b:", "/"),
        ("GET /{|}\"<>^`\\ HTTP/1.1\r\nHost: a\r\n\r\n", "a", "/{|}\"<>^`\\"),
        ("\r\n\r\nGET // HTTP/1.1\r\nHost: a\r\n\r\n", "a", "//"),
    ]

    @Test(arguments: targets)
    func `each form of a target is understood`(text: String, authority: String?, path: String?) throws {
        let found = try request(text).0
        #expect(found.authority == authority && found.pathWithQuery == path)
    }

    @Test(arguments: [
        ("HTTP/1.1", "", true), ("HTTP/1.1", "close", false), ("HTTP/1.1", "Foo, CLOSE", false),
        ("HTTP/1.0", "", false), ("HTTP/1.0", "Keep-Alive", true), ("HTTP/1.0", "keep-alive, close", false),
        ("HTTP/1.1", ",, upgrade ,", true),
    ])
    func `a connection is kept as its client asks`(version: String, connection: String, keeps: Bool) throws {
        #expect(try request("GET / \(version)\r\nHost: a\r\nConnection: \(connection)\r\n\r\n").keeps == keeps)
    }

    @Test func `a body ends where its length says`() throws {
        let (_, body, _, _, rest) = try request(Self.post("content-length: 0005", "hello world"))
        #expect(body == "hello" && rest == " world")
        #expect(try request(Self.post("content-length: 0", "x")).body == "")
    }

    @Test func `chunks come together, with their trailers`() throws {
        let text = Self.chunked(
            "3\r\nabc\r\n00A;x;y=z;q=\"a\\\"b\"\r\n0123456789\r\n0\r\nSum: 1 \r\nb:\r\n\r\nrest")
        let (_, body, trailers, _, rest) = try request(text)
        #expect(body == "abc0123456789" && rest == "rest")
        #expect(trailers == (try HTTPFields([("sum", "1"), ("b", "")])))
        let (_, none, noTrailers, _, _) = try request(Self.chunked("0\r\n\r\n"))
        #expect(none == "" && noTrailers == nil)
    }

    @Test func `limits hold, each with its status`() {
        var limits = HTTP1Limits()
        limits.targetSize = 20
        limits.headSize = 300
        limits.fieldCount = 4
        limits.fieldSize = 100
        limits.extensionSize = 12
        limits.trailerSize = 50
        limits.bodySize = 12
        func outcome(_ text: String) -> String {
            let outcomes = ParsedMessage.everyWay(.request, Array(text.utf8), limits: limits)
            guard outcomes.count == 1 else { return "differs: \(outcomes)" }
            switch outcomes[0] {
            case .refused(let status, _): return "\(status)"
            case .request: return "taken"
            default: return "\(outcomes[0])"
            }
        }
        func letters(_ count: Int) -> String { String(repeating: "a", count: count) }
        #expect(outcome("GET /\(letters(19)) HTTP/1.1\r\nHost: a\r\n\r\n") == "taken")
        #expect(outcome("GET /\(letters(20)) HTTP/1.1\r\nHost: a\r\n\r\n") == "414")
        #expect(outcome("GET /\(letters(1000))") == "414")
        #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\nx: \(letters(95))\r\n\r\n") == "taken")
        #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\nx: \(letters(100))\r\n\r\n") == "431")
        #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\n\(letters(101))") == "431")
        #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\nx:\(String(repeating: " ", count: 101))") == "431")
        #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\na:\r\nb:\r\nc:\r\n\r\n") == "taken")
        #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\na:\r\nb:\r\nc:\r\nd:\r\n\r\n") == "431")
        let line = "x: \(letters(80))\r\n"
        #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\n\(line)\(line)\(line)\r\n") == "taken")
        #expect(outcome("GET / HTTP/1.1\r\nHost: abcdefghijklmnopqrstuvwxyz\r\n\(line)\(line)\(line)\r\n") == "431")
        #expect(outcome(Self.post("Content-Length: 12", letters(12))) == "taken")
        #expect(outcome(Self.post("Content-Length: 13", "")) == "413")
        #expect(outcome(Self.chunked("6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n")) == "taken")
        #expect(outcome(Self.chunked("6\r\nabcdef\r\n7\r\n")) == "413")
        #expect(outcome(Self.chunked("1;abcd\r\na\r\n1;abcd\r\na\r\n0\r\n\r\n")) == "taken")
        #expect(outcome(Self.chunked("1;abcd\r\na\r\n1;abcdef\r\na\r\n0\r\n\r\n")) == "400")
        #expect(outcome(Self.chunked("0\r\na: \(letters(40))\r\n\r\n")) == "taken")
        #expect(outcome(Self.chunked("0\r\na: \(letters(46))\r\n\r\n")) == "431")
        #expect(outcome(Self.chunked("0\r\na:\r\nb:\r\nc:\r\nd:\r\ne:\r\n\r\n")) == "431")
    }

    @Test func `a head that comes byte by byte costs no more than its bytes`() throws {
        // A line that was looked at from its beginning for each byte would be half a billion steps here.
        var limits = HTTP1Limits()
        limits.headSize = 1 << 20
        limits.fieldSize = 1 << 20
        let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nx: \(String(repeating: "a", count: 100_000))\r\n\r\n".utf8)
        var parser = HTTP1HeadParser(.request, limits)
        for end in 1...bytes.count {
            let length = try bytes[..<end].withRaw { (bytes) throws(HTTP1Refusal) in try parser.parse(bytes) }
            #expect(length == (end == bytes.count ? end : nil))
        }
    }
}
