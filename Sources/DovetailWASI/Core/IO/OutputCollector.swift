// SPDX-License-Identifier: Apache-2.0

public import DovetailSystem
internal import Synchronization

/// Keeps in memory what a guest writes, up to a limit; can be read while the guest runs, from any thread.
public final class OutputCollector: HostOutputStream, Sendable {
    /// The most bytes it keeps; the stream is closed to the guest once they are there.
    public let limit: Int
    private let collected = Mutex<[UInt8]>([])

    /// Makes an empty collector for at most `limit` bytes, 64 MiB unless told otherwise.
    public init(limit: Int = 64 << 20) {
        self.limit = max(0, limit)
    }

    /// Everything written so far.
    public var bytes: [UInt8] { collected.withLock { $0 } }

    /// Everything written so far as text; what is not UTF-8 is replaced.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Hands over what was written so far and forgets it, which makes room again.
    public func take() -> [UInt8] {
        collected.withLock { collected in
            defer { collected = [] }
            return collected
        }
    }

    /// How many bytes it takes now.
    public func checkWrite() throws(StreamError) -> Int {
        let free = limit - collected.withLock { $0.count }
        guard free > 0 else { throw .closed }
        return min(free, 1 << 20)
    }

    /// Takes the bytes.
    public func write(_ bytes: RawSpan) throws(StreamError) {
        let fits = bytes.withUnsafeBytes { bytes in
            collected.withLock { collected in
                // Another writer may have used the room in between.
                guard bytes.count <= limit - collected.count else { return false }
                collected.append(contentsOf: bytes)
                return true
            }
        }
        guard fits else { throw .closed }
    }

    /// When it can go on.
    public var readiness: Readiness { .ready }
}
