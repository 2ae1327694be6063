// SPDX-License-Identifier: Apache-2.0

// What the head of a message comes to.
extension HTTP1HeadParser {
    /// The forms a target has (RFC 9112, 3.2): `/path`, `http://host/path`, `*` with `OPTIONS`, `host:port` with `CONNECT`.
    func checkTarget(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Refusal) {
        let target = UnsafeRawBufferPointer(rebasing: bytes[head.target.range])
        if isMethod("CONNECT", bytes) {
            guard HTTPAuthority.isValid(target), HTTPAuthority.hasPort(target) else { throw .target }
            return
        }
        if target[0] == 0x2F { return }
        if target[0] == 0x2A {
            guard target.count == 1, isMethod("OPTIONS", bytes) else { throw .target }
            return
        }
        guard let authority = HTTP1Head.authority(ofTarget: target) else { throw .target }
        let name = UnsafeRawBufferPointer(rebasing: target[authority])
        guard HTTPAuthority.isValid(name) else { throw .target }
        guard let host = head.host else { return }
        let isSame =
            host.count == name.count
            && zip(bytes[host.range], name).allSatisfy {
                HTTPSyntax.lowercased($0) == HTTPSyntax.lowercased($1)
            }
        guard isSame else { throw .otherHost }
    }

    private func isMethod(_ name: StaticString, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard head.method.count == name.utf8CodeUnitCount else { return false }
        for index in 0..<head.method.count
        where bytes[head.method.start + index] != name.utf8Start[index] {
            return false
        }
        return true
    }

    /// Whether the response has no body by its nature.
    func isHeadRequest(_ bytes: UnsafeRawBufferPointer) -> Bool { isMethod("HEAD", bytes) }

    /// How the end of the request's body is found.
    package var requestFraming: HTTP1Framing {
        if head.isChunked { return .chunked }
        if let length = head.contentLength, length > 0 { return .length(length) }
        return .empty
    }

    /// The response; `bytes` is its head.
    package func response(_ bytes: UnsafeRawBufferPointer) -> HTTPResponse {
        HTTPResponse(status: head.status, fields: HTTPFields(valid: Array(bytes), head.entries))
    }

    /// How the end of the response's body is found (RFC 9112, 6.3).
    package func responseFraming(toMethod method: String) -> HTTP1Framing {
        if method == "HEAD" || head.status < 200 || head.status == 204 || head.status == 304 { return .empty }
        if head.isChunked { return .chunked }
        if let length = head.contentLength { return length == 0 ? .empty : .length(length) }
        return .untilClose
    }
}

extension HTTP1Head {
    /// Where the authority lies in an absolute target.
    static func authority(ofTarget target: UnsafeRawBufferPointer) -> Range<Int>? {
        for scheme in ["http://", "https://"] as [StaticString] {
            let count = scheme.utf8CodeUnitCount
            guard target.count > count,
                HTTPSyntax.equals(UnsafeRawBufferPointer(rebasing: target[..<count]), scheme)
            else { continue }
            return count..<(target[count...].firstIndex { $0 == 0x2F || $0 == 0x3F } ?? target.count)
        }
        return nil
    }

    /// The request; `bytes` is its head.
    package func request(_ bytes: [UInt8], isSecure: Bool) -> HTTPRequest {
        var request = HTTPRequest(scheme: isSecure ? "https" : "http", pathWithQuery: nil)
        request.fields = HTTPFields(valid: bytes, entries)
        bytes.withUnsafeBytes { bytes in
            func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
            request.method = text(method.range)
            if let host, host.count > 0 { request.authority = text(host.range) }
            let target = UnsafeRawBufferPointer(rebasing: bytes[self.target.range])
            if target[0] == 0x2F || target[0] == 0x2A {
                request.pathWithQuery = text(self.target.range)
            } else if let authority = Self.authority(ofTarget: target) {
                request.scheme = target[4] == 0x3A ? "http" : "https"
                request.authority = String(decoding: target[authority], as: UTF8.self)
                let path = String(decoding: target[authority.upperBound...], as: UTF8.self)
                request.pathWithQuery = path.utf8.first == 0x2F ? path : "/" + path
            } else {
                request.authority = text(self.target.range)
            }
        }
        return request
    }
}
