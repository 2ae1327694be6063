// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// One request of a connection of HTTP/1, and its response.
final class HTTP1Exchange: ServerExchange, @unchecked Sendable {
    // @unchecked because it belongs to the thread of its connection's loop.

    private let head: HTTP1Head
    private let headBytes: [UInt8]
    let isHead: Bool
    private let isSecure: Bool
    private let peerAddress: SocketAddress
    private let begun = SystemClock.monotonic
    @exclusivity(unchecked) private(set) var connection: HTTP1Connection?
    private var writer: HTTP1ResponseBody?
    private var hasResponded = false
    private var closedSignal: ReadinessSignal?
    private var readableSignal: ReadinessSignal?
    private var writableSignal: ReadinessSignal?

    private var expectsContinue: Bool
    @exclusivity(unchecked) var rate = TransferRate()
    var discarded = 0
    /// Why the body cannot be read any longer.
    private(set) var bodyFailure: HTTP1Refusal?
    /// What reading the body has come to.
    private(set) var bodyOutcome: Result<HTTPFields?, HTTPError>?
    private var handlerHasReturned = false
    private var responseIsFinished = false

    init(_ head: HTTP1Head, _ bytes: [UInt8], on connection: HTTP1Connection, isHead: Bool) {
        self.head = head
        headBytes = bytes
        self.isHead = isHead
        self.connection = connection
        expectsContinue = head.expectsContinue && !connection.decoder.isDone
        isSecure = connection.transport.security != nil
        peerAddress = connection.transport.peer
    }

    /// Made anew for each who asks, which is mostly one.
    var request: HTTPRequest { head.request(headBytes, isSecure: isSecure) }
    var peer: HTTPPeer { HTTPPeer(address: peerAddress, isSecure: isSecure) }
    private var isHTTP10: Bool { head.isHTTP10 }

    var body: any BodyReader { HTTP1RequestBody(self) }

    // MARK: - The handler

    func handlerReturned() {
        handlerHasReturned = true
        guard let connection else { return }
        if !responseIsFinished {
            if let writer {
                writer.abort(.internalError(nil))
            } else {
                // What was wrong with the body is told, unless the handler has.
                answer(bodyFailure?.status ?? 500)
            }
        }
        connection.advance()
    }

    private func answer(_ status: UInt16) {
        if status == 408 || status == 400 || status == 413 { connection?.keepsAlive = false }
        try? respond(HTTPResponse(status: status), hasBody: false).finish(trailers: nil)
    }

    /// Whether the connection can go on with the next request.
    var isOver: Bool {
        responseIsFinished && (handlerHasReturned || bodyOutcome != nil || connection?.decoder.isDone != false)
    }

    // MARK: - The request

    /// Has the client send the body, if it waits to be told.
    func sendContinue() {
        guard expectsContinue, let connection else { return }
        expectsContinue = false
        // One that did not wait, or has had its response, needs not be told.
        guard !hasResponded, connection.isInputEmpty, !connection.decoder.isDone else { return }
        connection.output.append("HTTP/1.1 100 Continue\r\n\r\n")
        connection.flush()
    }

    func bodyFailed(_ refusal: HTTP1Refusal) {
        if bodyFailure == nil { bodyFailure = refusal }
        rate.stopWaiting()
        connection?.keepsAlive = false
        connection?.loop.counters.refused.add(1)
        readableSignal?.raise()
    }

    func readingIsOver(_ outcome: Result<HTTPFields?, HTTPError>) {
        bodyOutcome = outcome
        rate.stopWaiting()
        if responseIsFinished { connection?.advanceLater() }
    }

    // MARK: - The response

    func sendInformational(_ response: HTTPResponse) throws(HTTPError) {
        guard let connection else { throw .connectionTerminated }
        guard (100..<200).contains(response.status), response.status != 101, !hasResponded else {
            throw .internalError("expected an informational status before the response, found \(response.status)")
        }
        if isHTTP10 { return }
        if response.status == 100 { expectsContinue = false }
        HTTP1Writer.statusLine(response.status, to: &connection.output)
        HTTP1Writer.fields(response.fields, to: &connection.output)
        connection.output.append("\r\n")
        connection.flush()
    }

    func respond(_ response: HTTPResponse, hasBody: Bool) throws(HTTPError) -> any BodyWriter {
        guard let connection else { throw .connectionTerminated }
        guard !hasResponded else { throw .internalError("the response has begun already") }
        guard (200..<1000).contains(response.status) else {
            throw .internalError("expected a status from 200 to 999, found \(response.status)")
        }
        let promised = try HTTP1Writer.contentLength(response.fields)
        let isEmpty = response.status == 204 || response.status == 304
        let framing: HTTP1Framing =
            if let promised { .length(promised) } else if !hasBody { .length(0) } else if isHTTP10 {
                .untilClose
            } else { .chunked }
        if expectsContinue || framing == .untilClose || HTTP1Writer.saysClose(response.fields)
            || connection.loop.isDraining || bodyFailure != nil
        {
            connection.keepsAlive = false
        }
        HTTP1Writer.statusLine(response.status, to: &connection.output)
        if !HTTP1Writer.fields(response.fields, to: &connection.output) {
            connection.loop.dateLine.withUnsafeBytes { connection.output.append($0) }
        }
        switch framing {
        // To 204, no length belongs; for 304 and HEAD, only what the handler knows it to be.
        case .length(let length) where response.status != 204 && (promised != nil || !(isEmpty || isHead)):
            connection.output.append("content-length: ")
            connection.output.append(decimal: length)
            connection.output.append("\r\n")
        case .chunked where !isEmpty: connection.output.append("transfer-encoding: chunked\r\n")
        default: break
        }
        if !connection.keepsAlive {
            connection.output.append("connection: close\r\n")
        } else if isHTTP10 {
            connection.output.append("connection: keep-alive\r\n")
        }
        connection.output.append("\r\n")
        let writer = HTTP1ResponseBody(self, isEmpty || isHead ? .empty : framing)
        self.writer = writer
        hasResponded = true
        return writer
    }

    /// The response is whole.
    func finishResponse() {
        responseIsFinished = true
        guard let connection else { return }
        // Responses to requests that have come together go together.
        if connection.isShared || !(connection.isInputEmpty || !connection.keepsAlive)
            || connection.loop.holds(connection, begun: begun)
        {
            connection.postpone()
        } else {
            connection.flush()
        }
        connection.advanceLater()
    }

    // MARK: - The connection

    /// Tells those who wait what has come true.
    func tell() {
        guard let connection else { return }
        if let readableSignal, connection.bodyIsReadable { readableSignal.raise() }
        if connection.output.isEmpty { rate.stopSending() }
        if let writableSignal, let writer, writer.isReady(connection) { writableSignal.raise() }
    }

    var isClosed: Bool { connection == nil }

    /// Forgets the connection, which goes on without it.
    func detach() {
        guard let connection else { return }
        if bodyOutcome == nil {
            let isWhole = connection.decoder.isDone && bodyFailure == nil && discarded == 0
            bodyOutcome = isWhole ? .success(connection.decoder.trailers) : .failure(.connectionTerminated)
        }
        self.connection = nil
        writer = nil
        closedSignal?.raise()
        readableSignal?.raise()
        writableSignal?.raise()
    }

    var closed: Readiness { readiness(&closedSignal, isClosed) }
    var readable: Readiness {
        readiness(&readableSignal, connection?.bodyIsReadable != false || bodyFailure != nil)
    }
    var writable: Readiness {
        guard let connection, let writer else { return .ready }
        return readiness(&writableSignal, writer.isReady(connection))
    }

    private func readiness(_ signal: inout ReadinessSignal?, _ isReady: Bool) -> Readiness {
        if isReady, signal == nil { return .ready }
        let known = signal ?? ReadinessSignal()
        signal = known
        if isReady { known.raise() } else { known.lower() }
        return .signal(known)
    }
}
