// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// What the other end of an HTTP/2 connection may make this one do.
public struct HTTP2Limits: Sendable, Hashable {
    /// How many of something there may be at once, and how many more each second.
    public struct Rate: Sendable, Hashable {
        /// How many at once.
        public var burst: Int
        /// How many more each second.
        public var perSecond: Int

        /// Makes a rate.
        public init(burst: Int, perSecond: Int) {
            self.burst = burst
            self.perSecond = perSecond
        }
    }

    /// How many requests of one client may be under way.
    public var concurrentStreams = 100
    /// The size of all fields of a message together, as RFC 9113 counts it (6.5.2).
    public var fieldSectionSize = 65536
    /// The size of a body; nil: no limit.
    public var bodySize: UInt64?
    /// How many bytes of a body may wait for somebody to read them: the flow-control window of a stream.
    public var streamWindow = 256 << 10
    /// The same for all streams of a connection together.
    public var connectionWindow = 1 << 20
    /// How many bytes a stream holds that are still to be sent.
    public var streamBuffer = 64 << 10
    /// How many streams may be reset before their responses are complete, and how many more each second.
    public var resets = Rate(burst: 200, perSecond: 20)
    /// How many frames may come that get nothing done (pings, settings, priorities, empty data), and how many more each second.
    public var controlFrames = Rate(burst: 1000, perSecond: 100)
    /// Into how many frames a list of fields may be cut, the first one not counted.
    public var continuations = 8

    /// The defaults.
    public init() {}

    /// How much a stream may hold once all of a connection hold more than ``streamBuffer`` eightfold.
    var smallBuffer: Int { max(1, streamBuffer / 8) }
}

/// An allowance for what costs the other end little and this one something: used up by such frames, regained by time and by real work.
struct HTTP2Allowance {
    private let rate: HTTP2Limits.Rate
    private var left: Int
    private var since: UInt64

    init(_ rate: HTTP2Limits.Rate) {
        self.rate = rate
        left = rate.burst
        since = SystemClock.monotonic
    }

    /// Takes one; false when there is none left.
    mutating func spend() -> Bool {
        left &-= 1
        if left >= 0 { return true }
        let now = SystemClock.monotonic
        let gained = (now &- since) / 1_000_000 &* UInt64(clamping: rate.perSecond) / 1000
        guard gained > 0 else { return false }
        since = now
        left = min(rate.burst, Int(clamping: gained) &- 1)
        return left >= 0
    }

    mutating func earn(_ count: Int) { left = min(rate.burst, left &+ count) }
}
