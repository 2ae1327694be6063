// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem

/// One request of a connection of HTTP/2, and its response.
package final class HTTP2Exchange: ServerExchange, @unchecked Sendable {
    // @unchecked because it belongs to the thread of its connection's loop.

    package let stream: HTTP2Stream
    package let peer: HTTPPeer
    package let body: any BodyReader
    private var loop: ServerLoop?
    private var task: Task<Void, Never>?
    private var writer: HTTP2BodyWriter?
    private var receivingPace = StreamPace()
    private var sendingPace = StreamPace()

    /// Makes one of a stream that was received.
    package init(_ stream: HTTP2Stream, peer: HTTPPeer) {
        self.stream = stream
        self.peer = peer
        body = HTTP2BodyReader(stream)
    }

    package var request: HTTPRequest { stream.request ?? HTTPRequest() }

    package func sendInformational(_ response: HTTPResponse) throws(HTTPError) {
        try stream.sendInformational(response)
    }

    package func respond(_ response: HTTPResponse, hasBody: Bool) throws(HTTPError) -> any BodyWriter {
        if let loop {
            // The line of HTTP/1 without its name and its end.
            try loop.dateLine.withUnsafeBufferPointer { (line) throws(HTTPError) in
                let date = UnsafeRawBufferPointer(
                    rebasing: UnsafeRawBufferPointer(line).dropFirst(6).dropLast(2))
                try stream.respond(response, hasBody: hasBody, date: date)
            }
        } else {
            try stream.respond(response, hasBody: hasBody)
        }
        let writer = HTTP2BodyWriter(stream)
        self.writer = writer
        return writer
    }

    package var isClosed: Bool { stream.isClosed }
    package var closed: Readiness { stream.closed }

    // MARK: - The handler

    /// Begins to handle it, and leaves to a task what cannot be done without waiting.
    func start(_ loop: ServerLoop) {
        self.loop = loop
        guard let rest = loop.handler.begin(self) else { return handlerReturned() }
        // Everything here belongs to the thread of the loop.
        nonisolated(unsafe) let left = rest
        // Detached: it has nothing to do with the task that runs when the request comes.
        task = Task.detached(executorPreference: loop.eventLoop) { [self] in
            await left()
            handlerReturned()
        }
        if isClosed { task?.cancel() }
    }

    private func handlerReturned() {
        task = nil
        guard !isClosed else { return }
        if let writer {
            writer.abort(.internalError(nil))
        } else {
            // What was wrong with the body is told, unless the handler has.
            var status: UInt16 = 500
            if case .refused(let refused, _) = stream.readFailure { status = refused }
            try? respond(HTTPResponse(status: status), hasBody: false).finish(trailers: nil)
        }
        if !stream.isClosed { body.cancel() }
    }

    /// The stream has ended.
    func streamIsClosed() {
        writer = nil
        task?.cancel()
    }

    /// Looks, about once a second, whether the client sends and takes enough.
    func checkTime(_ loop: ServerLoop) {
        let isSlow = receivingPace.isTooSlow(
            stream.receivedCount, isAwaited: stream.isAwaited, timeout: loop.timeouts.read, loop)
        if isSlow { stream.failReading(.refused(status: 408, reason: "the client is too slow")) }
        let isStalled = sendingPace.isTooSlow(
            stream.sentCount, isAwaited: !stream.outgoing.isEmpty, timeout: loop.timeouts.write, loop)
        if isStalled { stream.abort(.connectionWriteTimeout) }
    }
}

/// How fast a client sends or takes the body of a stream while it is waited for, as looked at from time to time.
private struct StreamPace {
    private var seen: UInt64 = 0
    private var progressed: UInt64 = 0
    private var looked: UInt64?
    private var waited: UInt64 = 0

    mutating func isTooSlow(_ count: UInt64, isAwaited: Bool, timeout: UInt64, _ loop: ServerLoop)
        -> Bool
    {
        let now = loop.now
        defer { looked = isAwaited ? now : nil }
        if count != seen || looked == nil {
            seen = count
            progressed = now
        }
        guard isAwaited else { return false }
        if let looked { waited += now - min(now, looked) }
        return now - min(now, progressed) >= timeout
            || TransferRate.isTooSlow(Int(clamping: count), waited, loop)
    }
}
