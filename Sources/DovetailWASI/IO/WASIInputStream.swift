// SPDX-License-Identifier: Apache-2.0

/// The representation of the resource `input-stream`: the rules of `wasi:io/streams` around a host's source of bytes.
///
/// Every operation throws ``StreamError`` for what the guest is told; anything else ends the guest's call.
public final class WASIInputStream: Pollable {
    /// The most bytes one read gives, whatever the guest asks for.
    package static let largestRead = 64 * 1024

    private let source: any HostInputStream
    private var isClosed = false

    /// Makes a guest's handle for the source; several may share one.
    ///
    /// - Parameters:
    ///   - source: where the bytes come from.
    ///   - wasi: says how calls of the guest wait; without, they block the thread.
    public init(_ source: any HostInputStream, in wasi: WASIContext? = nil) {
        self.source = source
        super.init(in: wasi, fixed: .ready)
    }

    /// What a pollable of this stream waits for.
    public override var readiness: Readiness { isClosed ? .ready : source.readiness }

    /// `read`: what is there now, at most `count` bytes.
    package func read(_ count: UInt64) throws(StreamError) -> [UInt8] {
        try attempt { () throws(StreamError) in try source.read(Int(min(count, UInt64(Self.largestRead)))) }
    }

    /// `blocking-read`: waits until at least one byte is there.
    package func blockingRead(_ count: UInt64, _ waiter: any ReadinessWaiter) throws -> [UInt8] {
        while true {
            let bytes = try read(count)
            if !bytes.isEmpty || count == 0 { return bytes }
            try waiter.wait(for: readiness)
        }
    }

    /// `skip`: passes over what is there now.
    package func skip(_ count: UInt64) throws(StreamError) -> UInt64 {
        let skipped = try attempt { () throws(StreamError) in
            try source.skip(Int(min(count, UInt64(Self.largestRead))))
        }
        return UInt64(skipped)
    }

    /// `blocking-skip`: waits until at least one byte could be passed over.
    package func blockingSkip(_ count: UInt64, _ waiter: any ReadinessWaiter) throws -> UInt64 {
        while true {
            let skipped = try skip(count)
            if skipped > 0 || count == 0 { return skipped }
            try waiter.wait(for: readiness)
        }
    }

    /// Runs an operation; a failure closes the stream, and a closed stream stays closed.
    private func attempt<Result>(_ operation: () throws(StreamError) -> Result) throws(StreamError) -> Result {
        guard !isClosed else { throw .closed }
        do {
            return try operation()
        } catch {
            isClosed = true
            throw error
        }
    }
}
