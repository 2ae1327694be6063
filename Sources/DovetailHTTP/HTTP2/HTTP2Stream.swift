// SPDX-License-Identifier: Apache-2.0

internal import CDovetailNGHTTP2
package import DovetailSystem

/// One request and its response on an HTTP/2 connection, at either end. Its ``reader`` and ``writer`` are for the users of the connection,
/// everything else for the session, under its lock.
package final class HTTP2Stream {
    package internal(set) var id: Int32
    /// Nil when the stream has ended.
    private(set) var session: HTTP2Session?
    private let lock: ConnectionLock?
    private let bufferSize: Int
    private let isServer: Bool
    /// The head of the request, at a server.
    package internal(set) var request: HTTPRequest?
    /// The head of the response, at a client, once there is one.
    package private(set) var response: HTTPResponse?
    /// Whoever uses the stream at this end of the connection.
    package weak var user: AnyObject?
    var method = ""
    var expectsContinue = false

    // What comes in.
    private var incoming: [UInt8] = []
    private var taken = 0
    private(set) var isIncomingEnded = false
    private var trailers: HTTPFields?
    var isReadCancelled = false
    /// Whether a reader waits for bytes.
    private(set) var isAwaited = false
    /// How many bytes of the body have come.
    private(set) var receivedCount: UInt64 = 0
    private(set) var readFailure: HTTPError?

    // What goes out.
    var outgoing = ByteQueue()
    /// How many bytes of the body have been sent.
    private(set) var sentCount: UInt64 = 0
    private(set) var hasBody = false
    /// A body that is written but never sent, as that of a response to `HEAD`.
    private var isBodiless = false
    private var promised: UInt64?
    private var isFinished = false
    private var outgoingTrailers: HTTPFields?
    private var isDeferred = false
    private(set) var hasResponded = false
    var isOutgoingEnded = false
    private var wantsFlush = false
    /// Whether something was written that may not have been sent.
    private var isDirty = false

    /// Why the stream was given up at this end.
    private(set) var resetByUs: HTTPError?
    private(set) var failure: HTTPError?
    /// Whether the other end says that it has not begun to look at the request.
    package internal(set) var isRefused = false

    private var readSignal: ReadinessSignal?
    private var writeSignal: ReadinessSignal?
    private var headSignal: ReadinessSignal?
    private var closeSignal: ReadinessSignal?

    init(_ id: Int32, _ session: HTTP2Session) {
        self.id = id
        self.session = session
        lock = session.lock
        bufferSize = session.limits.streamBuffer
        isServer = session.isServer
    }

    /// What nghttp2 knows the stream by; the session's table keeps it alive.
    var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    /// Keeps other threads out where there may be some.
    @inline(__always) func guarded<Success: Sendable>(
        _ body: () throws(HTTPError) -> Success
    ) throws(HTTPError) -> Success {
        guard let lock else { return try body() }
        return try lock.hold(body)
    }

    /// As ``guarded(_:)-(()throws(HTTPError)->Success)``, for what cannot fail.
    @inline(__always) func locked<Success: Sendable>(_ body: () -> Success) -> Success {
        guard let lock else { return body() }
        return lock.hold(body)
    }

    // MARK: - From the session

    func receivedResponse(_ response: HTTPResponse) {
        self.response = response
        headSignal?.raise()
        session?.owner?.progressed(self)
    }

    /// Keeps bytes of the body; false when nobody will read them.
    func received(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard !isReadCancelled, failure == nil, readFailure == nil else { return false }
        receivedCount += UInt64(bytes.count)
        isAwaited = false
        if let limit = session?.limits.bodySize, receivedCount > limit {
            failReading(
                isServer
                    ? .refused(status: 413, reason: "the body is too large") : .httpResponseBodySize(limit))
            return false
        }
        incoming.append(contentsOf: bytes)
        readSignal?.raise()
        session?.owner?.progressed(self)
        return true
    }

    /// Has reading fail from now on; what comes is passed over.
    func failReading(_ error: HTTPError) {
        guard readFailure == nil, !isIncomingEnded else { return }
        readFailure = error
        consume(unread)
        incoming = []
        taken = 0
        readSignal?.raise()
    }

    func receivedEnd(_ trailers: HTTPFields?) {
        guard readFailure == nil else { return }
        self.trailers = trailers
        isIncomingEnded = true
        readSignal?.raise()
    }

    enum NextData {
        case wait
        case failed
        case data(Int, isLast: Bool, HTTPFields?)
    }

    /// What the next frame with data holds.
    func nextData(_ limit: Int) -> NextData {
        if failure != nil { return .failed }
        let count = min(limit, outgoing.count)
        if count == 0 && !isFinished {
            isDeferred = true
            return .wait
        }
        guard isFinished, count == outgoing.count else { return .data(count, isLast: false, nil) }
        let trailers = outgoingTrailers?.isEmpty == false ? outgoingTrailers : nil
        return .data(count, isLast: true, trailers)
    }

    func sent(_ count: Int) {
        outgoing.removeFirst(count)
        sentCount += UInt64(count)
        session?.held -= count
        if outgoing.isEmpty { outgoing.release() }
        // Not for every frame: a writer that is woken should have something to do.
        if !wantsFlush, outgoing.count <= highWater / 2 { writeSignal?.raise() }
    }

    func flushed() {
        wantsFlush = false
        isDirty = false
        writeSignal?.raise()
    }

    /// Everything is over.
    func close(_ error: HTTPError) {
        session?.held -= outgoing.count
        session = nil
        if !isIncomingEnded || !isOutgoingEnded { failure = failure ?? error }
        outgoing.removeAll()
        outgoing.release()
        wantsFlush = false
        raiseAll()
        closeSignal?.raise()
    }

    /// Gives the stream up.
    func fail(_ error: HTTPError, code: nghttp2_error_code) {
        guard let session, resetByUs == nil else { return }
        resetByUs = error
        failure = failure ?? error
        session.held -= outgoing.count
        outgoing.removeAll()
        outgoing.release()
        nghttp2_submit_rst_stream(session.raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, code.rawValue)
        session.tell()
        raiseAll()
    }

    private func raiseAll() {
        readSignal?.raise()
        writeSignal?.raise()
        headSignal?.raise()
    }

    // MARK: - The body that comes in

    private var unread: Int { incoming.count - taken }

    /// What there is to read, if it is not bytes.
    private func readEnd() throws(HTTPError) -> HTTPFields?? {
        guard unread == 0 else { return nil }
        if let readFailure { throw readFailure }
        if isIncomingEnded { return .some(trailers) }
        if let failure { throw failure }
        readSignal?.lower()
        isAwaited = true
        guard expectsContinue, !hasResponded else { return nil }
        expectsContinue = false
        try sendInformational(HTTPResponse(status: 100))
        return nil
    }

    func read(_ limit: Int) throws(HTTPError) -> BodyChunk {
        if let trailers = try readEnd() { return .end(trailers: trailers) }
        let count = min(limit, unread)
        guard count > 0 else { return .pending }
        if taken == 0, count == incoming.count {
            let bytes = incoming
            incoming = []
            consume(count)
            return .bytes(bytes)
        }
        let bytes = Array(incoming[taken..<taken + count])
        take(count)
        return .bytes(bytes)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) -> BodyRead {
        if let trailers = try readEnd() { return .end(trailers: trailers) }
        let count = min(buffer.count, unread)
        guard count > 0 else { return .pending }
        incoming.withUnsafeBytes { bytes in
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[taken..<taken + count]))
        }
        take(count)
        return .bytes(count)
    }

    private func take(_ count: Int) {
        taken += count
        if taken == incoming.count {
            incoming.removeAll(keepingCapacity: incoming.capacity <= 65536 && !isIncomingEnded)
            taken = 0
        }
        consume(count)
    }

    /// Lets the other end send as much more.
    private func consume(_ count: Int) {
        guard let session, count > 0 else { return }
        nghttp2_session_consume(session.raw, id, count)
        if nghttp2_session_want_write(session.raw) != 0 { session.tell() }
    }

    var readReadiness: Readiness {
        if let readSignal { return .signal(readSignal) }
        let signal = ReadinessSignal(
            raised: unread > 0 || isIncomingEnded || failure != nil || readFailure != nil)
        readSignal = signal
        return .signal(signal)
    }

    func cancelReading() {
        guard !isReadCancelled else { return }
        isReadCancelled = true
        let count = unread
        incoming = []
        taken = 0
        consume(count)
        if !isServer, !isIncomingEnded { fail(.connectionTerminated, code: NGHTTP2_CANCEL) }
    }

    // MARK: - The body that goes out

    func begin(hasBody: Bool, length: UInt64?, isBodiless: Bool = false) {
        self.isBodiless = isBodiless
        self.hasBody = !isBodiless && (hasBody || (length ?? 0) > 0)
        promised = isBodiless ? nil : hasBody ? length : length ?? 0
    }

    private var highWater: Int {
        guard let session, session.held > 8 * bufferSize else { return bufferSize }
        return session.limits.smallBuffer
    }

    private func checkWritable() throws(HTTPError) {
        if let failure { throw failure }
        if session == nil || isFinished { throw .connectionTerminated }
    }

    func capacity() throws(HTTPError) -> Int {
        try checkWritable()
        if isBodiless { return bufferSize }
        let room = max(0, highWater - outgoing.count)
        if room == 0 { writeSignal?.lower() }
        return room
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) {
        try checkWritable()
        guard !isBodiless, bytes.count > 0 else { return }
        if let left = promised {
            let (rest, isTooMuch) = left.subtractingReportingOverflow(UInt64(bytes.count))
            guard !isTooMuch else { throw wrongSize(left) }
            promised = rest
        }
        outgoing.append(bytes)
        isDirty = true
        session?.held += bytes.count
        resume()
    }

    /// The body has another size than was promised: it is cut, so that nobody takes it for a whole one.
    private func wrongSize(_ left: UInt64) -> HTTPError {
        let error: HTTPError = isServer ? .httpResponseBodySize(left) : .httpRequestBodySize(left)
        fail(error, code: isServer ? NGHTTP2_INTERNAL_ERROR : NGHTTP2_CANCEL)
        return error
    }

    private func resume() {
        guard let session else { return }
        if isDeferred {
            isDeferred = false
            nghttp2_session_resume_data(session.raw, id)
        }
        session.tell()
    }

    func flush() throws(HTTPError) {
        try checkWritable()
        guard !wantsFlush, !isFlushed, let session else { return }
        wantsFlush = true
        writeSignal?.lower()
        session.flushing.append(self)
        session.tell()
    }

    var isFlushed: Bool {
        guard isDirty, let session else { return true }
        guard outgoing.isEmpty, session.isSent else { return false }
        isDirty = false
        return true
    }

    var writeReadiness: Readiness {
        if let writeSignal { return .signal(writeSignal) }
        let isReady =
            failure != nil || session == nil
            || (!wantsFlush && (isBodiless || outgoing.count < highWater))
        let signal = ReadinessSignal(raised: isReady)
        writeSignal = signal
        return .signal(signal)
    }

    func finish(_ trailers: HTTPFields?) throws(HTTPError) {
        try checkWritable()
        if let left = promised, left > 0 { throw wrongSize(left) }
        isFinished = true
        outgoingTrailers = trailers
        if hasBody { resume() }
    }

    func abort(_ error: HTTPError) {
        guard !isFinished else { return }
        fail(error, code: HTTP2Codes.code(error, isServer: isServer))
    }

    // MARK: - For servers

    func sendInformational(_ response: HTTPResponse) throws(HTTPError) {
        if let failure { throw failure }
        guard let session, !hasResponded, (100..<200).contains(response.status), response.status != 101
        else {
            throw session == nil
                ? .connectionTerminated : .internalError("an informational response cannot be sent now")
        }
        if response.status == 100 { expectsContinue = false }
        _ = HTTP2FieldWriter(response).submit {
            nghttp2_submit_headers(session.raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, nil, $0, $1, nil)
        }
        session.tell()
    }

    /// - Parameter date: what the field `date` says, unless the response has one.
    func respond(
        _ response: HTTPResponse, hasBody: Bool, date: UnsafeRawBufferPointer? = nil
    ) throws(HTTPError) {
        if let failure { throw failure }
        guard let session else { throw .connectionTerminated }
        guard !hasResponded else { throw .internalError("the response has begun already") }
        guard (200..<1000).contains(response.status) else {
            throw .internalError("expected a status from 200 to 999, found \(response.status)")
        }
        let length = try HTTP1Writer.contentLength(response.fields)
        hasResponded = true
        begin(
            hasBody: hasBody, length: length,
            isBodiless: method == "HEAD" || response.status == 204 || response.status == 304)
        var source = HTTP2Callbacks.source(self)
        let outcome = HTTP2FieldWriter(response, date: date).submit { fields, count in
            guard self.hasBody else {
                return nghttp2_submit_response(session.raw, id, fields, count, nil)
            }
            return nghttp2_submit_response(session.raw, id, fields, count, &source)
        }
        isDirty = true
        guard outcome == 0 else { throw .connectionTerminated }
        session.tell()
    }

    // MARK: - For those who wait

    /// Whether the stream has ended.
    var isClosed: Bool { session == nil }

    /// Ready from the moment on that the stream has ended.
    var closed: Readiness {
        if let closeSignal { return .signal(closeSignal) }
        let signal = ReadinessSignal(raised: session == nil)
        closeSignal = signal
        return .signal(signal)
    }

    /// Ready from the moment on that there is a response, or none will come.
    package var headReadiness: Readiness {
        if let headSignal { return .signal(headSignal) }
        let signal = ReadinessSignal(raised: response != nil || failure != nil || session == nil)
        headSignal = signal
        return .signal(signal)
    }
}
