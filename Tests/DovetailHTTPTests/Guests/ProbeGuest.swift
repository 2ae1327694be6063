// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

// A proxy that does what its path says. Compiled for wasm32 by the tests.

private typealias Types = Probe.Types
private typealias Streams = Probe.Streams

nonisolated(unsafe) private var answered = 0
nonisolated(unsafe) private var hoard: [[UInt8]] = []

extension Probe.IncomingHandler: Probe.IncomingHandler.Exports {
    static func handle(request: consuming IncomingRequest, responseOut: consuming ResponseOutparam) {
        answered += 1
        let target = request.pathWithQuery() ?? ""
        let parts = target.split(separator: "?", maxSplits: 1)
        let path = String(parts.first ?? "")
        let argument = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        switch path {
        case "/": answer(responseOut, "Hello, World!")
        case "/count": answer(responseOut, "\(answered)")
        case "/about": answer(responseOut, about(request))
        case "/status": answer(responseOut, "status", status: UInt16(argument))
        case "/echo": echo(request, responseOut)
        case "/drain": answer(responseOut, "\(drain(request))")
        case "/fields": answer(responseOut, FieldRules.check())
        case "/parent":
            Parents.drop(argument, request)
            answer(responseOut, "not trapped")
        case "/rules": answer(responseOut, ResourceRules.check(request))
        case "/print":
            print(Probe.Stdout.getStdout(), "one\ntwo")
            print(Probe.Stderr.getStderr(), "three\n")
            answer(responseOut, "printed")
        case "/early":
            let hints = Types.Fields()
            try? hints.append(name: "link", value: Array("</style.css>; rel=preload".utf8))
            try? responseOut.sendInformational(status: 103, headers: hints)
            answer(responseOut, "late")
        case "/sleep":
            Probe.MonotonicClock.subscribeDuration(when: UInt64(argument) * 1_000_000).block()
            answer(responseOut, "rested")
        case "/trap": fatalError("as asked")
        case "/trap-later":
            begin(responseOut) { _, stream in
                write(stream, Array("half of".utf8))
                fatalError("as asked")
            }
        case "/spin": while true { answered &+= 1 }
        case "/compute":
            var sum = 0
            for number in 0..<argument * 1_000_000 { sum = (sum &* 31 &+ number) ^ answered }
            answer(responseOut, "computed \(sum & 1)")
        case "/bomb": while true { hoard.append([UInt8](repeating: 1, count: 1 << 20)) }
        case "/none": return
        case "/drop": begin(responseOut) { _, stream in write(stream, Array("half of".utf8)) }
        case "/flood":
            let block = [UInt8](repeating: 0x61, count: 64 << 10)
            begin(responseOut) { _, stream in while write(stream, block) {} }
        case "/large":
            let block = [UInt8](repeating: 0x62, count: 64 << 10)
            begin(responseOut) { body, stream in
                var left = argument
                while left > 0, write(stream, left < block.count ? Array(block.prefix(left)) : block) {
                    left -= min(left, block.count)
                }
                finish(body, stream)
            }
        case "/short": short(responseOut)
        case "/error": Types.ResponseOutparam.set(param: responseOut, response: .failure(.connectionTimeout))
        case "/proxy": forward(request, responseOut)
        default: answer(responseOut, "there is no \(path)", status: 404)
        }
    }
}

// MARK: - Answers

private func answer(_ out: consuming Types.ResponseOutparam, _ text: String, status: UInt16 = 200) {
    let fields = Types.Fields()
    try? fields.append(name: "Content-Type", value: Array("text/plain".utf8))
    let response = Types.OutgoingResponse(headers: fields)
    do { try response.setStatusCode(statusCode: status) } catch { return }
    guard let body = try? response.body(), let stream = try? body.write() else { return }
    Types.ResponseOutparam.set(param: out, response: .success(response))
    write(stream, Array(text.utf8))
    finish(body, stream)
}

private func begin(
    _ out: consuming Types.ResponseOutparam,
    _ body: (consuming Types.OutgoingBody, consuming Streams.OutputStream) -> Void
) {
    let response = Types.OutgoingResponse(headers: Types.Fields())
    guard let outgoing = try? response.body(), let stream = try? outgoing.write() else { return }
    Types.ResponseOutparam.set(param: out, response: .success(response))
    body(outgoing, stream)
}

private func short(_ out: consuming Types.ResponseOutparam) {
    let fields = Types.Fields()
    try? fields.append(name: "content-length", value: Array("10".utf8))
    let response = Types.OutgoingResponse(headers: fields)
    guard let body = try? response.body(), let stream = try? body.write() else { return }
    Types.ResponseOutparam.set(param: out, response: .success(response))
    write(stream, Array("short".utf8))
    finish(body, stream)
}

@discardableResult
private func write(_ stream: borrowing Streams.OutputStream, _ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
        guard let permit = try? stream.checkWrite() else { return false }
        if permit == 0 {
            stream.subscribe().block()
            continue
        }
        let piece = rest.prefix(Int(clamping: permit))
        do { try stream.write(contents: Array(piece)) } catch { return false }
        rest = rest.dropFirst(piece.count)
    }
    return true
}

private func finish(
    _ body: consuming Types.OutgoingBody, _ stream: consuming Streams.OutputStream, trailers: Types.Trailers? = nil
) {
    drop(stream)
    try? Types.OutgoingBody.finish(this: body, trailers: trailers)
}

private func drop(_ stream: consuming Streams.OutputStream) {}

private func print(_ stream: Streams.OutputStream, _ text: String) {
    try? stream.blockingWriteAndFlush(contents: Array(text.utf8))
}

private func about(_ request: borrowing Types.IncomingRequest) -> String {
    let scheme: String =
        switch request.scheme() {
        case .http: "http"
        case .https: "https"
        case .other(let name): name
        case nil: "-"
        }
    let method: String =
        switch request.method() {
        case .get: "get"
        case .post: "post"
        case .other(let name): name
        default: "another"
        }
    let fields = request.headers().entries().map { $0.0 + "=" + String(decoding: $0.1, as: UTF8.self) }
    return method + " " + scheme + " " + (request.authority() ?? "-") + " " + (request.pathWithQuery() ?? "-") + " "
        + fields.joined(separator: ",")
}

// MARK: - Bodies

/// Sends the request's body back as it comes, with its trailers and fields.
private func echo(_ request: borrowing Types.IncomingRequest, _ out: consuming Types.ResponseOutparam) {
    let response = Types.OutgoingResponse(headers: request.headers().clone())
    guard let outgoing = try? response.body(), let output = try? outgoing.write(), let incoming = try? request.consume()
    else { return }
    Types.ResponseOutparam.set(param: out, response: .success(response))
    var input = try? incoming.stream()
    if let input { copy(input, output) }
    // Before the body is finished.
    input = nil
    let trailers = Types.IncomingBody.finish(this: incoming)
    trailers.subscribe().block()
    var found: Types.Trailers?
    if case .success(.success(let fields)) = trailers.get() { found = fields?.clone() }
    finish(outgoing, output, trailers: found)
}

private func copy(_ input: borrowing Streams.InputStream, _ output: borrowing Streams.OutputStream) {
    while let bytes = try? input.blockingRead(len: 64 << 10) {
        guard write(output, bytes) else { return }
    }
}

/// Sends the request on to the authority that `x-to` names, and the response back.
private func forward(_ request: borrowing Types.IncomingRequest, _ out: consuming Types.ResponseOutparam) {
    let fields = request.headers()
    func field(_ name: String) -> String? { fields.get(name: name).first.map { String(decoding: $0, as: UTF8.self) } }
    let outgoing = Types.OutgoingRequest(headers: Types.Fields())
    do {
        try outgoing.setMethod(method: request.method())
        try outgoing.setScheme(scheme: .http)
        try outgoing.setAuthority(authority: field("x-to"))
        try outgoing.setPathWithQuery(pathWithQuery: field("x-path"))
    } catch { return answer(out, "not a target", status: 400) }
    let options = Types.RequestOptions()
    if let limit = field("x-first-byte").flatMap({ UInt64($0) }) {
        try? options.setFirstByteTimeout(duration: limit * 1_000_000)
    }
    guard let body = try? outgoing.body() else { return }
    let future: Types.FutureIncomingResponse
    do {
        future = try Probe.OutgoingHandler.handle(request: outgoing, options: options)
    } catch { return Types.ResponseOutparam.set(param: out, response: .failure(error)) }
    if let incoming = try? request.consume() { relay(incoming, body) }
    try? Types.OutgoingBody.finish(this: body, trailers: nil)
    future.subscribe().block()
    switch future.get() {
    case .success(.success(let received)):
        let response = Types.OutgoingResponse(headers: received.headers().clone())
        try? response.setStatusCode(statusCode: received.status())
        guard let outgoing = try? response.body(), let incoming = try? received.consume() else { return }
        Types.ResponseOutparam.set(param: out, response: .success(response))
        relay(incoming, outgoing)
        try? Types.OutgoingBody.finish(this: outgoing, trailers: nil)
    case .success(.failure(let code)): Types.ResponseOutparam.set(param: out, response: .failure(code))
    case .failure, nil: return
    }
}

/// Reads a body to its end; how many bytes there were.
@inline(never)
private func drain(_ request: borrowing Types.IncomingRequest) -> Int {
    guard let incoming = try? request.consume(), let input = try? incoming.stream() else { return -1 }
    var count = 0
    while let bytes = try? input.blockingRead(len: 64 << 10) { count += bytes.count }
    return count
}

/// Copies a body; both streams are dropped at the end, as those of bodies have to be before these are finished.
@inline(never)
private func relay(_ incoming: borrowing Types.IncomingBody, _ outgoing: borrowing Types.OutgoingBody) {
    guard let input = try? incoming.stream(), let output = try? outgoing.write() else { return }
    copy(input, output)
}

// MARK: - Rules

/// What the host has to refuse and to keep of fields; the text names what it got wrong.
private enum FieldRules {
    private typealias Wanted = Types.HeaderError

    static func check() -> String {
        var wrong: [String] = []
        func expect(_ wanted: Wanted?, _ name: String, _ body: () throws(Types.HeaderError) -> Void) {
            var found: Wanted?
            do throws(Types.HeaderError) { try body() } catch { found = error }
            if found != wanted { wrong.append(name) }
        }
        let fields = Types.Fields()
        let value = Array("v".utf8)
        expect(nil, "append") { () throws(Types.HeaderError) in try fields.append(name: "X-One", value: value) }
        expect(nil, "append twice") { () throws(Types.HeaderError) in try fields.append(name: "x-one", value: [0xFF]) }
        expect(.invalidSyntax, "name") { () throws(Types.HeaderError) in try fields.append(name: "x one", value: value)
        }
        expect(.invalidSyntax, "empty name") { () throws(Types.HeaderError) in try fields.append(name: "", value: value)
        }
        expect(.invalidSyntax, "line break") { () throws(Types.HeaderError) in
            try fields.append(name: "x", value: Array("a\r\nb: c".utf8))
        }
        expect(.invalidSyntax, "NUL") { () throws(Types.HeaderError) in try fields.set(name: "x", value: [[0]]) }
        for name in ["Host", "connection", "Transfer-Encoding", "keep-alive", "upgrade", "proxy-connection"] {
            expect(.forbidden, name) { () throws(Types.HeaderError) in try fields.append(name: name, value: value) }
            expect(.forbidden, name) { () throws(Types.HeaderError) in try fields.set(name: name, value: [value]) }
            expect(.forbidden, name) { () throws(Types.HeaderError) in
                _ = try Types.Fields.fromList(entries: [(name, value)])
            }
        }
        if fields.get(name: "X-ONE") != [value, [0xFF]] { wrong.append("get") }
        if fields.entries().map({ $0.0 }) != ["X-One", "x-one"] { wrong.append("spelling") }
        let copy = fields.clone()
        expect(nil, "delete") { () throws(Types.HeaderError) in try copy.delete(name: "x-One") }
        if copy.has(name: "x-one") || !fields.has(name: "x-one") { wrong.append("clone") }
        let request = Types.OutgoingRequest(headers: fields)
        let kept = request.headers()
        expect(.immutable, "immutable") { () throws(Types.HeaderError) in try kept.append(name: "a", value: value) }
        expect(.immutable, "immutable") { () throws(Types.HeaderError) in try kept.set(name: "a", value: [value]) }
        expect(.immutable, "immutable") { () throws(Types.HeaderError) in try kept.delete(name: "a") }
        return wrong.isEmpty ? "as it should be" : wrong.joined(separator: ", ")
    }
}

/// What has to be dropped before it may be: a trap each.
private enum Parents {
    static func drop(_ which: Int, _ incoming: consuming Types.IncomingRequest) {
        switch which {
        case 0:
            let headers = incoming.headers()
            incoming.dropResource()
            _ = headers.has(name: "x")
        case 1:
            guard let body = try? incoming.consume(), let stream = try? body.stream() else { return }
            body.dropResource()
            _ = try? stream.read(len: 1)
        case 2:
            let request = Types.OutgoingRequest(headers: Types.Fields())
            let headers = request.headers()
            request.dropResource()
            _ = headers.has(name: "x")
        case 3:
            let response = Types.OutgoingResponse(headers: Types.Fields())
            let headers = response.headers()
            response.dropResource()
            _ = headers.has(name: "x")
        case 4:
            let response = Types.OutgoingResponse(headers: Types.Fields())
            guard let body = try? response.body(), let stream = try? body.write() else { return }
            body.dropResource()
            _ = try? stream.checkWrite()
        default:
            let request = Types.OutgoingRequest(headers: Types.Fields())
            try? request.setAuthority(authority: "upstream.test")
            guard let future = try? Probe.OutgoingHandler.handle(request: request, options: nil) else { return }
            future.subscribe().block()
            guard case .success(.success(let response)) = future.get() else { return }
            let headers = response.headers()
            response.dropResource()
            _ = headers.has(name: "x")
        }
    }
}

/// What can be had once, and what is refused, of requests and bodies.
private enum ResourceRules {
    static func check(_ incoming: borrowing Types.IncomingRequest) -> String {
        var wrong: [String] = []
        func expect(_ wanted: Bool, _ name: String, _ body: () throws(Empty) -> Void) {
            var found = true
            do throws(Empty) { try body() } catch { found = false }
            if found != wanted { wrong.append(name) }
        }
        let request = Types.OutgoingRequest(headers: Types.Fields())
        expect(false, "method") { () throws(Empty) in try request.setMethod(method: .other("a b")) }
        expect(true, "method") { () throws(Empty) in try request.setMethod(method: .other("PURGE")) }
        expect(false, "path") { () throws(Empty) in try request.setPathWithQuery(pathWithQuery: "/a b") }
        expect(false, "path") { () throws(Empty) in try request.setPathWithQuery(pathWithQuery: "a") }
        expect(true, "path") { () throws(Empty) in try request.setPathWithQuery(pathWithQuery: "/a?b=%20") }
        expect(false, "scheme") { () throws(Empty) in try request.setScheme(scheme: .other("1a")) }
        expect(true, "scheme") { () throws(Empty) in try request.setScheme(scheme: .other("ws")) }
        expect(false, "authority") { () throws(Empty) in try request.setAuthority(authority: "a:99999") }
        expect(false, "authority") { () throws(Empty) in try request.setAuthority(authority: "a/b") }
        expect(true, "authority") { () throws(Empty) in try request.setAuthority(authority: "[::1]:80") }
        if request.authority() != "[::1]:80" || request.pathWithQuery() != "/a?b=%20" { wrong.append("kept") }
        let body = try? request.body()
        expect(false, "body twice") { () throws(Empty) in _ = try request.body() }
        if let body {
            let stream = try? body.write()
            expect(false, "write twice") { () throws(Empty) in _ = try body.write() }
            if stream == nil { wrong.append("write") }
        }
        let received = try? incoming.consume()
        expect(false, "consume twice") { () throws(Empty) in _ = try incoming.consume() }
        if let received {
            var stream = try? received.stream()
            expect(false, "stream twice") { () throws(Empty) in _ = try received.stream() }
            if stream == nil { wrong.append("stream") }
            stream = nil
            let trailers = Types.IncomingBody.finish(this: received)
            trailers.subscribe().block()
            if case .success? = trailers.get() {} else { wrong.append("trailers") }
            if case .failure? = trailers.get() {} else { wrong.append("trailers twice") }
        }
        let response = Types.OutgoingResponse(headers: Types.Fields())
        for status in [UInt16(0), 103, 600] {
            expect(false, "status") { () throws(Empty) in try response.setStatusCode(statusCode: status) }
        }
        return wrong.isEmpty ? "as it should be" : wrong.joined(separator: ", ")
    }
}
