// SPDX-License-Identifier: Apache-2.0

/// Writes messages of HTTP/1.1. Whatever it is given, what it writes has one meaning alone.
package enum HTTP1Writer {
    /// Fields that belong to the connection, or frame the message: written by this one alone, never taken from others.
    static func isFraming(_ name: UnsafeRawBufferPointer) -> Bool {
        switch name.count {
        case 2: HTTPSyntax.equals(name, "te")
        case 7: HTTPSyntax.equals(name, "upgrade")
        case 10: HTTPSyntax.equals(name, "connection") || HTTPSyntax.equals(name, "keep-alive")
        case 14: HTTPSyntax.equals(name, "content-length")
        case 16: HTTPSyntax.equals(name, "proxy-connection")
        case 17: HTTPSyntax.equals(name, "transfer-encoding")
        default: false
        }
    }

    /// The length that fields promise; nil without one.
    ///
    /// - Throws: ``HTTPError/invalidField(name:)`` when there are several, or something else than a number.
    package static func contentLength(_ fields: HTTPFields) throws(HTTPError) -> UInt64? {
        var found: UInt64?
        try fields.forEach { (name, value) throws(HTTPError) in
            guard name.count == 14, HTTPSyntax.equals(name, "content-length") else { return }
            guard found == nil, let length = HTTPSyntax.number(value) else {
                throw .invalidField(name: "content-length")
            }
            found = length
        }
        return found
    }

    /// Whether fields ask for the connection to be closed.
    static func saysClose(_ fields: HTTPFields) -> Bool {
        var found = false
        fields.forEach { name, value in
            guard name.count == 10, HTTPSyntax.equals(name, "connection") else { return }
            var list = HTTPTokenList(value)
            while let token = list.next() {
                if HTTPSyntax.equals(token, "close") { found = true }
            }
        }
        return found
    }

    // MARK: - Heads

    /// Writes `HTTP/1.1 200 OK`; the status must have three digits.
    package static func statusLine(_ status: UInt16, to output: inout ByteQueue) {
        if status == 200 { return output.append("HTTP/1.1 200 OK\r\n") }
        output.append("HTTP/1.1 ")
        output.append(decimal: UInt64(status))
        output.append(" ")
        output.append(reason(status))
        output.append("\r\n")
    }

    /// Writes the first line of a request and its `host`.
    ///
    /// - Throws: ``HTTPError/httpRequestMethodInvalid`` and ``HTTPError/httpRequestURIInvalid``.
    package static func requestLine(_ request: HTTPRequest, to output: inout ByteQueue) throws(HTTPError) {
        guard HTTPSyntax.isToken(request.method), request.method.utf8.count <= 32 else {
            throw .httpRequestMethodInvalid
        }
        let authority = request.authority ?? ""
        guard authority.isEmpty || HTTPAuthority.isValid(authority) else { throw .httpRequestURIInvalid }
        var target = request.pathWithQuery ?? "/"
        if request.method == "CONNECT" { target = authority }
        guard isTarget(target, request.method) else { throw .httpRequestURIInvalid }
        output.append(text: request.method)
        output.append(" ")
        output.append(text: target)
        output.append(" HTTP/1.1\r\nhost: ")
        output.append(text: authority)
        output.append("\r\n")
    }

    /// Whether a request may have such a target.
    static func isTarget(_ target: String, _ method: String) -> Bool {
        var target = target
        return target.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            guard let first = bytes.first, HTTPSyntax.endOfTarget(bytes, from: 0) == bytes.count else { return false }
            if method == "CONNECT" { return true }
            return first == 0x2F || (method == "OPTIONS" && bytes.count == 1 && first == 0x2A)
        }
    }

    /// Writes all fields that do not frame the message, and are not in the way of those that do; whether `date` was among them.
    @discardableResult
    package static func fields(_ fields: HTTPFields, isRequest: Bool = false, to output: inout ByteQueue) -> Bool {
        var hasDate = false
        fields.forEach { name, value in
            if isFraming(name) {
                // That trailers are understood is the one thing `te` may say (RFC 9110, 10.1.4).
                guard isRequest, name.count == 2, HTTPSyntax.equals(value, "trailers") else { return }
                return output.append("te: trailers\r\n")
            }
            if name.count == 4 {
                if isRequest && HTTPSyntax.equals(name, "host") { return }
                hasDate = hasDate || HTTPSyntax.equals(name, "date")
            }
            output.append(field: name, value)
        }
        return hasDate
    }

    // MARK: - Bodies

    /// Writes a chunk, which must not be empty.
    package static func chunk(_ bytes: UnsafeRawBufferPointer, to output: inout ByteQueue) {
        guard !bytes.isEmpty else { return }
        output.append(hexadecimal: UInt64(bytes.count))
        output.append("\r\n")
        output.append(bytes)
        output.append("\r\n")
    }

    /// Writes the last chunk, with trailers.
    package static func lastChunk(_ trailers: HTTPFields?, to output: inout ByteQueue) {
        output.append("0\r\n")
        trailers?.forEach { name, value in
            if isFraming(name) || HTTPSyntax.equals(name, "host") || HTTPSyntax.equals(name, "trailer") { return }
            output.append(field: name, value)
        }
        output.append("\r\n")
    }

    /// The usual words for a status; none for one that has none.
    static func reason(_ status: UInt16) -> StaticString {
        switch status {
        case 100: "Continue"
        case 101: "Switching Protocols"
        case 102: "Processing"
        case 103: "Early Hints"
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 203: "Non-Authoritative Information"
        case 204: "No Content"
        case 205: "Reset Content"
        case 206: "Partial Content"
        case 207: "Multi-Status"
        case 300: "Multiple Choices"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 402: "Payment Required"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 407: "Proxy Authentication Required"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 417: "Expectation Failed"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 426: "Upgrade Required"
        case 428: "Precondition Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 451: "Unavailable For Legal Reasons"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: ""
        }
    }
}
