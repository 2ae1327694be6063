// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

// Reading and writing. A call that a signal interrupts is made again.
extension OwnedDescriptor {
    /// Reads at most `count` bytes from the current position; empty at the end.
    package func read(_ count: Int) throws(SystemError) -> [UInt8] {
        try Self.bytes(count) { dovetail_sys_read(number, $0, count) }
    }

    /// Reads at most `count` bytes at `offset`; empty at the end.
    package func read(_ count: Int, at offset: Int64) throws(SystemError) -> [UInt8] {
        try Self.bytes(count) { dovetail_sys_pread(number, $0, count, offset) }
    }

    /// Reads from the current position to the end, `limit` bytes at most.
    package func readAll(limit: Int = .max) throws(SystemError) -> [UInt8] {
        let size = (try? status().size) ?? 0
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(limit, Int(clamping: size), 1 << 30))
        while bytes.count < limit {
            // One byte more than the file has, so that the end shows in the same call.
            let rest = size > Int64(bytes.count) ? size - Int64(bytes.count) + 1 : 1 << 16
            let piece = try read(min(limit - bytes.count, Int(clamping: rest), 1 << 20))
            if piece.isEmpty { break }
            bytes += piece
        }
        return bytes
    }

    /// Writes bytes at the current position and returns how many were taken. Never raises `SIGPIPE`.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
        try SystemError.check(dovetail_sys_write(number, bytes.baseAddress, bytes.count))
    }

    /// Writes all the bytes at the current position, waiting where the descriptor is in non-blocking mode.
    package func writeAll(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        var rest = bytes
        while !rest.isEmpty {
            do throws(SystemError) {
                let count = try write(rest)
                guard count > 0 else { throw SystemError.inputOutput }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            } catch {
                guard error.isWouldBlock else { throw error }
                _ = try Poll.isReady(number, .writable, waiting: nil)
            }
        }
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

    /// Waits until contents and metadata are on the disk.
    package func synchronize() throws(SystemError) { try SystemError.check(dovetail_sys_sync(number)) }

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

    /// Sets the permission bits.
    package func setPermissions(_ permissions: UInt32) throws(SystemError) {
        try SystemError.check(dovetail_sys_set_permissions(number, permissions))
    }

    /// Sets the times of last access and of last modification.
    package func setTimes(accessed: FileTimeChange, modified: FileTimeChange) throws(SystemError) {
        try SystemError.check(dovetail_sys_set_times(number, accessed.raw, modified.raw))
    }

    private static func bytes(
        _ count: Int, _ read: (UnsafeMutablePointer<UInt8>?) -> Int64
    ) throws(SystemError) -> [UInt8] {
        var outcome: Int64 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, initialized in
            outcome = read(buffer.baseAddress)
            initialized = Int(max(0, outcome))
        }
        try SystemError.check(outcome)
        return bytes
    }
}
