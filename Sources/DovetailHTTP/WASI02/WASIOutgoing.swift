// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailWASI

/// The representation of the resource `wasi:http/types.outgoing-request`.
final class WASIOutgoingRequest: WASI02HTTP.Types.OutgoingRequest {
    private(set) var request: HTTPRequest
    /// The body, once the guest has taken it.
    private(set) var taken: OutgoingBodyState?
    let children = ResourceChildren()
    private let wasi: WASIContext

    init(_ fields: HTTPFields, in wasi: WASIContext) {
        request = HTTPRequest(pathWithQuery: nil, fields: fields)
        self.wasi = wasi
    }

    func body() throws -> any WASI02HTTP.Types.OutgoingBody {
        guard taken == nil else { throw Empty() }
        let state = OutgoingBodyState(request.fields) { .httpRequestBodySize($0) }
        taken = state
        return WASIOutgoingBody(state, in: wasi)
    }

    func method() -> WASI02HTTP.Types.Method { .init(request.method) }

    func setMethod(method: WASI02HTTP.Types.Method) throws {
        guard HTTPSyntax.isToken(method.name) else { throw Empty() }
        request.method = method.name
    }

    func pathWithQuery() -> String? { request.pathWithQuery }

    func setPathWithQuery(pathWithQuery: String?) throws {
        guard pathWithQuery.map(HTTPTarget.isPathWithQuery) ?? true else { throw Empty() }
        request.pathWithQuery = pathWithQuery
    }

    func scheme() -> WASI02HTTP.Types.Scheme? { request.scheme.map { .init($0) } }

    func setScheme(scheme: WASI02HTTP.Types.Scheme?) throws {
        guard scheme.map({ HTTPTarget.isScheme($0.name) }) ?? true else { throw Empty() }
        request.scheme = scheme?.name
    }

    func authority() -> String? { request.authority }

    func setAuthority(authority: String?) throws {
        guard authority.map({ HTTPTarget.hostAndPort($0) != nil }) ?? true else { throw Empty() }
        request.authority = authority
    }

    func headers() -> any WASI02HTTP.Types.Headers { WASIFields(immutable: request.fields, of: children) }
}

/// The representation of the resource `wasi:http/types.request-options`.
final class WASIRequestOptions: WASI02HTTP.Types.RequestOptions {
    private(set) var options = OutgoingOptions()

    func connectTimeout() -> UInt64? { options.connectTimeout }
    func setConnectTimeout(duration: UInt64?) { options.connectTimeout = duration }
    func firstByteTimeout() -> UInt64? { options.firstByteTimeout }
    func setFirstByteTimeout(duration: UInt64?) { options.firstByteTimeout = duration }
    func betweenBytesTimeout() -> UInt64? { options.betweenBytesTimeout }
    func setBetweenBytesTimeout(duration: UInt64?) { options.betweenBytesTimeout = duration }
}

/// The representation of the resource `wasi:http/types.outgoing-response`.
final class WASIOutgoingResponse: WASI02HTTP.Types.OutgoingResponse {
    private(set) var response: HTTPResponse
    /// The body, once the guest has taken it.
    private(set) var taken: OutgoingBodyState?
    let children = ResourceChildren()
    private let wasi: WASIContext

    init(_ fields: HTTPFields, in wasi: WASIContext) {
        response = HTTPResponse(fields: fields)
        self.wasi = wasi
    }

    func statusCode() -> UInt16 { response.status }

    func setStatusCode(statusCode: UInt16) throws {
        // Informational responses are sent otherwise.
        guard (200...599).contains(statusCode) else { throw Empty() }
        response.status = statusCode
    }

    func headers() -> any WASI02HTTP.Types.Headers { WASIFields(immutable: response.fields, of: children) }

    func body() throws -> any WASI02HTTP.Types.OutgoingBody {
        guard taken == nil else { throw Empty() }
        let state = OutgoingBodyState(response.fields) { .httpResponseBodySize($0) }
        taken = state
        return WASIOutgoingBody(state, in: wasi)
    }
}

/// The representation of the resource `wasi:http/types.response-outparam`.
final class WASIResponseOutparam: WASI02HTTP.Types.ResponseOutparam {
    let answer: GuestAnswer

    init(_ answer: GuestAnswer) { self.answer = answer }

    func sendInformational(status: UInt16, headers: consuming any WASI02HTTP.Types.Headers) throws {
        do {
            try answer.sendInformational(HTTPResponse(status: status, fields: WASIFields.behind(headers)))
        } catch let error as HTTPError {
            throw WASI02HTTP.Types.ErrorCode(error)
        }
    }
}
