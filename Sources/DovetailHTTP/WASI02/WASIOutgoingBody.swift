// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailSystem
import DovetailWASI

/// A body that a guest writes, before and after it is known where it goes.
///
/// What is written before is kept, up to a limit; afterwards it goes straight to the connection, which says how much it takes.
final class OutgoingBodyState {
    /// The most bytes that are kept.
    static let limit = 64 << 10

    /// How the body ended.
    private enum Ending {
        case finished(HTTPFields?)
        case aborted(HTTPError)
    }

    /// Which error tells that the size differs from the one that was promised.
    private let wrongSize: @Sendable (UInt64?) -> HTTPError
    /// The length that the fields promise.
    private let promised: UInt64?
    /// How many bytes the guest wrote.
    private(set) var written: UInt64 = 0
    private var pending: ArraySlice<UInt8> = []
    private var writer: (any BodyWriter)?
    private var ending: Ending?
    private var isPumping = false
    /// Whether nothing is left to do.
    private(set) var isDone = false
    /// Raised then; made for who waits for it.
    private var done: ReadinessSignal?
    /// Whether a guest holds the stream.
    fileprivate(set) var isStreaming = false

    /// Makes a body of a message with these fields.
    init(_ fields: HTTPFields, wrongSize: @escaping @Sendable (UInt64?) -> HTTPError) {
        promised = (try? HTTP1Writer.contentLength(fields)) ?? nil
        self.wrongSize = wrongSize
    }

    /// Whether the guest has ended it.
    var isEnded: Bool { ending != nil }
    /// When nothing is left to do.
    var completion: Readiness {
        if isDone { return .ready }
        let signal = done ?? ReadinessSignal()
        done = signal
        return .signal(signal)
    }
    /// Why it was aborted.
    var failure: HTTPError? { if case .aborted(let error)? = ending { error } else { nil } }

    /// Says where it goes.
    func attach(_ writer: any BodyWriter) {
        self.writer = writer
        advance()
    }

    /// How many bytes are taken now.
    func capacity() throws(HTTPError) -> Int {
        if case .aborted(let error)? = ending { throw error }
        guard let writer else { return Self.limit - pending.count }
        do throws(HTTPError) {
            if !pending.isEmpty { try push(to: writer) }
            return pending.isEmpty ? try writer.capacity() : 0
        } catch {
            // Whatever the guest does next, this is why the body is not whole.
            abort(error)
            throw error
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) {
        if case .aborted(let error)? = ending { throw error }
        let (total, overflow) = written.addingReportingOverflow(UInt64(bytes.count))
        if let promised, overflow || total > promised { throw wrongSize(total) }
        written = total
        guard let writer, pending.isEmpty else {
            pending += bytes
            return
        }
        do throws(HTTPError) {
            let count = min(bytes.count, try writer.capacity())
            if count > 0 { try writer.write(UnsafeRawBufferPointer(rebasing: bytes[..<count])) }
            if count < bytes.count { pending = Array(bytes[count...])[...] }
        } catch {
            abort(error)
            throw error
        }
    }

    /// Connections send what is written to them as soon as their loop has the thread again, which is when the guest waits or returns. To
    /// send it earlier would take a packet and a system call for each flush, of which guests make one after each few bytes.
    func flush() throws(HTTPError) { if case .aborted(let error)? = ending { throw error } }

    var readiness: Readiness {
        guard ending == nil, let writer else {
            return ending == nil && pending.count >= Self.limit ? .never : .ready
        }
        return writer.readiness
    }

    /// Ends the body.
    ///
    /// - Throws: the error that tells a wrong size, in which case the receiver sees that the body was cut short.
    func finish(_ trailers: HTTPFields?) throws(HTTPError) {
        if case .aborted(let error)? = ending { throw error }
        guard ending == nil else { return }
        if let promised, promised != written {
            let error = wrongSize(written)
            abort(error)
            throw error
        }
        ending = .finished(trailers)
        advance()
        if case .aborted(let error)? = ending { throw error }
    }

    /// Ends the body so that the receiver sees that it was cut short.
    func abort(_ error: HTTPError) {
        if isDone { return }
        ending = .aborted(error)
        pending = []
        writer?.abort(error)
        if writer != nil { finished() }
    }

    private func finished() {
        isDone = true
        done?.raise()
    }

    /// Hands on what is pending, and the end of it.
    private func advance() {
        guard let writer, !isDone else { return }
        if case .aborted(let error)? = ending { return abort(error) }
        do throws(HTTPError) {
            try push(to: writer)
            if pending.isEmpty, case .finished(let trailers)? = ending {
                try writer.finish(trailers: trailers)
                return finished()
            }
        } catch {
            return abort(error)
        }
        if !pending.isEmpty { pump(writer) }
    }

    private func push(to writer: any BodyWriter) throws(HTTPError) {
        while !pending.isEmpty {
            let count = min(pending.count, try writer.capacity())
            guard count > 0 else { return }
            try pending.withRawBytes { (bytes) throws(HTTPError) in
                try writer.write(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            }
            pending.removeFirst(count)
        }
        pending = []
    }

    /// Hands on what is pending as the writer takes it, while the guest does other things or is gone.
    private func pump(_ writer: any BodyWriter) {
        guard let loop = EventLoop.current else { return pumpHere(writer) }
        guard !isPumping else { return }
        isPumping = true
        // Everything here belongs to the thread of the loop.
        nonisolated(unsafe) let state = self
        nonisolated(unsafe) let writer = writer
        Task(executorPreference: loop) {
            while !state.pending.isEmpty, !state.isDone {
                do { try await loop.wait(for: [writer.readiness]) } catch {
                    return state.abort(.internalError("\(error)"))
                }
                state.advance()
            }
            state.isPumping = false
            state.advance()
        }
    }

    /// The same where the guest has its thread to itself: it waits for the end of what it has ended, and goes on with everything else itself.
    private func pumpHere(_ writer: any BodyWriter) {
        guard ending != nil else { return }
        do {
            while !pending.isEmpty {
                try EventLoop.block(for: [writer.readiness])
                try push(to: writer)
            }
        } catch {
            return abort(error as? HTTPError ?? .internalError("\(error)"))
        }
        advance()
    }
}

/// The representation of the resource `wasi:http/types.outgoing-body`.
final class WASIOutgoingBody: WASI02HTTP.Types.OutgoingBody {
    let state: OutgoingBodyState
    private let wasi: WASIContext
    private var isTaken = false

    init(_ state: OutgoingBodyState, in wasi: WASIContext) {
        self.state = state
        self.wasi = wasi
    }

    deinit {
        // Dropped and not finished: whatever was written is not all of it.
        if !state.isEnded { state.abort(.internalError("the guest dropped the body without finishing it")) }
    }

    func write() throws -> any WASI02.Streams.OutputStream {
        guard !isTaken else { throw Empty() }
        isTaken = true
        return WASIOutputStream(BodyOutputStream(state), in: wasi)
    }
}

/// The bytes of a body, as a guest's stream.
private final class BodyOutputStream: HostOutputStream {
    private let state: OutgoingBodyState

    init(_ state: OutgoingBodyState) {
        self.state = state
        state.isStreaming = true
    }

    deinit { state.isStreaming = false }

    func checkWrite() throws(StreamError) -> Int {
        try checking { (state) throws(HTTPError) in min(try state.capacity(), 1 << 20) }
    }

    func write(_ bytes: RawSpan) throws(StreamError) {
        try bytes.withUnsafeBytes { (bytes) throws(StreamError) in
            try checking { (state) throws(HTTPError) in try state.write(bytes) }
        }
    }

    func flush() throws(StreamError) { try checking { (state) throws(HTTPError) in try state.flush() } }

    var readiness: Readiness { state.readiness }

    private func checking<Success>(
        _ body: (OutgoingBodyState) throws(HTTPError) -> Success
    ) throws(StreamError) -> Success {
        do { return try body(state) } catch { throw .lastOperationFailed(IOFailure(error)) }
    }
}
