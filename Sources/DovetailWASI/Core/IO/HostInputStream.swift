// SPDX-License-Identifier: Apache-2.0

public import DovetailSystem

/// A source of bytes that a guest reads as a `wasi:io/streams.input-stream`. Implement it to feed guests from anywhere.
///
/// No method waits: blocking reads are made from ``read(_:)`` and ``readiness``.
public protocol HostInputStream: AnyObject {
    /// Takes at most `limit` bytes that are there now; empty when there are none yet (or `limit` is 0).
    ///
    /// - Throws: ``StreamError/closed`` at the end, or the failure, after which the stream is closed.
    func read(_ limit: Int) throws(StreamError) -> [UInt8]

    /// Passes over at most `limit` bytes that are there now and returns how many.
    func skip(_ limit: Int) throws(StreamError) -> Int

    /// When ``read(_:)`` would give bytes or throw.
    var readiness: Readiness { get }
}

extension HostInputStream {
    /// Passes over at most `limit` bytes.
    public func skip(_ limit: Int) throws(StreamError) -> Int {
        try read(limit).count
    }
}
