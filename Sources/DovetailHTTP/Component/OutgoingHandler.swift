// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem
package import DovetailWASI

/// How a request of a guest is to be sent.
package struct OutgoingOptions: Sendable {
    /// How long connecting may take, in nanoseconds; nil for the handler's default.
    package var connectTimeout: UInt64?
    /// How long the response's head may be waited for.
    package var firstByteTimeout: UInt64?
    /// How long may pass between two pieces of the response's body.
    package var betweenBytesTimeout: UInt64?
    /// Whether the request has a body.
    package var hasBody = false
    /// What the guest may reach; to be asked by a handler that reaches the network.
    package var network: NetworkAccess?

    /// The defaults.
    package init() {}
}

/// A response as it begins to come in.
package struct IncomingMessage {
    /// Status and fields.
    package let head: HTTPResponse
    /// The body.
    package let body: any BodyReader

    package init(_ head: HTTPResponse, _ body: any BodyReader) {
        self.head = head
        self.body = body
    }
}

/// A request that was sent, and the response to come; belongs to the thread that it was sent on.
package protocol OutgoingExchange: AnyObject {
    /// Where the body of the request goes; to be finished even without one.
    var body: any BodyWriter { get }
    /// The response, or why there is none; nil while it is waited for.
    var response: Result<IncomingMessage, HTTPError>? { get }
    /// When ``response`` is there.
    var readiness: Readiness { get }
    /// Nobody wants the response any more.
    func cancel()
}

/// What sends the requests of guests.
package protocol OutgoingHandler: Sendable {
    /// Begins to send a request, which has a scheme, an authority and a path; waits for nothing.
    ///
    /// - Throws: why it cannot be sent.
    func send(_ request: HTTPRequest, _ options: OutgoingOptions) throws(HTTPError) -> any OutgoingExchange
}

extension HTTPContext {
    /// Begins to send a guest's request.
    ///
    /// - Throws: ``HTTPError/httpRequestDenied`` where the guest was not granted to, or why the request cannot be sent.
    func send(
        _ request: HTTPRequest, body: OutgoingBodyState?, _ options: OutgoingOptions
    ) throws(HTTPError) -> any OutgoingExchange {
        guard let handler = grants.outgoing else { throw .httpRequestDenied }
        var (request, options) = (request, options)
        let scheme = request.scheme?.lowercased() ?? "https"
        guard scheme == "http" || scheme == "https" else { throw .httpProtocolError }
        request.scheme = scheme
        guard request.authority.flatMap(HTTPTarget.hostAndPort) != nil else { throw .httpRequestURIInvalid }
        if request.pathWithQuery == nil || request.pathWithQuery == "" { request.pathWithQuery = "/" }
        if let path = request.pathWithQuery, path.utf8.first == UInt8(ascii: "?") { request.pathWithQuery = "/" + path }
        options.network = wasi.network
        options.hasBody = body != nil
        let exchange = try handler.send(request, options)
        if let body {
            body.attach(exchange.body)
        } else {
            try exchange.body.finish(trailers: nil)
        }
        return exchange
    }
}
