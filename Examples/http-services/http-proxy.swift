// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

// Sends each request on to the server that the variable UPSTREAM names, as `host:port`, and the response back.

private typealias Types = Proxy.Types

extension Proxy.IncomingHandler: Proxy.IncomingHandler.Exports {
    static func handle(request: consuming IncomingRequest, responseOut: consuming ResponseOutparam) {
        switch forward(request) {
        case .failure(let error): ResponseOutparam.set(param: responseOut, response: .failure(error))
        case .success(let received):
            let response = Types.OutgoingResponse(headers: received.headers().clone())
            guard (try? response.setStatusCode(statusCode: received.status())) != nil,
                let incoming = try? received.consume(), let outgoing = try? response.body()
            else { return }
            ResponseOutparam.set(param: responseOut, response: .success(response))
            copy(incoming, outgoing)
            try? Types.OutgoingBody.finish(this: outgoing, trailers: nil)
        }
    }
}

/// Sends a request on with its body, and waits for the head of the response.
private func forward(_ request: borrowing Types.IncomingRequest) -> Result<Types.IncomingResponse, Types.ErrorCode> {
    guard let upstream = Proxy.Environment.getEnvironment().first(where: { $0.0 == "UPSTREAM" })?.1 else {
        return .failure(.configurationError)
    }
    let outgoing = Types.OutgoingRequest(headers: request.headers().clone())
    do {
        try outgoing.setMethod(method: request.method())
        try outgoing.setScheme(scheme: .http)
        try outgoing.setAuthority(authority: upstream)
        try outgoing.setPathWithQuery(pathWithQuery: request.pathWithQuery())
    } catch { return .failure(.httpRequestURIInvalid) }
    guard let body = try? outgoing.body(), let incoming = try? request.consume() else {
        return .failure(.internalError(nil))
    }
    do throws(Types.ErrorCode) {
        let future = try Proxy.OutgoingHandler.handle(request: outgoing, options: nil)
        copy(incoming, body)
        try Types.OutgoingBody.finish(this: body, trailers: nil)
        future.subscribe().block()
        guard case .success(let result)? = future.get() else { return .failure(.internalError(nil)) }
        return result
    } catch { return .failure(error) }
}

/// Copies a body; both streams are dropped at the end, as those of bodies have to be before these are finished.
private func copy(_ incoming: borrowing Types.IncomingBody, _ outgoing: borrowing Types.OutgoingBody) {
    guard let input = try? incoming.stream(), let output = try? outgoing.write() else { return }
    while (try? output.blockingSplice(src: input, len: 64 << 10)) != nil {}
}
