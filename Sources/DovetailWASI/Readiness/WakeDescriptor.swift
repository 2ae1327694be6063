// SPDX-License-Identifier: Apache-2.0
import CDovetailSystem

/// A descriptor that one thread makes readable to wake another one out of `poll`.
final class WakeDescriptor: Sendable {
    let reader: CInt
    private let writer: CInt

    init() throws {
        var ends: (reader: CInt, writer: CInt) = (-1, -1)
        do throws(SystemError) {
            try SystemError.check(dovetail_sys_wake_create(&ends.reader, &ends.writer))
        } catch {
            throw WASIError.cannotWait(error)
        }
        reader = ends.reader
        writer = ends.writer
    }

    deinit {
        _ = dovetail_sys_close(reader)
        if writer != reader { _ = dovetail_sys_close(writer) }
    }

    func raise() { dovetail_sys_wake_raise(writer) }
    func drain() { dovetail_sys_wake_drain(reader) }
}
