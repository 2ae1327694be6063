// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// Makes a connection for an exchange: resolves the name, tries the addresses one after the other without waiting long for each (RFC 8305), and shakes
/// hands.
final class ClientConnector: @unchecked Sendable {
    // @unchecked because it is used under the lock of its pool.

    /// How long one address is tried before the next one is, too.
    private static let patience: UInt64 = 250_000_000

    /// One address that is being tried.
    private final class Attempt: EventLoop.Handler, @unchecked Sendable {
        // @unchecked because it is used under the lock of its pool, but for constants.
        let connector: ClientConnector
        let socket: Socket
        let address: SocketAddress
        var token: UInt64?

        init(_ connector: ClientConnector, _ socket: Socket, _ address: SocketAddress) {
            self.connector = connector
            self.socket = socket
            self.address = address
        }

        func handle(_ ready: ReadySet) {
            guard ready.contains(.writable) else { return }
            connector.pool.lock.hold { connector.settled(self) }
        }

        func close(_ loop: EventLoop) {
            if let token { loop.deregister(socket.number, token) }
            token = nil
        }
    }

    let exchange: ClientExchange
    let pool: ClientPool
    private let place: ClientPlace
    private var lookup: NameLookup?
    private var addresses: [SocketAddress] = []
    private var next = 0
    private var attempts: [Attempt] = []
    private var timer: EventTimer?
    private var connection: ClientConnection?
    private var lastError = HTTPError.destinationUnavailable
    private var isOver = false

    init(_ exchange: ClientExchange, _ place: ClientPlace, _ pool: ClientPool) {
        self.exchange = exchange
        self.place = place
        self.pool = pool
    }

    /// Whether the name is being resolved.
    var isResolving: Bool { lookup != nil }

    func start() {
        let lookup = pool.configuration.lookup(exchange.destination.host)
        self.lookup = lookup
        if lookup.result != nil { return resolved() }
        _ = lookup.done.observe { [self] in pool.soon { self.resolved() } }
    }

    private func resolved() {
        guard !isOver, let result = lookup?.result else { return }
        lookup = nil
        switch result {
        case .failure(let failure): finish(Self.error(failure))
        case .success(let found):
            addresses = Self.alternating(found).map { SocketAddress($0, port: exchange.destination.port) }
                .filter(exchange.permits)
            if addresses.isEmpty, !found.isEmpty { return finish(.destinationIPProhibited) }
            tryNext()
        }
    }

    /// Both families in turn, beginning with the one that the system prefers.
    private static func alternating(_ found: [IPAddress]) -> [IPAddress] {
        let first = found.filter { $0.family == found[0].family }
        let second = found.filter { $0.family != found[0].family }
        var result: [IPAddress] = []
        for index in 0..<max(first.count, second.count) {
            if index < first.count { result.append(first[index]) }
            if index < second.count { result.append(second[index]) }
        }
        return result
    }

    // MARK: - Addresses

    private func tryNext() {
        if let timer { pool.loop.cancel(timer) }
        timer = nil
        guard !isOver, connection == nil else { return }
        while next < addresses.count {
            let address = addresses[next]
            next += 1
            do throws(SystemError) {
                let socket = try Socket.tcp(address.ip.family)
                try socket.setOption(.noDelay, 1)
                do throws(SystemError) {
                    try socket.connect(address)
                } catch {
                    guard error == .inProgress else { throw error }
                    return try wait(Attempt(self, socket, address))
                }
                return won(socket, address)
            } catch {
                lastError = Self.error(error)
            }
        }
        if attempts.isEmpty { finish(lastError) }
    }

    private func wait(_ attempt: Attempt) throws(SystemError) {
        attempt.token = try pool.loop.register(attempt.socket.number, attempt)
        attempts.append(attempt)
        guard next < addresses.count else { return }
        timer = pool.loop.schedule(at: SystemClock.monotonic + Self.patience) { [self] in
            pool.lock.hold { tryNext() }
        }
    }

    /// An attempt has come to an end.
    private func settled(_ attempt: Attempt) {
        guard !isOver, connection == nil, let index = attempts.firstIndex(where: { $0 === attempt })
        else { return }
        do throws(SystemError) {
            if let error = try attempt.socket.connectError() { throw error }
            do throws(SystemError) {
                _ = try attempt.socket.remoteAddress()
            } catch {
                // The event was about something else.
                if error == .notConnected { return }
                throw error
            }
            attempts.remove(at: index)
            attempt.close(pool.loop)
            won(attempt.socket, attempt.address)
        } catch {
            lastError = Self.error(error)
            attempts.remove(at: index)
            attempt.close(pool.loop)
            tryNext()
        }
    }

    private func closeAttempts() {
        if let timer { pool.loop.cancel(timer) }
        timer = nil
        for attempt in attempts { attempt.close(pool.loop) }
        attempts = []
    }

    // MARK: - The connection

    private func won(_ socket: Socket, _ address: SocketAddress) {
        closeAttempts()
        do throws(HTTPError) {
            var security: TLSSession?
            if exchange.destination.isSecure {
                security = try TLSSession(
                    try context(), serverName: exchange.destination.host, port: exchange.destination.port)
                try security?.handshake()
            }
            let transport = Transport(
                socket.source.descriptor, peer: address, on: pool.loop, security: security)
            let connection = ClientConnection(transport, address, self, place, pool)
            self.connection = connection
            do throws(SystemError) {
                try transport.start(connection)
            } catch {
                throw .internalError(error.description)
            }
            connection.work()
        } catch {
            finish(error)
        }
    }

    private func context() throws(HTTPError) -> TLSContext {
        if let given = pool.configuration.tls { return given }
        do throws(TLSConfigurationError) {
            return try TLSContext.system.get()
        } catch {
            throw .configurationError
        }
    }

    /// The connection can be used.
    func established(_ connection: ClientConnection) {
        guard !isOver else { return }
        isOver = true
        place.connected(self, connection)
    }

    /// The connection has failed before it could be used, or none can be made.
    func finish(_ error: HTTPError) {
        guard !isOver else { return }
        isOver = true
        closeAttempts()
        connection?.abandon()
        place.failed(self, error)
    }

    /// Nobody wants the connection any longer.
    func cancel() {
        pool.soon { [self] in
            guard !isOver else { return }
            isOver = true
            lookup = nil
            closeAttempts()
            connection?.abandon()
            place.failed(self, nil)
        }
    }

    // MARK: - Errors

    private static func error(_ failure: NameLookup.Failure) -> HTTPError {
        switch failure {
        case .unknownName: .dnsError(rcode: "NXDOMAIN", infoCode: nil)
        case .temporary: .dnsError(rcode: "SERVFAIL", infoCode: nil)
        case .permanent: .dnsError(rcode: nil, infoCode: nil)
        case .outOfMemory: .internalError("out of memory")
        }
    }

    private static func error(_ error: SystemError) -> HTTPError {
        switch error {
        // A server that stops to listen resets connections that it has not taken yet. Nothing was sent on them.
        case .connectionRefused, .connectionReset, .connectionAborted: .connectionRefused
        case .timedOut: .connectionTimeout
        case .networkUnreachable, .hostUnreachable, .networkDown, .addressNotAvailable:
            .destinationIPUnroutable
        case .accessDenied, .notPermitted: .destinationIPProhibited
        case .addressFamilyNotSupported: .destinationUnavailable
        case .tooManyOpenFiles, .tooManyOpenFilesInSystem: .connectionLimitReached
        default: .internalError(error.description)
        }
    }
}
