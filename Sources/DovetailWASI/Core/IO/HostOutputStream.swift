// SPDX-License-Identifier: Apache-2.0

public import DovetailSystem

/// A sink of bytes that a guest writes as a `wasi:io/streams.output-stream`. Implement it to take what guests print.
///
/// No method waits: blocking writes are made from these and ``readiness``.
public protocol HostOutputStream: AnyObject {
    /// How many bytes ``write(_:)`` takes now; 0 while it takes none.
    ///
    /// - Throws: ``StreamError/closed``, or what an earlier write or flush failed with, after which the stream is closed.
    func checkWrite() throws(StreamError) -> Int

    /// Takes the bytes; never more than the last ``checkWrite()`` permitted. They lie in the guest's memory: what is to be kept has to be copied.
    func write(_ bytes: RawSpan) throws(StreamError)

    /// Begins to pass on everything written so far. While that lasts ``checkWrite()`` permits 0.
    func flush() throws(StreamError)

    /// When ``checkWrite()`` would permit bytes or throw.
    var readiness: Readiness { get }
}

extension HostOutputStream {
    /// Nothing to do where nothing is held back.
    public func flush() throws(StreamError) {}
}
