// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailWASI

typealias HTTP = RustHello.Types
typealias IO = RustHello.Streams

final class Input: IO.InputStream {
    var bytes: ArraySlice<UInt8>
    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }
}

final class Output: IO.OutputStream {
    var bytes: [UInt8] = []

    func blockingWriteAndFlush(contents: [UInt8]) { bytes += contents }

    func blockingSplice(src: any IO.InputStream, len: UInt64) -> UInt64 {
        guard let source = src as? Input else { return 0 }
        // In small steps, so that the component has to come back.
        let part = source.bytes.prefix(Int(min(len, 4)))
        source.bytes = source.bytes.dropFirst(part.count)
        bytes += part
        return UInt64(part.count)
    }
}

final class Headers: HTTP.Fields {
    let entries: [(String, [UInt8])]
    init(_ entries: [(String, [UInt8])]) { self.entries = entries }
}

final class Request: HTTP.IncomingRequest, HTTP.IncomingBody {
    private let path: String
    private let body: [UInt8]

    init(_ path: String, _ body: [UInt8]) {
        self.path = path
        self.body = body
    }

    func pathWithQuery() -> String? { path }
    func `consume`() -> any HTTP.IncomingBody { self }
    func stream() -> any IO.InputStream { Input(body) }
}

final class Response: HTTP.OutgoingResponse, HTTP.OutgoingBody {
    let headers: Headers?
    let output = Output()
    var isFinished = false

    init(_ headers: Headers?) { self.headers = headers }

    func body() -> any HTTP.OutgoingBody { self }
    func write() -> any IO.OutputStream { output }
}

final class Outparam: HTTP.ResponseOutparam {
    var response: Response?
}

struct WebHost: RustHello.Imports {
    func fieldsFromList(entries: [(String, [UInt8])]) -> any HTTP.Fields { Headers(entries) }

    func responseOutparamSet(
        param: consuming any HTTP.ResponseOutparam, response: Result<any HTTP.OutgoingResponse, HTTP.ErrorCode>
    ) throws {
        (param as? Outparam)?.response = try response.get() as? Response
    }

    func makeOutgoingResponse(headers: consuming any HTTP.Headers) -> any HTTP.OutgoingResponse {
        Response(headers as? Headers)
    }

    func outgoingBodyFinish(this: consuming any HTTP.OutgoingBody, trailers: (any HTTP.Trailers)?) {
        (this as? Response)?.isFinished = true
    }
}

@main
enum Main {
    static func main() throws {
        let engine = try Engine()
        let component = try GuestCheck.component(engine)
        try GuestCheck.run { request in
            let store = Store(engine: engine)
            let guest = try RustHello(component, in: store, imports: WebHost())
            let out = Outparam()
            try guest.incomingHandler.handle(request: Request(request.path, request.body), responseOut: out)
            guard let response = out.response, response.isFinished,
                response.headers?.entries.elementsEqual([("content-type", Array("text/plain".utf8))], by: ==) == true
            else { return (0, []) }
            return (200, response.output.bytes)
        }
    }
}
