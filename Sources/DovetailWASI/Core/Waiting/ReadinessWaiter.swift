// SPDX-License-Identifier: Apache-2.0

public import DovetailSystem

/// The way a store waits: what blocking host functions call when they cannot go on.
///
/// A thread-blocking waiter polls; one on an event loop registers the sources and suspends the guest's fiber.
public protocol ReadinessWaiter: AnyObject {
    /// Waits until at least one source is ready and returns the indices of all that are, in order; never empty.
    ///
    /// - Throws: ``WASIError`` with code `interrupted` or `timedOut` when the store's interrupt or deadline came first,
    ///   or what the driver of an event loop throws to cancel the wait. An empty or never-ready set without interrupt
    ///   and deadline would wait for ever and is refused with code `deadlock`.
    func wait(for sources: [Readiness]) throws -> [Int]

    /// The indices of the sources that are ready now, without waiting.
    func ready(among sources: [Readiness]) throws -> [Int]
}

extension ReadinessWaiter {
    /// Waits for a single source.
    package func wait(for source: Readiness) throws {
        if case .ready = source { return }
        _ = try wait(for: [source])
    }
}
