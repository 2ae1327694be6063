// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem

/// The representation of the resource `wasi:sockets/tcp.tcp-socket`.
final class WASITCPSocket: WASISocket<TCPSocket>, WASI02.Tcp.TcpSocket {
    func startBind(network: any WASI02.Network.Network, localAddress: WASI02.Network.IpSocketAddress) throws {
        try attempt { (socket) throws(SocketErrorCode) in try socket.startBind(localAddress.address) }
    }

    func finishBind() throws { try attempt { (socket) throws(SocketErrorCode) in try socket.finishBind() } }

    func startConnect(network: any WASI02.Network.Network, remoteAddress: WASI02.Network.IpSocketAddress) throws {
        try attempt { (socket) throws(SocketErrorCode) in try socket.startConnect(remoteAddress.address) }
    }

    func finishConnect() throws -> (any WASI02.Streams.InputStream, any WASI02.Streams.OutputStream) {
        let (input, output) = try attempt { (socket) throws(SocketErrorCode) in try socket.finishConnect() }
        return (WASIInputStream(input, in: wasi), WASIOutputStream(output, in: wasi))
    }

    func startListen() throws { try attempt { (socket) throws(SocketErrorCode) in try socket.startListen() } }
    func finishListen() throws { try attempt { (socket) throws(SocketErrorCode) in try socket.finishListen() } }

    func accept() throws -> (
        any WASI02.Tcp.TcpSocket, any WASI02.Streams.InputStream, any WASI02.Streams.OutputStream
    ) {
        let accepted = try attempt { (socket) throws(SocketErrorCode) in try socket.accept() }
        return (
            WASITCPSocket(accepted.socket, in: wasi), WASIInputStream(accepted.input, in: wasi),
            WASIOutputStream(accepted.output, in: wasi)
        )
    }

    func localAddress() throws -> WASI02.Network.IpSocketAddress {
        .init(try attempt { (socket) throws(SocketErrorCode) in try socket.localAddress() })
    }

    func remoteAddress() throws -> WASI02.Network.IpSocketAddress {
        .init(try attempt { (socket) throws(SocketErrorCode) in try socket.remoteAddress() })
    }

    func isListening() -> Bool { socket.isListening }
    func addressFamily() -> WASI02.Network.IpAddressFamily { .init(socket.family) }

    func setListenBacklogSize(value: UInt64) throws {
        try attempt { (socket) throws(SocketErrorCode) in try socket.setListenBacklog(value) }
    }

    func keepAliveEnabled() throws -> Bool {
        try attempt { (socket) throws(SocketErrorCode) in try socket.keepAlive() }
    }

    func setKeepAliveEnabled(value: Bool) throws {
        try attempt { (socket) throws(SocketErrorCode) in try socket.setKeepAlive(value) }
    }

    func keepAliveIdleTime() throws -> UInt64 {
        try attempt { (socket) throws(SocketErrorCode) in try socket.keepAliveIdleTime() }
    }

    func setKeepAliveIdleTime(value: UInt64) throws {
        try attempt { (socket) throws(SocketErrorCode) in try socket.setKeepAliveIdleTime(value) }
    }

    func keepAliveInterval() throws -> UInt64 {
        try attempt { (socket) throws(SocketErrorCode) in try socket.keepAliveInterval() }
    }

    func setKeepAliveInterval(value: UInt64) throws {
        try attempt { (socket) throws(SocketErrorCode) in try socket.setKeepAliveInterval(value) }
    }

    func keepAliveCount() throws -> UInt32 {
        try attempt { (socket) throws(SocketErrorCode) in try socket.keepAliveCount() }
    }

    func setKeepAliveCount(value: UInt32) throws {
        try attempt { (socket) throws(SocketErrorCode) in try socket.setKeepAliveCount(value) }
    }

    func hopLimit() throws -> UInt8 { try attempt { (socket) throws(SocketErrorCode) in try socket.hopLimit() } }

    func setHopLimit(value: UInt8) throws {
        try attempt { (socket) throws(SocketErrorCode) in try socket.setHopLimit(value) }
    }

    func receiveBufferSize() throws -> UInt64 {
        try attempt { (socket) throws(SocketErrorCode) in try socket.receiveBufferSize() }
    }

    func setReceiveBufferSize(value: UInt64) throws {
        try attempt { (socket) throws(SocketErrorCode) in try socket.setReceiveBufferSize(value) }
    }

    func sendBufferSize() throws -> UInt64 {
        try attempt { (socket) throws(SocketErrorCode) in try socket.sendBufferSize() }
    }

    func setSendBufferSize(value: UInt64) throws {
        try attempt { (socket) throws(SocketErrorCode) in try socket.setSendBufferSize(value) }
    }

    func shutdown(shutdownType: WASI02.Tcp.ShutdownType) throws {
        try attempt { (socket) throws(SocketErrorCode) in
            try socket.shutdown(receiving: shutdownType != .send, sending: shutdownType != .receive)
        }
    }
}
