// SPDX-License-Identifier: Apache-2.0

/// The wording of every ``HTTPError``.
extension HTTPError: CustomStringConvertible {
    /// One line of text.
    public var description: String {
        switch self {
        case .dnsTimeout: "the name was not resolved in time"
        case .dnsError(let rcode, let code):
            "the name server answered with an error" + Self.details(rcode, code.map { "code \($0)" })
        case .destinationNotFound: "there is no host of this name"
        case .destinationUnavailable: "the destination is not available"
        case .destinationIPProhibited: "the address is not permitted"
        case .destinationIPUnroutable: "there is no route to the address"
        case .connectionRefused: "the connection was refused"
        case .connectionTerminated: "the connection ended in the middle of a message"
        case .connectionTimeout: "the connection was not made in time"
        case .connectionReadTimeout: "the other end sent nothing for too long"
        case .connectionWriteTimeout: "the other end took nothing for too long"
        case .connectionLimitReached: "there are too many connections"
        case .tlsProtocolError: "the other end broke the rules of TLS"
        case .tlsCertificateError: "the certificate is not trusted"
        case .tlsAlertReceived(let id, let message):
            "the other end sent a TLS alert" + Self.details(id.map { "\($0)" }, message)
        case .httpRequestDenied: "the request is not permitted"
        case .httpRequestLengthRequired: "the request needs a `content-length`"
        case .httpRequestBodySize(let size): "the body of the request has a wrong size" + Self.details(size)
        case .httpRequestMethodInvalid: "the method is not valid"
        case .httpRequestURIInvalid: "the target of the request is not valid"
        case .httpRequestURITooLong: "the target of the request is too long"
        case .httpRequestHeaderSectionSize(let size): "the fields of the request are too large" + Self.details(size)
        case .httpRequestHeaderSize(let field): "a field of the request is too large" + Self.details(field)
        case .httpRequestTrailerSectionSize(let size):
            "the trailers of the request are too large" + Self.details(size)
        case .httpRequestTrailerSize(let field): "a trailer of the request is too large" + Self.details(field)
        case .httpResponseIncomplete: "the response ended before it was whole"
        case .httpResponseHeaderSectionSize(let size): "the fields of the response are too large" + Self.details(size)
        case .httpResponseHeaderSize(let field): "a field of the response is too large" + Self.details(field)
        case .httpResponseBodySize(let size): "the body of the response has a wrong size" + Self.details(size)
        case .httpResponseTrailerSectionSize(let size):
            "the trailers of the response are too large" + Self.details(size)
        case .httpResponseTrailerSize(let field): "a trailer of the response is too large" + Self.details(field)
        case .httpResponseTransferCoding(let coding): "the transfer coding is not supported" + Self.details(coding)
        case .httpResponseContentCoding(let coding): "the content coding is not supported" + Self.details(coding)
        case .httpResponseTimeout: "the response did not come in time"
        case .httpUpgradeFailed: "the protocol was not changed"
        case .httpProtocolError: "the other end broke the rules of HTTP"
        case .loopDetected: "the request has come back to where it was"
        case .configurationError: "the configuration does not permit it"
        case .internalError(let text): text ?? "an internal error"
        case .refused(let status, let reason): "refused with status \(status): \(reason)"
        case .invalidField(let name): "expected a field that can be written, found `\(name)` or its value to be invalid"
        }
    }

    private static func details(_ parts: String?...) -> String {
        let parts = parts.compactMap(\.self)
        return parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
    }

    private static func details(_ size: (some FixedWidthInteger)?) -> String { details(size.map { "\($0) bytes" }) }

    private static func details(_ field: FieldSize?) -> String {
        details(field?.name.map { "`\($0)`" }, field?.size.map { "\($0) bytes" })
    }
}
