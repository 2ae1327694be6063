// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

/// The clocks of the system.
package enum SystemClock {
    /// Nanoseconds of the monotonic clock, which counts from an instant of the system's choosing.
    package static var monotonic: UInt64 { dovetail_sys_monotonic_now() }
    /// Nanoseconds between two readings of the monotonic clock that differ.
    package static var monotonicResolution: UInt64 { dovetail_sys_monotonic_resolution() }
    /// The calendar time.
    package static var wall: SystemTime { SystemTime(dovetail_sys_wall_now()) }
    /// Nanoseconds between two readings of the calendar clock that differ.
    package static var wallResolution: UInt64 { dovetail_sys_wall_resolution() }
}
