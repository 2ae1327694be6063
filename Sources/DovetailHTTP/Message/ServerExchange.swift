// SPDX-License-Identifier: Apache-2.0

public import DovetailSystem

/// The other end of a connection.
public struct HTTPPeer: Sendable, Hashable {
    /// Its address.
    public var address: SocketAddress
    /// Whether the connection is encrypted.
    public var isSecure: Bool

    package init(address: SocketAddress, isSecure: Bool) {
        self.address = address
        self.isSecure = isSecure
    }
}

/// One request and its response, as a server's handler sees them: HTTP/1.1 or HTTP/2, on the thread of its connection's loop.
package protocol ServerExchange: AnyObject {
    /// The head of the request.
    var request: HTTPRequest { get }
    /// The body of the request.
    var body: any BodyReader { get }
    /// The client.
    var peer: HTTPPeer { get }

    /// Sends an informational response, for instance 103; without effect where the protocol has none (HTTP/1.0).
    ///
    /// - Throws: an ``HTTPError`` when the client is gone, the response has begun, or the status is not informational.
    func sendInformational(_ response: HTTPResponse) throws(HTTPError)

    /// Begins the response.
    ///
    /// Its body has the length that `content-length` promises, or 0 without `hasBody`, or else one that shows when it is finished. What is
    /// written to a response that has no body by its nature (to `HEAD`; 204, 304) is passed over.
    ///
    /// - Returns: where the body goes; to be finished even without one.
    /// - Throws: an ``HTTPError`` when the client is gone, a response has begun already, or the head is not valid.
    func respond(_ response: HTTPResponse, hasBody: Bool) throws(HTTPError) -> any BodyWriter

    /// Whether the client is gone, or the exchange is over.
    var isClosed: Bool { get }
    /// Ready from the moment on that ``isClosed``.
    var closed: Readiness { get }
}

/// What answers a server's requests.
package protocol ExchangeHandler: Sendable {
    /// Answers one request; runs as a task on the loop of the connection, which is cancelled when the client goes.
    ///
    /// A response that was begun and not finished when this returns is cut short; where none was begun, the client gets status 500.
    nonisolated(nonsending) func handle(_ exchange: any ServerExchange) async

    /// Begins to answer one request, on the thread of the loop and on none of its guests' stacks, and does what can be done without waiting:
    /// what does not wait at all needs no task.
    ///
    /// - Returns: what is left to do, for a task as ``handle(_:)`` is; it has to be run. Nil when nothing is.
    func begin(_ exchange: any ServerExchange) -> ExchangeTask?
}

/// What is left of answering a request.
package typealias ExchangeTask = nonisolated(nonsending) () async -> Void

extension ExchangeHandler {
    /// Leaves everything to the task.
    package func begin(_ exchange: any ServerExchange) -> ExchangeTask? { { await handle(exchange) } }
}
