// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem

// The two halves of a body. Nothing waits in them: `readiness` says when to try again. HTTP/1.1 and HTTP/2, client and server offer
// them, and bodies in memory, so that guests' streams and Swift handlers have one thing to stand on. Each belongs to one thread,
// that of its connection's loop.

/// What reading a body gives.
package enum BodyChunk: Sendable {
    /// At least one byte.
    case bytes([UInt8])
    /// Nothing for now; see ``BodyReader/readiness``.
    case pending
    /// The body is whole; trailers where there were any. Every later attempt says the same.
    case end(trailers: HTTPFields?)
}

/// What reading a body into memory gives; see ``BodyChunk``.
package enum BodyRead: Sendable {
    /// So many bytes, at least one.
    case bytes(Int)
    /// Nothing for now; see ``BodyReader/readiness``.
    case pending
    /// The body is whole.
    case end(trailers: HTTPFields?)
}

/// The half of a body that bytes come out of.
package protocol BodyReader: AnyObject {
    /// Takes at most `limit` bytes, of which there has to be one at least.
    ///
    /// - Throws: an ``HTTPError`` when the body was cut short; every later attempt fails with the same.
    func read(_ limit: Int) throws(HTTPError) -> BodyChunk
    /// Takes as many bytes as there are and as fit, without another copy where that can be.
    ///
    /// - Throws: as ``read(_:)``.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) -> BodyRead
    /// When another attempt tells something new; ready at the end and after a failure, too.
    var readiness: Readiness { get }
    /// Nobody reads the rest.
    func cancel()
}

extension BodyReader {
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) -> BodyRead {
        switch try read(buffer.count) {
        case .bytes(let bytes):
            buffer.copyBytes(from: bytes)
            return .bytes(bytes.count)
        case .pending: return .pending
        case .end(let trailers): return .end(trailers: trailers)
        }
    }
}

/// The half of a body that bytes go into.
package protocol BodyWriter: AnyObject {
    /// How many bytes ``write(_:)`` takes now; 0: wait for ``readiness``.
    ///
    /// - Throws: an ``HTTPError`` when nothing more can be written.
    func capacity() throws(HTTPError) -> Int
    /// Writes bytes, never more than ``capacity()``.
    ///
    /// - Throws: ``HTTPError/httpResponseBodySize(_:)`` or ``HTTPError/httpRequestBodySize(_:)`` when it is more than the length that
    ///   was promised; an ``HTTPError`` when nothing more can be written.
    func write(_ bytes: UnsafeRawBufferPointer) throws(HTTPError)
    /// Begins to send what was written; ``isFlushed`` tells when that is done.
    ///
    /// - Throws: an ``HTTPError`` when nothing more can be written.
    func flush() throws(HTTPError)
    /// Whether the system has taken all that was written.
    var isFlushed: Bool { get }
    /// When ``capacity()`` is above 0 again, a flush is done, or nothing more can be written.
    var readiness: Readiness { get }
    /// Ends the body.
    ///
    /// - Throws: as ``write(_:)`` when it is less than the length that was promised. The receiver sees then that it was cut short.
    func finish(trailers: HTTPFields?) throws(HTTPError)
    /// Ends the body so that the receiver sees that it was cut short; without effect when it is finished.
    func abort(_ error: HTTPError)
}
