// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import Synchronization

/// A body in memory that one side writes while the other reads it, from any threads: at most so many bytes wait in it.
final class BodyPipe: BodyReader, Sendable {
    private struct State {
        var bytes: [UInt8] = []
        /// How many of them were read.
        var start = 0
        /// How it ended.
        var ending: Result<HTTPFields?, HTTPError>?

        var count: Int { bytes.count - start }
    }

    private let limit: Int
    private let state = Mutex(State())
    private let readable = ReadinessSignal()
    private let writable = ReadinessSignal(raised: true)

    init(limit: Int = 64 << 10) { self.limit = limit }

    // MARK: - Reading

    func read(_ limit: Int) throws(HTTPError) -> BodyChunk {
        let result = state.withLock { state -> Result<BodyChunk, HTTPError> in
            guard state.count > 0 else {
                switch state.ending {
                case .success(let trailers): return .success(.end(trailers: trailers))
                case .failure(let error): return .failure(error)
                case nil:
                    readable.lower()
                    return .success(.pending)
                }
            }
            guard limit > 0 else { return .success(.pending) }
            let chunk = Array(state.bytes[state.start...].prefix(limit))
            state.start += chunk.count
            if state.count == 0 { (state.bytes, state.start) = ([], 0) }
            return .success(.bytes(chunk))
        }
        if case .success(.bytes) = result { writable.raise() }
        return try result.get()
    }

    func cancel() {
        state.withLock { state in
            (state.bytes, state.start) = ([], 0)
            if state.ending == nil { state.ending = .failure(.connectionTerminated) }
        }
        writable.raise()
    }

    var readiness: Readiness { .signal(readable) }

    // MARK: - Writing

    /// When more can be written.
    fileprivate var hasRoom: Readiness { .signal(writable) }

    fileprivate func capacity() throws(HTTPError) -> Int {
        try state.withLock { state -> Result<Int, HTTPError> in
            if case .failure(let error)? = state.ending { return .failure(error) }
            let room = limit - state.count
            if room <= 0 { writable.lower() }
            return .success(max(0, room))
        }.get()
    }

    fileprivate func write(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) {
        try state.withLock { state -> Result<Void, HTTPError> in
            if case .failure(let error)? = state.ending { return .failure(error) }
            state.bytes.append(contentsOf: bytes)
            return .success(())
        }.get()
        readable.raise()
    }

    fileprivate func finish(trailers: HTTPFields?) throws(HTTPError) {
        try state.withLock { state -> Result<Void, HTTPError> in
            if case .failure(let error)? = state.ending { return .failure(error) }
            state.ending = .success(trailers)
            return .success(())
        }.get()
        readable.raise()
    }

    fileprivate func abort(_ error: HTTPError) {
        state.withLock { state in
            guard state.ending == nil else { return }
            state.ending = .failure(error)
            (state.bytes, state.start) = ([], 0)
        }
        readable.raise()
        writable.raise()
    }
}

/// The end of a pipe that is written to.
final class BodyPipeEnd: BodyWriter {
    private let pipe: BodyPipe

    init(_ pipe: BodyPipe) { self.pipe = pipe }

    deinit { pipe.abort(.connectionTerminated) }

    func capacity() throws(HTTPError) -> Int { try pipe.capacity() }
    func write(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) { try pipe.write(bytes) }
    func flush() throws(HTTPError) {}
    var isFlushed: Bool { true }
    var readiness: Readiness { pipe.hasRoom }
    func finish(trailers: HTTPFields?) throws(HTTPError) { try pipe.finish(trailers: trailers) }
    func abort(_ error: HTTPError) { pipe.abort(error) }
}
