// SPDX-License-Identifier: Apache-2.0

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[constructor]outgoing-request")
@_extern(c, "guest outgoing-request") private func newRequest(_ headers: Int32) -> Int32

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[resource-drop]outgoing-request")
@_extern(c, "guest outgoing-request.drop") private func dropRequest(_ request: Int32)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]outgoing-request.set-method")
@_extern(c, "guest outgoing-request.set-method")
private func setMethod(_ request: Int32, _ method: Int32, _ name: Int32, _ count: Int32) -> Int32

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]outgoing-request.set-scheme")
@_extern(c, "guest outgoing-request.set-scheme")
private func setScheme(_ request: Int32, _ isSome: Int32, _ scheme: Int32, _ name: Int32, _ count: Int32) -> Int32

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]outgoing-request.set-authority")
@_extern(c, "guest outgoing-request.set-authority")
private func setAuthority(_ request: Int32, _ isSome: Int32, _ text: Int32, _ count: Int32) -> Int32

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]outgoing-request.set-path-with-query")
@_extern(c, "guest outgoing-request.set-path-with-query")
private func setPath(_ request: Int32, _ isSome: Int32, _ text: Int32, _ count: Int32) -> Int32

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]outgoing-request.body")
@_extern(c, "guest outgoing-request.body") private func requestBody(_ request: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:http/outgoing-handler@0.2.0", name: "handle")
@_extern(c, "guest outgoing-handler.handle")
private func handleRequest(
    _ request: Int32, _ hasOptions: Int32, _ options: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]future-incoming-response.subscribe")
@_extern(c, "guest future-incoming-response.subscribe") private func subscribeFuture(_ future: Int32) -> Int32

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]future-incoming-response.get")
@_extern(c, "guest future-incoming-response.get")
private func getFuture(_ future: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[resource-drop]future-incoming-response")
@_extern(c, "guest future-incoming-response.drop") private func dropFuture(_ future: Int32)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]incoming-response.status")
@_extern(c, "guest incoming-response.status") private func responseStatus(_ response: Int32) -> Int32

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]incoming-response.headers")
@_extern(c, "guest incoming-response.headers") private func responseHeaders(_ response: Int32) -> Int32

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]incoming-response.consume")
@_extern(c, "guest incoming-response.consume")
private func responseConsume(_ response: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[resource-drop]incoming-response")
@_extern(c, "guest incoming-response.drop") private func dropResponse(_ response: Int32)

extension HTTP {
    /// Sends a request and waits for the whole response; the world has to import `wasi:http/outgoing-handler`, too.
    ///
    /// - Parameters:
    ///   - method: as `GET`.
    ///   - url: as `https://example.com/path?query`.
    ///   - headers: the fields of the header.
    ///   - body: the body.
    /// - Throws: ``HTTPError`` when the request cannot be made, or there is no response.
    public static func send(
        _ method: String = "GET", _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) throws(HTTPError) -> HTTPResponse {
        let request = newRequest(HTTPFields.make(headers))
        guard set(method, url, of: request) else {
            dropRequest(request)
            throw .invalidRequest
        }
        let outgoing = withArea(8) { area, _ -> Int32? in
            requestBody(request, area)
            return area.load(as: UInt8.self) == 0 ? area.core(4, Int32.self) : nil
        }
        // result<future-incoming-response, error-code>
        let (future, problem) = withArea(40) { area, _ -> (Int32, HTTPError?) in
            handleRequest(request, 0, 0, area)
            if area.load(as: UInt8.self) != 0 { return (0, HTTPError.release(area + 8)) }
            return (area.core(8, Int32.self), nil)
        }
        if let outgoing { HTTPBodies.write(body, to: outgoing) }
        if let problem { throw problem }
        StreamHandles.wait(subscribeFuture(future))
        // option<result<result<incoming-response, error-code>>>
        let (response, failure) = withArea(56) { area, _ -> (Int32, HTTPError?) in
            getFuture(future, area)
            if area.load(as: UInt8.self) == 0 || area.load(fromByteOffset: 8, as: UInt8.self) != 0 {
                return (0, .invalidRequest)
            }
            if area.load(fromByteOffset: 16, as: UInt8.self) != 0 { return (0, HTTPError.release(area + 24)) }
            return (area.core(24, Int32.self), nil)
        }
        dropFuture(future)
        if let failure { throw failure }
        defer { dropResponse(response) }
        return HTTPResponse(
            status: UInt16(truncatingIfNeeded: responseStatus(response)),
            headers: HTTPFields.take(responseHeaders(response)), body: HTTPBodies.read(response, responseConsume))
    }

    /// Gives a request its method and address; returns whether the host takes them.
    private static func set(_ method: String, _ url: String, of request: Int32) -> Bool {
        let isMethod = StringCodec.lend(method) { setMethod(request, 9, $0, $1) == 0 }
        return isMethod
            && StringCodec.withBytes(url) { url in
                // scheme://authority/path
                let secure: StaticString = "https://", plain: StaticString = "http://"
                let isSecure = hasPrefix(url, secure)
                guard isSecure || hasPrefix(url, plain) else { return false }
                let start = isSecure ? secure.utf8CodeUnitCount : plain.utf8CodeUnitCount
                let end = url[start...].firstIndex { $0 == 47 || $0 == 63 } ?? url.count
                let isWhole = setScheme(request, 1, isSecure ? 1 : 0, 0, 0) == 0
                let authority = UnsafeBufferPointer(rebasing: url[start..<end])
                let path = UnsafeBufferPointer(rebasing: url[end...])
                return isWhole && lend(authority, { setAuthority(request, 1, $0, $1) }) == 0
                    && (path.isEmpty || lend(path, { setPath(request, 1, $0, $1) }) == 0)
            }
    }

    private static func lend(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (Int32, Int32) -> Int32) -> Int32 {
        body(Int32(truncatingIfNeeded: Int(bitPattern: bytes.baseAddress)), Int32(truncatingIfNeeded: bytes.count))
    }

    private static func hasPrefix(_ bytes: UnsafeBufferPointer<UInt8>, _ prefix: StaticString) -> Bool {
        bytes.prefix(prefix.utf8CodeUnitCount).elementsEqual(
            UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
    }
}
