// SPDX-License-Identifier: Apache-2.0

extension WASI02.WallClock.Datetime {
    /// The same point in time.
    public init(_ time: WallTime) { self.init(seconds: time.seconds, nanoseconds: time.nanoseconds) }
}

extension WASI02.WallClock.Imports where Self: WASI02.Provider {
    /// What the clock of the configuration shows.
    public func now() throws -> WASI02.WallClock.Datetime { .init(wasi.configuration.wallClock.now()) }

    /// The resolution of the configuration's clock.
    public func resolution() throws -> WASI02.WallClock.Datetime { .init(wasi.configuration.wallClock.resolution()) }
}
