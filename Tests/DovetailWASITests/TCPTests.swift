// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem
import DovetailTestSupport
import DovetailWASI
import Foundation
import Testing

private let families: [WASI02.Network.IpAddressFamily] = [.ipv4, .ipv6]

@Suite("TCP sockets")
struct TCPTests {
    @Test("a connection carries bytes both ways, and ends in one direction at a time", arguments: families)
    func echo(family: WASI02.Network.IpAddressFamily) throws {
        let guest = try NetworkGuest(family)
        let (client, server) = try guest.pair()
        #expect(try client.socket.remoteAddress() == server.socket.localAddress())
        #expect(try client.socket.localAddress() == server.socket.remoteAddress())
        #expect(try client.socket.addressFamily() == family && server.socket.addressFamily() == family)

        try client.output.blockingWriteAndFlush(contents: Array("ping".utf8))
        #expect(try server.read(4) == Array("ping".utf8))
        #expect(try server.input.read(len: 10) == [])
        // The client has said everything, and still listens.
        try client.socket.shutdown(shutdownType: .send)
        #expect { try client.output.checkWrite() } throws: { isClosed($0) }
        #expect { try server.input.blockingRead(len: 1) } throws: { isClosed($0) }
        try server.output.blockingWriteAndFlush(contents: Array("pong".utf8))
        #expect(try client.read(4) == Array("pong".utf8))
        try client.socket.shutdown(shutdownType: .receive)
        #expect { try client.input.read(len: 1) } throws: { isClosed($0) }
        try client.socket.shutdown(shutdownType: .both)
    }

    @Test("a refused connection says so, and its socket is of no further use", arguments: families)
    func refused(family: WASI02.Network.IpAddressFamily) throws {
        let guest = try NetworkGuest(family)
        let address = try guest.listener().address
        let socket = try guest.tcp()
        try socket.startConnect(network: guest.network, remoteAddress: address)
        #expect(throws: SocketError.connectionRefused) { try guest.finish(socket) { _ = try socket.finishConnect() } }
        #expect(throws: SocketError.notInProgress) { try socket.finishConnect() }
        #expect(throws: SocketError.invalidState) {
            try socket.startConnect(network: guest.network, remoteAddress: address)
        }
        #expect(throws: SocketError.invalidState) { try socket.remoteAddress() }
    }

    @Test("a connection that the peer resets fails with the network's error")
    func reset() throws {
        let guest = try NetworkGuest()
        let client: NetworkGuest.Connection
        do {
            let (mine, server) = try guest.pair()
            client = mine
            try client.output.blockingWriteAndFlush(contents: [1, 2, 3])
            try guest.wait(server.input.subscribe())
            // It goes without having read that, which resets the connection.
        }
        #expect {
            while true { _ = try client.input.blockingRead(len: 1) }
        } throws: { error in
            guard let error = error as? ResultError<WASI02.Streams.StreamError>,
                case .lastOperationFailed(let failure) = error.payload
            else { return false }
            return try guest.host.networkErrorCode(err: failure) == .connectionReset
        }
        #expect { try client.input.read(len: 1) } throws: { isClosed($0) }
    }

    @Test("operations are refused in states that they are not for")
    func states() throws {
        let guest = try NetworkGuest()
        let (network, any) = (guest.network, guest.loopback())
        let (listener, address) = try guest.listener()

        let socket = try guest.tcp()
        #expect(throws: SocketError.notInProgress) { try socket.finishBind() }
        #expect(throws: SocketError.notInProgress) { try socket.finishListen() }
        #expect(throws: SocketError.notInProgress) { try socket.finishConnect() }
        #expect(throws: SocketError.invalidState) { try socket.startListen() }
        #expect(throws: SocketError.invalidState) { try socket.accept() }
        #expect(throws: SocketError.invalidState) { try socket.localAddress() }
        #expect(throws: SocketError.invalidState) { try socket.remoteAddress() }
        #expect(throws: SocketError.invalidState) { try socket.shutdown(shutdownType: .both) }
        #expect(try socket.isListening() == false)

        try socket.startBind(network: network, localAddress: any)
        #expect(throws: SocketError.concurrencyConflict) { try socket.startBind(network: network, localAddress: any) }
        #expect(throws: SocketError.concurrencyConflict) {
            try socket.startConnect(network: network, remoteAddress: address)
        }
        #expect(throws: SocketError.concurrencyConflict) { try socket.startListen() }
        #expect(throws: SocketError.concurrencyConflict) { try socket.localAddress() }
        #expect(throws: SocketError.notInProgress) { try socket.finishListen() }
        try socket.finishBind()
        #expect(throws: SocketError.notInProgress) { try socket.finishBind() }
        #expect(throws: SocketError.invalidState) { try socket.startBind(network: network, localAddress: any) }
        #expect(try socket.localAddress().port != 0)

        try socket.startListen()
        #expect(throws: SocketError.concurrencyConflict) { try socket.startListen() }
        #expect(throws: SocketError.invalidState) { try socket.accept() }
        try socket.finishListen()
        #expect(try socket.isListening())
        #expect(throws: SocketError.wouldBlock) { try socket.accept() }
        #expect(try socket.subscribe().ready() == false)
        #expect(throws: SocketError.invalidState) { try socket.startListen() }
        #expect(throws: SocketError.invalidState) {
            try socket.startConnect(network: network, remoteAddress: address)
        }
        #expect(throws: SocketError.invalidState) { try socket.shutdown(shutdownType: .send) }
        #expect(throws: SocketError.invalidState) { try socket.remoteAddress() }

        let client = try guest.tcp()
        try client.startConnect(network: network, remoteAddress: address)
        #expect(throws: SocketError.concurrencyConflict) {
            try client.startConnect(network: network, remoteAddress: address)
        }
        #expect(throws: SocketError.concurrencyConflict) { try client.remoteAddress() }
        #expect(throws: SocketError.concurrencyConflict) { try client.shutdown(shutdownType: .send) }
        #expect(throws: SocketError.invalidState) { try client.setListenBacklogSize(value: 1) }
        _ = try guest.finish(client) { try client.finishConnect() }
        #expect(throws: SocketError.notInProgress) { try client.finishConnect() }
        #expect(throws: SocketError.invalidState) { try client.startBind(network: network, localAddress: any) }
        #expect(throws: SocketError.invalidState) { try client.startListen() }
        #expect(throws: SocketError.invalidState) { try client.accept() }
        _ = try guest.accept(listener)
        #expect(try client.subscribe().ready())
    }

    @Test("addresses that no socket can have or reach are refused")
    func addresses() throws {
        let guest = try NetworkGuest()
        let six = try NetworkGuest(.ipv6)
        func v4(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, _ port: UInt16 = 80) -> GuestAddress {
            .ipv4(.init(port: port, address: (a, b, c, d)))
        }
        func v6(_ groups: WASI02.Network.Ipv6Address, _ port: UInt16 = 80) -> GuestAddress {
            .ipv6(.init(port: port, flowInfo: 0, address: groups, scopeId: 0))
        }
        let mapped = v6((0, 0, 0, 0, 0, 0xFFFF, 0x7F00, 1))
        let (socket, socket6) = (try guest.tcp(), try six.tcp())
        for address in [v4(224, 0, 0, 1), v4(255, 255, 255, 255), six.loopback()] {
            #expect(throws: SocketError.invalidArgument) {
                try socket.startBind(network: guest.network, localAddress: address)
            }
        }
        for address in [v4(0, 0, 0, 0), v4(127, 0, 0, 1, 0), v4(224, 0, 0, 1), six.loopback(80)] {
            #expect(throws: SocketError.invalidArgument) {
                try socket.startConnect(network: guest.network, remoteAddress: address)
            }
        }
        for address in [mapped, guest.loopback(), v6((0xFF02, 0, 0, 0, 0, 0, 0, 1))] {
            #expect(throws: SocketError.invalidArgument) {
                try socket6.startBind(network: six.network, localAddress: address)
            }
        }
        for address in [mapped, v6((0, 0, 0, 0, 0, 0, 0, 0)), six.loopback(0), guest.loopback(80)] {
            #expect(throws: SocketError.invalidArgument) {
                try socket6.startConnect(network: six.network, remoteAddress: address)
            }
        }

        // Not this host's, and taken: told when the operation is finished.
        try socket.startBind(network: guest.network, localAddress: v4(192, 0, 2, 1, 0))
        #expect(throws: SocketError.addressNotBindable) { try socket.finishBind() }
        let taken = try guest.listener()
        try socket.startBind(network: guest.network, localAddress: taken.address)
        #expect(throws: SocketError.addressInUse) { try socket.finishBind() }
        // It has not been bound by all that.
        try socket.startBind(network: guest.network, localAddress: guest.loopback())
        try socket.finishBind()
        withExtendedLifetime(taken.socket) {}
    }

    @Test("settings are kept, nonsense is refused, and accepted sockets inherit them")
    func settings() throws {
        let guest = try NetworkGuest()
        let (listener, address) = try guest.listener()
        let second: UInt64 = 1_000_000_000
        func change(_ socket: any WASI02.Tcp.TcpSocket) throws {
            try socket.setKeepAliveEnabled(value: true)
            try socket.setKeepAliveIdleTime(value: 90 * second)
            try socket.setKeepAliveInterval(value: 1)
            try socket.setKeepAliveCount(value: 7)
            try socket.setHopLimit(value: 42)
            try socket.setReceiveBufferSize(value: 65_536)
            try socket.setSendBufferSize(value: 32_768)
        }
        func check(_ socket: any WASI02.Tcp.TcpSocket) throws {
            #expect(try socket.keepAliveEnabled())
            #expect(try socket.keepAliveIdleTime() == 90 * second)
            #expect(try socket.keepAliveInterval() == second)
            #expect(try socket.keepAliveCount() == 7)
            #expect(try socket.hopLimit() == 42)
            #expect(try socket.receiveBufferSize() == 65_536)
            #expect(try socket.sendBufferSize() == 32_768)
        }
        #expect(try listener.keepAliveEnabled() == false)
        try change(listener)
        try check(listener)
        let client = try guest.connect(address)
        try check(try guest.accept(listener).socket)
        try change(client.socket)
        try check(client.socket)

        let socket = try NetworkGuest(.ipv6).tcp()
        try socket.setHopLimit(value: 9)
        #expect(try socket.hopLimit() == 9)
        for refused: () throws -> Void in [
            { try socket.setKeepAliveIdleTime(value: 0) }, { try socket.setKeepAliveInterval(value: 0) },
            { try socket.setKeepAliveCount(value: 0) }, { try socket.setHopLimit(value: 0) },
            { try socket.setReceiveBufferSize(value: 0) }, { try socket.setSendBufferSize(value: 0) },
            { try socket.setListenBacklogSize(value: 0) },
        ] { #expect(throws: SocketError.invalidArgument, performing: refused) }
        // Too much is brought down to what the system has.
        try socket.setKeepAliveIdleTime(value: .max)
        try socket.setKeepAliveCount(value: .max)
        try socket.setReceiveBufferSize(value: .max)
        try socket.setSendBufferSize(value: .max)
        try socket.setListenBacklogSize(value: .max)
        #expect(try socket.keepAliveCount() > 7)
        try listener.setListenBacklogSize(value: 5)
    }

    @Test("what the system does not take at once is sent in the background, in order, before the end")
    func backPressure() async throws {
        let guest = try NetworkGuest()
        let (client, server) = try guest.pair()
        let total = 8 << 20
        var written = 0
        // Until there is no room any more.
        while written < total {
            let permit = Int(try client.output.checkWrite())
            if permit == 0 { break }
            try client.output.write(
                contents: (0..<permit).map { UInt8(truncatingIfNeeded: ($0 + written) &* 31 >> 3) })
            written += permit
        }
        #expect(written < total)
        // Everything that was accepted arrives although the guest does not come back to it.
        try client.socket.shutdown(shutdownType: .send)
        var read = 0
        while true {
            do {
                for byte in try server.input.blockingRead(len: 1 << 16) {
                    if byte != UInt8(truncatingIfNeeded: read &* 31 >> 3) {
                        Issue.record("byte \(read) is wrong")
                        return
                    }
                    read += 1
                }
            } catch  where isClosed(error) { break }
        }
        #expect(read == written)
    }

    @Test("the rest of what was written is sent while the guest blocks for the answer")
    func blockingForAnAnswer() throws {
        let guest = try NetworkGuest()
        let (client, server) = try guest.pair()
        var written = 0
        while case let permit = Int(try client.output.checkWrite()), permit > 0 {
            try client.output.write(contents: [UInt8](repeating: 7, count: permit))
            written += permit
        }
        // @unchecked because the thread alone uses it from now on.
        struct Served: @unchecked Sendable { let connection: NetworkGuest.Connection }
        let (served, total) = (Served(connection: server), written)
        Thread.detachNewThread {
            guard let bytes = try? served.connection.read(total) else { return }
            try? served.connection.output.blockingWriteAndFlush(contents: [bytes.count == total ? 1 : 0])
        }
        #expect(try client.read(1) == [1])
    }

    @Test("a dropped stream still sends what was written")
    func droppedStream() throws {
        let guest = try NetworkGuest()
        let (listener, address) = try guest.listener()
        var written = 0
        do {
            let client = try guest.connect(address)
            while case let permit = Int(try client.output.checkWrite()), permit > 0, written < 8 << 20 {
                try client.output.write(contents: [UInt8](repeating: 7, count: permit))
                written += permit
            }
        }
        let server = try guest.accept(listener)
        var read = 0
        while true {
            do { read += try server.input.blockingRead(len: 1 << 16).count } catch  where isClosed(error) { break }
        }
        #expect(read == written)
    }

    @Test("waits for sockets on a loop, on the shared one and on blocked threads alike")
    func waiting() async throws {
        let guest = try NetworkGuest()
        let loop = try EventLoop(threadNamed: "test")
        defer { loop.stop() }
        struct Ends: @unchecked Sendable {
            // @unchecked because each end is used by one task at a time.
            let input: any WASI02.Streams.InputStream
            let output: any WASI02.Streams.OutputStream
            var readiness: Readiness { (input as? Pollable)?.readiness ?? .never }
        }
        let (client, server) = try guest.pair()
        let (mine, theirs) = (
            Ends(input: client.input, output: client.output), Ends(input: server.input, output: server.output)
        )
        for round in 0..<300 {
            #expect(try mine.input.read(len: 1) == [])
            async let written: Void = BlockingWork.run {
                try theirs.output.blockingWriteAndFlush(contents: [UInt8(round & 0xFF)])
            }
            var found: [UInt8] = []
            while found.isEmpty {
                switch round % 3 {
                case 0: try await Task(executorPreference: loop) { try await loop.wait(for: [mine.readiness]) }.value
                case 1: try await EventLoop.shared.get().wait(for: [mine.readiness])
                default: try EventLoop.block(for: [mine.readiness])
                }
                found = try mine.input.read(len: 10)
            }
            #expect(found == [UInt8(round & 0xFF)])
            // One thread at a time uses an end.
            try await written
        }
    }

    @Test("ten thousand connections leave neither descriptors nor memory behind")
    func manyConnections() async {
        // In a process of its own, where nobody else takes any.
        await #expect(processExitsWith: .success) {
            let guest = try NetworkGuest()
            let (listener, address) = try guest.listener()
            func round(_ count: Int) throws {
                for _ in 0..<count {
                    let client = try guest.connect(address)
                    let server = try guest.accept(listener)
                    try client.output.blockingWriteAndFlush(contents: [1])
                    _ = try server.read(1)
                    try client.socket.shutdown(shutdownType: .both)
                }
            }
            func descriptors() throws -> Int {
                try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
            }
            try round(500)
            let (open, memory) = (try descriptors(), ResidentMemory.bytes(ofProcess: "self") ?? 0)
            try round(10_000)
            #expect(try descriptors() == open)
            #expect((ResidentMemory.bytes(ofProcess: "self") ?? 0) < memory + 4 << 20)
        }
    }
}
