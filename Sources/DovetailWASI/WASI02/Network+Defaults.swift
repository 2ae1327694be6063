// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem

/// The network that a guest's store was granted; what may be done on it is decided for each address.
final class WASINetwork: WASI02.Network.Network {}

extension WASI02.Network.ErrorCode {
    /// The same code, for the guest.
    init(_ code: SocketErrorCode) { self = Self(rawValue: code.rawValue) ?? .unknown }

    /// Does something of the sockets'; what fails comes out as the code that the guest is given.
    static func translating<Success>(_ body: () throws(SocketErrorCode) -> Success) throws -> Success {
        do throws(SocketErrorCode) { return try body() } catch { throw WASI02.Network.ErrorCode(error) }
    }
}

extension WASI02.Network.IpAddress {
    /// The same address.
    init(_ address: IPAddress) { self = address.family == .v4 ? .ipv4(address.v4) : .ipv6(address.v6) }
}

extension WASI02.Network.IpAddressFamily {
    /// The same family.
    init(_ family: IPAddress.Family) { self = family == .v4 ? .ipv4 : .ipv6 }

    var family: IPAddress.Family { self == .ipv4 ? .v4 : .v6 }
}

extension WASI02.Network.IpSocketAddress {
    /// The same address.
    init(_ address: SocketAddress) {
        self =
            switch address.ip.family {
            case .v4: .ipv4(.init(port: address.port, address: address.ip.v4))
            case .v6:
                .ipv6(
                    .init(
                        port: address.port, flowInfo: address.flow, address: address.ip.v6, scopeId: address.scope))
            }
    }

    var address: SocketAddress {
        switch self {
        case .ipv4(let address): SocketAddress(IPAddress(v4: address.address), port: address.port)
        case .ipv6(let address):
            SocketAddress(
                IPAddress(v6: address.address), port: address.port, flow: address.flowInfo, scope: address.scopeId)
        }
    }
}

extension WASI02.Network.Imports where Self: WASI02.Provider {
    /// The code of a socket's stream that failed.
    public func networkErrorCode(err: any WASI02.Error.Error) throws -> WASI02.Network.ErrorCode? {
        (err as? IOFailure)?.socketCode.map { WASI02.Network.ErrorCode($0) }
    }
}

extension WASI02.InstanceNetwork.Imports where Self: WASI02.Provider {
    /// The network of the configuration's grants.
    public func instanceNetwork() throws -> any WASI02.Network.Network { WASINetwork() }
}

/// The addresses of a name.
final class WASIAddressLookup: Pollable, WASI02.IpNameLookup.ResolveAddressStream {
    private let lookup: AddressLookup

    init(_ lookup: AddressLookup, in wasi: WASIContext) {
        self.lookup = lookup
        super.init(in: wasi, fixed: .ready)
    }

    override var readiness: Readiness { lookup.readiness }

    func resolveNextAddress() throws -> WASI02.Network.IpAddress? {
        try WASI02.Network.ErrorCode.translating { () throws(SocketErrorCode) in try lookup.next() }
            .map { WASI02.Network.IpAddress($0) }
    }

    func subscribe() -> any WASI02.Poll.Pollable { self }
}

extension WASI02.IpNameLookup.Imports where Self: WASI02.Provider {
    /// Looks up what the configuration grants.
    public func resolveAddresses(
        network: any WASI02.Network.Network, name: String
    ) throws -> any WASI02.IpNameLookup.ResolveAddressStream {
        WASIAddressLookup(
            try WASI02.Network.ErrorCode.translating { () throws(SocketErrorCode) in
                try AddressLookup(name, wasi.network)
            }, in: wasi)
    }
}

extension WASI02.TcpCreateSocket.Imports where Self: WASI02.Provider {
    /// A socket that may do what the configuration grants.
    public func createTcpSocket(addressFamily: WASI02.Network.IpAddressFamily) throws -> any WASI02.Tcp.TcpSocket {
        WASITCPSocket(
            try WASI02.Network.ErrorCode.translating { () throws(SocketErrorCode) in
                try TCPSocket(addressFamily.family, wasi.network)
            }, in: wasi)
    }
}

extension WASI02.UdpCreateSocket.Imports where Self: WASI02.Provider {
    /// A socket that may do what the configuration grants.
    public func createUdpSocket(addressFamily: WASI02.Network.IpAddressFamily) throws -> any WASI02.Udp.UdpSocket {
        WASIUDPSocket(
            try WASI02.Network.ErrorCode.translating { () throws(SocketErrorCode) in
                try UDPSocket(addressFamily.family, wasi.network)
            }, in: wasi)
    }
}
