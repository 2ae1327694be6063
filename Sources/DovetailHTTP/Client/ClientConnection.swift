// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// A client's end of a connection, on the thread of its loop and under the lock of its pool.
final class ClientConnection: Transport.User, HTTP2Session.Owner {
    private static let highWater = 64 * 1024
    /// How many times in a row one connection may receive before others have their turn.
    private static let turn = 16

    let address: SocketAddress
    private let transport: Transport
    private let place: ClientPlace
    let pool: ClientPool
    /// Nil when the connection can be used.
    private var connector: ClientConnector?
    /// Nil for HTTP/1.1.
    private var session: HTTP2Session?
    // HTTP/1.1: the request that is under way, what is to be sent, what has come and was not understood yet.
    private var current: HTTP1ClientStream?
    var output: ByteQueue
    private var input = ByteQueue()

    /// Whether the pool will let it work soon.
    var isMarked = false
    private var isWorking = false
    private var wantsEnd = false
    private var cannotSend = false
    /// Whether the system has taken everything.
    private(set) var isSent = true
    private var uses = 0
    var idleSince: UInt64 = 0

    init(
        _ transport: Transport, _ address: SocketAddress, _ connector: ClientConnector,
        _ place: ClientPlace,
        _ pool: ClientPool
    ) {
        self.transport = transport
        self.address = address
        self.connector = connector
        self.place = place
        self.pool = pool
        output = ByteQueue(pool.buffers)
    }

    var speaksHTTP2: Bool { session != nil }
    var isClosed: Bool { transport.isClosed }
    var isIdle: Bool {
        !isClosed && connector == nil && current == nil && (session?.openStreams ?? 0) == 0
    }

    /// Whether it takes another request besides those under way.
    var hasRoom: Bool {
        guard let session, !isClosed, !wantsEnd else { return false }
        return !session.isGoingAway && session.failure == nil
            && session.openStreams < session.peerConcurrentStreams
    }

    // MARK: - Requests

    func begin(_ exchange: ClientExchange) {
        uses += 1
        do throws(HTTPError) {
            if let session {
                let stream = try session.request(exchange.request, hasBody: exchange.hasBody)
                stream.user = exchange
                exchange.opened(stream)
            } else {
                let stream = try HTTP1ClientStream(exchange, self)
                current = stream
                exchange.opened(stream)
                pool.change(self)
            }
        } catch {
            exchange.fail(error)
            if session == nil { end() }
        }
    }

    /// Something is to be sent, or there is room for what comes.
    func change() { pool.change(self) }

    /// Something was written to ``output``.
    func wrote() {
        isSent = false
        pool.change(self)
    }

    /// Closes the connection in a moment; for any thread.
    func endSoon() {
        wantsEnd = true
        pool.change(self)
    }

    // MARK: - What happens

    func transportIsReady() { pool.lock.hold { work() } }

    /// Does what can be done.
    func work() {
        guard !isWorking, !isClosed else { return }
        isWorking = true
        defer { isWorking = false }
        if wantsEnd { return end() }
        // Where there is no handshake to be made.
        checkEstablished()
        flush()
        var turns = Self.turn
        while !isClosed, wantsInput, transport.canReceive, !transport.isAtEnd {
            if turns == 0 {
                pool.change(self)
                break
            }
            turns -= 1
            guard receive() else { break }
        }
        guard !isClosed else { return }
        flush()
        guard !isClosed else { return }
        takeRest()
        guard !isClosed else { return }
        // What is left although there is room for it will never be whole.
        if transport.isAtEnd, input.isEmpty || current?.wantsInput != false {
            current?.connectionEnded(isWhole: transport.security?.isEnded ?? true)
            close(.connectionTerminated)
        } else if let session, isSent, session.failure != nil || session.isFinished {
            close(session.failure ?? .connectionTerminated)
        } else {
            completeIfDone()
        }
    }

    private var wantsInput: Bool {
        current.map { $0.wantsInput } ?? ((session?.output.count ?? 0) < Self.highWater)
    }

    private func checkEstablished() {
        guard let connector, transport.security?.isEstablished ?? true else { return }
        self.connector = nil
        let isHTTP2 =
            transport.security.map { $0.protocolName == ApplicationProtocol.http2.rawValue }
            ?? pool.configuration.assumesHTTP2
        if isHTTP2 {
            var limits = pool.configuration.http2
            limits.fieldSectionSize = pool.configuration.limits.headSize
            limits.bodySize = pool.configuration.limits.bodySize
            do throws(HTTPError) {
                session = try HTTP2Session(isServer: false, limits: limits, owner: self, lock: pool.lock)
            } catch {
                return connector.finish(error)
            }
        }
        connector.established(self)
    }

    private func receive() -> Bool {
        let block = pool.buffers.take(BufferPool.large)
        defer { pool.buffers.give(block) }
        do throws(HTTPError) {
            let count = try transport.receive(block)
            checkEstablished()
            guard !isClosed, let count, count > 0 else { return false }
            try take(UnsafeRawBufferPointer(rebasing: block[..<count]))
            return !isClosed
        } catch {
            // The other end is told why, where that can be.
            try? transport.flush()
            close(error)
            return false
        }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) {
        if let session { return try session.receive(bytes) }
        guard let current else {
            // Nobody has asked for anything.
            throw .httpProtocolError
        }
        if input.isEmpty {
            let used = try current.take(bytes)
            input.append(UnsafeRawBufferPointer(rebasing: bytes[used...]))
        } else {
            input.append(bytes)
            input.removeFirst(try current.take(input.bytes))
        }
        if input.isEmpty { input.release() }
    }

    /// Goes on with what has come, when there is room for it.
    private func takeRest() {
        guard let current, !input.isEmpty, current.wantsInput else { return }
        do throws(HTTPError) {
            let used = try current.take(input.bytes)
            input.removeFirst(used)
        } catch {
            close(error)
        }
    }

    private func completeIfDone() {
        guard let current else { return }
        guard current.isIncomingEnded, current.isOutgoingEnded || cannotSend || !current.keepsAlive
        else { return }
        guard current.isOutgoingEnded, current.keepsAlive, input.isEmpty, isSent, !cannotSend else {
            if current.isOutgoingEnded, !isSent, !cannotSend { return }
            return end()
        }
        self.current = nil
        current.detach()
        place.isIdle(self)
    }

    private func flush() {
        guard !cannotSend, connector == nil || transport.security != nil else { return }
        do throws(HTTPError) {
            if let session {
                while true {
                    session.prepareOutput(limit: Self.highWater)
                    if session.output.isEmpty { break }
                    session.output.removeFirst(try transport.send(session.output.bytes))
                    if !session.output.isEmpty { break }
                }
            } else if !output.isEmpty {
                output.removeFirst(try transport.send(output.bytes))
            }
            if !transport.isFlushed { try transport.flush() }
            isSent = (session?.output.isEmpty ?? output.isEmpty) && transport.isFlushed
            guard isSent else { return }
            session?.outputIsSent()
            current?.outputIsSent()
        } catch {
            // The response may be there nevertheless: a server need not read all of a request.
            cannotSend = true
            isSent = true
            output.removeAll()
            if session != nil { close(error) }
        }
    }

    // MARK: - From the session

    func received(_ stream: HTTP2Stream) {}
    func wantsToSend() { if !isWorking { pool.change(self) } }
    func progressed(_ stream: HTTP2Stream) { (stream.user as? ClientExchange)?.progressed() }

    func closed(_ stream: HTTP2Stream) {
        (stream.user as? ClientExchange)?.streamEnded(
            isUnprocessed: stream.isRefused, isReused: uses > 1)
        if isIdle {
            place.isIdle(self)
        } else if hasRoom {
            place.serveWaiting()
        }
    }

    // MARK: - The end

    /// Closes a connection without requests, or one whose last request is over.
    func end() {
        guard !isClosed else { return }
        session?.terminate()
        flush()
        if isClosed { return }
        if !cannotSend { transport.shutdownSending() }
        close(.connectionTerminated)
    }

    /// Closes a connection that was never used.
    func abandon() {
        connector = nil
        transport.close()
        output.removeAll()
    }

    private func close(_ error: HTTPError) {
        guard !isClosed else { return }
        if let connector {
            self.connector = nil
            return connector.finish(error)
        }
        transport.close()
        output.removeAll()
        input.removeAll()
        input.release()
        let current = current
        self.current = nil
        current?.fail(error, isReused: uses > 1)
        session?.close(error)
        place.closed(self)
    }
}
