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

extension Duration {
    /// The duration in nanoseconds; 0 for a negative one, and the largest number for one that is too long to count.
    package var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = whole.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
        return overflow || carry ? .max : sum
    }
}
