// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// Answers requests with plain values, bodies being streams.
public protocol HTTPHandler: Sendable {
    /// Answers one request. Runs on the loop of its connection, in a task that is cancelled when the client goes.
    ///
    /// - Returns: the response and its body. `content-length` is written for a body whose length is known.
    /// - Throws: anything; the client gets status 500 then, or what ``HTTPError/refused(status:reason:)`` says.
    nonisolated(nonsending) func respond(
        to request: HTTPRequest, body: HTTPBody
    ) async throws -> (HTTPResponse, HTTPBody)
}

/// A handler made of a function.
struct HTTPHandlerFunction: HTTPHandler {
    typealias Answer =
        nonisolated(nonsending) @Sendable (HTTPRequest, HTTPBody) async throws -> (HTTPResponse, HTTPBody)
    private let answer: Answer

    init(_ answer: @escaping Answer) { self.answer = answer }

    nonisolated(nonsending) func respond(
        to request: HTTPRequest, body: HTTPBody
    ) async throws -> (HTTPResponse, HTTPBody) { try await answer(request, body) }
}

/// Gives a handler of plain values the exchanges of a server.
struct LibraryExchangeHandler<Handler: HTTPHandler>: ExchangeHandler {
    private let handler: Handler

    init(_ handler: Handler) { self.handler = handler }

    nonisolated(nonsending) func handle(_ exchange: any ServerExchange) async {
        do {
            let (head, body) = try await handler.respond(
                to: exchange.request, body: HTTPBody(ExchangeBody(exchange.body)))
            var response = head
            if let length = body.length, response.status != 204, !response.fields.contains("content-length") {
                try response.fields.add("content-length", "\(length)")
            }
            let writer = try exchange.respond(response, hasBody: body.length != 0)
            do {
                let trailers = try await body.send(to: writer)
                try writer.finish(trailers: trailers)
            } catch {
                writer.abort(error as? HTTPError ?? .internalError(nil))
            }
        } catch HTTPError.refused(let status, _) {
            try? exchange.respond(HTTPResponse(status: status), hasBody: false).finish(trailers: nil)
        } catch {
            // Without a response, the client gets status 500.
        }
    }
}
