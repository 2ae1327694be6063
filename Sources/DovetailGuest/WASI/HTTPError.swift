// SPDX-License-Identifier: Apache-2.0

/// Why a request fails: the `error-code` of `wasi:http/types`, without what is behind some of the cases.
public struct HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number of the case.
    public let code: UInt8

    /// The error with this number.
    public init(code: UInt8) { self.code = code }

    /// The request cannot be made: its address, method or fields are not allowed.
    public static let invalidRequest = HTTPError(code: 19)

    /// The name of the case.
    public var description: String {
        let names: [StaticString] = [
            "DNS-timeout", "DNS-error", "destination-not-found", "destination-unavailable", "destination-IP-prohibited",
            "destination-IP-unroutable", "connection-refused", "connection-terminated", "connection-timeout",
            "connection-read-timeout", "connection-write-timeout", "connection-limit-reached", "TLS-protocol-error",
            "TLS-certificate-error", "TLS-alert-received", "HTTP-request-denied", "HTTP-request-length-required",
            "HTTP-request-body-size", "HTTP-request-method-invalid", "HTTP-request-URI-invalid",
            "HTTP-request-URI-too-long", "HTTP-request-header-section-size", "HTTP-request-header-size",
            "HTTP-request-trailer-section-size", "HTTP-request-trailer-size", "HTTP-response-incomplete",
            "HTTP-response-header-section-size", "HTTP-response-header-size", "HTTP-response-body-size",
            "HTTP-response-trailer-section-size", "HTTP-response-trailer-size", "HTTP-response-transfer-coding",
            "HTTP-response-content-coding", "HTTP-response-timeout", "HTTP-upgrade-failed", "HTTP-protocol-error",
            "loop-detected", "configuration-error", "internal-error",
        ]
        return Int(code) < names.count ? "\(names[Int(code)])" : "error \(code)"
    }

    /// Takes an `error-code` out of memory, and frees the text in it.
    @discardableResult
    static func release(_ place: UnsafeMutableRawPointer) -> HTTPError {
        let code = place.load(as: UInt8.self)
        // Where the `option<string>` of the case lies behind the number, if it has one.
        let text: Int? =
            switch code {
            case 1, 24, 27, 30, 31, 32, 38: 8
            case 14: 12
            case 22: place.load(fromByteOffset: 8, as: UInt8.self) != 0 ? 12 : nil
            default: nil
            }
        if let text, place.load(fromByteOffset: text, as: UInt8.self) != 0 {
            let bytes = place.core(text &+ 4, Int32.self), count = place.core(text &+ 8, Int32.self)
            if count != 0 { releaseMemory(UnsafeMutableRawPointer(bitPattern: Int(bytes))) }
        }
        return HTTPError(code: code)
    }
}
