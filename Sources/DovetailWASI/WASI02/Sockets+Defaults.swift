// SPDX-License-Identifier: Apache-2.0

/// A network that nothing can be reached through.
final class DeniedNetwork: WASI02.Network.Network {}

extension WASI02.Network.Imports where Self: WASI02.Provider {
    /// None: no stream of DovetailWASI's own is a socket's.
    public func networkErrorCode(err: any WASI02.Error.Error) throws -> WASI02.Network.ErrorCode? { nil }
}

extension WASI02.InstanceNetwork.Imports where Self: WASI02.Provider {
    /// A network that nothing can be reached through.
    public func instanceNetwork() throws -> any WASI02.Network.Network { DeniedNetwork() }
}

extension WASI02.IpNameLookup.Imports where Self: WASI02.Provider {
    /// Throws `access-denied`.
    public func resolveAddresses(
        network: any WASI02.Network.Network, name: String
    ) throws -> any WASI02.IpNameLookup.ResolveAddressStream {
        throw WASI02.Network.ErrorCode.accessDenied
    }
}

extension WASI02.TcpCreateSocket.Imports where Self: WASI02.Provider {
    /// Throws `access-denied`.
    public func createTcpSocket(addressFamily: WASI02.Network.IpAddressFamily) throws -> any WASI02.Tcp.TcpSocket {
        throw WASI02.Network.ErrorCode.accessDenied
    }
}

extension WASI02.UdpCreateSocket.Imports where Self: WASI02.Provider {
    /// Throws `access-denied`.
    public func createUdpSocket(addressFamily: WASI02.Network.IpAddressFamily) throws -> any WASI02.Udp.UdpSocket {
        throw WASI02.Network.ErrorCode.accessDenied
    }
}
