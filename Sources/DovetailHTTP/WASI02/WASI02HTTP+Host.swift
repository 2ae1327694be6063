// SPDX-License-Identifier: Apache-2.0

public import Dovetail
import DovetailABI
public import DovetailWASI

extension WASI02HTTP {
    /// Serves `wasi:http` with what the guest's store was granted: what `Linker.addHTTP()` defines.
    public struct Host {
        /// What the store was granted.
        public let http: HTTPContext

        /// Makes a host; `http` is the store's, or the caller's.
        public init(_ http: HTTPContext) { self.http = http }
    }
}

extension WASI02HTTP.Host: WASI02HTTP.Types.Imports {
    /// Fields to be filled in.
    public func makeFields() -> any WASI02HTTP.Types.Fields { WASIFields(limit: http.grants.maximumFieldBytes) }

    /// Fields with these names and values.
    public func fieldsFromList(entries: [(String, [UInt8])]) throws -> any WASI02HTTP.Types.Fields {
        try WASIFields(entries, limit: http.grants.maximumFieldBytes)
    }

    /// A request that can be sent once.
    public func makeOutgoingRequest(
        headers: consuming any WASI02HTTP.Types.Headers
    ) throws -> any WASI02HTTP.Types.OutgoingRequest {
        WASIOutgoingRequest(try WASIFields.behind(headers), in: http.wasi)
    }

    /// The defaults.
    public func makeRequestOptions() -> any WASI02HTTP.Types.RequestOptions { WASIRequestOptions() }

    /// Begins the response, or keeps why there is none.
    public func responseOutparamSet(
        param: consuming any WASI02HTTP.Types.ResponseOutparam,
        response: Result<any WASI02HTTP.Types.OutgoingResponse, WASI02HTTP.Types.ErrorCode>
    ) throws {
        let function = "wasi:http/types#[static]response-outparam.set"
        guard let param = param as? WASIResponseOutparam else {
            throw WASIError.foreignResource("response-outparam", function)
        }
        switch response {
        case .success(let response):
            guard let response = response as? WASIOutgoingResponse else {
                throw WASIError.foreignResource("outgoing-response", function)
            }
            param.answer.respond(response.response, response.taken)
        case .failure(let code): param.answer.fail(code.error)
        }
    }

    /// What comes behind a body.
    public func incomingBodyFinish(
        this: consuming any WASI02HTTP.Types.IncomingBody
    ) throws -> any WASI02HTTP.Types.FutureTrailers {
        let function = "wasi:http/types#[static]incoming-body.finish"
        guard let body = this as? WASIIncomingBody else { throw WASIError.foreignResource("incoming-body", function) }
        guard !body.state.isStreaming else { throw WASIError.streamInUse(function) }
        return WASIFutureTrailers(body.state, in: http.wasi)
    }

    /// A response with status 200.
    public func makeOutgoingResponse(
        headers: consuming any WASI02HTTP.Types.Headers
    ) throws -> any WASI02HTTP.Types.OutgoingResponse {
        WASIOutgoingResponse(try WASIFields.behind(headers), in: http.wasi)
    }

    /// Ends a body.
    public func outgoingBodyFinish(
        this: consuming any WASI02HTTP.Types.OutgoingBody, trailers: (any WASI02HTTP.Types.Trailers)?
    ) throws {
        let function = "wasi:http/types#[static]outgoing-body.finish"
        guard let body = this as? WASIOutgoingBody else { throw WASIError.foreignResource("outgoing-body", function) }
        guard !body.state.isStreaming else { throw WASIError.streamInUse(function) }
        let trailers = try trailers.map { try WASIFields.behind($0) }
        do throws(HTTPError) {
            try body.state.finish(trailers)
        } catch {
            throw WASI02HTTP.Types.ErrorCode(error)
        }
    }

    /// The code of a body's stream that failed.
    public func httpErrorCode(err: any WASI02.Error.Error) -> WASI02HTTP.Types.ErrorCode? {
        ((err as? IOFailure)?.cause as? HTTPError).map { WASI02HTTP.Types.ErrorCode($0) }
    }
}

extension WASI02HTTP.Host: WASI02HTTP.OutgoingHandler.Imports {
    /// Sends a request as the store was granted.
    public func handle(
        request: consuming any WASI02HTTP.Types.OutgoingRequest, options: (any WASI02HTTP.Types.RequestOptions)?
    ) throws -> any WASI02HTTP.Types.FutureIncomingResponse {
        let function = "wasi:http/outgoing-handler#handle"
        guard let request = request as? WASIOutgoingRequest else {
            throw WASIError.foreignResource("outgoing-request", function)
        }
        var chosen = OutgoingOptions()
        if let options {
            guard let options = options as? WASIRequestOptions else {
                throw WASIError.foreignResource("request-options", function)
            }
            chosen = options.options
        }
        do throws(HTTPError) {
            return WASIFutureIncomingResponse(
                try http.send(request.request, body: request.taken, chosen), in: http.wasi)
        } catch {
            request.taken?.abort(error)
            throw WASI02HTTP.Types.ErrorCode(error)
        }
    }
}

extension Linker {
    /// Defines the interfaces of `wasi:http` 0.2 that a component can import, in the place of those of `addWASI`, which grant nothing.
    ///
    /// What they give a guest is decided by ``Dovetail/Store/http``.
    public mutating func addHTTP() {
        let host: @Sendable (Caller) -> WASI02HTTP.Host = { WASI02HTTP.Host($0.http) }
        WASI02HTTP.Types.define(in: &self, host)
        WASI02HTTP.OutgoingHandler.define(in: &self, host)
        addHTTPParents()
    }
}
