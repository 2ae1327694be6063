// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// What keeps the threads apart that use connections of another one's loop.
package final class ConnectionLock: Sendable {
    private let mutex = Mutex<Void>(())

    package init() {}

    /// Runs `body` while nobody else uses what the lock is for.
    package func hold<Success: Sendable, Failure: Error>(
        _ body: () throws(Failure) -> Success
    ) throws(Failure) -> Success {
        try mutex.withLock { (_) throws(Failure) in try body() }
    }
}
