// SPDX-License-Identifier: Apache-2.0

/// What encrypts a connection: bytes of the network in, bytes of the application out, and the reverse. It knows nothing of sockets.
package protocol TransportSecurity: AnyObject {
    /// Takes in what has come, all of it, and decrypts as much as there is room for; the handshake's steps are taken on the way.
    ///
    /// - Returns: how many bytes there are; 0 when more has to come, or ``isEnded``.
    func receive(
        _ ciphertext: UnsafeRawBufferPointer, into plaintext: UnsafeMutableRawBufferPointer
    ) throws(HTTPError) -> Int
    /// Whether there is more to be had without anything new.
    var hasPending: Bool { get }
    /// Whether the other end has said that it sends nothing more.
    var isEnded: Bool { get }
    /// Whether the handshake is over.
    var isEstablished: Bool { get }
    /// The protocol that was agreed on, `h2` for instance.
    var protocolName: String? { get }
    /// Encrypts bytes, all of them.
    func send(_ plaintext: UnsafeRawBufferPointer) throws(HTTPError)
    /// How many bytes have to be sent.
    var outputCount: Int { get }
    /// Hands what has to be sent to `body`, which returns how many bytes were.
    func withOutput(_ body: (UnsafeRawBufferPointer) throws(HTTPError) -> Int) throws(HTTPError)
    /// Says that nothing more is sent.
    func close()
}
