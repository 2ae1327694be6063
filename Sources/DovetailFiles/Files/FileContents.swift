// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

/// The bytes of a file: mapped where that is possible, else read, as from a pipe.
package final class FileContents: @unchecked Sendable {
    // @unchecked because the bytes are only read.
    private enum Storage {
        case mapped(UnsafeMutableRawPointer, count: Int)
        case read([UInt8])
    }

    private let storage: Storage
    /// Tells the file from every other, and from what it was or will be; `nil` where it changed so recently that another change might not show, or
    /// where there is no file.
    package let settledVersion: String?

    /// Opens the file at `path`.
    package convenience init(_ path: String) throws(SystemError) {
        try self.init(of: OwnedDescriptor.workingDirectory.open(path, .read))
    }

    /// The contents of an open file from its current position on, which is at its end afterwards.
    package init(of file: OwnedDescriptor) throws(SystemError) {
        let status = try file.status()
        if status.kind == .regular, status.size > 0, let size = Int(exactly: status.size),
            dovetail_sys_position(file.number) == 0
        {
            var base: UnsafeMutableRawPointer?
            if dovetail_sys_map(file.number, size, &base) == 0, let base {
                dovetail_sys_skip_to_end(file.number)
                storage = .mapped(base, count: size)
                settledVersion = Self.settledVersion(status)
                return
            }
        }
        storage = .read(try file.readAll())
        settledVersion = nil
    }

    private static func settledVersion(_ status: FileStatus) -> String? {
        let changed = status.changed
        // Systems count the time of changes in milliseconds, some in seconds.
        guard SystemClock.wall.seconds - changed.seconds >= 3 else { return nil }
        return "\(status.device).\(status.inode).\(status.size).\(changed.seconds).\(changed.nanoseconds)"
    }

    /// Says that all of the file is going to be read, which is quicker when it is known before.
    package func readAhead() {
        if case .mapped(let base, let count) = storage { dovetail_sys_read_ahead(base, count) }
    }

    /// Bytes that are in memory already.
    package init(_ bytes: [UInt8]) {
        storage = .read(bytes)
        settledVersion = nil
    }

    /// Calls `body` with the bytes, which are gone when the object is.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        switch storage {
        case .mapped(let base, let count): return try body(UnsafeRawBufferPointer(start: base, count: count))
        case .read(let bytes): return try bytes.withRawBytes(body)
        }
    }

    deinit {
        if case .mapped(let base, let count) = storage { dovetail_sys_unmap(base, count) }
    }
}
