// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

extension WASI02.WallClock.Datetime {
    /// The same time; the epoch for one before it, which WASI 0.2 cannot tell.
    init(_ time: WallTime) {
        self.init(seconds: UInt64(clamping: time.seconds), nanoseconds: time.seconds < 0 ? 0 : time.nanoseconds)
    }
}

extension WASI02.WallClock.Imports where Self: WASI02.Provider {
    /// What the clock of the configuration shows.
    public func now() throws -> WASI02.WallClock.Datetime { .init(wasi.configuration.wallClock.now()) }

    /// The resolution of the configuration's clock.
    public func resolution() throws -> WASI02.WallClock.Datetime { .init(wasi.configuration.wallClock.resolution()) }
}

extension WASI02.MonotonicClock.Imports where Self: WASI02.Provider {
    /// What the clock of the configuration shows.
    public func now() throws -> WASI02.MonotonicClock.Instant { wasi.monotonicClock.now() }

    /// The resolution of the configuration's clock.
    public func resolution() throws -> WASI02.MonotonicClock.Duration { wasi.monotonicClock.resolution() }

    /// The wait until the configuration's clock shows `when`.
    public func subscribeInstant(when: WASI02.MonotonicClock.Instant) throws -> any WASI02.Poll.Pollable {
        Pollable(in: wasi, fixed: wasi.monotonicClock.readiness(at: when))
    }

    /// The wait until `when` nanoseconds of the configuration's clock have passed.
    public func subscribeDuration(when: WASI02.MonotonicClock.Duration) throws -> any WASI02.Poll.Pollable {
        Pollable(in: wasi, fixed: wasi.monotonicClock.readiness(after: when))
    }
}
