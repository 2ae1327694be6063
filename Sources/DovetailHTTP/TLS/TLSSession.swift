// SPDX-License-Identifier: Apache-2.0

internal import CDovetailTLS
internal import DovetailSystem

/// One end of a TLS connection, which knows nothing of sockets: ciphertext in, plaintext out, and the reverse.
///
/// What there is to send, it leaves in ``output``. It holds no buffers while nothing is under way.
package final class TLSSession {
    private let raw: OpaquePointer
    private let context: TLSContext
    /// Where the server is with whom a session can be resumed later.
    private var place: String?
    /// Ciphertext that was given and not taken yet, while it is at hand.
    private var input = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Ciphertext that there was no room for in plaintext.
    private var rest = ByteQueue()
    /// Ciphertext to be sent; whoever sends it removes it.
    package var output = ByteQueue()
    /// Why the session cannot go on.
    package private(set) var failure: HTTPError?
    /// The same in OpenSSL's words, for logs.
    package private(set) var failureText: String?
    /// Whether the other end has said that it sends nothing more (close_notify).
    package private(set) var isEnded = false

    /// Makes an end.
    ///
    /// - Parameters:
    ///   - serverName: for a client: the name or the address that the server's certificate has to have.
    ///   - port: for a client that resumes sessions: the port that such a server was found at.
    /// - Throws: ``HTTPError/internalError(_:)`` when the system has no more memory; ``HTTPError/tlsCertificateError`` for a name that
    ///   cannot be verified.
    package init(_ context: TLSContext, serverName: String? = nil, port: UInt16? = nil) throws(HTTPError) {
        guard let raw = SSL_new(context.raw) else { throw .internalError("out of memory") }
        self.raw = raw
        self.context = context
        guard let method = TLSMethod.raw, let bio = BIO_new(method) else {
            throw .internalError("out of memory")
        }
        BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        BIO_set_init(bio, 1)
        SSL_set_bio(raw, bio, bio)
        if context.isServer {
            SSL_set_accept_state(raw)
        } else {
            SSL_set_connect_state(raw)
            guard let serverName, Self.expect(serverName, raw) else { throw .tlsCertificateError }
            if let port { resume("\(serverName):\(port)") }
        }
    }

    /// Resumes a session with the server at a place, where it left one behind, and keeps those that it leaves behind now.
    private func resume(_ place: String) {
        self.place = place
        SSL_set_ex_data(raw, 0, Unmanaged.passUnretained(self).toOpaque())
        // A server that does not want to any more begins anew.
        if let known = context.sessions.take(place), let copy = TLSSessionCache.Kept(copying: known.raw) {
            SSL_set_session(raw, copy.raw)
        }
    }

    /// Keeps a session that the server allows to be resumed.
    func keep(_ session: OpaquePointer) {
        guard let place, SSL_get_verify_result(raw) == X509_V_OK,
            let kept = TLSSessionCache.Kept(copying: session)
        else { return }
        context.sessions.add(kept, of: place)
    }

    /// Whether an earlier session was resumed.
    package var isResumed: Bool { SSL_session_reused(raw) == 1 }

    deinit { SSL_free(raw) }

    /// Has the certificate compared with a name or an address, and sends a name along.
    private static func expect(_ name: String, _ raw: OpaquePointer) -> Bool {
        guard !name.isEmpty, !name.utf8.contains(0) else { return false }
        if IPAddress(name) != nil {
            return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(raw), name) == 1
        }
        SSL_set_hostflags(raw, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        // A name is sent without a dot at its end (RFC 6066, 3).
        let plain = name.utf8.last == UInt8(ascii: ".") ? String(name.dropLast()) : name
        return dovetail_tls_set_server_name(raw, plain) == 1 && SSL_set1_host(raw, plain) == 1
    }

    /// Whether both ends have agreed on keys, and the other end is known to be who it should be.
    package var isEstablished: Bool { SSL_is_init_finished(raw) == 1 }

    /// The protocol that both ends have agreed on.
    package var applicationProtocol: ApplicationProtocol? {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(raw, &name, &count)
        let bytes = UnsafeBufferPointer(start: name, count: Int(count))
        return ApplicationProtocol(rawValue: String(decoding: bytes, as: UTF8.self))
    }

    /// The name that a client has asked for.
    package var serverName: String? {
        SSL_get_servername(raw, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) }
    }

    /// `TLSv1.3`, for instance.
    package var version: String { String(cString: SSL_get_version(raw)) }

    /// Whether ``receive(_:into:)`` has more to give without any new ciphertext.
    package var hasPending: Bool { !rest.isEmpty || SSL_pending(raw) > 0 }

    // MARK: - Receiving

    /// Does what can be done of the handshake, for instance a client's first step.
    ///
    /// - Throws: as ``receive(_:into:)``.
    package func handshake() throws(HTTPError) {
        _ = try receive(
            UnsafeRawBufferPointer(start: nil, count: 0),
            into: UnsafeMutableRawBufferPointer(start: nil, count: 0))
    }

    /// Takes in ciphertext, all of it, and decrypts as much as there is room for; the handshake's steps are taken on the way.
    ///
    /// - Returns: how many bytes of plaintext there are; 0 when more ciphertext is needed, or ``isEnded``.
    /// - Throws: ``HTTPError/tlsCertificateError``, ``HTTPError/tlsAlertReceived(id:message:)`` or ``HTTPError/tlsProtocolError``; the
    ///   other end is told in ``output``.
    package func receive(
        _ ciphertext: UnsafeRawBufferPointer, into plaintext: UnsafeMutableRawBufferPointer
    ) throws(HTTPError) -> Int {
        if let failure { throw failure }
        if rest.isEmpty {
            input = ciphertext
        } else {
            rest.append(ciphertext)
        }
        defer {
            if input.count > 0 { rest.append(input) }
            input = UnsafeRawBufferPointer(start: nil, count: 0)
            rest.release()
        }
        if !isEstablished {
            ERR_clear_error()
            let outcome = SSL_do_handshake(raw)
            if outcome <= 0 {
                try check(SSL_get_error(raw, outcome))
                return 0
            }
        }
        var count = 0
        while count < plaintext.count, !isEnded {
            ERR_clear_error()
            let outcome = SSL_read(
                raw, plaintext.baseAddress.map { $0 + count }, CInt(clamping: plaintext.count - count))
            if outcome > 0 {
                count += Int(outcome)
                continue
            }
            do throws(HTTPError) {
                try check(SSL_get_error(raw, outcome))
            } catch {
                // What was decrypted before is whole; the next call fails.
                if count > 0 { return count }
                throw error
            }
            break
        }
        return count
    }

    private func check(_ code: CInt) throws(HTTPError) {
        switch code {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return
        case SSL_ERROR_ZERO_RETURN: isEnded = true
        default: throw fail()
        }
    }

    private func fail() -> HTTPError {
        let errors = TLSErrorQueue.take()
        let error: HTTPError
        if errors.isCertificate {
            let text = X509_verify_cert_error_string(SSL_get_verify_result(raw)).map {
                String(cString: $0)
            }
            failureText = "certificate not trusted: \(text ?? errors.description)"
            error = .tlsCertificateError
        } else if let alert = errors.alert {
            let text = SSL_alert_desc_string_long(CInt(alert)).map { String(cString: $0) }
            failureText = "alert received: \(text ?? "\(alert)")"
            error = .tlsAlertReceived(id: alert, message: text)
        } else {
            failureText = errors.description
            error = .tlsProtocolError
        }
        failure = error
        return error
    }

    /// Whether plaintext that ends with the connection is whole: without a close_notify, somebody may have cut it.
    package var isTruncated: Bool { !isEnded }

    // MARK: - Sending

    /// Encrypts bytes, all of them, into ``output``.
    ///
    /// - Throws: ``HTTPError/tlsProtocolError`` before ``isEstablished``, and after ``close()``; what ``receive(_:into:)`` threw.
    package func send(_ plaintext: UnsafeRawBufferPointer) throws(HTTPError) {
        if let failure { throw failure }
        var sent = 0
        while sent < plaintext.count {
            ERR_clear_error()
            let outcome = SSL_write(
                raw, plaintext.baseAddress.map { $0 + sent }, CInt(clamping: plaintext.count - sent))
            guard outcome > 0 else { throw fail() }
            sent += Int(outcome)
        }
    }

    /// Says that nothing more is sent (close_notify); the other end may still send.
    package func close() {
        guard failure == nil, isEstablished else { return }
        ERR_clear_error()
        if SSL_shutdown(raw) < 0 { ERR_clear_error() }
    }

    // MARK: - From OpenSSL

    fileprivate func take(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard input.count > 0 else { return rest.move(to: buffer) }
        let count = min(buffer.count, input.count)
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[..<count]))
        input = UnsafeRawBufferPointer(rebasing: input[count...])
        return count
    }

    fileprivate func put(_ bytes: UnsafeRawBufferPointer) { output.append(bytes) }
}

extension TLSSession: TransportSecurity {
    package var protocolName: String? { applicationProtocol?.rawValue }
    package var outputCount: Int { output.count }

    package func withOutput(_ body: (UnsafeRawBufferPointer) throws(HTTPError) -> Int)
        throws(HTTPError)
    {
        let sent = try body(output.bytes)
        output.removeFirst(sent)
        output.release()
    }
}

/// What OpenSSL reads from and writes to: a session's own buffers. OpenSSL's buffers in memory would keep the size they once had.
private enum TLSMethod {
    nonisolated(unsafe) static let raw: OpaquePointer? = {
        guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "dovetail") else {
            return nil
        }
        BIO_meth_set_read(method) { bio, buffer, count in
            dovetail_tls_clear_retry(bio)
            guard let bio, let session = BIO_get_data(bio) else { return -1 }
            let taken = Unmanaged<TLSSession>.fromOpaque(session)._withUnsafeGuaranteedRef {
                $0.take(UnsafeMutableRawBufferPointer(start: buffer, count: Int(count)))
            }
            if taken == 0 {
                dovetail_tls_retry_read(bio)
                return -1
            }
            return CInt(taken)
        }
        BIO_meth_set_write(method) { bio, bytes, count in
            guard let bio, let session = BIO_get_data(bio) else { return -1 }
            Unmanaged<TLSSession>.fromOpaque(session)._withUnsafeGuaranteedRef {
                $0.put(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
            }
            return count
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in dovetail_tls_is_flush(command) == 1 ? 1 : 0 }
        return method
    }()
}
