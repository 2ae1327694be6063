// SPDX-License-Identifier: Apache-2.0

public import DovetailSystem

/// The clock behind `wasi:clocks/monotonic-clock`. Implement it to give guests a time of your own.
public protocol MonotonicClock: Sendable {
    /// Nanoseconds since an instant of the clock's choosing; never goes back.
    func now() -> UInt64
    /// Nanoseconds between two readings that differ.
    func resolution() -> UInt64
    /// What to wait for until the clock shows `instant`.
    func readiness(at instant: UInt64) -> Readiness
}

extension MonotonicClock {
    /// What to wait for until `nanoseconds` have passed; more than the clock can count means its last instant.
    package func readiness(after nanoseconds: UInt64) -> Readiness {
        let (instant, overflow) = now().addingReportingOverflow(nanoseconds)
        return readiness(at: overflow ? .max : instant)
    }
}

/// The system's monotonic clock, counted from the moment this value was made, so that it does not tell guests how long
/// the host has been running.
public struct SystemMonotonicClock: MonotonicClock {
    private let origin: UInt64

    /// Makes a clock that shows 0 now.
    public init() { origin = SystemClock.monotonic }

    /// The time it shows.
    public func now() -> UInt64 { SystemClock.monotonic &- origin }
    /// The time between two readings that differ.
    public func resolution() -> UInt64 { SystemClock.monotonicResolution }
    /// What to wait for until it shows `instant`.
    public func readiness(at instant: UInt64) -> Readiness {
        let (host, overflow) = origin.addingReportingOverflow(instant)
        return overflow ? .never : .time(host)
    }
}

/// A point in time of a calendar clock: since 1970-01-01T00:00:00Z.
public struct WallTime: Hashable, Sendable {
    /// Whole seconds; negative before the epoch. WASI 0.2 shows guests the epoch instead.
    public var seconds: Int64
    /// The rest, below 1 000 000 000.
    public var nanoseconds: UInt32

    /// Makes a point in time.
    public init(seconds: Int64, nanoseconds: UInt32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    package init(_ time: SystemTime) { self.init(seconds: time.seconds, nanoseconds: time.nanoseconds) }
}

/// The clock behind `wasi:clocks/wall-clock`.
public protocol WallClock: Sendable {
    /// The time of day; may be set back.
    func now() -> WallTime
    /// The time between two readings that differ.
    func resolution() -> WallTime
}

/// The system's clock.
public struct SystemWallClock: WallClock {
    /// Makes it.
    public init() {}

    /// The time it shows.
    public func now() -> WallTime { WallTime(SystemClock.wall) }
    /// The time between two readings that differ.
    public func resolution() -> WallTime {
        let nanoseconds = SystemClock.wallResolution
        return WallTime(
            seconds: Int64(nanoseconds / 1_000_000_000), nanoseconds: UInt32(clamping: nanoseconds % 1_000_000_000))
    }
}

/// A wall clock that stands still, for runs that must come out the same every time.
public struct FixedWallClock: WallClock {
    private let time: WallTime

    /// Makes a clock that always shows `time`.
    public init(_ time: WallTime) { self.time = time }

    /// The time it shows.
    public func now() -> WallTime { time }
    /// The time between two readings that differ.
    public func resolution() -> WallTime { WallTime(seconds: 0, nanoseconds: 1) }
}
