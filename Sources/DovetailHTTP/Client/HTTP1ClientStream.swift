// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// A request of HTTP/1.1 and its response; everything under the lock of the pool.
final class HTTP1ClientStream: ClientStream {
    /// How many bytes of a body may wait for a reader before no more is received, and how many for the system.
    private static let highWater = 64 * 1024
    /// How many informational responses may come before the response.
    private static let informationalLimit = 32

    private weak var exchange: ClientExchange?
    /// Nil when the connection goes on without it.
    private weak var connection: ClientConnection?
    private let method: String
    private let limits: HTTP1Limits

    private var parser: HTTP1HeadParser
    private var decoder: HTTP1BodyDecoder
    private(set) var response: HTTPResponse?
    private(set) var failure: HTTPError?
    private var informational = 0
    private var incoming = ByteQueue()
    private(set) var isIncomingEnded = false
    private var isReadCancelled = false
    private(set) var keepsAlive = true

    private var framing: HTTP1Framing
    private(set) var isOutgoingEnded: Bool
    private var wantsFlush = false

    private var headSignal: ReadinessSignal?
    private var readSignal: ReadinessSignal?
    private var writeSignal: ReadinessSignal?

    /// Writes the head of the request.
    ///
    /// - Throws: an ``HTTPError`` when it cannot be written.
    init(_ exchange: ClientExchange, _ connection: ClientConnection) throws(HTTPError) {
        self.exchange = exchange
        self.connection = connection
        let request = exchange.request
        method = request.method
        limits = connection.pool.configuration.limits
        parser = HTTP1HeadParser(.response, limits)
        decoder = HTTP1BodyDecoder(.empty, limits)
        let promised = try HTTP1Writer.contentLength(request.fields)
        framing = promised.map { .length($0) } ?? (exchange.hasBody ? .chunked : .empty)
        isOutgoingEnded = !exchange.hasBody
        if !exchange.hasBody, let promised, promised > 0 { throw .httpRequestBodySize(promised) }
        try HTTP1Writer.requestLine(request, to: &connection.output)
        HTTP1Writer.fields(request.fields, isRequest: true, to: &connection.output)
        switch framing {
        case .length(let length):
            connection.output.append("content-length: ")
            connection.output.append(decimal: length)
            connection.output.append("\r\n\r\n")
        case .chunked: connection.output.append("transfer-encoding: chunked\r\n\r\n")
        default:
            // Methods for which a body would mean something say that there is none (RFC 9110, 8.6).
            let hasMeaning = method == "POST" || method == "PUT" || method == "PATCH"
            connection.output.append(hasMeaning ? "content-length: 0\r\n\r\n" : "\r\n")
        }
    }

    var isComplete: Bool { isIncomingEnded && isOutgoingEnded }

    // MARK: - From the connection

    var wantsInput: Bool { !isIncomingEnded && failure == nil && incoming.count < Self.highWater }

    /// Takes in what has come; how many bytes were used, the others have to be given again.
    func take(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) -> Int {
        var used = 0
        do throws(HTTP1Refusal) {
            while used < bytes.count, !isIncomingEnded {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[used...])
                if response == nil {
                    guard let length = try parser.parse(rest) else { return used }
                    used += length
                    try takeHead(UnsafeRawBufferPointer(rebasing: rest[..<length]))
                } else {
                    guard incoming.count < Self.highWater else { return used }
                    used += try takeBody(rest)
                }
            }
        } catch {
            throw failure ?? error.ofResponse
        }
        return used
    }

    private func takeHead(_ head: UnsafeRawBufferPointer) throws(HTTP1Refusal) {
        let response = parser.response(head)
        if response.status < 200 {
            informational += 1
            if response.status == 101 { failure = .httpUpgradeFailed }
            guard response.status != 101, informational <= Self.informationalLimit else {
                throw .statusLine
            }
            return parser.reset()
        }
        let framing = parser.responseFraming(toMethod: method)
        decoder = HTTP1BodyDecoder(framing, limits)
        keepsAlive = parser.head.keepsAlive && framing != .untilClose
        parser.reset()
        self.response = response
        if decoder.isDone { isIncomingEnded = true }
        headSignal?.raise()
        readSignal?.raise()
        exchange?.progressed()
    }

    private func takeBody(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Refusal) -> Int {
        var used = 0
        let before = incoming.count
        if isReadCancelled {
            _ = try decoder.decode(bytes, into: nil, used: &used)
        } else {
            try incoming.append(upTo: bytes.count) { (buffer) throws(HTTP1Refusal) in
                try decoder.decode(bytes, into: buffer, used: &used)
            }
        }
        if decoder.isDone { isIncomingEnded = true }
        if incoming.count > before || isIncomingEnded { readSignal?.raise() }
        exchange?.progressed()
        return used
    }

    /// The server has ended the connection.
    func connectionEnded(isWhole: Bool) {
        guard response != nil, decoder.endsWithConnection, isWhole else { return }
        isIncomingEnded = true
        readSignal?.raise()
    }

    func outputIsSent() {
        wantsFlush = false
        writeSignal?.raise()
    }

    /// The connection is gone.
    func fail(_ error: HTTPError, isReused: Bool) {
        connection = nil
        if !isComplete {
            failure =
                failure
                ?? (response != nil && error == .connectionTerminated ? .httpResponseIncomplete : error)
        }
        raiseAll()
        exchange?.streamEnded(isUnprocessed: false, isReused: isReused)
    }

    /// Everything is over, and the connection goes on.
    func detach() {
        connection = nil
        raiseAll()
        exchange?.streamEnded(isUnprocessed: false, isReused: false)
    }

    private func raiseAll() {
        headSignal?.raise()
        readSignal?.raise()
        writeSignal?.raise()
    }

    private func readiness(_ signal: inout ReadinessSignal?, _ isReady: Bool) -> Readiness {
        let known = signal ?? ReadinessSignal(raised: isReady)
        signal = known
        return .signal(known)
    }

    // MARK: - The response

    var headReadiness: Readiness { readiness(&headSignal, response != nil || failure != nil) }

    /// Whether reading tells something else than bytes, which come first.
    private func readEnd() throws(HTTPError) -> HTTPFields?? {
        guard incoming.isEmpty else { return nil }
        if isIncomingEnded { return .some(decoder.trailers) }
        if let failure { throw failure }
        if isReadCancelled { throw .connectionTerminated }
        readSignal?.lower()
        return nil
    }

    private func taken(_ before: Int) {
        if incoming.isEmpty { incoming.release() }
        if before >= Self.highWater, incoming.count < Self.highWater { connection?.change() }
    }

    func read(_ limit: Int) throws(HTTPError) -> BodyChunk {
        if let trailers = try readEnd() { return .end(trailers: trailers) }
        let (before, count) = (incoming.count, min(limit, incoming.count))
        guard count > 0 else { return .pending }
        let bytes = Array(incoming.bytes.prefix(count))
        incoming.removeFirst(count)
        taken(before)
        return .bytes(bytes)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) -> BodyRead {
        if let trailers = try readEnd() { return .end(trailers: trailers) }
        let before = incoming.count
        let count = incoming.move(to: buffer)
        guard count > 0 else { return .pending }
        taken(before)
        return .bytes(count)
    }

    var readReadiness: Readiness {
        readiness(&readSignal, !incoming.isEmpty || isIncomingEnded || failure != nil)
    }

    func cancelReading() {
        guard !isReadCancelled else { return }
        isReadCancelled = true
        incoming.removeAll()
        incoming.release()
        // Whatever else would come has to be waited for.
        if !isIncomingEnded { connection?.endSoon() }
    }

    // MARK: - The request's body

    private func checkWritable() throws(HTTPError) -> ClientConnection {
        if let failure { throw failure }
        guard let connection, !isOutgoingEnded else { throw .connectionTerminated }
        return connection
    }

    func capacity() throws(HTTPError) -> Int {
        let room = max(0, Self.highWater - (try checkWritable().output.count))
        if room == 0 { writeSignal?.lower() }
        return room
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) {
        let connection = try checkWritable()
        guard bytes.count > 0 else { return }
        switch framing {
        case .length(let left):
            guard UInt64(bytes.count) <= left else { throw wrongSize(left) }
            framing = .length(left - UInt64(bytes.count))
            connection.output.append(bytes)
        default: HTTP1Writer.chunk(bytes, to: &connection.output)
        }
        connection.wrote()
    }

    /// The body has another size than was promised: nobody must take it for a whole one.
    private func wrongSize(_ left: UInt64) -> HTTPError {
        abort(.httpRequestBodySize(left))
        return .httpRequestBodySize(left)
    }

    func flush() throws(HTTPError) {
        let connection = try checkWritable()
        guard !connection.isSent || !connection.output.isEmpty else { return }
        wantsFlush = true
        writeSignal?.lower()
        connection.change()
    }

    var isFlushed: Bool { connection.map { $0.isSent && $0.output.isEmpty } ?? true }

    var writeReadiness: Readiness {
        let isBusy = wantsFlush || (connection?.output.count ?? 0) >= Self.highWater
        return readiness(&writeSignal, !isBusy || failure != nil)
    }

    func finish(_ trailers: HTTPFields?) throws(HTTPError) {
        let connection = try checkWritable()
        if case .length(let left) = framing, left > 0 { throw wrongSize(left) }
        isOutgoingEnded = true
        if framing == .chunked { HTTP1Writer.lastChunk(trailers, to: &connection.output) }
        connection.wrote()
    }

    func abort(_ error: HTTPError) {
        guard !isOutgoingEnded || !isIncomingEnded, failure == nil else { return }
        failure = error
        connection?.endSoon()
        raiseAll()
    }
}
