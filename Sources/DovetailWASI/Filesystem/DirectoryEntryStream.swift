// SPDX-License-Identifier: Apache-2.0
import CDovetailSystem

/// The representation of the resource `directory-entry-stream`: a directory being listed, without `.` and `..`.
public final class DirectoryEntryStream {
    private let directory: OwnedDescriptor
    private let listing: UnsafeMutableRawPointer

    init(of directory: OwnedDescriptor) throws(FileSystemErrorCode) {
        // An own open file, so that two listings do not share a position.
        let flags = CInt(DOVETAIL_OPEN_READ | DOVETAIL_OPEN_DIRECTORY)
        let number = try FileSystemErrorCode.check(dovetail_sys_openat(directory.number, ".", flags))
        var opened: UnsafeMutableRawPointer?
        let outcome = dovetail_sys_list_open(number, &opened)
        guard outcome >= 0, let opened else {
            _ = dovetail_sys_close(number)
            throw FileSystemErrorCode(SystemError(number: 0 &- outcome))
        }
        self.directory = directory
        listing = opened
    }

    deinit { dovetail_sys_list_close(listing) }

    /// `read-directory-entry`: the next entry, nil at the end.
    package func next() throws(FileSystemErrorCode) -> DirectoryEntry? {
        while true {
            var name: UnsafePointer<CChar>?
            var type: Int32 = 0
            guard try FileSystemErrorCode.check(dovetail_sys_list_next(listing, &name, &type)) > 0, let name else {
                return nil
            }
            guard let text = String(validatingCString: name) else { throw .illegalByteSequence }
            if text == "." || text == ".." { continue }
            var kind = FileKind(type)
            if kind == .unknown {
                // Not every file system tells the type in the listing.
                var status = dovetail_sys_stat()
                if dovetail_sys_fstatat(directory.number, name, &status) == 0 { kind = FileKind(status.type) }
            }
            return DirectoryEntry(type: kind, name: text)
        }
    }
}
