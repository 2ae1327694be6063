// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import Synchronization

/// Writes lines to a descriptor from a thread of its own, so that nobody who answers requests waits for it: the first at once, and those
/// that come shortly after it together.
///
/// When the reader is too slow, lines are left out, and a later one says how many. When there is no reader any more, or no room on the
/// disk, what cannot be written is lost, and nothing else happens.
final class LogWriter: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var dropped = 0
        var isStopped = false
    }

    /// The most bytes that wait to be written.
    private static let limit = 4 << 20
    /// How long lines wait for others behind one that was written, in nanoseconds.
    private static let pause: UInt64 = 20_000_000

    private let output: OwnedDescriptor
    private let state = Mutex(State())
    private let pending = ReadinessSignal()
    private let stopping = ReadinessSignal()
    private let done = ReadinessSignal()

    /// Starts the thread.
    init(_ output: OwnedDescriptor) throws(SystemError) {
        self.output = output
        try SystemThread.start("dovetail-log") { [self] in run() }
    }

    /// Adds a line.
    func add(_ line: String) { add(Array((line + "\n").utf8)) }

    /// Adds a line, with its end.
    func add(_ line: [UInt8]) {
        let isFirst = state.withLock { state in
            guard state.bytes.count + line.count <= Self.limit else {
                state.dropped += 1
                return false
            }
            defer { state.bytes += line }
            return state.bytes.isEmpty
        }
        if isFirst { pending.raise() }
    }

    /// Writes what there is and ends.
    func stop() {
        state.withLock { $0.isStopped = true }
        stopping.raise()
        pending.raise()
        try? EventLoop.block(for: [.signal(done)], until: SystemClock.monotonic &+ 1_000_000_000)
    }

    private func run() {
        // Whether a line was cut off because no more could be written.
        var isCut = false
        while true {
            try? EventLoop.block(for: [.signal(pending)])
            pending.lower()
            let (bytes, dropped, isStopped) = state.withLock { state in
                defer { (state.bytes, state.dropped) = ([], 0) }
                return (state.bytes, state.dropped, state.isStopped)
            }
            write(bytes, &isCut)
            if dropped > 0 {
                write(Array("\(dropped) lines of the log were left out: its reader is too slow\n".utf8), &isCut)
            }
            if isStopped { return done.raise() }
            try? EventLoop.block(for: [.signal(stopping)], until: SystemClock.monotonic &+ Self.pause)
        }
    }

    /// Writes whole lines, as far as they can be written.
    private func write(_ lines: [UInt8], _ isCut: inout Bool) {
        var rest = (isCut ? [UInt8(ascii: "\n")] : [])[...] + lines
        while !rest.isEmpty {
            do throws(SystemError) {
                let count = try rest.withRawBytes { (bytes) throws(SystemError) in try output.write(bytes) }
                guard count > 0 else { return }
                isCut = rest[rest.startIndex + count - 1] != UInt8(ascii: "\n")
                rest = rest.dropFirst(count)
            } catch {
                // Whoever does not read the log any more has no use for it.
                guard error.isWouldBlock, (try? Poll.isReady(output.number, .writable, waiting: nil)) != nil else {
                    return
                }
            }
        }
    }
}
