// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem
import DovetailWASI

typealias SocketError = WASI02.Network.ErrorCode
typealias GuestAddress = WASI02.Network.IpSocketAddress

/// What a guest does with `wasi:sockets`, without one: the same calls of the host's implementation.
struct NetworkGuest {
    let context: WASIContext
    let host: WASI02.Host
    let network: any WASI02.Network.Network
    let family: WASI02.Network.IpAddressFamily

    init(_ family: WASI02.Network.IpAddressFamily = .ipv4, _ grants: NetworkGrants = .everything) throws {
        var configuration = WASIConfiguration()
        configuration.network = grants
        context = try WASIContext(configuration)
        host = WASI02.Host(context)
        network = try host.instanceNetwork()
        self.family = family
    }

    func loopback(_ port: UInt16 = 0) -> GuestAddress {
        family == .ipv4
            ? .ipv4(.init(port: port, address: (127, 0, 0, 1)))
            : .ipv6(.init(port: port, flowInfo: 0, address: (0, 0, 0, 0, 0, 0, 0, 1), scopeId: 0))
    }

    func tcp() throws -> any WASI02.Tcp.TcpSocket { try host.createTcpSocket(addressFamily: family) }
    func udp() throws -> any WASI02.Udp.UdpSocket { try host.createUdpSocket(addressFamily: family) }

    /// Waits for one pollable.
    func wait(_ pollable: any WASI02.Poll.Pollable) throws {
        _ = try host.poll(in: [pollable])
    }

    /// Makes an attempt, and waits as long as it would block.
    func finish<Success>(_ socket: any WASI02.Tcp.TcpSocket, _ body: () throws -> Success) throws -> Success {
        while true {
            do { return try body() } catch SocketError.wouldBlock { try wait(socket.subscribe()) }
        }
    }

    /// A socket that listens at the loopback address, and where.
    func listener() throws -> (socket: any WASI02.Tcp.TcpSocket, address: GuestAddress) {
        let socket = try tcp()
        try socket.startBind(network: network, localAddress: loopback())
        try socket.finishBind()
        try socket.startListen()
        try socket.finishListen()
        return (socket, try socket.localAddress())
    }

    func connect(_ address: GuestAddress) throws -> Connection {
        let socket = try tcp()
        try socket.startConnect(network: network, remoteAddress: address)
        let (input, output) = try finish(socket) { try socket.finishConnect() }
        return Connection(socket: socket, input: input, output: output)
    }

    func accept(_ listener: any WASI02.Tcp.TcpSocket) throws -> Connection {
        let (socket, input, output) = try finish(listener) { try listener.accept() }
        return Connection(socket: socket, input: input, output: output)
    }

    /// Both ends of a connection.
    func pair() throws -> (client: Connection, server: Connection) {
        let (listener, address) = try listener()
        let client = try connect(address)
        return (client, try accept(listener))
    }

    struct Connection {
        let socket: any WASI02.Tcp.TcpSocket
        let input: any WASI02.Streams.InputStream
        let output: any WASI02.Streams.OutputStream

        /// Reads so many bytes.
        func read(_ count: Int) throws -> [UInt8] {
            var bytes: [UInt8] = []
            while bytes.count < count { bytes += try input.blockingRead(len: UInt64(count - bytes.count)) }
            return bytes
        }
    }
}

extension GuestAddress {
    var port: UInt16 {
        switch self {
        case .ipv4(let address): address.port
        case .ipv6(let address): address.port
        }
    }
}

/// Whether an error is a stream's `closed`.
func isClosed(_ error: any Error) -> Bool {
    guard let error = error as? ResultError<WASI02.Streams.StreamError> else { return false }
    if case .closed = error.payload { return true }
    return false
}
