// SPDX-License-Identifier: Apache-2.0

import Dovetail

/// What the streams of both directions share: once an operation failed, they are closed.
protocol WASIStream: AnyObject {
    var isClosed: Bool { get set }
}

extension WASIStream {
    /// Runs an operation of the host's stream; a failure closes the stream, and is thrown as the one that the guest is given.
    func attempt<Success>(_ operation: () throws(StreamError) -> Success) throws -> Success {
        guard !isClosed else { throw ResultError(WASI02.Streams.StreamError.closed) }
        do throws(StreamError) {
            return try operation()
        } catch {
            isClosed = true
            throw ResultError(WASI02.Streams.StreamError(error))
        }
    }
}
