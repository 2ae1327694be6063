// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem

/// A socket of a guest, whose settings TCP and UDP have in common.
package protocol NetworkSocket: AnyObject {
    /// The family of its addresses.
    var family: IPAddress.Family { get }
    /// The system's socket.
    var socket: Socket { get }
}

extension NetworkSocket {
    package func hopLimit() throws(SocketErrorCode) -> UInt8 { try socket.hopLimit(family) }
    package func setHopLimit(_ value: UInt8) throws(SocketErrorCode) { try socket.setHopLimit(value, family) }

    package func receiveBufferSize() throws(SocketErrorCode) -> UInt64 { try socket.bufferSize(.receiveBuffer) }
    package func setReceiveBufferSize(_ value: UInt64) throws(SocketErrorCode) {
        try socket.setBufferSize(.receiveBuffer, value)
    }

    package func sendBufferSize() throws(SocketErrorCode) -> UInt64 { try socket.bufferSize(.sendBuffer) }
    package func setSendBufferSize(_ value: UInt64) throws(SocketErrorCode) {
        try socket.setBufferSize(.sendBuffer, value)
    }
}

extension TCPSocket: NetworkSocket {}
extension UDPSocket: NetworkSocket {}
