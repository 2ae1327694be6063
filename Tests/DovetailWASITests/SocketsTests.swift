// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import DovetailWASI
import Testing

/// `lookup.wat`: a guest that looks up names and makes sockets, compiled against 0.2.0.
@Suite("Sockets: denied, and replaced one interface at a time")
struct SocketsTests {
    private typealias ErrorCode = WASI02.Network.ErrorCode

    /// What a test looks at afterwards.
    private final class Log {
        var lines: [String] = []
    }

    /// Whose names may be looked up.
    private final class Zone: WASI02.Network.Network {
        let suffix: String

        init(_ suffix: String) { self.suffix = suffix }
    }

    private struct Zones: WASI02.InstanceNetwork.Imports {
        func instanceNetwork() -> any WASI02.Network.Network { Zone(".test") }
    }

    /// A list of addresses, all there from the start.
    private final class Addresses: WASI02.IpNameLookup.ResolveAddressStream {
        private var rest: ArraySlice<WASI02.Network.IpAddress>
        private let log: Log

        init(_ addresses: [WASI02.Network.IpAddress], _ log: Log) {
            rest = addresses[...]
            self.log = log
        }

        deinit { log.lines.append("dropped") }

        func resolveNextAddress() -> WASI02.Network.IpAddress? { rest.popFirst() }
        func subscribe() -> any WASI02.Poll.Pollable { Pollable { .ready } }
    }

    private struct Names: WASI02.IpNameLookup.Imports {
        let log: Log

        func resolveAddresses(
            network: any WASI02.Network.Network, name: String
        ) throws -> any WASI02.IpNameLookup.ResolveAddressStream {
            log.lines.append(name)
            guard let zone = network as? Zone, name.hasSuffix(zone.suffix) else { throw ErrorCode.nameUnresolvable }
            return Addresses([.ipv4((10, 0, 0, 7)), .ipv6((0, 0, 0, 0, 0, 0, 0, 1))], log)
        }
    }

    private func instance(_ configure: (inout Linker) -> Void = { _ in }) throws -> Instance {
        let engine = try Engine()
        var linker = Linker.wasi(engine: engine)
        configure(&linker)
        let store = Store(engine: engine)
        let component = try Component(engine: engine, path: TestFiles.fixture("lookup.wasm"))
        return try linker.instantiate(component, in: store)
    }

    private func code(_ code: ErrorCode) -> Value { .error(.u8(code.rawValue)) }

    @Test("nothing can be looked up or opened unless the host says so")
    func denied() throws {
        let instance = try instance()
        #expect(try instance.function("lookup").call(.string("example.test")) == code(.accessDenied))
        #expect(try instance.function("listens").call() == code(.accessDenied))
        let host = WASI02.Host(try WASIContext(WASIConfiguration()))
        #expect(throws: ErrorCode.accessDenied) { _ = try host.createUdpSocket(addressFamily: .ipv6) }
        #expect(try host.networkErrorCode(err: IOFailure("broken")) == nil)
    }

    @Test("names of the host's own, on a network of its own; sockets stay denied")
    func lookup() throws {
        let log = Log()
        // @unchecked because the log stays in this thread.
        struct Kept: @unchecked Sendable { let log: Log }
        let kept = Kept(log: log)
        let instance = try instance { linker in
            WASI02.InstanceNetwork.define(in: &linker) { _ in Zones() }
            WASI02.IpNameLookup.define(in: &linker) { _ in Names(log: kept.log) }
        }
        let lookup = try instance.function("lookup")
        #expect(try lookup.call(.string("host.test")) == .ok(.u32(0x0700_000a)))
        #expect(log.lines == ["host.test", "dropped"])
        #expect(try lookup.call(.string("example.org")) == code(.nameUnresolvable))
        #expect(try instance.function("listens").call() == code(.accessDenied))
    }

    @Test("a host's names on the network that reaches nothing")
    func lookupAlone() throws {
        let instance = try instance { linker in
            WASI02.IpNameLookup.define(in: &linker) { _ in Names(log: Log()) }
        }
        #expect(try instance.function("lookup").call(.string("host.test")) == code(.nameUnresolvable))
    }

    /// A socket that listens and can do nothing else.
    private final class Ear: WASI02.Tcp.TcpSocket {
        func startBind(network: any WASI02.Network.Network, localAddress: WASI02.Network.IpSocketAddress) throws {
            throw ErrorCode.notSupported
        }
        func finishBind() throws { throw ErrorCode.notInProgress }
        func startConnect(network: any WASI02.Network.Network, remoteAddress: WASI02.Network.IpSocketAddress) throws {
            throw ErrorCode.notSupported
        }
        func finishConnect() throws -> (
            any WASI02.Streams.InputStream, any WASI02.Streams.OutputStream
        ) { throw ErrorCode.notInProgress }
        func startListen() throws { throw ErrorCode.invalidState }
        func finishListen() throws { throw ErrorCode.notInProgress }
        func accept() throws -> (
            any WASI02.Tcp.TcpSocket, any WASI02.Streams.InputStream,
            any WASI02.Streams.OutputStream
        ) { throw ErrorCode.wouldBlock }
        func localAddress() throws -> WASI02.Network.IpSocketAddress { throw ErrorCode.invalidState }
        func remoteAddress() throws -> WASI02.Network.IpSocketAddress { throw ErrorCode.invalidState }
        func isListening() -> Bool { true }
        func addressFamily() -> WASI02.Network.IpAddressFamily { .ipv4 }
        func setListenBacklogSize(value: UInt64) {}
        func keepAliveEnabled() -> Bool { false }
        func setKeepAliveEnabled(value: Bool) {}
        func keepAliveIdleTime() -> UInt64 { 1 }
        func setKeepAliveIdleTime(value: UInt64) {}
        func keepAliveInterval() -> UInt64 { 1 }
        func setKeepAliveInterval(value: UInt64) {}
        func keepAliveCount() -> UInt32 { 1 }
        func setKeepAliveCount(value: UInt32) {}
        func hopLimit() -> UInt8 { 1 }
        func setHopLimit(value: UInt8) {}
        func receiveBufferSize() -> UInt64 { 1 }
        func setReceiveBufferSize(value: UInt64) {}
        func sendBufferSize() -> UInt64 { 1 }
        func setSendBufferSize(value: UInt64) {}
        func subscribe() -> any WASI02.Poll.Pollable { Pollable { .ready } }
        func shutdown(shutdownType: WASI02.Tcp.ShutdownType) {}
    }

    private struct Ears: WASI02.TcpCreateSocket.Imports {
        func createTcpSocket(addressFamily: WASI02.Network.IpAddressFamily) throws -> any WASI02.Tcp.TcpSocket {
            guard addressFamily == .ipv4 else { throw ErrorCode.notSupported }
            return Ear()
        }
    }

    @Test("sockets of the host's own; names stay denied")
    func sockets() throws {
        let instance = try instance { linker in
            WASI02.TcpCreateSocket.define(in: &linker) { _ in Ears() }
        }
        #expect(try instance.function("listens").call() == .ok(.u32(1)))
        #expect(try instance.function("lookup").call(.string("host.test")) == code(.accessDenied))
    }
}
