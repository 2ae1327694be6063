// SPDX-License-Identifier: Apache-2.0

/// What the head of a message says, as offsets from its first byte.
package struct HTTP1Head {
    /// A run of bytes.
    struct Part: BitwiseCopyable {
        var start = 0
        var count = 0
        var range: Range<Int> { start..<start + count }
    }

    /// Of a request.
    var method = Part()
    var target = Part()
    var host: Part?
    package internal(set) var expectsContinue = false
    /// Of a response.
    var status: UInt16 = 0

    var isHTTP10 = false
    var contentLength: UInt64?
    var isChunked = false
    /// What `connection` asks for.
    var saysClose = false
    var saysKeepAlive = false
    /// Where each field lies.
    var entries: [HTTPFields.Entry] = []

    /// Whether another message may follow.
    package var keepsAlive: Bool { !saysClose && (!isHTTP10 || saysKeepAlive) }
}

/// How the end of a body is found.
package enum HTTP1Framing: Equatable, Sendable {
    /// There is none.
    case empty
    case length(UInt64)
    case chunked
    /// With the connection; of responses alone.
    case untilClose
}
