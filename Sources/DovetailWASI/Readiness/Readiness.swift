// SPDX-License-Identifier: Apache-2.0

import CDovetailSystem

/// What something waits for: the one vocabulary in which streams, pollables and blocking calls say when they can go on.
///
/// It is plain data, so any driver can wait on it: ``PollWaiter`` blocks a thread on a set of them, an event loop
/// registers them and is woken. Everything is level-triggered: a source that is ready stays ready until it is used.
public enum Readiness: Sendable {
    /// Ready now.
    case ready
    /// Ready from this instant of the host's monotonic clock on, in nanoseconds.
    case time(UInt64)
    /// Ready when reading from the file descriptor would not wait, its end and errors included.
    case readable(Int32)
    /// Ready when writing to the file descriptor would not wait, errors included.
    case writable(Int32)
    /// Ready while the signal is raised, from any thread.
    case signal(ReadinessSignal)
    /// Never ready.
    case never
}

extension Readiness {
    /// Whether it is ready now.
    var isReady: Bool {
        get throws(SystemError) {
            switch self {
            case .ready: true
            case .never: false
            case .time(let instant): instant <= dovetail_sys_monotonic_now()
            case .signal(let signal): signal.isRaised
            case .readable(let number): try Self.poll(number, DOVETAIL_POLL_READABLE)
            case .writable(let number): try Self.poll(number, DOVETAIL_POLL_WRITABLE)
            }
        }
    }

    private static func poll(_ descriptor: Int32, _ interest: some BinaryInteger) throws(SystemError) -> Bool {
        var entry = dovetail_sys_poll_entry(descriptor: descriptor, interest: Int16(interest), ready: 0)
        try SystemError.check(dovetail_sys_poll(&entry, 1, 0))
        return entry.ready != 0
    }
}
