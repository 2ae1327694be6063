// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem

/// The body that comes in on a stream.
package final class HTTP2BodyReader: BodyReader {
    private let stream: HTTP2Stream

    package init(_ stream: HTTP2Stream) { self.stream = stream }

    package func read(_ limit: Int) throws(HTTPError) -> BodyChunk {
        try stream.guarded { () throws(HTTPError) in try stream.read(limit) }
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) -> BodyRead {
        try stream.guarded { () throws(HTTPError) in try stream.read(into: buffer) }
    }

    package var readiness: Readiness { stream.locked { stream.readReadiness } }

    package func cancel() { stream.locked { stream.cancelReading() } }
}

/// The body that goes out on a stream.
package final class HTTP2BodyWriter: BodyWriter {
    private let stream: HTTP2Stream

    package init(_ stream: HTTP2Stream) { self.stream = stream }

    package func capacity() throws(HTTPError) -> Int {
        try stream.guarded { () throws(HTTPError) in try stream.capacity() }
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) {
        try stream.guarded { () throws(HTTPError) in try stream.write(bytes) }
    }

    package func flush() throws(HTTPError) {
        try stream.guarded { () throws(HTTPError) in try stream.flush() }
    }

    package var isFlushed: Bool { stream.locked { stream.isFlushed } }

    package var readiness: Readiness { stream.locked { stream.writeReadiness } }

    package func finish(trailers: HTTPFields?) throws(HTTPError) {
        try stream.guarded { () throws(HTTPError) in try stream.finish(trailers) }
    }

    package func abort(_ error: HTTPError) { stream.locked { stream.abort(error) } }
}
