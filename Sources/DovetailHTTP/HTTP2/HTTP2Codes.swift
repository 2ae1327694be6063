// SPDX-License-Identifier: Apache-2.0

internal import CDovetailNGHTTP2

/// HTTP/2's error codes (RFC 9113, 7) and what they mean here.
enum HTTP2Codes {
    /// What a stream has ended with.
    static func error(_ code: UInt32, isServer: Bool, hasResponse: Bool) -> HTTPError {
        if isServer { return .connectionTerminated }
        switch nghttp2_error_code(rawValue: code) {
        case NGHTTP2_REFUSED_STREAM: return .connectionTerminated
        case NGHTTP2_NO_ERROR, NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_CONNECT_ERROR,
            NGHTTP2_STREAM_CLOSED:
            return .httpResponseIncomplete
        case NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_INADEQUATE_SECURITY: return .httpRequestDenied
        default: return .httpProtocolError
        }
    }

    /// What the other end is told when a stream is given up.
    static func code(_ error: HTTPError, isServer: Bool) -> nghttp2_error_code {
        switch error {
        case .httpProtocolError: NGHTTP2_PROTOCOL_ERROR
        case .connectionTerminated, .connectionReadTimeout, .connectionWriteTimeout,
            .httpResponseTimeout:
            NGHTTP2_CANCEL
        default: isServer ? NGHTTP2_INTERNAL_ERROR : NGHTTP2_CANCEL
        }
    }
}
