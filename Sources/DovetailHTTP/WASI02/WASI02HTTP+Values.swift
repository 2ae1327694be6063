// SPDX-License-Identifier: Apache-2.0

import DovetailWASI

// The values of `wasi:http` 0.2 out of those of HTTP, and back.

extension WASI02HTTP.Types.Method {
    /// The method of that name, which compares by case.
    init(_ name: String) {
        self =
            switch name {
            case "GET": .get
            case "HEAD": .head
            case "POST": .post
            case "PUT": .put
            case "DELETE": .delete
            case "CONNECT": .connect
            case "OPTIONS": .options
            case "TRACE": .trace
            case "PATCH": .patch
            default: .other(name)
            }
    }

    /// The name, as HTTP writes it.
    var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .connect: "CONNECT"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .patch: "PATCH"
        case .other(let name): name
        }
    }
}

extension WASI02HTTP.Types.Scheme {
    /// The scheme of that name, whatever its case.
    init(_ name: String) {
        self =
            switch name.lowercased() {
            case "http": .http
            case "https": .https
            default: .other(name)
            }
    }

    /// The name, as URIs write it.
    var name: String {
        switch self {
        case .http: "http"
        case .https: "https"
        case .other(let name): name
        }
    }
}

extension WASI02HTTP.Types.ErrorCode {
    /// The code for a guest.
    package init(_ error: HTTPError) {
        self =
            switch error {
            case .dnsTimeout: .dnsTimeout
            case .dnsError(let rcode, let infoCode): .dnsError(.init(rcode: rcode, infoCode: infoCode))
            case .destinationNotFound: .destinationNotFound
            case .destinationUnavailable: .destinationUnavailable
            case .destinationIPProhibited: .destinationIPProhibited
            case .destinationIPUnroutable: .destinationIPUnroutable
            case .connectionRefused: .connectionRefused
            case .connectionTerminated: .connectionTerminated
            case .connectionTimeout: .connectionTimeout
            case .connectionReadTimeout: .connectionReadTimeout
            case .connectionWriteTimeout: .connectionWriteTimeout
            case .connectionLimitReached: .connectionLimitReached
            case .tlsProtocolError: .tlsProtocolError
            case .tlsCertificateError: .tlsCertificateError
            case .tlsAlertReceived(let id, let message): .tlsAlertReceived(.init(alertId: id, alertMessage: message))
            case .httpRequestDenied: .httpRequestDenied
            case .httpRequestLengthRequired: .httpRequestLengthRequired
            case .httpRequestBodySize(let size): .httpRequestBodySize(size)
            case .httpRequestMethodInvalid: .httpRequestMethodInvalid
            case .httpRequestURIInvalid: .httpRequestURIInvalid
            case .httpRequestURITooLong: .httpRequestURITooLong
            case .httpRequestHeaderSectionSize(let size): .httpRequestHeaderSectionSize(size)
            case .httpRequestHeaderSize(let field): .httpRequestHeaderSize(field.map { .init($0) })
            case .httpRequestTrailerSectionSize(let size): .httpRequestTrailerSectionSize(size)
            case .httpRequestTrailerSize(let field): .httpRequestTrailerSize(.init(field))
            case .httpResponseIncomplete: .httpResponseIncomplete
            case .httpResponseHeaderSectionSize(let size): .httpResponseHeaderSectionSize(size)
            case .httpResponseHeaderSize(let field): .httpResponseHeaderSize(.init(field))
            case .httpResponseBodySize(let size): .httpResponseBodySize(size)
            case .httpResponseTrailerSectionSize(let size): .httpResponseTrailerSectionSize(size)
            case .httpResponseTrailerSize(let field): .httpResponseTrailerSize(.init(field))
            case .httpResponseTransferCoding(let coding): .httpResponseTransferCoding(coding)
            case .httpResponseContentCoding(let coding): .httpResponseContentCoding(coding)
            case .httpResponseTimeout: .httpResponseTimeout
            case .httpUpgradeFailed: .httpUpgradeFailed
            case .httpProtocolError, .refused: .httpProtocolError
            case .loopDetected: .loopDetected
            case .configurationError: .configurationError
            case .internalError(let text): .internalError(text)
            case .invalidField: .internalError(error.description)
            }
    }

    /// The error that a guest names.
    package var error: HTTPError {
        switch self {
        case .dnsTimeout: .dnsTimeout
        case .dnsError(let payload): .dnsError(rcode: payload.rcode, infoCode: payload.infoCode)
        case .destinationNotFound: .destinationNotFound
        case .destinationUnavailable: .destinationUnavailable
        case .destinationIPProhibited: .destinationIPProhibited
        case .destinationIPUnroutable: .destinationIPUnroutable
        case .connectionRefused: .connectionRefused
        case .connectionTerminated: .connectionTerminated
        case .connectionTimeout: .connectionTimeout
        case .connectionReadTimeout: .connectionReadTimeout
        case .connectionWriteTimeout: .connectionWriteTimeout
        case .connectionLimitReached: .connectionLimitReached
        case .tlsProtocolError: .tlsProtocolError
        case .tlsCertificateError: .tlsCertificateError
        case .tlsAlertReceived(let payload): .tlsAlertReceived(id: payload.alertId, message: payload.alertMessage)
        case .httpRequestDenied: .httpRequestDenied
        case .httpRequestLengthRequired: .httpRequestLengthRequired
        case .httpRequestBodySize(let size): .httpRequestBodySize(size)
        case .httpRequestMethodInvalid: .httpRequestMethodInvalid
        case .httpRequestURIInvalid: .httpRequestURIInvalid
        case .httpRequestURITooLong: .httpRequestURITooLong
        case .httpRequestHeaderSectionSize(let size): .httpRequestHeaderSectionSize(size)
        case .httpRequestHeaderSize(let field): .httpRequestHeaderSize(field.map { $0.field })
        case .httpRequestTrailerSectionSize(let size): .httpRequestTrailerSectionSize(size)
        case .httpRequestTrailerSize(let field): .httpRequestTrailerSize(field.field)
        case .httpResponseIncomplete: .httpResponseIncomplete
        case .httpResponseHeaderSectionSize(let size): .httpResponseHeaderSectionSize(size)
        case .httpResponseHeaderSize(let field): .httpResponseHeaderSize(field.field)
        case .httpResponseBodySize(let size): .httpResponseBodySize(size)
        case .httpResponseTrailerSectionSize(let size): .httpResponseTrailerSectionSize(size)
        case .httpResponseTrailerSize(let field): .httpResponseTrailerSize(field.field)
        case .httpResponseTransferCoding(let coding): .httpResponseTransferCoding(coding)
        case .httpResponseContentCoding(let coding): .httpResponseContentCoding(coding)
        case .httpResponseTimeout: .httpResponseTimeout
        case .httpUpgradeFailed: .httpUpgradeFailed
        case .httpProtocolError: .httpProtocolError
        case .loopDetected: .loopDetected
        case .configurationError: .configurationError
        case .internalError(let text): .internalError(text)
        }
    }
}

extension WASI02HTTP.Types.FieldSizePayload {
    fileprivate init(_ field: HTTPError.FieldSize) { self.init(fieldName: field.name, fieldSize: field.size) }
    fileprivate var field: HTTPError.FieldSize { HTTPError.FieldSize(name: fieldName, size: fieldSize) }
}
