// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import DovetailWASI
import Synchronization

/// What a guest prints, line by line, each with the number of the request it belongs to.
///
/// A line that is too long comes in pieces, and what has no end of line yet comes when the request is over.
final class GuestOutput: HostOutputStream, Sendable {
    private struct State {
        var line: [UInt8] = []
        var request: UInt64 = 0
    }

    private static let longest = 8 << 10

    private let isError: Bool
    private let print: @Sendable (GuestLine) -> Void
    private let state = Mutex(State())

    init(isError: Bool, _ print: @escaping @Sendable (GuestLine) -> Void) {
        self.isError = isError
        self.print = print
    }

    /// What comes from now on belongs to another request.
    func begin(_ request: UInt64) { state.withLock { $0.request = request } }

    /// Prints what has no end of line.
    func finish() {
        let rest = state.withLock { state -> GuestLine? in
            guard !state.line.isEmpty else { return nil }
            defer { state.line = [] }
            return line(state)
        }
        if let rest { print(rest) }
    }

    func checkWrite() throws(StreamError) -> Int { 64 << 10 }

    func write(_ bytes: RawSpan) throws(StreamError) {
        let lines = bytes.withUnsafeBytes { self.lines(endedBy: $0) }
        for line in lines { print(line) }
    }

    private func lines(endedBy bytes: UnsafeRawBufferPointer) -> [GuestLine] {
        state.withLock { state in
            var lines: [GuestLine] = []
            for byte in bytes {
                if byte == UInt8(ascii: "\n") || state.line.count >= Self.longest {
                    lines.append(line(state))
                    state.line.removeAll(keepingCapacity: true)
                    if byte == UInt8(ascii: "\n") { continue }
                }
                state.line.append(byte)
            }
            return lines
        }
    }

    var readiness: Readiness { .ready }

    private func line(_ state: State) -> GuestLine {
        GuestLine(request: state.request, isError: isError, text: String(decoding: state.line, as: UTF8.self))
    }
}

/// A line that a guest printed.
public struct GuestLine: Sendable {
    /// The number of the request that the guest was answering.
    public let request: UInt64
    /// Whether it was printed on standard error.
    public let isError: Bool
    /// The line without its end; what is not UTF-8 is replaced.
    public let text: String
}
