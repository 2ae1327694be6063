// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// A request on a connection, whatever the protocol: everything under the lock of its pool.
protocol ClientStream: AnyObject {
    var response: HTTPResponse? { get }
    /// Why the stream has ended before its time.
    var failure: HTTPError? { get }
    var headReadiness: Readiness { get }
    func read(_ limit: Int) throws(HTTPError) -> BodyChunk
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) -> BodyRead
    var readReadiness: Readiness { get }
    func cancelReading()
    func capacity() throws(HTTPError) -> Int
    func write(_ bytes: UnsafeRawBufferPointer) throws(HTTPError)
    func flush() throws(HTTPError)
    var isFlushed: Bool { get }
    var writeReadiness: Readiness { get }
    func finish(_ trailers: HTTPFields?) throws(HTTPError)
    func abort(_ error: HTTPError)
    /// Whether both bodies have ended.
    var isComplete: Bool { get }
}

extension HTTP2Stream: ClientStream {
    var isComplete: Bool { isIncomingEnded && isOutgoingEnded }
}

/// What becomes of one request: it waits for a connection, perhaps for another one when that breaks, and is then a stream on it.
///
/// Everything is done under the lock of its pool.
final class ClientExchange: @unchecked Sendable {
    // @unchecked because it is used under the lock of its pool.

    /// How much of a body is kept before there is a connection, and for a second attempt.
    private static let kept = 64 * 1024

    let request: HTTPRequest
    let hasBody: Bool
    let destination: ClientDestination
    let options: HTTPClient.Options
    let pool: ClientPool

    private(set) var stream: (any ClientStream)?
    /// What makes a connection for it.
    var connector: ClientConnector?
    private(set) var failure: HTTPError?
    private(set) var isCancelled = false
    /// When it is out of time; `.max`: never.
    private(set) var deadline = UInt64.max
    private var deadlineError = HTTPError.connectionTimeout
    private var attempts = 0

    /// What was written before there was a connection, or may have to be sent again.
    private var early = ByteQueue()
    private var isEarlyWhole = true
    private var isFinished = false
    private var trailers: HTTPFields?
    private var wantsFlush = false
    private var signal: ReadinessSignal?

    init(_ request: HTTPRequest, hasBody: Bool, _ options: HTTPClient.Options, _ pool: ClientPool)
        throws(HTTPError)
    {
        destination = try ClientDestination(request)
        // What cannot be written is refused before there is a connection.
        _ = try HTTP2FieldWriter(request)
        _ = try HTTP1Writer.contentLength(request.fields)
        self.request = request
        self.hasBody = hasBody
        self.options = options
        self.pool = pool
    }

    /// Its time begins.
    func begin() { limit(options.connectTimeout, .connectionTimeout) }

    private func limit(_ timeout: Duration, _ error: HTTPError) {
        let (instant, isFar) = SystemClock.monotonic.addingReportingOverflow(
            ServerTimeouts.nanoseconds(timeout))
        deadline = isFar ? .max : instant
        deadlineError = error
        if deadline != .max { pool.watch(self) }
    }

    private func withoutLimit() {
        guard deadline != .max else { return }
        deadline = .max
        pool.unwatch(self)
    }

    /// Whether it still wants something.
    var isActive: Bool {
        failure == nil && !isCancelled && stream?.isComplete != true && stream?.failure == nil
    }

    func permits(_ address: SocketAddress) -> Bool { options.permits(destination.host, address) }

    // MARK: - From the pool and connections

    /// There is a connection: what was written before goes there.
    func opened(_ stream: any ClientStream) {
        self.stream = stream
        connector = nil
        wantsFlush = false
        attempts += 1
        limit(options.firstByteTimeout, .connectionReadTimeout)
        do throws(HTTPError) {
            if hasBody {
                if !early.isEmpty { try stream.write(early.bytes) }
                if !isIdempotent { forget() }
                if isFinished { try stream.finish(trailers) }
            }
        } catch {
            // Whoever uses the exchange finds the stream broken.
        }
        signal?.raise()
    }

    /// Nothing is kept for a second attempt.
    private func forget() {
        isEarlyWhole = early.isEmpty && isEarlyWhole && stream == nil
        early.removeAll()
        early.release()
    }

    /// No connection can be made.
    func fail(_ error: HTTPError) {
        guard failure == nil else { return }
        failure = error
        connector = nil
        withoutLimit()
        early.removeAll()
        early.release()
        signal?.raise()
    }

    /// The head of the response, or more of its body, has come.
    func progressed() {
        withoutLimit()
        if !early.isEmpty, stream?.response != nil { forget() }
    }

    /// The stream has ended; where nothing has come of it, there may be another attempt.
    ///
    /// - Parameters:
    ///   - isUnprocessed: whether the server says that it has not looked at the request.
    ///   - isReused: whether the connection has had other requests before: the server may have closed it before this one came.
    func streamEnded(isUnprocessed: Bool, isReused: Bool) {
        withoutLimit()
        guard let stream, stream.failure != nil, stream.response == nil, !isCancelled, attempts < 3
        else { return }
        guard isUnprocessed || (isReused && isIdempotent), isEarlyWhole || !hasBody else { return }
        self.stream = nil
        signal = nil
        limit(options.connectTimeout, .connectionTimeout)
        pool.again(self)
    }

    /// Methods that may be sent twice (RFC 9110, 9.2.2).
    private var isIdempotent: Bool {
        switch request.method {
        case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE": true
        default: false
        }
    }

    /// Its deadline has come.
    func timeHasCome() {
        withoutLimit()
        guard isActive else { return }
        if let stream {
            (failure, self.stream) = (deadlineError, nil)
            stream.abort(deadlineError)
            stream.cancelReading()
            signal?.raise()
        } else {
            let connector = connector
            fail(connector?.isResolving == true ? .dnsTimeout : deadlineError)
            connector?.cancel()
            pool.withdraw(self)
        }
    }

    func cancel() {
        guard !isCancelled else { return }
        isCancelled = true
        withoutLimit()
        if let stream {
            if !stream.isComplete, stream.failure == nil {
                stream.abort(.connectionTerminated)
                stream.cancelReading()
            }
        } else {
            connector?.cancel()
            connector = nil
            pool.withdraw(self)
        }
        early.removeAll()
        early.release()
    }

    // MARK: - For those who use it

    /// Ready when there is a connection, or none will come.
    private var change: Readiness {
        let signal = self.signal ?? ReadinessSignal(raised: failure != nil)
        self.signal = signal
        return .signal(signal)
    }

    func response() throws(HTTPError) -> HTTPResponse? {
        if let failure { throw failure }
        if let response = stream?.response { return response }
        if let failure = stream?.failure { throw failure }
        return nil
    }

    var headReadiness: Readiness { stream?.headReadiness ?? change }

    private func awaited() {
        guard stream?.response != nil, deadline == .max else { return }
        limit(options.betweenBytesTimeout, .connectionReadTimeout)
    }

    func read(_ limit: Int) throws(HTTPError) -> BodyChunk {
        if let failure { throw failure }
        guard let chunk = try stream?.read(limit) else { return .pending }
        if case .pending = chunk { awaited() }
        return chunk
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) -> BodyRead {
        if let failure { throw failure }
        guard let read = try stream?.read(into: buffer) else { return .pending }
        if case .pending = read { awaited() }
        return read
    }

    var readReadiness: Readiness { stream?.readReadiness ?? change }

    func cancelReading() { if let stream { stream.cancelReading() } else { cancel() } }

    private func checkWritable() throws(HTTPError) {
        if let failure { throw failure }
        if isFinished || isCancelled || !hasBody { throw .connectionTerminated }
    }

    func capacity() throws(HTTPError) -> Int {
        try checkWritable()
        return try stream?.capacity() ?? max(0, Self.kept - early.count)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) {
        try checkWritable()
        if isEarlyWhole, stream?.response == nil {
            if stream == nil || (isIdempotent && early.count + bytes.count <= Self.kept) {
                early.append(bytes)
            } else {
                isEarlyWhole = false
                early.removeAll()
                early.release()
            }
        }
        try stream?.write(bytes)
    }

    func flush() throws(HTTPError) {
        try checkWritable()
        if let stream { try stream.flush() } else { wantsFlush = true }
    }

    var isFlushed: Bool { stream?.isFlushed ?? (failure != nil) }

    var writeReadiness: Readiness {
        if failure != nil || isFinished || !hasBody { return .ready }
        if let stream { return stream.writeReadiness }
        // A flush is over when there is a connection.
        return wantsFlush || early.count >= Self.kept ? change : .ready
    }

    func finish(_ trailers: HTTPFields?) throws(HTTPError) {
        guard hasBody else { return }
        try checkWritable()
        isFinished = true
        self.trailers = trailers
        try stream?.finish(trailers)
    }

    func abort(_ error: HTTPError) {
        guard !isFinished, hasBody, failure == nil else { return }
        if let stream {
            stream.abort(error)
        } else {
            connector?.cancel()
            pool.withdraw(self)
            fail(error)
        }
    }
}
