// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// A server's end of a connection that speaks HTTP/2: many exchanges at once.
final class HTTP2Connection: ServerConnection, Transport.User, HTTP2Session.Owner {
    /// How many bytes are made ready to be sent at a time; with so many left, nothing more is received.
    private static let outputLimit = 64 * 1024
    /// How many times in a row one connection may receive before others have their turn.
    private static let turn = 16

    private var session: HTTP2Session?
    private var tasks: [Int32: Task<Void, Never>] = [:]
    private var budget = HTTP2Connection.turn
    private var isPostponed = false
    /// Nothing more is received; what is left is sent.
    private var isEnding = false
    private var isLingering = false
    private var lingered = 0
    /// Since when there is no request, or it lingers.
    private var since: UInt64
    /// When the client has last taken something, while there is more for it.
    private var sendsSince: UInt64?

    override init(_ transport: Transport, _ loop: ServerLoop) {
        since = loop.now
        super.init(transport, loop)
    }

    /// Takes the client over, of which these bytes have come already.
    func start(_ bytes: UnsafeRawBufferPointer) {
        transport.user = self
        do throws(HTTPError) {
            session = try HTTP2Session(isServer: true, limits: loop.configuration.http2Limits, owner: self)
        } catch {
            return close()
        }
        if loop.isDraining { session?.drain() }
        receive(bytes)
        advance()
    }

    // MARK: - What happens

    func transportIsReady() {
        if transport.isGone { return close() }
        budget = Self.turn
        advance()
    }

    override func goOn() {
        isPostponed = false
        guard !transport.isClosed else { return }
        budget = Self.turn
        advance()
    }

    func wantsToSend() {
        guard !isPostponed else { return }
        isPostponed = true
        loop.postpone(self)
    }

    private func advance() {
        send()
        let block = loop.pool.take(BufferPool.small)
        defer { loop.pool.give(block) }
        while !transport.isClosed, let session {
            if isLingering { return linger(block) }
            if isEnding || session.isFinished {
                guard session.output.isEmpty, transport.isFlushed else { return }
                beginLingering()
                continue
            }
            // A client that takes nothing is not listened to.
            guard session.output.count < Self.outputLimit, transport.canReceive else { return }
            budget -= 1
            guard budget >= 0 else { return wantsToSend() }
            guard let count = receive(into: block) else { return }
            guard count > 0 else { return close() }
            receive(UnsafeRawBufferPointer(rebasing: block[..<count]))
            send()
        }
    }

    /// Receives; nil when nothing has come or the connection is gone.
    private func receive(into block: UnsafeMutableRawBufferPointer) -> Int? {
        do throws(HTTPError) {
            let count = try transport.receive(block)
            loop.counters.received.add(count ?? 0)
            return count
        } catch {
            close()
            return nil
        }
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) {
        do throws(HTTPError) {
            try session?.receive(bytes)
        } catch {
            // What went wrong is told before the end.
            loop.counters.refused.add(1)
            isEnding = true
        }
    }

    private func send() {
        guard let session, !transport.isClosed else { return }
        do throws(HTTPError) {
            try transport.flush()
            while true {
                if session.output.count < Self.outputLimit { session.prepareOutput(limit: Self.outputLimit) }
                guard !session.output.isEmpty else { break }
                let sent = try transport.send(session.output.bytes)
                session.output.removeFirst(sent)
                loop.counters.sent.add(sent)
                if sent > 0, sendsSince != nil { sendsSince = loop.now }
                guard session.output.isEmpty else { break }
            }
        } catch {
            return close()
        }
        if session.output.isEmpty, transport.isFlushed {
            sendsSince = nil
            session.outputIsSent()
        } else if sendsSince == nil {
            sendsSince = loop.now
            loop.hasten(self)
        }
    }

    var isSent: Bool { transport.isFlushed }

    // MARK: - Requests

    func received(_ stream: HTTP2Stream) {
        let peer = HTTPPeer(address: transport.peer, isSecure: transport.security != nil)
        let exchange = HTTP2Exchange(stream, peer: peer)
        loop.counters.requests.add(1)
        loop.counters.active.add(1)
        let work = HTTP2Work(exchange: exchange, handler: loop.handler)
        tasks[stream.id] = Task.detached(executorPreference: loop.eventLoop) { await work.run() }
    }

    func closed(_ stream: HTTP2Stream) {
        guard let task = tasks.removeValue(forKey: stream.id) else { return }
        // One that has finished has nothing to give up.
        task.cancel()
        loop.counters.active.add(-1)
        if tasks.isEmpty {
            since = loop.now
            loop.hasten(self)
        }
    }

    // MARK: - The end

    override func drain() {
        session?.drain()
        advance()
    }

    /// Ends the sending direction and takes for a while what the client still sends: closing at once could destroy what is on its way.
    private func beginLingering() {
        if transport.isAtEnd { return close() }
        isLingering = true
        since = loop.now
        transport.shutdownSending()
        loop.hasten(self)
    }

    private func linger(_ block: UnsafeMutableRawBufferPointer) {
        while !transport.isClosed {
            budget -= 1
            guard budget >= 0 else { return wantsToSend() }
            guard let count = receive(into: block) else { return }
            lingered += count
            if count == 0 || lingered > 1024 * 1024 { close() }
        }
    }

    override func close() {
        guard !transport.isClosed else { return }
        super.close()
        let open = tasks
        tasks = [:]
        loop.counters.active.add(-open.count)
        session?.close(.connectionTerminated)
        session = nil
        for task in open.values { task.cancel() }
    }

    // MARK: - Time limits

    override var deadline: UInt64? {
        let timeouts = loop.timeouts
        if isLingering { return since + timeouts.linger }
        if let sendsSince { return sendsSince + timeouts.write }
        return tasks.isEmpty ? since + (loop.isDraining ? min(timeouts.idle, timeouts.linger) : timeouts.idle) : nil
    }

    override func timeHasCome() {
        guard !transport.isClosed else { return }
        guard let deadline, loop.now >= deadline else { return loop.schedule(self) }
        guard !isLingering, sendsSince == nil, !isEnding else { return close() }
        // An idle client is told, so that it sends no request that would be lost.
        session?.drain()
        isEnding = true
        advance()
        if !transport.isClosed { loop.schedule(self) }
    }
}

/// A request and who answers it.
private struct HTTP2Work: @unchecked Sendable {
    // @unchecked because an exchange belongs to the thread of its connection's loop, as does the task that handles it.
    let exchange: HTTP2Exchange
    let handler: any ExchangeHandler

    nonisolated(nonsending) func run() async {
        await handler.handle(exchange)
        // What the handler has not ended.
        let stream = exchange.stream
        if stream.hasResponded {
            HTTP2BodyWriter(stream).abort(.internalError(nil))
        } else {
            try? exchange.respond(HTTPResponse(status: 500), hasBody: false).finish(trailers: nil)
        }
        exchange.body.cancel()
    }
}
