// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem

/// One request of a client and its response, for any thread. Given up when the last reference to it and its halves goes.
package final class HTTPClientExchange: Sendable {
    private let handle: ClientHandle

    init(_ exchange: ClientExchange) { handle = ClientHandle(exchange) }

    /// The body of the request.
    package var writer: any BodyWriter { ClientBodyWriter(handle) }

    /// The body of the response; pending before there is one.
    package var body: any BodyReader { ClientBodyReader(handle) }

    /// The head of the response; nil before it has come.
    ///
    /// - Throws: an ``HTTPError`` when none will come; every later attempt fails with the same.
    package func response() throws(HTTPError) -> HTTPResponse? {
        try handle.use { (exchange) throws(HTTPError) in try exchange.response() }
    }

    /// When ``response()`` tells something new.
    package var responseReadiness: Readiness { handle.look { $0.headReadiness } }

    /// Gives the exchange up.
    package func cancel() { handle.look { $0.cancel() } }
}

/// Gives an exchange up when nobody can use it any longer.
private final class ClientHandle: Sendable {
    private let exchange: ClientExchange

    init(_ exchange: ClientExchange) { self.exchange = exchange }

    deinit {
        let exchange = exchange
        exchange.pool.lock.hold { exchange.cancel() }
    }

    func use<Success: Sendable>(
        _ body: (ClientExchange) throws(HTTPError) -> Success
    ) throws(HTTPError) -> Success {
        try exchange.pool.lock.hold { () throws(HTTPError) in try body(exchange) }
    }

    func look<Success: Sendable>(_ body: (ClientExchange) -> Success) -> Success {
        exchange.pool.lock.hold { body(exchange) }
    }
}

private final class ClientBodyReader: BodyReader {
    private let handle: ClientHandle

    init(_ handle: ClientHandle) { self.handle = handle }

    func read(_ limit: Int) throws(HTTPError) -> BodyChunk {
        try handle.use { (exchange) throws(HTTPError) in try exchange.read(limit) }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) -> BodyRead {
        try handle.use { (exchange) throws(HTTPError) in try exchange.read(into: buffer) }
    }

    var readiness: Readiness { handle.look { $0.readReadiness } }

    func cancel() { handle.look { $0.cancelReading() } }
}

private final class ClientBodyWriter: BodyWriter {
    private let handle: ClientHandle

    init(_ handle: ClientHandle) { self.handle = handle }

    func capacity() throws(HTTPError) -> Int {
        try handle.use { (exchange) throws(HTTPError) in try exchange.capacity() }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) {
        try handle.use { (exchange) throws(HTTPError) in try exchange.write(bytes) }
    }

    func flush() throws(HTTPError) {
        try handle.use { (exchange) throws(HTTPError) in try exchange.flush() }
    }

    var isFlushed: Bool { handle.look { $0.isFlushed } }

    var readiness: Readiness { handle.look { $0.writeReadiness } }

    func finish(trailers: HTTPFields?) throws(HTTPError) {
        try handle.use { (exchange) throws(HTTPError) in try exchange.finish(trailers) }
    }

    func abort(_ error: HTTPError) { handle.look { $0.abort(error) } }
}
