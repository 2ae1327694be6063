// SPDX-License-Identifier: Apache-2.0

internal import CDovetailTLS
internal import DovetailSystem

/// A protocol above TLS, as ALPN names it (RFC 7301).
public enum ApplicationProtocol: String, Sendable, Hashable {
    /// HTTP/2
    case http2 = "h2"
    /// HTTP/1.1
    case http1 = "http/1.1"
}

/// What the TLS sessions of a server, or of a client, have in common: certificates, keys, whom to trust. TLS 1.2 and 1.3.
///
/// ```swift
/// let server = try TLSContext(certificateChain: "server.pem", privateKey: "server.key")
/// let client = try TLSContext(trusting: .certificates("authority.pem"))
/// ```
public final class TLSContext: @unchecked Sendable {
    // @unchecked because OpenSSL locks what changes in a context, and nothing else does after `init`.

    /// Whose certificates a client trusts.
    public enum Roots: Sendable, Hashable {
        /// Those that the system trusts.
        case system
        /// Those in a file in PEM form, and no others.
        case certificates(String)
    }

    let raw: OpaquePointer
    let isServer: Bool
    /// Of a client: the sessions that can be resumed.
    let sessions = TLSSessionCache()
    /// The protocols in ALPN's form, each behind its length.
    private let protocols: UnsafeMutableBufferPointer<UInt8>

    /// Makes one for a server.
    ///
    /// - Parameters:
    ///   - certificateChain: the path of a file in PEM form: the server's certificate, then those that lead to one that clients trust.
    ///   - privateKey: the path of a file in PEM form with the key of the first certificate, not encrypted.
    ///   - protocols: what the server speaks, the preferred one first.
    /// - Throws: ``TLSConfigurationError``.
    public convenience init(
        certificateChain: String, privateKey: String,
        protocols: [ApplicationProtocol] = [.http2, .http1]
    ) throws(TLSConfigurationError) {
        try self.init(isServer: true, protocols)
        try Self.check(certificateChain, .certificate)
        ERR_clear_error()
        guard SSL_CTX_use_certificate_chain_file(raw, certificateChain) == 1 else {
            throw .unusable(certificateChain, .certificate, TLSErrorQueue.take())
        }
        try Self.check(privateKey, .privateKey)
        ERR_clear_error()
        guard SSL_CTX_use_PrivateKey_file(raw, privateKey, SSL_FILETYPE_PEM) == 1 else {
            let errors = TLSErrorQueue.take()
            throw errors.isMismatch
                ? .mismatch(key: privateKey, certificate: certificateChain)
                : .unusable(privateKey, .privateKey, errors)
        }
        SSL_CTX_set_alpn_select_cb(
            raw,
            { _, chosen, chosenCount, offered, offeredCount, argument in
                guard let argument, let chosen, let chosenCount, let offered else {
                    return SSL_TLSEXT_ERR_ALERT_FATAL
                }
                return Unmanaged<TLSContext>.fromOpaque(argument)._withUnsafeGuaranteedRef { context in
                    // The offer outlives the handshake, as OpenSSL wants of what is chosen.
                    var place: UnsafeMutablePointer<UInt8>?
                    let outcome = SSL_select_next_proto(
                        &place, chosenCount, context.protocols.baseAddress, UInt32(context.protocols.count),
                        offered,
                        offeredCount)
                    guard outcome == OPENSSL_NPN_NEGOTIATED else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                    chosen.pointee = UnsafePointer(place)
                    return SSL_TLSEXT_ERR_OK
                }
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Makes one for a client, which verifies every server.
    ///
    /// - Throws: ``TLSConfigurationError``.
    public convenience init(
        trusting roots: Roots = .system, protocols: [ApplicationProtocol] = [.http2, .http1]
    ) throws(TLSConfigurationError) {
        try self.init(isServer: false, protocols)
        SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nil)
        dovetail_tls_keep_sessions(raw) { connection, session in
            if let connection, let session, let own = SSL_get_ex_data(connection, 0) {
                Unmanaged<TLSSession>.fromOpaque(own)._withUnsafeGuaranteedRef { $0.keep(session) }
            }
            // The cache has a copy.
            return 0
        }
        ERR_clear_error()
        switch roots {
        case .system:
            guard SSL_CTX_set_default_verify_paths(raw) == 1 else {
                throw .unusable("the system's certificates", .roots, TLSErrorQueue.take())
            }
        case .certificates(let path):
            try Self.check(path, .roots)
            guard SSL_CTX_load_verify_file(raw, path) == 1 else {
                throw .unusable(path, .roots, TLSErrorQueue.take())
            }
        }
        guard
            SSL_CTX_set_alpn_protos(raw, self.protocols.baseAddress, UInt32(self.protocols.count)) == 0
        else {
            throw .unavailable(TLSErrorQueue.take())
        }
    }

    private init(isServer: Bool, _ protocols: [ApplicationProtocol]) throws(TLSConfigurationError) {
        guard let raw = SSL_CTX_new(isServer ? TLS_server_method() : TLS_client_method()) else {
            throw .unavailable(TLSErrorQueue.take())
        }
        self.raw = raw
        self.isServer = isServer
        let names = protocols.flatMap { [UInt8($0.rawValue.utf8.count)] + Array($0.rawValue.utf8) }
        self.protocols = .allocate(capacity: names.count)
        _ = self.protocols.initialize(from: names)
        guard dovetail_tls_configure(raw) == 1 else { throw .unavailable(TLSErrorQueue.take()) }
        // A key that wants a password is refused; OpenSSL would ask at the terminal.
        SSL_CTX_set_default_passwd_cb(raw) { _, _, _, _ in -1 }
        // Sessions are kept by clients, in tickets.
        SSL_CTX_set_session_id_context(raw, "dovetail", 8)
    }

    deinit {
        SSL_CTX_free(raw)
        protocols.deallocate()
    }

    /// - Throws: ``TLSConfigurationError`` unless a file can be read.
    private static func check(
        _ path: String, _ purpose: TLSConfigurationError.Purpose
    ) throws(TLSConfigurationError) {
        do throws(SystemError) {
            _ = try Files.read(path, limit: 1)
        } catch {
            throw .unreadable(path, purpose, error.description)
        }
    }

    /// For how many servers there are sessions that a client can resume.
    package var keptSessions: Int { sessions.count }

    /// For clients that were given no other: the system's roots, read at the first use.
    package static let system = Result { () throws(TLSConfigurationError) in try TLSContext() }
}
