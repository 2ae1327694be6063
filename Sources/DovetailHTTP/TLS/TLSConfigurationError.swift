// SPDX-License-Identifier: Apache-2.0

/// Why certificates or keys cannot be used.
public struct TLSConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What a file was for.
    public enum Purpose: String, Sendable {
        /// A server's certificate, with those above it.
        case certificate
        /// A server's private key.
        case privateKey = "private key"
        /// The certificates that a client trusts.
        case roots = "trusted certificates"
    }

    /// One line of text.
    public let description: String

    private init(_ description: String) { self.description = description }

    static func unreadable(_ path: String, _ purpose: Purpose, _ reason: String) -> Self {
        Self("cannot read the \(purpose.rawValue) in `\(path)`: \(reason)")
    }

    static func unusable(_ path: String, _ purpose: Purpose, _ errors: TLSErrorQueue) -> Self {
        let expected =
            purpose == .privateKey
            ? "a key in PEM form that is not encrypted" : "certificates in PEM form"
        return Self(
            "cannot use the \(purpose.rawValue) in `\(path)`: expected \(expected), found \(errors)")
    }

    static func mismatch(key: String, certificate: String) -> Self {
        Self("the private key in `\(key)` does not belong to the first certificate in `\(certificate)`")
    }

    static func unavailable(_ errors: TLSErrorQueue) -> Self {
        Self("TLS is not available: \(errors)")
    }
}
