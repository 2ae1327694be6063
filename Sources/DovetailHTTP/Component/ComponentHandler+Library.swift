// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import Synchronization

extension ComponentHandler: HTTPHandler {
    /// Lets the component answer a request of any server written in Swift.
    ///
    /// ```swift
    /// router.mount("/app") { request, body in try await handler.respond(to: request, body: body) }
    /// ```
    ///
    /// The guest runs on the loop of the calling task, or else on the shared one. Cancelling the task ends the guest.
    ///
    /// - Returns: the response as soon as it begins; its body is read while the guest writes it, and ends with an ``HTTPError`` where it
    ///   was cut short.
    public nonisolated(nonsending) func respond(
        to request: HTTPRequest, body: HTTPBody
    ) async throws -> (HTTPResponse, HTTPBody) {
        let loop = try EventLoop.nearest
        let shared = LibraryExchange.Shared()
        let task = Task(executorPreference: loop) {
            let incoming = BodyPipe()
            let end = BodyPipeEnd(incoming)
            nonisolated(unsafe) let writer = end
            let sending = Task(executorPreference: loop) { await body.sendWhole(to: writer) }
            await self.handle(LibraryExchange(request, incoming, shared))
            sending.cancel()
            shared.end()
        }
        return try await withTaskCancellationHandler {
            try await loop.wait(for: [.signal(shared.begun)])
            let response = try shared.response.withLock { $0 }?.get()
            guard let response else { throw HTTPError.internalError("there was no response") }
            return (response, HTTPBody(ExchangeBody(shared.body, task: task)))
        } onCancel: {
            shared.leave()
            task.cancel()
        }
    }
}

/// A request that came from code in Swift, and not from a connection.
private final class LibraryExchange: ServerExchange {
    /// What the guest's side and the caller's share.
    final class Shared: Sendable {
        let response = Mutex<Result<HTTPResponse, HTTPError>?>(nil)
        let body = BodyPipe()
        let begun = ReadinessSignal()
        let gone = ReadinessSignal()

        func begin(_ result: Result<HTTPResponse, HTTPError>) {
            response.withLock { if $0 == nil { $0 = result } }
            begun.raise()
        }

        /// The handler has returned.
        func end() { begin(.failure(.internalError("there was no response"))) }

        /// The caller does not want the response any more.
        func leave() {
            gone.raise()
            body.cancel()
        }
    }

    let request: HTTPRequest
    let body: any BodyReader
    let peer = HTTPPeer(address: SocketAddress(IPAddress(v4: (0, 0, 0, 0)), port: 0), isSecure: false)
    private let shared: Shared

    init(_ request: HTTPRequest, _ body: any BodyReader, _ shared: Shared) {
        self.request = request
        self.body = body
        self.shared = shared
    }

    // Nobody would be told.
    func sendInformational(_ response: HTTPResponse) throws(HTTPError) {}

    func respond(_ response: HTTPResponse, hasBody: Bool) throws(HTTPError) -> any BodyWriter {
        if isClosed { throw .connectionTerminated }
        guard !shared.begun.isRaised else { throw .internalError("the response has begun already") }
        shared.begin(.success(response))
        return BodyPipeEnd(shared.body)
    }

    var isClosed: Bool { shared.gone.isRaised }
    var closed: Readiness { .signal(shared.gone) }
}
