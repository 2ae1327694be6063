// SPDX-License-Identifier: Apache-2.0

public import DovetailSystem
internal import Synchronization

/// A source of bytes in memory; at its end it is closed.
public final class BytesInputStream: HostInputStream, Sendable {
    private let bytes: [UInt8]
    private let position = Mutex(0)

    /// Makes a source of these bytes.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Takes at most `limit` bytes.
    public func read(_ limit: Int) throws(StreamError) -> [UInt8] {
        guard let range = take(limit) else { throw .closed }
        return Array(bytes[range])
    }

    /// Passes over at most `limit` bytes.
    public func skip(_ limit: Int) throws(StreamError) -> Int {
        guard let range = take(limit) else { throw .closed }
        return range.count
    }

    /// When it can go on.
    public var readiness: Readiness { .ready }

    private func take(_ limit: Int) -> Range<Int>? {
        position.withLock { position in
            guard position < bytes.count else { return nil }
            let start = position
            position += min(max(0, limit), bytes.count - start)
            return start..<position
        }
    }
}
