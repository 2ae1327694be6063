// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailSystem
import DovetailWASI

/// The representation of the resource `wasi:http/types.incoming-request`.
final class WASIIncomingRequest: WASI02HTTP.Types.IncomingRequest {
    private let request: HTTPRequest
    private var body: (any BodyReader)?
    let children = ResourceChildren()
    private let wasi: WASIContext

    init(_ request: HTTPRequest, _ body: any BodyReader, in wasi: WASIContext) {
        self.request = request
        self.body = body
        self.wasi = wasi
    }

    func method() -> WASI02HTTP.Types.Method { .init(request.method) }
    func pathWithQuery() -> String? { request.pathWithQuery }
    func scheme() -> WASI02HTTP.Types.Scheme? { request.scheme.map { .init($0) } }
    func authority() -> String? { request.authority }
    func headers() -> any WASI02HTTP.Types.Headers { WASIFields(immutable: request.fields.forGuests, of: children) }

    func `consume`() throws -> any WASI02HTTP.Types.IncomingBody {
        guard let body else { throw Empty() }
        self.body = nil
        return WASIIncomingBody(body, in: wasi)
    }
}

/// The representation of the resource `wasi:http/types.incoming-response`.
final class WASIIncomingResponse: WASI02HTTP.Types.IncomingResponse {
    private let response: HTTPResponse
    private var body: (any BodyReader)?
    let children = ResourceChildren()
    private let wasi: WASIContext

    init(_ response: HTTPResponse, _ body: any BodyReader, in wasi: WASIContext) {
        self.response = response
        self.body = body
        self.wasi = wasi
    }

    deinit { body?.cancel() }

    func status() -> UInt16 { response.status }
    func headers() -> any WASI02HTTP.Types.Headers { WASIFields(immutable: response.fields.forGuests, of: children) }

    func `consume`() throws -> any WASI02HTTP.Types.IncomingBody {
        guard let body else { throw Empty() }
        self.body = nil
        return WASIIncomingBody(body, in: wasi)
    }
}

/// The representation of the resource `wasi:http/types.future-incoming-response`.
final class WASIFutureIncomingResponse: WASI02HTTP.Types.FutureIncomingResponse {
    private let exchange: any OutgoingExchange
    private let wasi: WASIContext
    private var isTaken = false

    init(_ exchange: any OutgoingExchange, in wasi: WASIContext) {
        self.exchange = exchange
        self.wasi = wasi
    }

    // A response that the guest has goes on by itself.
    deinit { if !isTaken { exchange.cancel() } }

    func subscribe() -> any WASI02.Poll.Pollable {
        Pollable(in: wasi) { [exchange] in exchange.response == nil ? exchange.readiness : .ready }
    }

    func get() -> Result<Result<any WASI02HTTP.Types.IncomingResponse, WASI02HTTP.Types.ErrorCode>, Empty>? {
        guard let outcome = exchange.response else { return nil }
        guard !isTaken else { return .failure(Empty()) }
        isTaken = true
        switch outcome {
        case .success(let received):
            return .success(.success(WASIIncomingResponse(received.head, received.body, in: wasi)))
        case .failure(let error): return .success(.failure(WASI02HTTP.Types.ErrorCode(error)))
        }
    }
}
