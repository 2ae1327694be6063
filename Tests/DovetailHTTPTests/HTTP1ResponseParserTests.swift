// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailTestSupport
import Testing

@Suite struct HTTP1ResponseParserTests {
    private func outcome(_ text: String, toMethod method: String = "GET") throws -> ParsedMessage {
        let outcomes = ParsedMessage.everyWay(.response, Array(text.utf8), toMethod: method)
        #expect(outcomes.count == 1)
        return outcomes[0]
    }

    @Test(arguments: [
        "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1\t200 OK\r\n\r\n", "http/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 O\u{0}K\r\n\r\n",
        "HTTP/1.1 200 OK\n\r\n", "HTTP/1.1 200 OK\r\na : b\r\n\r\n", "HTTP/1.1 200 OK\r\na: b\r\n c\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\na",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: a\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked, chunked\r\n\r\n",
        "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\n", "\r\nHTTP/1.1 200 OK\r\n\r\n",
    ])
    func `a response that is not clear is refused`(text: String) throws {
        guard case .refused(400, _) = try outcome(text) else {
            Issue.record("\(text.debugDescription): \(try outcome(text))")
            return
        }
    }

    @Test func `versions and codings that are not known have errors of their own`() throws {
        #expect(try outcome("HTTP/2.0 200 OK\r\n\r\n").description.hasPrefix("505"))
        #expect(try outcome("HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n").description.hasPrefix("501"))
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabcdef", "GET", "abc", "def"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabcdef", "HEAD", "", "abcdef"),
        ("HTTP/1.1 204 No Content\r\ncontent-length: 3\r\n\r\nabc", "GET", "", "abc"),
        ("HTTP/1.1 304 Not Modified\r\ncontent-length: 3\r\n\r\nabc", "GET", "", "abc"),
        ("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200", "GET", "", "HTTP/1.1 200"),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nx", "GET", "abc", "x"),
        ("HTTP/1.1 200 OK\r\n\r\nto the end", "GET", "to the end", ""),
        ("HTTP/1.0 200 OK\r\n\r\nto the end", "GET", "to the end", ""),
        ("HTTP/1.1 200\r\ncontent-length: 0\r\n\r\nx", "GET", "", "x"),
        ("HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\nx", "GET", "", "x"),
        ("HTTP/1.1 599 \u{e4} nice\tday\r\ncontent-length: 0\r\n\r\nx", "GET", "", "x"),
    ])
    func `a body ends where it should`(text: String, method: String, expected: String, expectedRest: String) throws {
        guard case .response(_, let body, _, _, let rest) = try outcome(text, toMethod: method) else {
            Issue.record("\(text.debugDescription): \(try outcome(text, toMethod: method))")
            return
        }
        #expect(body == expected && rest == expectedRest)
    }

    @Test func `a body to the end of the connection has a limit, too`() {
        var limits = HTTP1Limits()
        limits.bodySize = 5
        let bytes = Array("HTTP/1.1 200 OK\r\n\r\n123456".utf8)
        let outcomes = ParsedMessage.everyWay(.response, bytes, limits: limits)
        guard outcomes.count == 1, case .refused(413, _) = outcomes[0] else {
            Issue.record("\(outcomes)")
            return
        }
    }
}
