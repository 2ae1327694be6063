// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailWASI
import Foundation

typealias HTTP = JsHello.Types
typealias IO = WASI02.Streams

/// Thrown by what a server does not need.
struct Unused: Swift.Error {}

final class Ready: WASI02.Poll.Pollable {
    func ready() -> Bool { true }
    func block() {}
}

/// Bytes that are there at once.
final class Input: IO.InputStream {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    func read(len: UInt64) throws -> [UInt8] {
        if bytes.isEmpty { throw ResultError(IO.StreamError.closed) }
        let count = Int(min(len, UInt64(bytes.count)))
        defer { bytes = bytes.dropFirst(count) }
        return Array(bytes.prefix(count))
    }

    func blockingRead(len: UInt64) throws -> [UInt8] { try read(len: len) }
    func skip(len: UInt64) throws -> UInt64 { UInt64(try read(len: len).count) }
    func blockingSkip(len: UInt64) throws -> UInt64 { try skip(len: len) }
    func subscribe() -> any WASI02.Poll.Pollable { Ready() }
}

final class Output: IO.OutputStream {
    var bytes: [UInt8] = []

    func checkWrite() -> UInt64 { 4096 }
    func write(contents: [UInt8]) { bytes += contents }
    func blockingWriteAndFlush(contents: [UInt8]) { bytes += contents }
    func flush() {}
    func blockingFlush() {}
    func subscribe() -> any WASI02.Poll.Pollable { Ready() }
    func writeZeroes(len: UInt64) throws { throw Unused() }
    func blockingWriteZeroesAndFlush(len: UInt64) throws { throw Unused() }
    func splice(src: any IO.InputStream, len: UInt64) throws -> UInt64 {
        let moved = try src.read(len: len)
        bytes += moved
        return UInt64(moved.count)
    }
    func blockingSplice(src: any IO.InputStream, len: UInt64) throws -> UInt64 { try splice(src: src, len: len) }
}

final class Headers: HTTP.Fields {
    var list: [(name: String, value: [UInt8])]

    init(_ list: [(name: String, value: [UInt8])] = []) { self.list = list }

    func get(name: String) -> [[UInt8]] { list.filter { $0.name == name }.map(\.value) }
    func has(name: String) -> Bool { list.contains { $0.name == name } }
    func set(name: String, value: [[UInt8]]) {
        delete(name: name)
        for item in value { append(name: name, value: item) }
    }
    func delete(name: String) { list.removeAll { $0.name == name } }
    func append(name: String, value: [UInt8]) { list.append((name, value)) }
    func entries() -> [(String, [UInt8])] { list.map { ($0.name, $0.value) } }
    func clone() -> any HTTP.Fields { Headers(list) }
}

final class Request: HTTP.IncomingRequest {
    let verb: HTTP.Method
    let path: String
    let content: [UInt8]

    init(_ verb: HTTP.Method, _ path: String, _ content: [UInt8]) {
        self.verb = verb
        self.path = path
        self.content = content
    }

    func method() -> HTTP.Method { verb }
    func pathWithQuery() -> String? { path }
    func scheme() -> HTTP.Scheme? { .http }
    func authority() -> String? { "localhost" }
    func headers() -> any HTTP.Headers {
        Headers(content.isEmpty ? [] : [("content-length", Array("\(content.count)".utf8))])
    }
    func consume() -> any HTTP.IncomingBody { Body(content) }
}

final class Body: HTTP.IncomingBody {
    let content: [UInt8]
    init(_ content: [UInt8]) { self.content = content }
    func stream() -> any IO.InputStream { Input(content) }
}

final class ResponseBody: HTTP.OutgoingBody {
    let output = Output()
    func write() -> any IO.OutputStream { output }
}

final class Response: HTTP.OutgoingResponse {
    private let fields: any HTTP.Fields
    let content = ResponseBody()
    var status: UInt16 = 200

    init(_ fields: any HTTP.Fields) { self.fields = fields }

    func statusCode() -> UInt16 { status }
    func setStatusCode(statusCode: UInt16) { status = statusCode }
    func headers() -> any HTTP.Headers { fields }
    func body() -> any HTTP.OutgoingBody { content }
}

final class Outparam: HTTP.ResponseOutparam {
    var response: Response?
}

final class NoTrailers: HTTP.FutureTrailers {
    func subscribe() -> any WASI02.Poll.Pollable { Ready() }
    func get() -> Result<Result<(any HTTP.Trailers)?, HTTP.ErrorCode>, Empty>? { .success(.success(nil)) }
}

/// What the component imports of HTTP, which DovetailWASI leaves to others; what a server needs is real.
struct WebHost: JsHello.Imports {
    func makeFields() -> any HTTP.Fields { Headers() }
    func fieldsFromList(entries: [(String, [UInt8])]) -> any HTTP.Fields {
        Headers(entries.map { ($0.0, $0.1) })
    }
    func makeOutgoingRequest(headers: consuming any HTTP.Headers) throws -> any HTTP.OutgoingRequest { throw Unused() }
    func makeRequestOptions() throws -> any HTTP.RequestOptions { throw Unused() }
    func responseOutparamSet(
        param: consuming any HTTP.ResponseOutparam, response: Result<any HTTP.OutgoingResponse, HTTP.ErrorCode>
    ) throws {
        (param as? Outparam)?.response = try response.get() as? Response
    }
    func incomingBodyFinish(this: consuming any HTTP.IncomingBody) -> any HTTP.FutureTrailers { NoTrailers() }
    func makeOutgoingResponse(headers: consuming any HTTP.Headers) -> any HTTP.OutgoingResponse { Response(headers) }
    func outgoingBodyFinish(this: consuming any HTTP.OutgoingBody, trailers: (any HTTP.Trailers)?) {}
    func httpErrorCode(err: any HTTP.IoError) -> HTTP.ErrorCode? { nil }

    func handle(
        request: consuming any HTTP.OutgoingRequest, options: (any HTTP.RequestOptions)?
    ) throws -> any HTTP.FutureIncomingResponse { throw Unused() }
}

@main
enum Main {
    static func main() throws {
        let engine = try Engine()
        let component = try GuestCheck.component(engine)
        try GuestCheck.run { request in
            let store = Store(engine: engine)
            let guest = try JsHello(component, in: store, imports: WebHost())
            let out = Outparam()
            let verb = request.isPost ? HTTP.Method.post : .get
            try guest.incomingHandler.handle(request: Request(verb, request.path, request.body), responseOut: out)
            return (out.response?.status ?? 0, out.response?.content.output.bytes ?? [])
        }
    }
}
