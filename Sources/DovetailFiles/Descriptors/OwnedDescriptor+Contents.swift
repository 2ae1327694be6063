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

    /// Waits until contents and metadata are on the disk.
    package func synchronize() throws(SystemError) { try SystemError.check(dovetail_sys_sync(number)) }

    /// Sets the permission bits.
    package func setPermissions(_ permissions: UInt32) throws(SystemError) {
        try SystemError.check(dovetail_sys_set_permissions(number, permissions))
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
