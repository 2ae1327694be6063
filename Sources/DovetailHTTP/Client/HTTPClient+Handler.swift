// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

extension HTTPClient: HTTPHandler {
    /// Sends a request and returns the response as soon as its head has arrived; its body is read while it arrives.
    ///
    /// ```swift
    /// let request = HTTPRequest(scheme: "https", authority: "example.com", pathWithQuery: "/data")
    /// let (response, body) = try await client.respond(to: request, body: HTTPBody())
    /// ```
    ///
    /// The request goes to any address: it is the program's own. A handler that passes requests of guests on decides itself which of them; where an
    /// allow-list is to decide, use ``HTTPGrants/init(client:)``. A request without a scheme is sent by `https`.
    ///
    /// - Parameters:
    ///   - request: the request; `content-length` is added for a body whose length is known.
    ///   - body: what is sent, while the response is received if the server begins early.
    /// - Returns: the response and its body, which ends with an ``HTTPError`` where it was cut short. Dropping it gives the rest up.
    /// - Throws: an ``HTTPError``: no such host, no connection, a certificate that is not trusted, and so on; `CancellationError` when the task
    ///   was cancelled; an error of the system's when it has no more threads or descriptors.
    public nonisolated(nonsending) func respond(
        to request: HTTPRequest, body: HTTPBody
    ) async throws -> (HTTPResponse, HTTPBody) {
        var head = request
        if let length = body.length, length > 0, !head.fields.contains("content-length") {
            try head.fields.add("content-length", "\(length)")
        }
        let loop = try EventLoop.nearest
        let exchange = try send(head, hasBody: body.length != 0, options: Options { _, _ in true })
        let sending = Task(executorPreference: loop) { await body.sendWhole(to: exchange.writer) }
        let received = HTTPBody(ExchangeBody(exchange.body, task: sending))
        return try await withTaskCancellationHandler {
            while true {
                if let response = try exchange.response() { return (response, received) }
                try await EventLoop.nearest.wait(for: [exchange.responseReadiness])
            }
        } onCancel: {
            exchange.cancel()
        }
    }
}
