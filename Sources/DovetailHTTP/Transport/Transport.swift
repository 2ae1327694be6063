// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem

/// One end of a TCP connection, encrypted or not, on its event loop: it receives and sends what it can at once, and tells its user when
/// more can be done. Everything happens on the loop's thread.
package final class Transport: EventLoop.Handler, @unchecked Sendable {
    // @unchecked because it belongs to the thread of its loop.

    /// Who uses it; kept alive until ``close()``.
    package protocol User: AnyObject {
        /// Something can be done that could not be done before.
        func transportIsReady()
    }

    package private(set) var loop: EventLoop
    package let peer: SocketAddress
    package let security: (any TransportSecurity)?
    package var user: (any User)?

    private var descriptor: OwnedDescriptor?
    private var token: UInt64?
    /// Whether the socket may have something; found out by trying.
    private var mayReceive = true
    private var maySend = true
    /// The end of what comes was announced, so one more attempt is worth it whatever the last one gave.
    private var endIsAnnounced = false
    /// Whether the other end sends nothing more.
    package private(set) var isAtEnd = false
    /// Whether the connection is gone in both directions.
    package private(set) var isGone = false
    package private(set) var isClosed = false

    /// Takes over the descriptor of a connected socket, or of one that is being connected, in non-blocking mode.
    package init(
        _ descriptor: OwnedDescriptor, peer: SocketAddress, on loop: EventLoop, security: (any TransportSecurity)? = nil
    ) {
        self.descriptor = descriptor
        self.peer = peer
        self.loop = loop
        self.security = security
    }

    /// Begins to tell `user`.
    ///
    /// - Throws: ``SystemError`` when the system has no more memory.
    package func start(_ user: any User) throws(SystemError) {
        guard let descriptor else { return }
        self.user = user
        token = try loop.register(descriptor.number, self)
    }

    /// Uses another loop from now on; only while it is told by none.
    package func move(to loop: EventLoop) { self.loop = loop }

    /// Has its loop tell no more.
    package func leave() {
        if let token, let descriptor { loop.deregister(descriptor.number, token) }
        token = nil
    }

    /// The socket, while it is open.
    package var socket: OwnedDescriptor? { descriptor }

    /// Closes the connection at once; what was not sent is lost.
    package func close() {
        guard !isClosed else { return }
        isClosed = true
        leave()
        user = nil
        descriptor = nil
    }

    /// Has the other end see an error rather than the end when the connection is closed.
    package func resetOnClose() { try? descriptor?.resetOnClose() }

    package func handle(_ ready: ReadySet) {
        guard !isClosed else { return }
        if ready.contains(.readable) { mayReceive = true }
        if ready.contains(.writable) { maySend = true }
        if ready.contains(.readEnded) { endIsAnnounced = true }
        if ready.contains(.ended) { isGone = true }
        user?.transportIsReady()
    }

    // MARK: - Receiving

    /// Whether ``receive(_:)`` may have something to tell.
    package var canReceive: Bool { mayReceive || security?.hasPending == true }

    /// Receives at most as many bytes as there is room for, at least one.
    ///
    /// - Returns: how many; 0 at the end, nil when nothing has come.
    /// - Throws: ``HTTPError/connectionTerminated``, or what the encryption throws.
    package func receive(_ buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) -> Int? {
        guard let security else { return try receivePlain(buffer) }
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        if security.hasPending {
            let count = try security.receive(nothing, into: buffer)
            if count > 0 { return count }
        }
        // As much as one record holds, and a little.
        return try withUnsafeTemporaryAllocation(byteCount: 17 * 1024, alignment: 16) {
            (ciphertext) throws(HTTPError) in
            while true {
                if security.isEnded {
                    isAtEnd = true
                    return 0
                }
                guard let came = try receivePlain(ciphertext) else { return nil }
                // An end that was not announced may have been made by somebody else: bodies that end with the connection are not
                // whole then, which framing shows in all others.
                if came == 0 { return 0 }
                defer { try? sendCiphertext() }
                let count = try security.receive(UnsafeRawBufferPointer(rebasing: ciphertext[..<came]), into: buffer)
                if count > 0 { return count }
            }
        }
    }

    private func receivePlain(_ buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) -> Int? {
        guard mayReceive, let descriptor else { return nil }
        do throws(SystemError) {
            let count = try descriptor.receive(buffer)
            if count == 0 {
                isAtEnd = true
                mayReceive = false
            } else if count < buffer.count, !endIsAnnounced {
                mayReceive = false
            }
            return count
        } catch {
            mayReceive = false
            if error.isWouldBlock { return nil }
            isGone = true
            throw .connectionTerminated
        }
    }

    // MARK: - Sending

    /// How much ciphertext may wait to be sent before no more is made.
    private static let ciphertextLimit = 64 * 1024

    /// Whether ``send(_:)`` may take something.
    package var canSend: Bool { maySend }

    /// Whether the system has taken all that ``send(_:)`` has.
    package var isFlushed: Bool { (security?.outputCount ?? 0) == 0 }

    /// Sends bytes, as many as can be at once.
    ///
    /// - Returns: how many were taken.
    /// - Throws: ``HTTPError/connectionTerminated``, or what the encryption throws.
    package func send(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) -> Int {
        guard let security else { return try sendPlain(bytes) }
        try sendCiphertext()
        guard security.isEstablished else { return 0 }
        var sent = 0
        while sent < bytes.count, security.outputCount < Self.ciphertextLimit {
            let end = min(bytes.count, sent + 16 * 1024)
            try security.send(UnsafeRawBufferPointer(rebasing: bytes[sent..<end]))
            sent = end
            if security.outputCount >= 32 * 1024 || sent == bytes.count { try sendCiphertext() }
        }
        return sent
    }

    /// Goes on to send what was taken before.
    package func flush() throws(HTTPError) { try sendCiphertext() }

    private func sendCiphertext() throws(HTTPError) {
        guard let security, security.outputCount > 0, maySend else { return }
        try security.withOutput { (bytes) throws(HTTPError) in try sendPlain(bytes) }
    }

    private func sendPlain(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) -> Int {
        var sent = 0
        guard let descriptor else { throw .connectionTerminated }
        while sent < bytes.count, maySend {
            do throws(SystemError) {
                sent += try descriptor.send(UnsafeRawBufferPointer(rebasing: bytes[sent...]))
            } catch {
                maySend = false
                if error.isWouldBlock { break }
                isGone = true
                throw .connectionTerminated
            }
        }
        return sent
    }

    /// Tells the other end that nothing more is sent.
    package func shutdownSending() {
        guard let descriptor else { return }
        if let security {
            security.close()
            try? sendCiphertext()
        }
        try? descriptor.shutdownSending()
    }
}
