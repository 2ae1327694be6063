// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem

/// A body in memory.
package final class MemoryBodyReader: BodyReader {
    private var bytes: ArraySlice<UInt8>
    private let trailers: HTTPFields?

    /// Makes a body of these bytes.
    package init(_ bytes: [UInt8] = [], trailers: HTTPFields? = nil) {
        self.bytes = bytes[...]
        self.trailers = trailers
    }

    package func read(_ limit: Int) throws(HTTPError) -> BodyChunk {
        guard !bytes.isEmpty else { return .end(trailers: trailers) }
        guard limit > 0 else { return .pending }
        let chunk = bytes.prefix(limit)
        bytes = bytes.dropFirst(limit)
        return .bytes(Array(chunk))
    }

    package var readiness: Readiness { .ready }

    package func cancel() { bytes = [] }
}
