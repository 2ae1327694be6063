// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import Synchronization

/// Writes lines to a descriptor from a thread of its own, many at once, so that nobody who answers requests waits for it.
///
/// When the reader is too slow, lines are left out, and a later one says how many.
final class LogWriter: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var dropped = 0
        var isStopped = false
    }

    /// The most bytes that wait to be written.
    private static let limit = 4 << 20
    /// How long lines may wait for others, in nanoseconds.
    private static let pause: UInt64 = 20_000_000

    private let output: OwnedDescriptor
    private let state = Mutex(State())
    private let pending = ReadinessSignal()
    private let done = ReadinessSignal()

    /// Starts the thread.
    init(_ output: OwnedDescriptor) throws(SystemError) {
        self.output = output
        try SystemThread.start("dovetail-log") { [self] in run() }
    }

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
        pending.raise()
        try? EventLoop.block(for: [.signal(done)], until: SystemClock.monotonic &+ 1_000_000_000)
    }

    private func run() {
        while true {
            try? EventLoop.block(for: [.signal(pending)])
            pending.lower()
            if !state.withLock({ $0.isStopped }) { SystemThread.sleep(nanoseconds: Self.pause) }
            let (bytes, dropped, isStopped) = state.withLock { state in
                defer { (state.bytes, state.dropped) = ([], 0) }
                return (state.bytes, state.dropped, state.isStopped)
            }
            write(bytes)
            if dropped > 0 { write(Array("\(dropped) lines of the log were left out: its reader is too slow\n".utf8)) }
            if isStopped { return done.raise() }
        }
    }

    private func write(_ bytes: [UInt8]) {
        // Whoever does not read the log any more has no use for it.
        try? bytes.withRawBytes { (bytes) throws(SystemError) in try output.writeAll(bytes) }
    }
}
