// SPDX-License-Identifier: Apache-2.0

internal import CDovetailTLS

/// What OpenSSL has put into this thread's queue of errors.
struct TLSErrorQueue: CustomStringConvertible {
    private let codes: [UInt]

    /// Empties the queue.
    static func take() -> TLSErrorQueue {
        var codes: [UInt] = []
        while true {
            let code = ERR_get_error()
            guard code != 0 else { return TLSErrorQueue(codes: codes) }
            if codes.count < 8 { codes.append(code) }
        }
    }

    /// Whether a key was found not to belong to a certificate.
    var isMismatch: Bool {
        codes.contains {
            Self.reason($0) == X509_R_KEY_VALUES_MISMATCH || Self.reason($0) == X509_R_KEY_TYPE_MISMATCH
        }
    }

    /// Whether a certificate was not trusted.
    var isCertificate: Bool {
        codes.contains { Self.isTLS($0) && Self.reason($0) == SSL_R_CERTIFICATE_VERIFY_FAILED }
    }

    /// The number of the alert by which the other end has ended the session.
    var alert: UInt8? {
        for code in codes where Self.isTLS(code) {
            let number = Self.reason(code) - CInt(DOVETAIL_TLS_ALERT_OFFSET)
            if (1...255).contains(number) { return UInt8(number) }
        }
        return nil
    }

    private static func isTLS(_ code: UInt) -> Bool {
        dovetail_tls_error_library(code) == CInt(DOVETAIL_TLS_LIB_SSL)
    }

    private static func reason(_ code: UInt) -> CInt { dovetail_tls_error_reason(code) }

    /// OpenSSL's own words for the first error, which is the cause of the others.
    var description: String {
        guard let code = codes.first else { return "an unknown error" }
        guard let text = ERR_reason_error_string(code) else { return "error \(code)" }
        return String(cString: text)
    }
}
