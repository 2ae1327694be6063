// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem

/// A TCP socket with the states of `wasi:sockets/tcp`.
///
/// What the system does at once is done by `start…`; what it came to is told by `finish…`.
package final class TCPSocket {
    private enum State {
        case unbound
        case binding(Result<Void, SocketErrorCode>)
        case bound
        case connecting(Result<Void, SocketErrorCode>?)
        case connected(TCPConnection)
        case startingToListen(Result<Void, SocketErrorCode>)
        case listening
        case closed
    }

    package let family: IPAddress.Family
    package let socket: Socket
    private let access: NetworkAccess
    private var state: State
    /// The address the guest asked for, with the port it asked for.
    private var requested: SocketAddress?
    private var backlog: Int32 = 128

    /// Makes an unbound socket.
    package init(_ family: IPAddress.Family, _ access: NetworkAccess) throws(SocketErrorCode) {
        try access.allowTCP()
        self.family = family
        self.access = access
        socket = try SocketErrorCode.checking { () throws(SystemError) in try Socket.tcp(family) }
        state = .unbound
    }

    private init(_ family: IPAddress.Family, _ access: NetworkAccess, _ connection: TCPConnection) {
        self.family = family
        self.access = access
        socket = connection.socket
        state = .connected(connection)
    }

    // MARK: - Bind

    package func startBind(_ address: SocketAddress) throws(SocketErrorCode) {
        switch state {
        case .unbound: break
        case .binding: throw .concurrencyConflict
        default: throw .invalidState
        }
        try SocketRules.checkLocal(address, family)
        try access.allowBinding(address)
        requested = address
        state = .binding(
            result { () throws(SystemError) in
                // A port that connections of earlier servers linger at can be had again.
                try socket.setOption(.reuseAddress, 1)
                try socket.bind(address)
            })
    }

    package func finishBind() throws(SocketErrorCode) {
        guard case .binding(let outcome) = state else { throw .notInProgress }
        state = if case .success = outcome { .bound } else { .unbound }
        try outcome.get()
    }

    // MARK: - Connect

    package func startConnect(_ address: SocketAddress) throws(SocketErrorCode) {
        switch state {
        case .unbound, .bound: break
        case .binding, .connecting, .startingToListen: throw .concurrencyConflict
        default: throw .invalidState
        }
        try SocketRules.checkRemote(address, family)
        guard !address.ip.isMulticast, !address.ip.isBroadcast else { throw .invalidArgument }
        try access.allowOutbound(address)
        do throws(SystemError) {
            try socket.connect(address)
            state = .connecting(.success(()))
        } catch {
            state = .connecting(error == .inProgress ? nil : .failure(Self.connectCode(error)))
        }
    }

    /// The streams of the connection.
    package func finishConnect() throws(SocketErrorCode) -> (input: SocketInputStream, output: SocketOutputStream) {
        guard case .connecting(let outcome) = state else { throw .notInProgress }
        do throws(SocketErrorCode) {
            if let outcome { try outcome.get() } else { try checkConnected() }
        } catch {
            if error != .wouldBlock { state = .closed }
            throw error
        }
        let connection = TCPConnection(socket)
        state = .connected(connection)
        return (SocketInputStream(connection), SocketOutputStream(connection))
    }

    private func checkConnected() throws(SocketErrorCode) {
        do throws(SystemError) {
            try socket.source.attempt(.writing) { (number) throws(SystemError) in
                guard try Poll.isReady(number, .writable, waiting: 0) else { throw SystemError.tryAgain }
            }
            if let error = try socket.connectError() { throw error }
        } catch {
            throw error.isWouldBlock ? .wouldBlock : Self.connectCode(error)
        }
    }

    /// There being no local port left is told as an address that is in use.
    private static func connectCode(_ error: SystemError) -> SocketErrorCode {
        error == .addressNotAvailable ? .addressInUse : SocketErrorCode(error)
    }

    // MARK: - Listen

    package func startListen() throws(SocketErrorCode) {
        switch state {
        case .bound: break
        case .binding, .connecting, .startingToListen: throw .concurrencyConflict
        default: throw .invalidState
        }
        if let requested { try access.allowListening(requested) }
        state = .startingToListen(result { () throws(SystemError) in try socket.listen(backlog: backlog) })
    }

    package func finishListen() throws(SocketErrorCode) {
        guard case .startingToListen(let outcome) = state else { throw .notInProgress }
        state = if case .success = outcome { .listening } else { .closed }
        try outcome.get()
    }

    /// A connection that waits, and its streams.
    package func accept() throws(SocketErrorCode) -> (
        socket: TCPSocket, input: SocketInputStream, output: SocketOutputStream
    ) {
        guard case .listening = state else { throw .invalidState }
        let accepted: Socket
        do throws(SystemError) {
            accepted = try socket.accept().socket
        } catch {
            switch SocketErrorCode(error) {
            case .wouldBlock: throw .wouldBlock
            case .newSocketLimit: throw .newSocketLimit
            case .outOfMemory: throw .outOfMemory
            // What the network did to a connection before it was taken.
            default: throw .connectionAborted
            }
        }
        let connection = TCPConnection(accepted)
        return (
            TCPSocket(family, access, connection), SocketInputStream(connection), SocketOutputStream(connection)
        )
    }

    package var isListening: Bool { if case .listening = state { true } else { false } }

    package func setListenBacklog(_ value: UInt64) throws(SocketErrorCode) {
        let size = try SocketRules.positive(value, limit: 4096)
        switch state {
        case .unbound, .binding, .bound, .startingToListen: backlog = size
        case .listening:
            do throws(SystemError) { try socket.listen(backlog: size) } catch { throw .notSupported }
            backlog = size
        case .connecting, .connected, .closed: throw .invalidState
        }
    }

    // MARK: - Addresses, shutdown, readiness

    package func localAddress() throws(SocketErrorCode) -> SocketAddress {
        switch state {
        case .unbound: throw .invalidState
        case .binding: throw .concurrencyConflict
        default: return try SocketErrorCode.checking { () throws(SystemError) in try socket.localAddress() }
        }
    }

    package func remoteAddress() throws(SocketErrorCode) -> SocketAddress {
        switch state {
        case .connected: return try SocketErrorCode.checking { () throws(SystemError) in try socket.remoteAddress() }
        case .connecting: throw .concurrencyConflict
        default: throw .invalidState
        }
    }

    package func shutdown(receiving: Bool, sending: Bool) throws(SocketErrorCode) {
        switch state {
        case .connected(let connection): try connection.shutdown(receiving: receiving, sending: sending)
        case .connecting: throw .concurrencyConflict
        default: throw .invalidState
        }
    }

    /// When the operation in progress can be finished, or a connection accepted.
    package var readiness: Readiness {
        switch state {
        case .connecting(nil): .event(socket.source, .writing)
        case .listening: .event(socket.source, .reading)
        default: .ready
        }
    }

    private func result(_ body: () throws(SystemError) -> Void) -> Result<Void, SocketErrorCode> {
        do throws(SystemError) {
            try body()
            return .success(())
        } catch {
            return .failure(SocketErrorCode(error))
        }
    }
}
