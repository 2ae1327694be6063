// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailTestSupport
import Testing

@Suite struct HTTP1WriterTests {
    private func written<Failure: Error>(_ body: (inout ByteQueue) throws(Failure) -> Void) throws(Failure) -> String {
        var output = ByteQueue(BufferPool())
        defer { output.removeAll() }
        try body(&output)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    @Test func `fields that frame a message are not taken from others`() throws {
        let fields = try HTTPFields([
            ("Transfer-Encoding", "chunked"), ("content-length", "3"), ("Connection", "close"), ("keep-alive", "x"),
            ("upgrade", "x"), ("proxy-connection", "x"), ("te", "trailers"), ("X-A", "b"), ("host", "c"),
        ])
        #expect(written { HTTP1Writer.fields(fields, to: &$0) } == "X-A: b\r\nhost: c\r\n")
        #expect(written { HTTP1Writer.fields(fields, isRequest: true, to: &$0) } == "te: trailers\r\nX-A: b\r\n")
    }

    @Test func `a status has its words`() {
        #expect(written { HTTP1Writer.statusLine(404, to: &$0) } == "HTTP/1.1 404 Not Found\r\n")
        #expect(written { HTTP1Writer.statusLine(599, to: &$0) } == "HTTP/1.1 599 \r\n")
    }

    @Test func `a request has its target and host`() throws {
        let request = HTTPRequest(method: "PUT", scheme: "http", authority: "a:1", pathWithQuery: "/b?c")
        #expect(
            try written { output in try HTTP1Writer.requestLine(request, to: &output) }
                == "PUT /b?c HTTP/1.1\r\nhost: a:1\r\n")
    }

    @Test(arguments: ["/a b", "/a\r\nx: y", "/\u{0}", "a", "", "/ä", "/#"])
    func `a target that would split the message is refused`(target: String) {
        #expect(throws: HTTPError.httpRequestURIInvalid) {
            try written { output in
                try HTTP1Writer.requestLine(HTTPRequest(authority: "a", pathWithQuery: target), to: &output)
            }
        }
    }

    @Test func `a host or method that would split the message is refused`() {
        #expect(throws: HTTPError.httpRequestURIInvalid) {
            try written { output in try HTTP1Writer.requestLine(HTTPRequest(authority: "a\r\nb: c"), to: &output) }
        }
        #expect(throws: HTTPError.httpRequestMethodInvalid) {
            try written { output in
                try HTTP1Writer.requestLine(HTTPRequest(method: "GET / HTTP/1.1\r\nx:"), to: &output)
            }
        }
    }

    @Test func `a length has to be one number`() throws {
        #expect(try HTTP1Writer.contentLength(HTTPFields([("Content-Length", "12")])) == 12)
        #expect(try HTTP1Writer.contentLength(HTTPFields()) == nil)
        for values in [["1", "1"], ["x"], [""], ["1, 1"]] {
            let fields = try HTTPFields(values.map { ("content-length", $0) })
            #expect(throws: HTTPError.invalidField(name: "content-length")) { try HTTP1Writer.contentLength(fields) }
        }
    }

    @Test func `what is written is read as the same`() throws {
        let trailers = try HTTPFields([
            ("sum", "1"), ("content-length", "9"), ("Host", "b"), ("transfer-encoding", "x"),
        ])
        let text = written { output in
            HTTP1Writer.statusLine(200, to: &output)
            "transfer-encoding: chunked\r\n\r\n".utf8.withContiguousStorageIfAvailable {
                output.append(UnsafeRawBufferPointer($0))
            }
            for piece in ["0\r\n\r\n", "", String(repeating: "x", count: 70_000)] {
                Array(piece.utf8).withUnsafeBytes { HTTP1Writer.chunk($0, to: &output) }
            }
            HTTP1Writer.lastChunk(trailers, to: &output)
        }
        let outcome = ParsedMessage.parse(.response, Array(text.utf8), ends: [])
        guard case .response(_, let body, let found, _, let rest) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(body == "0\r\n\r\n" + String(repeating: "x", count: 70_000) && rest == "")
        #expect(found == (try HTTPFields([("sum", "1")])))
    }
}
