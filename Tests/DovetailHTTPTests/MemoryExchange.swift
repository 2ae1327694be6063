// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem

/// A request and its response in memory, as a server would show them to its handler.
final class MemoryExchange: ServerExchange {
    let request: HTTPRequest
    let body: any BodyReader
    let peer = HTTPPeer(address: SocketAddress(.loopback(.v4), port: 4711), isSecure: false)
    private(set) var informational: [HTTPResponse] = []
    private(set) var response: HTTPResponse?
    let written: MemoryBodyWriter
    private let gone = ReadinessSignal()

    init(
        _ target: String, method: String = "GET", fields: [(name: String, value: String)] = [], body: any BodyReader,
        room: Int = .max
    ) throws {
        request = HTTPRequest(
            method: method, scheme: "http", authority: "example.org", pathWithQuery: target,
            fields: try HTTPFields(fields))
        self.body = body
        written = MemoryBodyWriter(room: room)
    }

    convenience init(
        _ target: String, method: String = "GET", fields: [(name: String, value: String)] = [], text: String = "",
        trailers: HTTPFields? = nil, room: Int = .max
    ) throws {
        try self.init(
            target, method: method, fields: fields, body: MemoryBodyReader(Array(text.utf8), trailers: trailers),
            room: room)
    }

    func sendInformational(_ response: HTTPResponse) throws(HTTPError) {
        guard self.response == nil else { throw .internalError("the response has begun") }
        informational.append(response)
    }

    func respond(_ response: HTTPResponse, hasBody: Bool) throws(HTTPError) -> any BodyWriter {
        if isClosed { throw .connectionTerminated }
        guard self.response == nil else { throw .internalError("the response has begun") }
        self.response = response
        return written
    }

    var isClosed: Bool { gone.isRaised }
    var closed: Readiness { .signal(gone) }

    /// The client goes.
    func leave() {
        gone.raise()
        written.abort(.connectionTerminated)
    }

    /// The body as text, once it is whole.
    var text: String? { written.isFinished ? String(decoding: written.bytes, as: UTF8.self) : nil }
}

/// A body that is written to memory, which takes so many bytes until somebody takes them.
final class MemoryBodyWriter: BodyWriter {
    private(set) var bytes: [UInt8] = []
    private(set) var isFinished = false
    private(set) var trailers: HTTPFields?
    private(set) var failure: HTTPError?
    private let room: Int
    private var waiting = 0
    private let changed = ReadinessSignal(raised: true)
    /// Called whenever there is no more room.
    var onFull: (() -> Void)?

    init(room: Int = .max) { self.room = room }

    func capacity() throws(HTTPError) -> Int {
        if let failure { throw failure }
        return max(0, room - waiting)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) {
        guard try bytes.count <= capacity(), !isFinished else { throw .internalError("more than there is room for") }
        self.bytes.append(contentsOf: bytes)
        waiting += bytes.count
        if waiting == room {
            changed.lower()
            onFull?()
        }
    }

    /// Somebody takes what was written.
    func take() {
        waiting = 0
        changed.raise()
    }

    func flush() throws(HTTPError) { if let failure { throw failure } }
    var isFlushed: Bool { true }
    var readiness: Readiness { .signal(changed) }

    func finish(trailers: HTTPFields?) throws(HTTPError) {
        if let failure { throw failure }
        isFinished = true
        self.trailers = trailers
    }

    func abort(_ error: HTTPError) {
        guard !isFinished, failure == nil else { return }
        failure = error
        changed.raise()
    }
}
