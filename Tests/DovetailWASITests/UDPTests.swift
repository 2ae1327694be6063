// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailWASI
import Testing

private let families: [WASI02.Network.IpAddressFamily] = [.ipv4, .ipv6]

@Suite("UDP sockets")
struct UDPTests {
    private func bound(_ guest: NetworkGuest) throws -> any WASI02.Udp.UdpSocket {
        let socket = try guest.udp()
        try socket.startBind(network: guest.network, localAddress: guest.loopback())
        try socket.finishBind()
        return socket
    }

    private func send(
        _ stream: any WASI02.Udp.OutgoingDatagramStream, _ bytes: [UInt8], _ address: GuestAddress? = nil
    ) throws {
        #expect(try stream.checkSend() > 0)
        #expect(try stream.send(datagrams: [.init(data: bytes, remoteAddress: address)]) == 1)
    }

    private func receive(
        _ guest: NetworkGuest, _ stream: any WASI02.Udp.IncomingDatagramStream
    ) throws -> WASI02.Udp.IncomingDatagram? {
        try guest.wait(stream.subscribe())
        return try stream.receive(maxResults: 1).first
    }

    @Test("datagrams go to any address and come from any", arguments: families)
    func unconnected(family: WASI02.Network.IpAddressFamily) throws {
        let guest = try NetworkGuest(family)
        let (one, other) = (try bound(guest), try bound(guest))
        let (_, outgoing) = try one.stream(remoteAddress: nil)
        let (incoming, _) = try other.stream(remoteAddress: nil)
        #expect(try incoming.receive(maxResults: 5).isEmpty)
        #expect(try incoming.subscribe().ready() == false)
        let address = try other.localAddress()
        let datagrams = [[UInt8]](arrayLiteral: [1, 2, 3], [], [UInt8](repeating: 9, count: 60_000))
        #expect(try outgoing.checkSend() == 16)
        #expect(try outgoing.send(datagrams: datagrams.map { .init(data: $0, remoteAddress: address) }) == 3)
        try guest.wait(incoming.subscribe())
        #expect(try incoming.receive(maxResults: 0).isEmpty)
        var found = try incoming.receive(maxResults: 2)
        #expect(found.count == 2)
        found += try incoming.receive(maxResults: .max)
        #expect(found.map(\.data) == datagrams)
        let sender = try one.localAddress()
        #expect(found.allSatisfy { $0.remoteAddress == sender })
        // One that is connected to nobody needs to be told where to.
        #expect(throws: SocketError.invalidArgument) {
            _ = try outgoing.checkSend()
            _ = try outgoing.send(datagrams: [.init(data: [], remoteAddress: nil)])
        }
        #expect(throws: SocketError.datagramTooLarge) {
            _ = try outgoing.checkSend()
            _ = try outgoing.send(
                datagrams: [.init(data: [UInt8](repeating: 0, count: 70_000), remoteAddress: address)])
        }
    }

    @Test("a connected stream hears one address, and can be turned to another and to all", arguments: families)
    func connected(family: WASI02.Network.IpAddressFamily) throws {
        let guest = try NetworkGuest(family)
        let sockets = try (0..<3).map { _ in try bound(guest) }
        let addresses = try sockets.map { try $0.localAddress() }
        let others = try sockets[1...].map { try $0.stream(remoteAddress: nil).1 }
        let (incoming, outgoing) = try sockets[0].stream(remoteAddress: addresses[1])
        #expect(try sockets[0].remoteAddress() == addresses[1])
        try send(others[1], [2], addresses[0])
        try send(others[0], [1], addresses[0])
        #expect(try receive(guest, incoming)?.data == [1])
        #expect(try incoming.receive(maxResults: 1).isEmpty)
        try send(outgoing, [3])
        try send(outgoing, [3], addresses[1])
        _ = try outgoing.checkSend()
        #expect(throws: SocketError.invalidArgument) {
            try outgoing.send(datagrams: [.init(data: [], remoteAddress: addresses[2])])
        }

        // The earlier streams are of no use any more.
        let (second, _) = try sockets[0].stream(remoteAddress: addresses[2])
        #expect(throws: SocketError.invalidState) { try incoming.receive(maxResults: 1) }
        #expect(throws: SocketError.invalidState) { try outgoing.checkSend() }
        try send(others[1], [4], addresses[0])
        #expect(try receive(guest, second)?.data == [4])
        let (third, _) = try sockets[0].stream(remoteAddress: nil)
        // It has the port that it had.
        #expect(try sockets[0].localAddress() == addresses[0])
        #expect(throws: SocketError.invalidState) { try sockets[0].remoteAddress() }
        try send(others[0], [5], addresses[0])
        #expect(try receive(guest, third)?.data == [5])
    }

    @Test("a datagram that nobody takes is reported to a connected stream")
    func refused() throws {
        let guest = try NetworkGuest()
        let nobody = try { try bound(guest).localAddress() }()
        let socket = try bound(guest)
        let (incoming, outgoing) = try socket.stream(remoteAddress: nobody)
        try send(outgoing, [1])
        try guest.wait(incoming.subscribe())
        #expect(throws: SocketError.connectionRefused) { try incoming.receive(maxResults: 1) }
    }

    @Test("operations are refused in states that they are not for, and addresses that cannot be")
    func states() throws {
        let guest = try NetworkGuest()
        let socket = try guest.udp()
        #expect(throws: SocketError.notInProgress) { try socket.finishBind() }
        #expect(throws: SocketError.invalidState) { try socket.stream(remoteAddress: nil) }
        #expect(throws: SocketError.invalidState) { try socket.localAddress() }
        #expect(throws: SocketError.invalidState) { try socket.remoteAddress() }
        #expect(throws: SocketError.invalidArgument) {
            try socket.startBind(network: guest.network, localAddress: try NetworkGuest(.ipv6).loopback())
        }
        let taken = try bound(guest)
        try socket.startBind(network: guest.network, localAddress: try taken.localAddress())
        #expect(throws: SocketError.addressInUse) { try socket.finishBind() }
        try socket.startBind(network: guest.network, localAddress: guest.loopback())
        #expect(throws: SocketError.concurrencyConflict) {
            try socket.startBind(network: guest.network, localAddress: guest.loopback())
        }
        #expect(throws: SocketError.invalidState) { try socket.stream(remoteAddress: nil) }
        try socket.finishBind()
        #expect(throws: SocketError.invalidState) {
            try socket.startBind(network: guest.network, localAddress: guest.loopback())
        }
        for address in [
            guest.loopback(0), .ipv4(.init(port: 1, address: (0, 0, 0, 0))), try NetworkGuest(.ipv6).loopback(1),
        ] {
            #expect(throws: SocketError.invalidArgument) { try socket.stream(remoteAddress: address) }
        }
        let (_, outgoing) = try socket.stream(remoteAddress: nil)
        #expect(try outgoing.send(datagrams: []) == 0)
        #expect {
            try outgoing.send(datagrams: [.init(data: [], remoteAddress: guest.loopback(1))])
        } throws: { ($0 as? WASIError)?.code == .misuse }
        for address in [guest.loopback(0), .ipv4(.init(port: 1, address: (0, 0, 0, 0)))] {
            _ = try outgoing.checkSend()
            #expect(throws: SocketError.invalidArgument) {
                try outgoing.send(datagrams: [.init(data: [], remoteAddress: address)])
            }
        }
    }

    @Test("settings are kept, and nonsense is refused", arguments: families)
    func settings(family: WASI02.Network.IpAddressFamily) throws {
        let socket = try NetworkGuest(family).udp()
        #expect(try socket.addressFamily() == family)
        try socket.setUnicastHopLimit(value: 3)
        #expect(try socket.unicastHopLimit() == 3)
        try socket.setReceiveBufferSize(value: 65_536)
        #expect(try socket.receiveBufferSize() == 65_536)
        try socket.setSendBufferSize(value: 65_536)
        #expect(try socket.sendBufferSize() == 65_536)
        #expect(throws: SocketError.invalidArgument) { try socket.setUnicastHopLimit(value: 0) }
        #expect(throws: SocketError.invalidArgument) { try socket.setReceiveBufferSize(value: 0) }
        #expect(throws: SocketError.invalidArgument) { try socket.setSendBufferSize(value: 0) }
        try socket.setSendBufferSize(value: .max)
    }
}
