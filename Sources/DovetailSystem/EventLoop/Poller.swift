// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem
import DovetailFiles

/// The system's way to wait for many descriptors at once: epoll on Linux, kqueue on Apple's systems.
///
/// Everything may be called from any thread, ``wait(until:_:)`` from one at a time.
struct Poller: Sendable {
    private let raw: dovetail_sys_poller

    init() throws(SystemError) {
        var raw = dovetail_sys_poller()
        try SystemError.check(dovetail_sys_poller_create(&raw))
        self.raw = raw
    }

    func close() { dovetail_sys_poller_close(raw) }

    /// Readable while there are events.
    var descriptor: CInt { raw.queue }

    /// Ends the wait that another thread is in, or the next one.
    func wake() { dovetail_sys_poller_wake(raw) }

    /// Adds a descriptor, or changes what is asked about it.
    ///
    /// - Parameter onChange: whether there is an event only when something has changed since the last one.
    /// - Throws: ``SystemError/notPermitted`` for a file that is always ready.
    func set(_ descriptor: CInt, token: UInt64, _ interest: ReadySet, onChange: Bool) throws(SystemError) {
        try SystemError.check(
            dovetail_sys_poller_set(raw, descriptor, token, interest.rawValue, onChange ? 1 : 0))
    }

    /// Forgets a descriptor, if it is known.
    func remove(_ descriptor: CInt) { dovetail_sys_poller_remove(raw, descriptor) }

    /// The most events of one wait.
    static let batch = Int(DOVETAIL_POLLER_BATCH)

    /// Waits for at most so many events until `limit` of the monotonic clock has come (0: not at all, nil: no limit), and hands them to `body`.
    func wait(until limit: UInt64?, atMost count: Int = batch, _ body: (_ token: UInt64, _ ready: ReadySet) -> Void)
        throws(SystemError)
    {
        var pause: Int64 = -1
        if let limit {
            let now = limit == 0 ? 0 : SystemClock.monotonic
            pause = limit <= now ? 0 : Int64(clamping: limit - now)
        }
        var outcome: CInt = 0
        withUnsafeTemporaryAllocation(
            of: dovetail_sys_poller_event.self, capacity: Self.batch
        ) { events in
            outcome = dovetail_sys_poller_wait(raw, events.baseAddress, CInt(min(count, Self.batch)), pause)
            for index in 0..<Int(max(0, outcome)) where events[index].token != UInt64.max {
                body(events[index].token, ReadySet(rawValue: events[index].ready))
            }
        }
        try SystemError.check(outcome)
    }
}

/// What can be done with a descriptor without waiting.
package struct ReadySet: OptionSet, Sendable {
    package let rawValue: Int32
    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// Reading would not wait.
    package static let readable = ReadySet(rawValue: Int32(DOVETAIL_POLL_READABLE))
    /// Writing would not wait.
    package static let writable = ReadySet(rawValue: Int32(DOVETAIL_POLL_WRITABLE))
    /// Those at the other end write nothing more; what they have written can still be read.
    package static let readEnded = ReadySet(rawValue: Int32(DOVETAIL_POLL_READ_ENDED))
    /// It is in error or ended in both directions; it counts as readable and writable, since using it fails at once.
    package static let ended = ReadySet(rawValue: Int32(DOVETAIL_POLL_ENDED))
}
