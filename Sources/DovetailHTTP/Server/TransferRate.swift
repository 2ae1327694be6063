// SPDX-License-Identifier: Apache-2.0

/// How fast a client sends and takes bodies while it is waited for.
struct TransferRate {
    /// Since when it is waited for; nil while it is not.
    private(set) var waitsSince: UInt64?
    private var waited: UInt64 = 0
    private var received = 0
    private var sendsSince: UInt64?
    private var sent = 0

    /// It is waited for from now on, if it is not already.
    mutating func wait(_ now: UInt64) { if waitsSince == nil { waitsSince = now } }

    mutating func count(received count: Int, _ now: UInt64) {
        received += count
        guard let since = waitsSince else { return }
        waited += now - min(now, since)
        waitsSince = nil
    }

    /// It is not waited for any longer.
    mutating func stopWaiting() { waitsSince = nil }

    mutating func count(sent count: Int) { sent += count }

    /// Whether it sends less than a server asks for.
    func isTooSlow(receiving now: UInt64, _ loop: ServerLoop) -> Bool {
        guard let since = waitsSince else { return false }
        return Self.isTooSlow(received, waited + now - min(now, since), loop)
    }

    /// Whether it takes less than a server asks for; to be asked while there is something for it.
    mutating func isTooSlow(sending now: UInt64, _ loop: ServerLoop) -> Bool {
        guard let since = sendsSince else {
            sendsSince = now
            sent = 0
            return false
        }
        return Self.isTooSlow(sent, now - min(now, since), loop)
    }

    /// Everything was taken.
    mutating func stopSending() { sendsSince = nil }

    /// Whether so many bytes are too few for a time.
    static func isTooSlow(_ count: Int, _ time: UInt64, _ loop: ServerLoop) -> Bool {
        guard loop.configuration.minimumRate > 0, time > loop.timeouts.grace else { return false }
        return Double(count) < Double(loop.configuration.minimumRate) * Double(time - loop.timeouts.grace) / 1e9
    }
}
