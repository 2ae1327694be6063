// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

/// The bytes of a file as long as the value lives: mapped where that is possible, else read, as from a pipe.
package struct FileContents: ~Copyable {
    private let bytes: UnsafeRawBufferPointer
    private let isMapped: Bool

    /// Opens the file at `path`.
    package init(_ path: String) throws(SystemError) {
        try self.init(of: OwnedDescriptor.workingDirectory.open(path, .read))
    }

    /// The contents of an open file from its current position on, which for one that is mapped has to be the start.
    package init(of file: OwnedDescriptor) throws(SystemError) {
        let status = try file.status()
        if status.kind == .regular, status.size > 0, let size = Int(exactly: status.size) {
            var base: UnsafeMutableRawPointer?
            if dovetail_sys_map(file.number, size, &base) == 0, let base {
                bytes = UnsafeRawBufferPointer(start: base, count: size)
                isMapped = true
                return
            }
        }
        let read = try file.readAll()
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: read.count, alignment: 16)
        copy.copyBytes(from: read)
        bytes = UnsafeRawBufferPointer(copy)
        isMapped = false
    }

    /// Calls `body` with the bytes, which are gone when the file's value is.
    package borrowing func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result { try body(bytes) }

    deinit {
        if isMapped {
            dovetail_sys_unmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
        } else {
            bytes.deallocate()
        }
    }
}
