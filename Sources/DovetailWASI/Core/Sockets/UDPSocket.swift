// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem

/// A UDP socket with the states of `wasi:sockets/udp`.
package final class UDPSocket {
    private enum State {
        case unbound
        case binding(Result<Void, SocketErrorCode>)
        case bound
    }

    package let family: IPAddress.Family
    package let socket: Socket
    let access: NetworkAccess
    private var state = State.unbound
    private var local: SocketAddress?
    /// Whether datagrams of anybody may be received.
    private(set) var mayListen = false
    private(set) var remote: SocketAddress?
    /// Which streams are the latest.
    private(set) var generation = 0

    /// Makes an unbound socket.
    package init(_ family: IPAddress.Family, _ access: NetworkAccess) throws(SocketErrorCode) {
        try access.allowUDP()
        self.family = family
        self.access = access
        socket = try SocketErrorCode.checking { () throws(SystemError) in try Socket.udp(family) }
    }

    package func startBind(_ address: SocketAddress) throws(SocketErrorCode) {
        switch state {
        case .unbound: break
        case .binding: throw .concurrencyConflict
        case .bound: throw .invalidState
        }
        try SocketRules.checkLocal(address, family)
        try access.allowBinding(address)
        mayListen = access.mayListen(address)
        do throws(SystemError) {
            try socket.bind(address)
            local = try socket.localAddress()
            state = .binding(.success(()))
        } catch {
            state = .binding(.failure(SocketErrorCode(error)))
        }
    }

    package func finishBind() throws(SocketErrorCode) {
        guard case .binding(let outcome) = state else { throw .notInProgress }
        state = if case .success = outcome { .bound } else { .unbound }
        try outcome.get()
    }

    /// The streams of datagrams from and to one address, or any; earlier ones are of no use afterwards.
    package func streams(
        _ remote: SocketAddress?
    ) throws(SocketErrorCode) -> (incoming: IncomingDatagrams, outgoing: OutgoingDatagrams) {
        guard case .bound = state else { throw .invalidState }
        if let remote {
            try SocketRules.checkRemote(remote, family)
            try access.allowOutbound(remote)
        }
        generation += 1
        do throws(SystemError) {
            if self.remote != nil { try disconnect() }
            self.remote = nil
            if let remote {
                try socket.connect(remote)
                self.remote = remote
            }
        } catch {
            throw SocketErrorCode(error)
        }
        return (IncomingDatagrams(self), OutgoingDatagrams(self))
    }

    /// Linux takes a port of its own choosing away with the association.
    private func disconnect() throws(SystemError) {
        try socket.disconnect()
        if let local, try socket.localAddress() != local { try socket.bind(local) }
    }

    package func localAddress() throws(SocketErrorCode) -> SocketAddress {
        switch state {
        case .unbound: throw .invalidState
        case .binding: throw .concurrencyConflict
        case .bound: return try SocketErrorCode.checking { () throws(SystemError) in try socket.localAddress() }
        }
    }

    package func remoteAddress() throws(SocketErrorCode) -> SocketAddress {
        guard let remote else { throw .invalidState }
        return remote
    }

    /// When the operation in progress can be finished: at once.
    package var readiness: Readiness { .ready }
}
