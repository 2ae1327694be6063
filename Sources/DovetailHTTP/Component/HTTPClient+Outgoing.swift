// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem
internal import DovetailWASI

extension HTTPClient: OutgoingHandler {
    package func send(_ request: HTTPRequest, _ options: OutgoingOptions) throws(HTTPError) -> any OutgoingExchange {
        guard let (host, port) = request.authority.flatMap(HTTPTarget.hostAndPort) else {
            throw .httpRequestURIInvalid
        }
        guard let allows = options.network?.addresses(of: host, port: port ?? (request.scheme == "http" ? 80 : 443))
        else { throw .httpRequestDenied }
        var own = Options { _, address in allows(address) }
        if let timeout = options.connectTimeout { own.connectTimeout = .nanoseconds(Int64(clamping: timeout)) }
        if let timeout = options.firstByteTimeout { own.firstByteTimeout = .nanoseconds(Int64(clamping: timeout)) }
        if let timeout = options.betweenBytesTimeout {
            own.betweenBytesTimeout = .nanoseconds(Int64(clamping: timeout))
        }
        return ClientOutgoingExchange(try send(request, hasBody: options.hasBody, options: own))
    }
}

/// A guest's request that a client sends.
private final class ClientOutgoingExchange: OutgoingExchange {
    private let exchange: HTTPClientExchange

    init(_ exchange: HTTPClientExchange) { self.exchange = exchange }

    var body: any BodyWriter { exchange.writer }

    var response: Result<IncomingMessage, HTTPError>? {
        do throws(HTTPError) {
            return try exchange.response().map { .success(IncomingMessage($0, exchange.body)) }
        } catch {
            return .failure(error)
        }
    }

    var readiness: Readiness { exchange.responseReadiness }

    func cancel() { exchange.cancel() }
}
