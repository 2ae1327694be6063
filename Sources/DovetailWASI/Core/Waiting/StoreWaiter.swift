// SPDX-License-Identifier: Apache-2.0

internal import Dovetail
internal import DovetailSystem

/// The way guests of a store wait unless told otherwise: a call that can suspend waits on the event loop of its thread, or else
/// on the shared one; any other call blocks its thread.
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
        let deadline = store.callDeadline
        guard !sources.allSatisfy(\.isNever) || deadline != nil else { throw WASIError.waitsForNothing() }
        while true {
            try store.waitForResult(keepsTime: true) {
                let loop: EventLoop
                do throws(SystemError) { loop = try EventLoop.nearest } catch { throw WASIError.cannotWait(error) }
                try await loop.wait(for: sources, until: deadline)
            }
            let found = try ready(among: sources)
            if !found.isEmpty { return found }
            if let deadline, deadline <= SystemClock.monotonic { throw Trap.timeout() }
        }
    }
}
