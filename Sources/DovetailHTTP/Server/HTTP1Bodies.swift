// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// The body of a request of HTTP/1.
final class HTTP1RequestBody: BodyReader {
    private let exchange: HTTP1Exchange

    init(_ exchange: HTTP1Exchange) { self.exchange = exchange }

    func read(_ limit: Int) throws(HTTPError) -> BodyChunk {
        guard limit > 0 else { return .pending }
        // No more memory than there can be bytes: most bodies are small.
        let size = min(limit, exchange.connection?.bodyHint ?? 0, HTTP1Connection.highWater)
        var read = BodyRead.pending
        var bytes = try [UInt8](unsafeUninitializedCapacity: size) { (buffer, count) throws(HTTPError) in
            read = try self.read(into: UnsafeMutableRawBufferPointer(buffer))
            if case .bytes(let found) = read { count = found }
        }
        switch read {
        case .bytes:
            if bytes.count < size / 2 { bytes = Array(bytes[...]) }
            return .bytes(bytes)
        case .pending: return .pending
        case .end(let trailers): return .end(trailers: trailers)
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) -> BodyRead {
        if let outcome = exchange.bodyOutcome { return .end(trailers: try outcome.get()) }
        guard let connection = exchange.connection else { throw .connectionTerminated }
        if let refusal = exchange.bodyFailure { throw fail(refusal.ofRequest) }
        exchange.sendContinue()
        do throws(HTTP1Refusal) {
            let read = try connection.readBody(into: buffer)
            if case .end(let trailers) = read { exchange.readingIsOver(.success(trailers)) }
            return read
        } catch {
            exchange.bodyFailed(error)
            if error != .cutShort { throw fail(error.ofRequest) }
            let failure = fail(.connectionTerminated)
            connection.close()
            throw failure
        }
    }

    private func fail(_ error: HTTPError) -> HTTPError {
        exchange.readingIsOver(.failure(error))
        return error
    }

    var readiness: Readiness { exchange.readable }

    func cancel() {
        if exchange.bodyOutcome == nil { _ = fail(.internalError("the body was given up")) }
    }
}

/// The body of a response of HTTP/1.
final class HTTP1ResponseBody: BodyWriter {
    private let exchange: HTTP1Exchange
    private var framing: HTTP1Framing
    private var isFinished = false
    private var isAborted = false
    private var flushes = false

    init(_ exchange: HTTP1Exchange, _ framing: HTTP1Framing) {
        self.exchange = exchange
        self.framing = framing
    }

    private func connection() throws(HTTPError) -> HTTP1Connection {
        guard let connection = exchange.connection, !isAborted else { throw .connectionTerminated }
        guard !isFinished else { throw .internalError("the body is finished already") }
        return connection
    }

    /// Whether waiting is over.
    func isReady(_ connection: HTTP1Connection) -> Bool {
        if flushes {
            guard connection.output.isEmpty, connection.transport.isFlushed else { return false }
            flushes = false
        }
        return framing == .empty
            || (connection.maySendBody && connection.output.count <= HTTP1Connection.highWater / 2)
    }

    func capacity() throws(HTTPError) -> Int {
        let connection = try connection()
        if framing == .empty { return HTTP1Connection.highWater }
        return connection.maySendBody ? max(0, HTTP1Connection.highWater - connection.output.count) : 0
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) {
        let connection = try connection()
        guard bytes.count > 0 else { return }
        switch framing {
        case .empty: return
        case .chunked: HTTP1Writer.chunk(bytes, to: &connection.output)
        case .untilClose: connection.output.append(bytes)
        case .length(let left):
            guard UInt64(bytes.count) <= left else {
                abort(.httpResponseBodySize(nil))
                throw .httpResponseBodySize(nil)
            }
            framing = .length(left - UInt64(bytes.count))
            // What is large needs no copy.
            let sent = bytes.count >= 8 * 1024 ? connection.sendDirectly(bytes) : 0
            connection.output.append(UnsafeRawBufferPointer(rebasing: bytes[sent...]))
        }
        if connection.output.count >= HTTP1Connection.highWater / 2 {
            connection.flush()
        } else if !connection.output.isEmpty {
            connection.postpone()
        }
    }

    func flush() throws(HTTPError) {
        let connection = try connection()
        flushes = true
        connection.flush()
    }

    var isFlushed: Bool {
        guard let connection = exchange.connection else { return true }
        return connection.output.isEmpty && connection.transport.isFlushed
    }

    var readiness: Readiness {
        if isFinished || isAborted { return .ready }
        return exchange.writable
    }

    func finish(trailers: HTTPFields?) throws(HTTPError) {
        let connection = try connection()
        if case .length(let left) = framing, left > 0 {
            abort(.httpResponseBodySize(nil))
            throw .httpResponseBodySize(nil)
        }
        isFinished = true
        if framing == .chunked { HTTP1Writer.lastChunk(trailers, to: &connection.output) }
        exchange.finishResponse()
    }

    func abort(_ error: HTTPError) {
        guard !isFinished, !isAborted else { return }
        isAborted = true
        // What was sent shows by its framing that something is missing; without any, only a reset connection does.
        exchange.connection?.cut(isFramed: framing != .untilClose)
    }
}
