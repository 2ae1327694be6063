// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem
import DovetailFiles

// What guests ask of an open file beyond reading and writing it.
extension OwnedDescriptor {
    /// Whether it was opened for reading and for writing.
    package var accessMode: OpenFlags {
        get throws(SystemError) { OpenFlags(rawValue: try SystemError.check(dovetail_sys_access_mode(number))) }
    }

    /// Writes bytes at `offset` and returns how many were taken.
    package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(SystemError) -> Int {
        try SystemError.check(dovetail_sys_pwrite(number, bytes.baseAddress, bytes.count, offset))
    }

    /// Writes bytes at the end of the file and returns how many were taken.
    package func append(_ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
        try SystemError.check(dovetail_sys_append(number, bytes.baseAddress, bytes.count))
    }

    /// Sets the file's size: what lies behind it is cut off, what is missing reads as zeroes.
    package func truncate(to size: Int64) throws(SystemError) {
        try SystemError.check(dovetail_sys_truncate(number, size))
    }

    /// Waits until the contents are on the disk.
    package func synchronizeData() throws(SystemError) { try SystemError.check(dovetail_sys_sync_data(number)) }

    /// Whether every write waits for the disk: with its metadata (`whole`), or only with its data.
    package var synchronizesWrites: (whole: Bool, data: Bool) {
        get throws(SystemError) {
            let flags = try SystemError.check(dovetail_sys_sync_flags(number))
            return (flags & 1 != 0, flags & 2 != 0)
        }
    }

    /// Tells the system how a part of the file will be used: 0 normally, 1 in sequence, 2 at random, 3 soon, 4 not soon, 5 once.
    package func advise(offset: Int64, length: Int64, _ advice: CInt) throws(SystemError) {
        try SystemError.check(dovetail_sys_advise(number, offset, length, advice))
    }

    /// Sets the times of last access and of last modification.
    package func setTimes(accessed: FileTimeChange, modified: FileTimeChange) throws(SystemError) {
        try SystemError.check(dovetail_sys_set_times(number, accessed.raw, modified.raw))
    }
}
