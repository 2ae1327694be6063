// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// A client's connections on one event loop.
///
/// Sockets are used on the loop's thread alone. What exchanges on other threads share with them lies under the lock, which the loop's thread holds
/// whenever it works here.
final class ClientPool: EventLoop.TurnEndHandler, @unchecked Sendable {
    // @unchecked because everything that changes is used under the lock.

    let loop: EventLoop
    let configuration: HTTPClient.Configuration
    let lock = ConnectionLock()
    /// For the loop's thread.
    let buffers = BufferPool()
    private var places: [ClientDestination: ClientPlace] = [:]
    private var watched: [ObjectIdentifier: ClientExchange] = [:]
    /// Connections that have something to do.
    private var changed: [ClientConnection] = []
    private var timer: EventTimer?
    private var nextTick = UInt64.max

    init(_ loop: EventLoop, _ configuration: HTTPClient.Configuration) {
        self.loop = loop
        self.configuration = configuration
    }

    /// Begins an exchange. Not under the lock.
    func begin(_ exchange: ClientExchange) {
        lock.hold {
            exchange.begin()
            if loop.isCurrent { start(exchange) } else { again(exchange) }
        }
    }

    /// Begins an exchange again.
    func again(_ exchange: ClientExchange) { soon { self.start(exchange) } }

    /// Runs `body` on the loop's thread, under the lock.
    func soon(_ body: @escaping @Sendable () -> Void) {
        loop.execute { [self] in lock.hold { body() } }
    }

    private func start(_ exchange: ClientExchange) {
        guard exchange.isActive else { return }
        let place = places[exchange.destination] ?? ClientPlace(exchange.destination, self)
        places[exchange.destination] = place
        place.start(exchange)
    }

    /// An exchange no longer wants a connection.
    func withdraw(_ exchange: ClientExchange) { places[exchange.destination]?.withdraw(exchange) }

    /// Forgets a place that nothing is known of.
    func forget(_ place: ClientPlace) { places[place.destination] = nil }

    /// Closes everything that waits for a request; what is under way ends first.
    func shutDown() {
        soon { [self] in for place in places.values { place.closeIdle(before: .max) } }
    }

    var connections: (open: Int, idle: Int) {
        lock.hold { places.values.reduce((0, 0)) { ($0.0 + $1.open, $0.1 + $1.idleCount) } }
    }

    // MARK: - Later

    /// Lets a connection do what it has to before the loop waits.
    func change(_ connection: ClientConnection) {
        guard !connection.isMarked else { return }
        connection.isMarked = true
        changed.append(connection)
        guard changed.count == 1 else { return }
        if loop.isCurrent {
            loop.callAtTurnEnd(self)
        } else {
            loop.execute { [self] in turnHasEnded() }
        }
    }

    func turnHasEnded() {
        lock.hold {
            let connections = changed
            changed.removeAll(keepingCapacity: true)
            for connection in connections {
                connection.isMarked = false
                connection.work()
            }
        }
    }

    // MARK: - Time

    /// Looks at an exchange's deadline when it has come.
    func watch(_ exchange: ClientExchange) {
        watched[ObjectIdentifier(exchange)] = exchange
        tick(by: exchange.deadline)
    }

    func unwatch(_ exchange: ClientExchange) { watched[ObjectIdentifier(exchange)] = nil }

    /// Looks at all time limits at an instant, or before.
    func tick(by instant: UInt64) {
        guard instant < nextTick else { return }
        if let timer { loop.cancel(timer) }
        nextTick = instant
        // The last reference may be the timer's.
        timer = loop.schedule(at: instant) { [weak self] in self?.tick() }
    }

    private func tick() {
        lock.hold {
            let now = SystemClock.monotonic
            (timer, nextTick) = (nil, .max)
            var next = UInt64.max
            for exchange in watched.values {
                if exchange.deadline <= now {
                    exchange.timeHasCome()
                } else {
                    next = min(next, exchange.deadline)
                }
            }
            let idleTime = ServerTimeouts.nanoseconds(configuration.idleTimeout)
            for place in places.values {
                place.closeIdle(before: now - min(now, idleTime))
                if let since = place.idleSince { next = min(next, since + idleTime) }
            }
            // Not for each of many that come soon after one another.
            if next != .max { tick(by: max(next, now + 10_000_000)) }
        }
    }
}

/// What is known of one destination: its connections, and who waits for one.
final class ClientPlace {
    let destination: ClientDestination
    private unowned let pool: ClientPool
    /// Connections of HTTP/1.1 without a request, the last used at the end.
    private var idle: [ClientConnection] = []
    /// Connections of HTTP/2.
    private var shared: [ClientConnection] = []
    private var connectors: [ObjectIdentifier: ClientConnector] = [:]
    private var waiting: [ClientExchange] = []
    /// How many connections there are, those being made included.
    private(set) var open = 0
    /// What was agreed on last.
    private var speaksHTTP2: Bool?

    init(_ destination: ClientDestination, _ pool: ClientPool) {
        self.destination = destination
        self.pool = pool
    }

    var idleCount: Int { idle.count + shared.count { $0.isIdle } }

    /// Since when the connection that waits longest for a request does.
    var idleSince: UInt64? {
        min(idle.first?.idleSince ?? .max, shared.filter(\.isIdle).map(\.idleSince).min() ?? .max)
            .nonMaximum
    }

    func start(_ exchange: ClientExchange) {
        if let known = shared.first(where: { $0.hasRoom && exchange.permits($0.address) }) {
            return known.begin(exchange)
        }
        if let index = idle.lastIndex(where: { exchange.permits($0.address) }) {
            return idle.remove(at: index).begin(exchange)
        }
        // One connection may do for all.
        let mayShare = destination.isSecure || pool.configuration.assumesHTTP2
        if (mayShare && speaksHTTP2 != false && !connectors.isEmpty)
            || open >= pool.configuration.connectionsPerHost
        {
            return waiting.append(exchange)
        }
        open += 1
        let connector = ClientConnector(exchange, self, pool)
        connectors[ObjectIdentifier(connector)] = connector
        exchange.connector = connector
        connector.start()
    }

    func withdraw(_ exchange: ClientExchange) { waiting.removeAll { $0 === exchange } }

    /// Somewhere, there may be room for those who wait.
    func serveWaiting() {
        guard !waiting.isEmpty else { return }
        let exchanges = waiting
        waiting = []
        for exchange in exchanges where exchange.isActive { start(exchange) }
    }

    // MARK: - From connectors and connections

    func connected(_ connector: ClientConnector, _ connection: ClientConnection) {
        connectors[ObjectIdentifier(connector)] = nil
        speaksHTTP2 = connection.speaksHTTP2
        if connection.speaksHTTP2 { shared.append(connection) }
        if connector.exchange.isActive {
            connection.begin(connector.exchange)
        } else {
            isIdle(connection)
        }
        serveWaiting()
    }

    func failed(_ connector: ClientConnector, _ error: HTTPError?) {
        guard connectors.removeValue(forKey: ObjectIdentifier(connector)) != nil else { return }
        open -= 1
        if let error { connector.exchange.fail(error) }
        serveWaiting()
        forgetIfEmpty()
    }

    /// A connection waits for a request.
    func isIdle(_ connection: ClientConnection) {
        connection.idleSince = SystemClock.monotonic
        if !connection.speaksHTTP2 { idle.append(connection) }
        serveWaiting()
        if connection.isIdle {
            pool.tick(
                by: connection.idleSince + ServerTimeouts.nanoseconds(pool.configuration.idleTimeout))
        }
    }

    func closed(_ connection: ClientConnection) {
        idle.removeAll { $0 === connection }
        shared.removeAll { $0 === connection }
        open -= 1
        serveWaiting()
        forgetIfEmpty()
    }

    private func forgetIfEmpty() {
        if open == 0, waiting.isEmpty { pool.forget(self) }
    }

    func closeIdle(before instant: UInt64) {
        for connection in idle + shared.filter(\.isIdle) where connection.idleSince <= instant {
            connection.end()
        }
    }
}

extension UInt64 {
    fileprivate var nonMaximum: UInt64? { self == .max ? nil : self }
}
