// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// A server's end of a connection that speaks HTTP/2: many exchanges at once.
final class HTTP2Connection: ServerConnection, Transport.User, HTTP2Session.Owner, @unchecked Sendable {
    /// How many bytes may wait for the client before no more frames are made, and nothing more is received.
    private static let highWater = 64 * 1024
    /// How many times in a row one connection may receive before others have their turn.
    private static let turn = 16

    private var session: HTTP2Session?
    private var exchanges: [Int32: HTTP2Exchange] = [:]
    /// Those that have come and were not begun yet: not while the session has the thread.
    private var new: [HTTP2Exchange] = []
    private var isPostponed = false
    private var isWorking = false
    /// Whether nothing more is said: what the client still sends is passed over for a while.
    private var isLingering = false
    private var lingered = 0
    /// Since when it does what it does: waits for a request, lingers.
    private var since: UInt64
    /// When the client has last taken something, while there is more for it.
    private var sendsSince: UInt64?

    private init(_ connection: HTTP1Connection) {
        since = connection.loop.now
        super.init(connection.transport, connection.loop)
    }

    /// Takes the place of a connection whose client speaks HTTP/2, as its first bytes have shown.
    static func replace(_ connection: HTTP1Connection, _ bytes: [UInt8]) {
        let (loop, transport) = (connection.loop, connection.transport)
        let new = HTTP2Connection(connection)
        var limits = loop.configuration.http2
        limits.fieldSectionSize = loop.configuration.limits.headSize
        limits.bodySize = loop.configuration.limits.bodySize
        guard let session = try? HTTP2Session(isServer: true, limits: limits, owner: new) else {
            return connection.close()
        }
        new.session = session
        transport.user = new
        loop.replace(connection, with: new)
        if loop.isDraining { session.drain() }
        new.isWorking = true
        bytes.withUnsafeBytes { new.take($0) }
        new.isWorking = false
        new.goOn()
    }

    // MARK: - What happens

    func transportIsReady() {
        if transport.isGone { return close() }
        work()
    }

    override func goOn() {
        isPostponed = false
        work()
    }

    private func postpone() {
        guard !isPostponed else { return }
        isPostponed = true
        loop.postpone(self)
    }

    /// Does what can be done.
    private func work() {
        guard !isWorking, let session, !transport.isClosed else { return }
        isWorking = true
        defer { isWorking = false }
        flush(session)
        var turns = Self.turn
        while !transport.isClosed, transport.canReceive, !transport.isAtEnd,
            session.output.count < Self.highWater
        {
            if turns == 0 {
                postpone()
                break
            }
            turns -= 1
            guard receive() else { break }
            beginNew()
        }
        beginNew()
        flush(session)
        guard !transport.isClosed else { return }
        if transport.isAtEnd { return close() }
        if !isLingering, session.output.isEmpty, transport.isFlushed,
            session.failure != nil || session.isFinished
        {
            beginLingering()
        }
    }

    /// Begins to handle the requests that have come, but lets others have their turn when these take long.
    private func beginNew() {
        guard !new.isEmpty else { return }
        let end = SystemClock.monotonic &+ 1_000_000
        var count = 0
        while count < new.count, !transport.isClosed {
            let exchange = new[count]
            count += 1
            if !exchange.isClosed { exchange.start(loop) }
            guard count < new.count, SystemClock.monotonic >= end else { continue }
            postpone()
            break
        }
        new.removeFirst(count)
    }

    /// Receives once; whether anything has come.
    private func receive() -> Bool {
        let block = loop.pool.take(BufferPool.large)
        defer { loop.pool.give(block) }
        do throws(HTTPError) {
            guard let count = try transport.receive(block), count > 0 else { return false }
            loop.counters.received.add(count)
            take(UnsafeRawBufferPointer(rebasing: block[..<count]))
            return true
        } catch {
            close()
            return false
        }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        if isLingering {
            lingered += bytes.count
            if lingered > 1024 * 1024 { close() }
            return
        }
        guard let session, session.failure == nil else { return }
        since = loop.now
        do throws(HTTPError) {
            try session.receive(bytes)
        } catch {
            loop.counters.refused.add(1)
        }
    }

    private func flush(_ session: HTTP2Session) {
        guard !transport.isClosed else { return }
        do throws(HTTPError) {
            while true {
                session.prepareOutput(limit: Self.highWater)
                if session.output.isEmpty { break }
                let sent = try transport.send(session.output.bytes)
                loop.counters.sent.add(sent)
                session.output.removeFirst(sent)
                if sent > 0, sendsSince != nil { sendsSince = loop.now }
                if !session.output.isEmpty { break }
            }
            if session.output.isEmpty, !transport.isFlushed { try transport.flush() }
            if session.output.isEmpty, transport.isFlushed {
                sendsSince = nil
                session.outputIsSent()
            } else if sendsSince == nil {
                sendsSince = loop.now
                loop.hasten(self)
            }
        } catch {
            close()
        }
    }

    // MARK: - From the session

    func wantsToSend() { if !isWorking { postpone() } }

    var isSent: Bool { transport.isFlushed }

    func received(_ stream: HTTP2Stream) {
        let peer = HTTPPeer(address: transport.peer, isSecure: transport.security != nil)
        let exchange = HTTP2Exchange(stream, peer: peer)
        exchanges[stream.id] = exchange
        loop.counters.requests.add(1)
        loop.counters.active.add(1)
        new.append(exchange)
    }

    func progressed(_ stream: HTTP2Stream) {}

    func closed(_ stream: HTTP2Stream) {
        guard let exchange = exchanges.removeValue(forKey: stream.id) else { return }
        loop.counters.active.add(-1)
        exchange.streamIsClosed()
        since = loop.now
        if exchanges.isEmpty { loop.hasten(self) }
    }

    // MARK: - The end

    override func drain() {
        session?.drain()
        loop.hasten(self)
    }

    /// Ends the sending direction and takes for a while what the client still sends: closing at once could destroy what is on its way.
    private func beginLingering() {
        session?.close(.connectionTerminated)
        isLingering = true
        since = loop.now
        transport.shutdownSending()
        loop.hasten(self)
    }

    override func close() {
        guard !transport.isClosed else { return }
        super.close()
        session?.close(.connectionTerminated)
        session = nil
        new = []
    }

    // MARK: - Time limits

    override var deadline: UInt64? {
        let timeouts = loop.timeouts
        if isLingering { return since + timeouts.linger }
        if !exchanges.isEmpty || sendsSince != nil { return loop.now + 1_000_000_000 }
        return since + (loop.isDraining ? min(timeouts.idle, timeouts.drain) : timeouts.idle)
    }

    override func timeHasCome() {
        guard !transport.isClosed else { return }
        checkTime()
        if !transport.isClosed { loop.schedule(self) }
    }

    private func checkTime() {
        if let sendsSince, loop.now >= sendsSince + loop.timeouts.write { return close() }
        if !exchanges.isEmpty {
            for exchange in exchanges.values { exchange.checkTime(loop) }
        } else if let deadline, sendsSince == nil, loop.now >= deadline {
            if isLingering { return close() }
            // A client that has not heard of it may send a request at this moment, and learns that it was not looked at.
            session?.terminate()
            work()
        }
    }
}
