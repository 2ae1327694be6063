// SPDX-License-Identifier: Apache-2.0

import DovetailFiles
internal import Synchronization

/// Descriptors that several loops look at: what has changed at one of them is told to the loop that asks first, and to no other.
///
/// Everything may be called from any thread.
package final class SharedPoller<Owner: Sendable>: Sendable {
    private let poller: Poller
    private let owners = Mutex(RegistrationTable<Owner>())

    /// Makes one without descriptors.
    ///
    /// - Throws: ``SystemError`` when the system has no more descriptors.
    package init() throws(SystemError) { poller = try Poller() }

    deinit { poller.close() }

    /// Readable while there is something to take.
    package var descriptor: CInt { poller.descriptor }

    /// Keeps an owner, whose descriptor is looked at from ``begin(_:_:)`` on; what the others take.
    package func insert(_ owner: Owner) -> UInt64 { owners.withLock { $0.insert(owner) } }

    /// Begins to look at a descriptor; at once at what can be done now.
    package func begin(_ descriptor: CInt, _ token: UInt64) throws(SystemError) {
        try poller.set(descriptor, token: token, [.readable, .writable], onChange: true)
    }

    /// Gives up a descriptor, before it is closed. What was taken before may still be told.
    package func remove(_ descriptor: CInt, _ token: UInt64) {
        poller.remove(descriptor)
        owners.withLock { $0.remove(token) }
    }

    /// Takes what has changed at not more than `count` descriptors; waits for nothing.
    ///
    /// - Throws: ``SystemError`` when the system has no memory.
    package func take(upTo count: Int, into taken: inout [(owner: Owner, ready: ReadySet)]) throws(SystemError) {
        try poller.wait(until: 0, atMost: count) { token, ready in
            if let owner = owners.withLock({ $0[token] }) { taken.append((owner, ready)) }
        }
    }

    /// All owners.
    package var all: [Owner] { owners.withLock { $0.all } }
}
