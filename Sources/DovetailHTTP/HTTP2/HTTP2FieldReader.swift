// SPDX-License-Identifier: Apache-2.0

/// Puts together the head or the trailers of a message, field by field as HPACK gives them.
///
/// nghttp2 has checked the grammar of names and values, the order and the number of pseudo-header fields, and that there are no fields of
/// connections (RFC 9113, 8.2 and 8.3).
struct HTTP2FieldReader {
    private var bytes: [UInt8] = []
    private var entries: [HTTPFields.Entry] = []
    private var cookies: [UInt8] = []
    private var limit = 0
    /// The size of all fields as RFC 9113 counts it (6.5.2).
    private(set) var size = 0
    private(set) var expectsContinue = false
    private var method: String?
    private var scheme: String?
    private var authority: String?
    private var host: String?
    private var path: String?
    private var status: UInt16 = 0

    mutating func begin(limit: Int) {
        self = HTTP2FieldReader()
        self.limit = limit
    }

    /// The status that a request gets whose head is too large.
    var refusal: UInt16? { size > limit ? 431 : nil }
    /// Whether it is so much that not even the rest should be listened to.
    var isEndless: Bool { size > 8 * limit }

    mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        size += name.count + value.count + 32
        guard size <= limit, let first = name.first else { return }
        if first == UInt8(ascii: ":") { return addPseudo(name, value) }
        switch name.count {
        case 4 where HTTPSyntax.equals(name, "host"):
            if host == nil { host = text(value) } else { host = "," }
            return
        case 6 where HTTPSyntax.equals(name, "cookie"):
            // A cookie may come in pieces, for the compression's sake (RFC 9113, 8.2.3).
            if !cookies.isEmpty { cookies.append(contentsOf: [UInt8(ascii: ";"), UInt8(ascii: " ")]) }
            cookies.append(contentsOf: value)
            return
        case 6 where HTTPSyntax.equals(name, "expect"):
            if HTTPSyntax.equals(value, "100-continue") { expectsContinue = true }
        default: break
        }
        append(name, value)
    }

    private mutating func append(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        if entries.isEmpty {
            bytes.reserveCapacity(256)
            entries.reserveCapacity(8)
        }
        entries.append(
            HTTPFields.Entry(
                name: UInt32(bytes.count), nameCount: UInt32(name.count),
                value: UInt32(bytes.count + name.count),
                valueCount: UInt32(value.count)))
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: value)
    }

    private mutating func addPseudo(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        switch name.count {
        case 5: path = text(value)
        case 10: authority = text(value)
        case 7 where name[1] == UInt8(ascii: "m"): method = text(value)
        case 7 where name[2] == UInt8(ascii: "c"): scheme = text(value)
        case 7:
            status = value.reduce(0) { $0 &* 10 &+ UInt16($1 &- UInt8(ascii: "0")) }
        default: break
        }
    }

    private func text(_ bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    private mutating func fields() -> HTTPFields {
        if !cookies.isEmpty {
            let pieces = cookies
            pieces.withUnsafeBytes { value in
                ("cookie" as StaticString).withUTF8Buffer { append(UnsafeRawBufferPointer($0), value) }
            }
            cookies = []
        }
        return HTTPFields(valid: bytes, entries)
    }

    /// The head of a request; nil when it is malformed.
    mutating func request() -> HTTPRequest? {
        guard let method else { return nil }
        // Only one of the two can be meant (RFC 9113, 8.3.1).
        if let authority, let host, authority != host { return nil }
        let place = authority ?? host
        if let place {
            guard HTTPAuthority.isValid(place) else { return nil }
        } else if scheme == "http" || scheme == "https" || method == "CONNECT" {
            return nil
        }
        return HTTPRequest(
            method: method, scheme: scheme, authority: place, pathWithQuery: path, fields: fields())
    }

    /// The head of a response.
    mutating func response() -> HTTPResponse { HTTPResponse(status: status, fields: fields()) }

    mutating func trailers() -> HTTPFields { fields() }
}
