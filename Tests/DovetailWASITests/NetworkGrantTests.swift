// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem
import DovetailWASI
import Synchronization
import Testing

@Suite("Grants of the network")
struct NetworkGrantTests {
    private func lookup(_ guest: NetworkGuest, _ name: String) throws -> [WASI02.Network.IpAddress] {
        let stream = try guest.host.resolveAddresses(network: guest.network, name: name)
        try guest.wait(stream.subscribe())
        var found: [WASI02.Network.IpAddress] = []
        while let address = try stream.resolveNextAddress() { found.append(address) }
        return found
    }

    @Test("by default everything is denied, and what is missing is said once for each kind")
    func denied() throws {
        final class Log: Sendable {
            let lines = Mutex<[String]>([])
        }
        let log = Log()
        var grants = NetworkGrants()
        grants.onDenial = { denial in log.lines.withLock { $0.append(denial.description) } }
        let guest = try NetworkGuest(.ipv4, grants)
        for _ in 0..<3 {
            #expect(throws: SocketError.accessDenied) { try guest.tcp() }
            #expect(throws: SocketError.accessDenied) { try guest.udp() }
            #expect(throws: SocketError.accessDenied) { try lookup(guest, "example.com") }
            #expect(throws: SocketError.accessDenied) { try lookup(guest, "127.0.0.1") }
        }
        #expect(
            log.lines.withLock { $0 } == [
                "the guest was denied a TCP socket", "the guest was denied a UDP socket",
                "the guest was denied to look up `example.com`",
            ])
    }

    @Test("sockets reach and listen only where it is granted")
    func places() throws {
        var grants = NetworkGrants()
        grants.tcp = true
        let nowhere = try NetworkGuest(.ipv4, grants)
        let free = try NetworkGuest()
        let (listener, address) = try free.listener()
        let socket = try nowhere.tcp()
        #expect(throws: SocketError.accessDenied) {
            try socket.startConnect(network: nowhere.network, remoteAddress: address)
        }
        #expect(throws: SocketError.accessDenied) {
            try socket.startBind(network: nowhere.network, localAddress: nowhere.loopback())
        }

        grants.outbound = .only([try NetworkPlace("127.0.0.0/8:\(address.port)")])
        let some = try NetworkGuest(.ipv4, grants)
        _ = try some.connect(address)
        _ = try free.accept(listener)
        #expect(throws: SocketError.accessDenied) { try some.connect(some.loopback(address.port ^ 1)) }
        // A port of the system's choosing is for reaching others, not for listening.
        let client = try some.tcp()
        try client.startBind(network: some.network, localAddress: some.loopback())
        try client.finishBind()
        #expect(throws: SocketError.accessDenied) { try client.startListen() }
        #expect(throws: SocketError.accessDenied) {
            try some.tcp().startBind(network: some.network, localAddress: some.loopback(65_000))
        }

        grants.listen = .only([try NetworkPlace("0.0.0.0:0")])
        let server = try NetworkGuest(.ipv4, grants)
        _ = try server.listener()
        #expect(throws: SocketError.accessDenied) {
            try server.tcp().startBind(network: server.network, localAddress: server.loopback(65_000))
        }
        withExtendedLifetime(listener) {}
    }

    @Test("a socket for sending hears nobody whom it may not reach")
    func replies() throws {
        let free = try NetworkGuest()
        func bound(_ guest: NetworkGuest) throws -> any WASI02.Udp.UdpSocket {
            let socket = try guest.udp()
            try socket.startBind(network: guest.network, localAddress: guest.loopback())
            try socket.finishBind()
            return socket
        }
        let (friend, stranger) = (try bound(free), try bound(free))
        var grants = NetworkGrants()
        grants.udp = true
        grants.outbound = .only([try NetworkPlace("127.0.0.1:\(friend.localAddress().port)")])
        let guest = try NetworkGuest(.ipv4, grants)
        let socket = try bound(guest)
        let (incoming, outgoing) = try socket.stream(remoteAddress: nil)
        let target = try socket.localAddress()
        for sender in [stranger, friend] {
            let stream = try sender.stream(remoteAddress: nil).1
            _ = try stream.checkSend()
            _ = try stream.send(datagrams: [.init(data: [1], remoteAddress: target)])
        }
        try guest.wait(incoming.subscribe())
        let found = try incoming.receive(maxResults: 5)
        let expected = try friend.localAddress()
        #expect(found.map(\.remoteAddress) == [expected])
        _ = try outgoing.checkSend()
        #expect(throws: SocketError.accessDenied) {
            try outgoing.send(datagrams: [.init(data: [], remoteAddress: try stranger.localAddress())])
        }
        #expect(throws: SocketError.accessDenied) { try socket.stream(remoteAddress: try stranger.localAddress()) }
    }

    @Test("an allowed name stands for the addresses that the guest was given for it, and no others")
    func names() throws {
        let (listener, address) = try NetworkGuest().listener()
        var grants = NetworkGrants()
        grants.tcp = true
        grants.outbound = .only([try NetworkPlace("LOCALHOST.:\(address.port)")])
        let guest = try NetworkGuest(.ipv4, grants)
        // The guest knows the address, but not from the name.
        #expect(throws: SocketError.accessDenied) { try guest.connect(address) }
        #expect(throws: SocketError.accessDenied) { try lookup(guest, "example.com") }
        #expect(try lookup(guest, "localhost").contains(.ipv4((127, 0, 0, 1))))
        _ = try guest.connect(address)
        #expect(throws: SocketError.accessDenied) { try guest.connect(guest.loopback(address.port ^ 1)) }
        #expect(throws: SocketError.accessDenied) {
            try guest.connect(.ipv4(.init(port: address.port, address: (127, 0, 0, 2))))
        }
        withExtendedLifetime(listener) {}
    }

    @Test("names are looked up; addresses are read; nonsense is refused")
    func lookups() throws {
        var grants = NetworkGrants()
        grants.nameLookup = true
        let guest = try NetworkGuest(.ipv4, grants)
        #expect(try lookup(guest, "127.0.0.1") == [.ipv4((127, 0, 0, 1))])
        #expect(try lookup(guest, "::1") == [.ipv6((0, 0, 0, 0, 0, 0, 0, 1))])
        #expect(try lookup(guest, "::ffff:10.1.2.3") == [.ipv4((10, 1, 2, 3))])
        #expect(try !lookup(guest, "localhost").isEmpty)
        for text in [
            "", ".", "a..b", "-a.com", "a b", "a/b", "127.0.0.1:80", "a\0b", String(repeating: "a", count: 64),
        ] {
            #expect(throws: SocketError.invalidArgument) { try lookup(guest, text) }
        }
        // Reserved for not existing; without a network the resolver may not know that.
        do {
            _ = try lookup(guest, "nothing.invalid")
            Issue.record("expected no address")
        } catch let error as SocketError {
            #expect([.nameUnresolvable, .temporaryResolverFailure].contains(error))
        }
        // It is asked before there is an answer.
        let stream = try guest.host.resolveAddresses(network: guest.network, name: "nothing.invalid")
        do { _ = try stream.resolveNextAddress() } catch let error as SocketError {
            #expect([.wouldBlock, .nameUnresolvable, .temporaryResolverFailure].contains(error))
        }
    }

    @Test("places are read and written")
    func placeText() throws {
        for text in [
            "example.com", "example.com:443", "10.0.0.0/8", "10.0.0.0/8:80", "127.0.0.1:1", "::1", "[::1]:80",
            "fe80::/10", "xn--bcher-kva.example:8080",
        ] { #expect(try NetworkPlace(text).description == text) }
        #expect(try NetworkPlace("[::1]").description == "::1")
        #expect(try NetworkPlace("Example.COM.").description == "example.com")
        for text in [
            "", ":80", "a:b", "a:65536", "a:-1", "[::1", "[::1]80", "10.0.0.0/33", "10.0.0.0/x", "a b", "http://a",
        ] {
            #expect { try NetworkPlace(text) } throws: { ($0 as? WASIError)?.code == .configuration }
        }
    }
}
