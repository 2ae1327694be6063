// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem
internal import Synchronization

/// A connection, shared by its socket and its streams, and by whoever sends what the system did not take at once.
final class TCPConnection: Sendable {
    private struct State {
        /// What was written and is not sent yet.
        var pending: ArraySlice<UInt8> = []
        var isSending = false
        var isReceiveShut = false
        var isSendShut = false
        var failure: SystemError?

        /// What `send` gives; what it throws is the end of the connection.
        mutating func remembering(_ send: () throws(SystemError) -> Int) throws(SystemError) -> Int {
            do throws(SystemError) {
                return try send()
            } catch {
                failure = error
                pending = []
                throw error
            }
        }
    }

    /// How long the rest of what was written is tried to be sent, once the guest has dropped the stream.
    static let lingerNanoseconds: UInt64 = 30_000_000_000

    let socket: Socket
    private let state = Mutex(State())
    private let dropped = ReadinessSignal()

    init(_ socket: Socket) { self.socket = socket }

    var isReceiveShut: Bool { state.withLock { $0.isReceiveShut } }

    /// Whether more can be written now.
    func canWrite() throws(SystemError) -> Bool {
        let isIdle = try state.withLock { (state) throws(SystemError) in
            if let failure = state.failure { throw failure }
            if state.isSendShut { throw SystemError.brokenPipe }
            if !state.pending.isEmpty { try send(&state) }
            return state.pending.isEmpty
        }
        guard isIdle else { return false }
        return try socket.source.isReady(.writing)
    }

    /// Sends bytes, and keeps what the system does not take now.
    func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        let starts = try state.withLock { (state) throws(SystemError) in
            if let failure = state.failure { throw failure }
            if state.isSendShut { throw SystemError.brokenPipe }
            if state.pending.isEmpty {
                let sent = try state.remembering { () throws(SystemError) in try send(bytes) }
                state.pending = Array(bytes[sent...])[...]
            } else {
                state.pending += bytes
            }
            guard !state.pending.isEmpty, !state.isSending else { return false }
            state.isSending = true
            return true
        }
        if starts { sendInBackground() }
    }

    /// The guest has dropped its output stream.
    func drop() { dropped.raise() }

    func shutdown(receiving: Bool, sending: Bool) throws(SocketErrorCode) {
        try SocketErrorCode.checking { () throws(SystemError) in
            try state.withLock { (state) throws(SystemError) in
                if receiving { state.isReceiveShut = true }
                let endsNow = sending && !state.isSendShut && state.pending.isEmpty
                if sending { state.isSendShut = true }
                guard receiving || endsNow else { return }
                do throws(SystemError) {
                    try socket.shutdown(reading: receiving, writing: endsNow)
                } catch {
                    // The other side has ended it already.
                    guard error == .notConnected else { throw error }
                }
            }
        }
    }

    /// Sends as much of what is pending as the system takes.
    private func send(_ state: inout State) throws(SystemError) {
        let pending = state.pending
        let sent = try state.remembering { () throws(SystemError) in
            try pending.withRawBytes { (bytes) throws(SystemError) in try send(bytes) }
        }
        state.pending = sent == pending.count ? [] : pending[(pending.startIndex + sent)...]
    }

    /// Sends as much as the system takes; how much that was.
    private func send(_ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
        try bytes.pass { (rest) throws(SystemError) in try socket.send(rest) }
    }

    private func sendInBackground() {
        guard let loop = try? EventLoop.nearest else {
            return state.withLock { $0.failure = .outOfMemory }
        }
        Task(executorPreference: loop) { [self] in
            var deadline: UInt64?
            while true {
                var sources = [Readiness.event(socket.source, .writing)]
                if deadline == nil { sources.append(.signal(dropped)) }
                do {
                    try await loop.wait(for: sources, until: deadline)
                } catch {
                    return state.withLock { $0.failure = .outOfMemory }
                }
                if deadline == nil, dropped.isRaised { deadline = SystemClock.monotonic &+ Self.lingerNanoseconds }
                if finishSending(isLate: deadline.map { $0 <= SystemClock.monotonic } ?? false) { return }
            }
        }
    }

    /// Sends more; whether that was all.
    private func finishSending(isLate: Bool) -> Bool {
        state.withLock { state in
            try? send(&state)
            guard state.pending.isEmpty || isLate else { return false }
            state.pending = []
            state.isSending = false
            if state.isSendShut { try? socket.shutdown(reading: false, writing: true) }
            return true
        }
    }
}

/// What a connection's peer sends.
package final class SocketInputStream: HostInputStream {
    private let connection: TCPConnection

    init(_ connection: TCPConnection) { self.connection = connection }

    package func read(_ limit: Int) throws(StreamError) -> [UInt8] {
        if connection.isReceiveShut { throw .closed }
        guard limit > 0 else { return [] }
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
            do throws(SystemError) {
                initialized = try connection.socket.receive(UnsafeMutableRawBufferPointer(buffer))
            } catch {
                initialized = 0
                failure = error
            }
        }
        if let failure {
            if failure.isWouldBlock { return [] }
            throw StreamError(socket: failure)
        }
        if bytes.isEmpty { throw .closed }
        return bytes
    }

    package var readiness: Readiness {
        connection.isReceiveShut ? .ready : .event(connection.socket.source, .reading)
    }
}

/// What a connection's peer is sent.
package final class SocketOutputStream: HostOutputStream {
    private static let permit = 64 * 1024
    private let connection: TCPConnection

    init(_ connection: TCPConnection) { self.connection = connection }

    deinit { connection.drop() }

    package func checkWrite() throws(StreamError) -> Int {
        do throws(SystemError) {
            return try connection.canWrite() ? Self.permit : 0
        } catch {
            throw StreamError(socket: error)
        }
    }

    package func write(_ bytes: RawSpan) throws(StreamError) {
        do throws(SystemError) {
            try bytes.withUnsafeBytes { (bytes) throws(SystemError) in try connection.write(bytes) }
        } catch {
            throw StreamError(socket: error)
        }
    }

    package var readiness: Readiness { .event(connection.socket.source, .writing) }
}

extension StreamError {
    /// The stream's answer to a failed call about a socket.
    init(socket error: SystemError) {
        self =
            error == .brokenPipe
            ? .closed
            : .lastOperationFailed(IOFailure(error.description, socketCode: SocketErrorCode(error)))
    }
}
