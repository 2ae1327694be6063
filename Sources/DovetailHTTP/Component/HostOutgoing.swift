// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import Synchronization

extension HTTPGrants {
    /// Lets requests be answered by a handler of the host's own, which decides what it does with them.
    ///
    /// ```swift
    /// configuration.http = HTTPGrants(answeredBy: Upstream())
    /// ```
    public init(answeredBy handler: some HTTPHandler) { self.init(outgoing: HostOutgoing(handler)) }
}

/// Hands the requests of guests to a handler in Swift.
private struct HostOutgoing<Handler: HTTPHandler>: OutgoingHandler {
    let handler: Handler

    init(_ handler: Handler) { self.handler = handler }

    func send(_ request: HTTPRequest, _ options: OutgoingOptions) throws(HTTPError) -> any OutgoingExchange {
        let loop: EventLoop
        do throws(SystemError) { loop = try EventLoop.nearest } catch { throw .internalError(error.description) }
        let exchange = HostExchange()
        exchange.start(handler, request, options, on: loop)
        return exchange
    }
}

/// A request that a handler in Swift answers.
private final class HostExchange: OutgoingExchange {
    /// What the task and the guest share.
    private final class Shared: Sendable {
        let response = Mutex<Result<HTTPResponse, HTTPError>?>(nil)
        let arrived = ReadinessSignal()

        func set(_ result: Result<HTTPResponse, HTTPError>) {
            let isFirst = response.withLock { response in
                defer { if response == nil { response = result } }
                return response == nil
            }
            if isFirst { arrived.raise() }
        }
    }

    let body: any BodyWriter
    private let request = BodyPipe()
    private let answer = BodyPipe()
    private let shared = Shared()
    private var task: Task<Void, Never>?

    init() { body = BodyPipeEnd(request) }

    func start(_ handler: some HTTPHandler, _ head: HTTPRequest, _ options: OutgoingOptions, on loop: EventLoop) {
        let (request, answer, shared) = (request, answer, shared)
        task = Task(executorPreference: loop) {
            let end = BodyPipeEnd(answer)
            do {
                let (response, body) = try await handler.respond(to: head, body: HTTPBody(ExchangeBody(request)))
                shared.set(.success(response))
                await body.sendWhole(to: end)
            } catch {
                let error = error as? HTTPError ?? .internalError("\(error)")
                shared.set(.failure(error))
                end.abort(error)
            }
            request.cancel()
        }
        if let limit = options.firstByteTimeout {
            _ = loop.schedule(at: SystemClock.monotonic.addingReportingOverflow(limit).partialValue) {
                shared.set(.failure(.httpResponseTimeout))
            }
        }
    }

    var response: Result<IncomingMessage, HTTPError>? {
        shared.response.withLock { $0 }.map { $0.map { IncomingMessage($0, answer) } }
    }

    var readiness: Readiness { .signal(shared.arrived) }

    func cancel() {
        task?.cancel()
        answer.cancel()
    }
}
