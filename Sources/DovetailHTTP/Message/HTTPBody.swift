// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// A body: bytes in memory, or a stream of them.
///
/// It can be iterated once where it comes from the network.
public struct HTTPBody: AsyncSequence, Sendable {
    /// Gives the next bytes; nil at the end.
    public typealias Next = @Sendable () async throws -> [UInt8]?

    private enum Source {
        case bytes([UInt8])
        case stream(@Sendable () -> Next)
        case exchange(ExchangeBody)
    }

    private let source: Source
    /// How many bytes it has, where that is known beforehand.
    public let length: UInt64?
    private let trailers: @Sendable () async throws -> HTTPFields?

    private init(
        _ source: Source, _ length: UInt64?, _ trailers: @escaping @Sendable () async throws -> HTTPFields?
    ) {
        self.source = source
        self.length = length
        self.trailers = trailers
    }

    /// A body of these bytes.
    public init(_ bytes: [UInt8] = []) { self.init(.bytes(bytes), UInt64(bytes.count)) { nil } }

    /// A body of text in UTF-8.
    public init(_ text: String) { self.init(Array(text.utf8)) }

    /// A body that is made while it is sent.
    ///
    /// - Parameters:
    ///   - length: how many bytes there will be, where that is known. With fewer or more, the receiver sees an error.
    ///   - trailers: what follows the last bytes, for instance a checksum of them; asked for when the stream has ended.
    public init<Bytes: AsyncSequence & Sendable>(
        _ stream: Bytes, length: UInt64? = nil,
        trailers: @escaping @Sendable () async throws -> HTTPFields? = { nil }
    ) where Bytes.Element == [UInt8] {
        let make: @Sendable () -> Next = {
            let iterator = IteratorBox(stream.makeAsyncIterator())
            return { try await iterator.next() }
        }
        self.init(.stream(make), length, trailers)
    }

    init(_ body: ExchangeBody) { self.init(.exchange(body), nil) { try body.trailers } }

    /// The fields behind the body; known when all of it was read.
    public func receivedTrailers() async throws -> HTTPFields? { try await trailers() }

    /// All bytes together.
    ///
    /// - Throws: ``HTTPError/httpRequestBodySize(_:)`` when there are more than `limit`; what ends the stream before.
    public func collect(limit: Int) async throws -> [UInt8] {
        if case .bytes(let bytes) = source {
            guard bytes.count <= limit else { throw HTTPError.httpRequestBodySize(UInt64(limit)) }
            return bytes
        }
        var all: [UInt8] = []
        for try await bytes in self {
            guard bytes.count <= limit - all.count else { throw HTTPError.httpRequestBodySize(UInt64(limit)) }
            if all.isEmpty { all = bytes } else { all += bytes }
        }
        return all
    }

    // MARK: - AsyncSequence

    /// Goes through a body.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var bytes: [UInt8]?
        fileprivate let next: Next?

        /// The next bytes, at least one; nil at the end.
        ///
        /// - Throws: an ``HTTPError`` when a body from the network was cut short; of others, what gives their bytes throws.
        public mutating func next() async throws -> [UInt8]? {
            guard let next else {
                defer { bytes = nil }
                return bytes
            }
            while let found = try await next() {
                if !found.isEmpty { return found }
            }
            return nil
        }
    }

    /// An iterator from the beginning, or from where the one before has come to for a body from the network.
    public func makeAsyncIterator() -> AsyncIterator {
        switch source {
        case .bytes(let bytes): AsyncIterator(bytes: bytes.isEmpty ? nil : bytes, next: nil)
        case .stream(let make): AsyncIterator(bytes: nil, next: make())
        case .exchange(let body): AsyncIterator(bytes: nil, next: { try await body.next() })
        }
    }

    // MARK: - Sending

    /// Writes all of it and its trailers, and ends the body that is written; by an error where that fails.
    nonisolated(nonsending) func sendWhole(to writer: any BodyWriter) async {
        do { try writer.finish(trailers: await send(to: writer)) } catch {
            writer.abort(error as? HTTPError ?? .internalError("\(error)"))
        }
    }

    /// Writes all of it; the trailers that are to follow.
    nonisolated(nonsending) func send(to writer: any BodyWriter) async throws -> HTTPFields? {
        if case .bytes(let bytes) = source {
            try await writer.writeAll(bytes)
            return nil
        }
        var iterator = makeAsyncIterator()
        while let bytes = try await iterator.next() { try await writer.writeAll(bytes) }
        return try await trailers()
    }
}

/// An iterator behind a reference; a body has one user at a time.
private final class IteratorBox<Iterator: AsyncIteratorProtocol>: @unchecked Sendable
where Iterator.Element == [UInt8] {
    // @unchecked because whoever goes through a body does so alone.
    private var iterator: Iterator

    init(_ iterator: Iterator) { self.iterator = iterator }

    func next() async throws -> [UInt8]? { try await iterator.next(isolation: nil) }
}

/// The body of an exchange, for code on any thread.
final class ExchangeBody: @unchecked Sendable {
    // @unchecked because the reader is used on the thread of its loop alone.
    private let reader: any BodyReader
    private let loop: EventLoop?
    private let task: Task<Void, Never>?
    private var found: HTTPFields?

    /// Is to be made on the thread of the loop, unless the reader may be used on any.
    ///
    /// - Parameter task: what works for the body; cancelled when nobody wants the rest.
    init(_ reader: any BodyReader, task: Task<Void, Never>? = nil) {
        self.reader = reader
        self.task = task
        loop = EventLoop.current
    }

    deinit { task?.cancel() }

    var trailers: HTTPFields? {
        get throws { found }
    }

    /// The next bytes; nil at the end.
    func next() async throws -> [UInt8]? {
        guard let loop, !loop.isCurrent else { return try await read() }
        return try await Task(executorPreference: loop) { try await self.read() }.value
    }

    private nonisolated(nonsending) func read() async throws -> [UInt8]? {
        while true {
            switch try reader.read(HTTP1Connection.highWater) {
            case .bytes(let bytes): return bytes
            case .end(let trailers):
                found = trailers
                return nil
            case .pending: try await EventLoop.nearest.wait(for: [reader.readiness])
            }
        }
    }
}

extension BodyWriter {
    /// Writes bytes, waiting for room as often as it takes.
    nonisolated(nonsending) package func writeAll(_ bytes: [UInt8]) async throws {
        var written = 0
        while written < bytes.count {
            let room = try capacity()
            guard room > 0 else {
                try await EventLoop.nearest.wait(for: [readiness])
                continue
            }
            let end = min(bytes.count, written + room)
            try bytes.withRawBytes { (all) throws(HTTPError) in
                try write(UnsafeRawBufferPointer(rebasing: all[written..<end]))
            }
            written = end
        }
    }
}
