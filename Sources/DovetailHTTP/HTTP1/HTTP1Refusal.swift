// SPDX-License-Identifier: Apache-2.0

/// Why a message of HTTP/1 is not taken; its length may not be known then, so the connection cannot be used any longer.
package struct HTTP1Refusal: Error, Equatable {
    /// What a server answers.
    package let status: UInt16
    package let reason: StaticString

    init(_ status: UInt16, _ reason: StaticString) {
        self.status = status
        self.reason = reason
    }

    package static func == (left: HTTP1Refusal, right: HTTP1Refusal) -> Bool {
        left.status == right.status && "\(left.reason)" == "\(right.reason)"
    }

    /// As the server that was sent the message tells it.
    var ofRequest: HTTPError { .refused(status: status, reason: "\(reason)") }

    /// As the client that was sent the message tells it.
    var ofResponse: HTTPError {
        switch status {
        case 413: .httpResponseBodySize(nil)
        case 431: .httpResponseHeaderSectionSize(nil)
        case 501: .httpResponseTransferCoding(nil)
        default: .httpProtocolError
        }
    }
}

// The wording of every refusal.
extension HTTP1Refusal {
    static let emptyLines = HTTP1Refusal(400, "expected a request, found empty lines")
    static let method = HTTP1Refusal(400, "the method is not a token")
    static let unknownMethod = HTTP1Refusal(501, "the method is too long")
    static let target = HTTP1Refusal(400, "the target of the request is not valid")
    static let targetSize = HTTP1Refusal(414, "the target of the request is too long")
    static let version = HTTP1Refusal(400, "expected `HTTP/1.1` and the end of the line")
    static let otherVersion = HTTP1Refusal(505, "only HTTP/1.1 and HTTP/1.0 are spoken here")
    static let statusLine = HTTP1Refusal(400, "the status line is not valid")
    static let headSize = HTTP1Refusal(431, "the fields are too large")
    static let fieldSize = HTTP1Refusal(431, "a field is too large")
    static let fieldCount = HTTP1Refusal(431, "there are too many fields")
    static let fieldName = HTTP1Refusal(400, "the name of a field is not a token followed by a colon")
    static let fieldValue = HTTP1Refusal(400, "the value of a field has a control character in it")
    static let folding = HTTP1Refusal(400, "a field goes on in the next line")
    static let lineEnd = HTTP1Refusal(400, "a line does not end with CR and LF")
    static let noHost = HTTP1Refusal(400, "a request of HTTP/1.1 needs a `host`")
    static let severalHosts = HTTP1Refusal(400, "there is more than one `host`")
    static let host = HTTP1Refusal(400, "`host` is not a host with an optional port")
    static let otherHost = HTTP1Refusal(400, "`host` is not the host of the target")
    static let connection = HTTP1Refusal(400, "`connection` is not a list of tokens")
    static let contentLength = HTTP1Refusal(400, "`content-length` is not a number")
    static let severalLengths = HTTP1Refusal(400, "there is more than one `content-length`")
    static let lengthAndCoding = HTTP1Refusal(
        400, "there is a `content-length` and a `transfer-encoding`")
    static let codingInHTTP10 = HTTP1Refusal(400, "HTTP/1.0 has no `transfer-encoding`")
    static let severalCodings = HTTP1Refusal(400, "there is more than one `transfer-encoding`")
    static let coding = HTTP1Refusal(400, "`transfer-encoding` does not end with `chunked`")
    static let otherCoding = HTTP1Refusal(501, "no transfer coding but `chunked` is supported")
    static let expectation = HTTP1Refusal(417, "nothing but `100-continue` can be expected")
    static let bodySize = HTTP1Refusal(413, "the body is too large")
    static let chunkSize = HTTP1Refusal(400, "the size of a chunk is not a hexadecimal number")
    static let chunkExtension = HTTP1Refusal(400, "an extension of a chunk is not valid")
    static let extensionSize = HTTP1Refusal(400, "the extensions of chunks are too large")
    static let chunkEnd = HTTP1Refusal(400, "a chunk does not end with CR and LF")
    static let trailerSize = HTTP1Refusal(431, "the trailers are too large")
    static let cutShort = HTTP1Refusal(400, "the body was cut short")
    static let timeout = HTTP1Refusal(408, "the client is too slow")
    static let trailerName = HTTP1Refusal(400, "a trailer tells what only a field may")
}
