// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

// Operations on the entries of a directory, by a path seen from it. A symbolic link in last place is not followed.
extension OwnedDescriptor {
    /// What `fstatat` tells about an entry; with `followingLinks`, about what a symbolic link leads to.
    package func status(of path: String, followingLinks: Bool = false) throws(SystemError) -> FileStatus {
        var status = dovetail_sys_stat()
        try SystemError.check(dovetail_sys_fstatat(number, path, followingLinks ? 1 : 0, &status))
        return FileStatus(status)
    }

    /// Sets an entry's times of last access and of last modification.
    package func setTimes(
        of path: String, accessed: FileTimeChange, modified: FileTimeChange
    ) throws(SystemError) {
        try SystemError.check(dovetail_sys_set_times_at(number, path, accessed.raw, modified.raw))
    }

    /// Creates a directory.
    package func makeDirectory(_ path: String, permissions: UInt32 = 0o777) throws(SystemError) {
        try SystemError.check(dovetail_sys_mkdirat(number, path, permissions))
    }

    /// Removes an empty directory.
    package func removeDirectory(_ path: String) throws(SystemError) {
        try SystemError.check(dovetail_sys_rmdirat(number, path))
    }

    /// Removes the name of a file.
    package func unlink(_ path: String) throws(SystemError) {
        try SystemError.check(dovetail_sys_unlinkat(number, path))
    }

    /// Creates a hard link: another name for the same file.
    package func link(_ path: String, to directory: OwnedDescriptor, _ newPath: String) throws(SystemError) {
        try SystemError.check(dovetail_sys_linkat(number, path, directory.number, newPath))
    }

    /// Renames an entry, replacing what has the new name.
    package func rename(_ path: String, to directory: OwnedDescriptor, _ newPath: String) throws(SystemError) {
        try SystemError.check(dovetail_sys_renameat(number, path, directory.number, newPath))
    }

    /// Creates a symbolic link.
    package func symlink(_ target: String, at path: String) throws(SystemError) {
        try SystemError.check(dovetail_sys_symlinkat(target, number, path))
    }

    /// The target of a symbolic link, cut at `limit` bytes.
    package func readLink(_ path: String, limit: Int = 4096) throws(SystemError) -> [UInt8] {
        var length: Int64 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            length = buffer.withMemoryRebound(to: CChar.self) {
                dovetail_sys_readlinkat(number, path, $0.baseAddress, limit)
            }
            count = Int(max(0, length))
        }
        try SystemError.check(length)
        return bytes
    }

    /// Begins a listing of this directory with a position of its own.
    package func list(sorted: Bool = false) throws(SystemError) -> DirectoryListing {
        try DirectoryListing(of: self, sorted: sorted)
    }
}
