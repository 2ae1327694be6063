// SPDX-License-Identifier: Apache-2.0

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]incoming-request.method")
@_extern(c, "guest incoming-request.method") private func requestMethod(
    _ request: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]incoming-request.path-with-query")
@_extern(c, "guest incoming-request.path-with-query")
private func requestPath(_ request: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]incoming-request.headers")
@_extern(c, "guest incoming-request.headers") private func requestHeaders(_ request: Int32) -> Int32

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]incoming-request.consume")
@_extern(c, "guest incoming-request.consume")
private func requestConsume(_ request: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[resource-drop]incoming-request")
@_extern(c, "guest incoming-request.drop") private func dropRequest(_ request: Int32)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[constructor]outgoing-response")
@_extern(c, "guest outgoing-response") private func newResponse(_ headers: Int32) -> Int32

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]outgoing-response.set-status-code")
@_extern(c, "guest outgoing-response.set-status-code")
private func setStatus(_ response: Int32, _ status: Int32) -> Int32

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]outgoing-response.body")
@_extern(c, "guest outgoing-response.body")
private func responseBody(_ response: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[static]response-outparam.set")
@_extern(c, "guest response-outparam.set")
private func setOutparam(
    _ out: Int32, _ isError: Int32, _ response: Int32, _ a3: Int32, _ a4: Int64, _ a5: Int32, _ a6: Int32, _ a7: Int32,
    _ a8: Int32)

/// A request that came in.
public struct HTTPRequest: ~Copyable {
    private let handle: Int32

    init(handle: Int32) { self.handle = handle }

    deinit { dropRequest(handle) }

    /// The method, as `GET`.
    public var method: String {
        withArea(16) { area, _ in
            requestMethod(handle, area)
            switch area.load(as: UInt8.self) {
            case 0: return "GET"
            case 1: return "HEAD"
            case 2: return "POST"
            case 3: return "PUT"
            case 4: return "DELETE"
            case 5: return "CONNECT"
            case 6: return "OPTIONS"
            case 7: return "TRACE"
            case 8: return "PATCH"
            default: return StringCodec.load(area + 4)
            }
        }
    }

    /// The path and the query, as `/search?q=x`.
    public var path: String {
        withArea(16) { area, _ in
            requestPath(handle, area)
            return OptionCodec<StringCodec>.load(area) ?? "/"
        }
    }

    /// Whether the path with its query is this one; compares bytes, which is smaller code than comparing strings.
    public func isPath(_ path: StaticString) -> Bool {
        StringCodec.withBytes(self.path) { bytes in
            bytes.count == path.utf8CodeUnitCount
                && bytes.elementsEqual(UnsafeBufferPointer(start: path.utf8Start, count: path.utf8CodeUnitCount))
        }
    }

    /// The fields of the header.
    public var headers: [(name: String, value: String)] { HTTPFields.take(requestHeaders(handle)) }

    /// The first field of the header with a name, whatever its case.
    public func header(_ name: String) -> String? { HTTPFields.first(name, of: requestHeaders(handle)) }

    /// The body, which can be read once.
    public func body() -> [UInt8] { HTTPBodies.read(handle, requestConsume) }
}

/// What a request is answered with.
public struct HTTPResponse {
    /// The status code.
    public var status: UInt16
    /// The fields of the header.
    public var headers: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]

    /// A response of bytes.
    public init(status: UInt16 = 200, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A response of text.
    public init(_ text: String, status: UInt16 = 200) {
        self.init(
            status: status, headers: [(name: "content-type", value: "text/plain; charset=utf-8")],
            body: StringCodec.withBytes(text) { Array($0) })
    }
}

/// Serving and sending requests, in a world that imports `wasi:http/types`.
public enum HTTP {
    /// Answers a request: what `handle` of `wasi:http/incoming-handler` has to do.
    ///
    /// - Parameters:
    ///   - request: what `handle` is given.
    ///   - responseOut: what `handle` is given for the answer.
    ///   - answer: makes the answer.
    public static func respond(
        _ request: ResourceHandle, _ responseOut: ResourceHandle, _ answer: (borrowing HTTPRequest) -> HTTPResponse
    ) {
        let response = answer(HTTPRequest(handle: request.giveResource()))
        send(response, responseOut.giveResource())
    }

    private static func send(_ response: HTTPResponse, _ out: Int32) {
        let handle = newResponse(HTTPFields.make(response.headers))
        // A status that is none stays 200.
        _ = setStatus(handle, Int32(response.status))
        let body = withArea(8) { area, _ in
            responseBody(handle, area)
            return area.core(4, Int32.self)
        }
        setOutparam(out, 0, handle, 0, 0, 0, 0, 0, 0)
        HTTPBodies.write(response.body, to: body)
    }
}
