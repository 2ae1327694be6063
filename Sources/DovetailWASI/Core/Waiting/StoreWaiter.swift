// SPDX-License-Identifier: Apache-2.0

internal import Dovetail
internal import DovetailSystem

/// The way guests of a store wait unless told otherwise: a call that can suspend frees the thread, any other one blocks it.
///
/// Waits end when the time is up that the store gives each call.
final class StoreWaiter: ReadinessWaiter {
    // The store holds the WASI state, and that this; streams that a host keeps may outlive the store.
    private let link: StoreLink
    private let blocking = PollWaiter()

    init(_ store: Store) {
        link = store.link
        blocking.callDeadline = { [link] in link.store?.callDeadline }
    }

    func ready(among sources: [Readiness]) throws -> [Int] { try blocking.ready(among: sources) }

    func wait(for sources: [Readiness]) throws -> [Int] {
        let already = try ready(among: sources)
        if !already.isEmpty { return already }
        guard let store = link.store, store.canSuspend else {
            do { return try blocking.wait(for: sources) } catch let error as WASIError where error.code == .timedOut {
                // The same error as in guest code and in waits that suspend.
                throw Trap.timeout()
            }
        }
        guard !sources.allSatisfy(\.isNever) || store.configuration.timeout != nil else {
            throw WASIError.waitsForNothing()
        }
        let loop: ReadinessLoop
        do throws(SystemError) { loop = try ReadinessLoop.shared.get() } catch { throw WASIError.cannotWait(error) }
        while true {
            try store.waitForResult { try await loop.wait(for: sources) }
            let found = try ready(among: sources)
            if !found.isEmpty { return found }
        }
    }
}
