// SPDX-License-Identifier: Apache-2.0

/// What a guest answers to one request; belongs to the thread of its exchange.
final class GuestAnswer {
    /// How far the answer is.
    enum State {
        /// Nothing was said yet.
        case none
        /// The response has begun.
        case begun(HTTPResponse, OutgoingBodyState?)
        /// There is no response, for this reason.
        case failed(HTTPError)
    }

    private(set) var state = State.none
    private let exchange: any ServerExchange

    init(_ exchange: any ServerExchange) { self.exchange = exchange }

    /// - Throws: an ``HTTPError`` when the client is gone, the response has begun, or the head is not valid.
    func sendInformational(_ response: HTTPResponse) throws(HTTPError) { try exchange.sendInformational(response) }

    /// Begins the response; `body` is nil where the guest wants none.
    func respond(_ response: HTTPResponse, _ body: OutgoingBodyState?) {
        do throws(HTTPError) {
            let writer = try exchange.respond(response, hasBody: body != nil)
            state = .begun(response, body)
            if let body {
                body.attach(writer)
            } else {
                try writer.finish(trailers: nil)
            }
        } catch {
            if case .none = state { state = .failed(error) }
            body?.abort(error)
        }
    }

    /// Says that there is no response.
    func fail(_ error: HTTPError) { state = .failed(error) }
}

extension HTTPError {
    /// The status that tells a client of a request that failed like this in a handler (RFC 9110, 15.5 and 15.6).
    package var status: UInt16 {
        switch self {
        case .dnsTimeout, .connectionTimeout, .connectionReadTimeout, .connectionWriteTimeout, .httpResponseTimeout: 504
        case .dnsError, .destinationNotFound, .destinationUnavailable, .destinationIPUnroutable, .connectionRefused,
            .connectionTerminated, .connectionLimitReached, .tlsProtocolError, .tlsCertificateError, .tlsAlertReceived,
            .httpResponseIncomplete, .httpResponseHeaderSectionSize, .httpResponseHeaderSize, .httpResponseBodySize,
            .httpResponseTrailerSectionSize, .httpResponseTrailerSize, .httpResponseTransferCoding,
            .httpResponseContentCoding, .httpUpgradeFailed, .httpProtocolError:
            502
        case .destinationIPProhibited, .httpRequestDenied: 403
        case .httpRequestLengthRequired: 411
        case .httpRequestBodySize: 413
        case .httpRequestMethodInvalid: 405
        case .httpRequestURIInvalid: 400
        case .httpRequestURITooLong: 414
        case .httpRequestHeaderSectionSize, .httpRequestHeaderSize, .httpRequestTrailerSectionSize,
            .httpRequestTrailerSize:
            431
        case .loopDetected: 508
        case .refused(let status, _): status
        case .configurationError, .internalError, .invalidField: 500
        }
    }
}
