// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem

/// The representation of the resource `wasi:sockets/udp.udp-socket`.
final class WASIUDPSocket: WASISocket<UDPSocket>, WASI02.Udp.UdpSocket {
    func startBind(network: any WASI02.Network.Network, localAddress: WASI02.Network.IpSocketAddress) throws {
        try attempt { (socket) throws(SocketErrorCode) in try socket.startBind(localAddress.address) }
    }

    func finishBind() throws { try attempt { (socket) throws(SocketErrorCode) in try socket.finishBind() } }

    func stream(remoteAddress: WASI02.Network.IpSocketAddress?) throws -> (
        any WASI02.Udp.IncomingDatagramStream, any WASI02.Udp.OutgoingDatagramStream
    ) {
        let (incoming, outgoing) = try attempt { (socket) throws(SocketErrorCode) in
            try socket.streams(remoteAddress?.address)
        }
        return (WASIIncomingDatagrams(incoming, in: wasi), WASIOutgoingDatagrams(outgoing, in: wasi))
    }

    func localAddress() throws -> WASI02.Network.IpSocketAddress {
        .init(try attempt { (socket) throws(SocketErrorCode) in try socket.localAddress() })
    }

    func remoteAddress() throws -> WASI02.Network.IpSocketAddress {
        .init(try attempt { (socket) throws(SocketErrorCode) in try socket.remoteAddress() })
    }

    func addressFamily() -> WASI02.Network.IpAddressFamily { .init(socket.family) }

    func unicastHopLimit() throws -> UInt8 { try attempt { (socket) throws(SocketErrorCode) in try socket.hopLimit() } }

    func setUnicastHopLimit(value: UInt8) throws {
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
}

/// The representation of the resource `wasi:sockets/udp.incoming-datagram-stream`.
final class WASIIncomingDatagrams: Pollable, WASI02.Udp.IncomingDatagramStream {
    private let datagrams: IncomingDatagrams

    init(_ datagrams: IncomingDatagrams, in wasi: WASIContext?) {
        self.datagrams = datagrams
        super.init(in: wasi, fixed: .ready)
    }

    override var readiness: Readiness { datagrams.readiness }
    func subscribe() -> any WASI02.Poll.Pollable { self }

    func receive(maxResults: UInt64) throws -> [WASI02.Udp.IncomingDatagram] {
        try WASI02.Network.ErrorCode.translating { () throws(SocketErrorCode) in try datagrams.receive(maxResults) }
            .map { .init(data: $0.bytes, remoteAddress: .init($0.sender)) }
    }
}

/// The representation of the resource `wasi:sockets/udp.outgoing-datagram-stream`.
final class WASIOutgoingDatagrams: Pollable, WASI02.Udp.OutgoingDatagramStream {
    private let datagrams: OutgoingDatagrams

    init(_ datagrams: OutgoingDatagrams, in wasi: WASIContext?) {
        self.datagrams = datagrams
        super.init(in: wasi, fixed: .ready)
    }

    override var readiness: Readiness { datagrams.readiness }
    func subscribe() -> any WASI02.Poll.Pollable { self }

    func checkSend() throws -> UInt64 {
        try WASI02.Network.ErrorCode.translating { () throws(SocketErrorCode) in try datagrams.checkSend() }
    }

    /// - Throws: ``WASIError`` with code `misuse` for more than ``checkSend()`` permitted, which traps.
    func send(datagrams list: [WASI02.Udp.OutgoingDatagram]) throws -> UInt64 {
        guard UInt64(list.count) <= datagrams.permit else {
            throw WASIError.sendNotPermitted(list.count, permit: datagrams.permit)
        }
        return try WASI02.Network.ErrorCode.translating { () throws(SocketErrorCode) in
            try datagrams.send(list.map { ($0.data, $0.remoteAddress?.address) })
        }
    }
}
