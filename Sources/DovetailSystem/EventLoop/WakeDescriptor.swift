// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem
import DovetailFiles

/// A descriptor that one thread makes readable to wake another one out of `poll`.
package final class WakeDescriptor: Sendable {
    private let reader: CInt
    private let writer: CInt

    /// Makes one that is not raised.
    package init() throws(SystemError) {
        var ends: (reader: CInt, writer: CInt) = (-1, -1)
        try SystemError.check(dovetail_sys_wake_create(&ends.reader, &ends.writer))
        reader = ends.reader
        writer = ends.writer
    }

    deinit {
        _ = dovetail_sys_close(reader)
        if writer != reader { _ = dovetail_sys_close(writer) }
    }

    /// The descriptor that becomes readable.
    package var descriptor: CInt { reader }
    /// What to wait for until it is raised.
    package var source: Readiness { .readable(reader) }

    /// Makes it readable.
    package func raise() { dovetail_sys_wake_raise(writer) }
    /// Makes it unreadable.
    package func drain() { dovetail_sys_wake_drain(reader) }
}
