// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

/// A directory that is being listed. Not for use from two threads at once.
package final class DirectoryListing {
    private let directory: OwnedDescriptor
    private let raw: UnsafeMutableRawPointer

    init(of directory: OwnedDescriptor) throws(SystemError) {
        // An open file of its own, so that two listings do not share a position.
        let flags = CInt(DOVETAIL_OPEN_READ | DOVETAIL_OPEN_DIRECTORY)
        let number = try SystemError.check(dovetail_sys_openat(directory.number, ".", flags, 0))
        var opened: UnsafeMutableRawPointer?
        let outcome = dovetail_sys_list_open(number, &opened)
        guard outcome >= 0, let opened else {
            _ = dovetail_sys_close(number)
            throw SystemError(number: 0 &- outcome)
        }
        self.directory = directory
        raw = opened
    }

    deinit { dovetail_sys_list_close(raw) }

    /// The next entry but `.` and `..`, in the system's order; nil at the end.
    ///
    /// - Parameter repairingNames: replaces what is not UTF-8 in a name.
    /// - Throws: ``SystemError/illegalByteSequence`` for a name that is not UTF-8; the listing can go on behind it.
    package func next(repairingNames: Bool = false) throws(SystemError) -> (name: String, kind: FileKind)? {
        while true {
            var name: UnsafePointer<CChar>?
            var type: Int32 = 0
            guard try SystemError.check(dovetail_sys_list_next(raw, &name, &type)) > 0, let name else { return nil }
            guard let text = repairingNames ? String(cString: name) : String(validatingCString: name) else {
                throw .illegalByteSequence
            }
            if text == "." || text == ".." { continue }
            var kind = FileKind(type)
            if kind == .unknown {
                // Not every file system tells the kind in the listing.
                var status = dovetail_sys_stat()
                if dovetail_sys_fstatat(directory.number, name, 0, &status) == 0 { kind = FileKind(status.type) }
            }
            return (text, kind)
        }
    }
}
