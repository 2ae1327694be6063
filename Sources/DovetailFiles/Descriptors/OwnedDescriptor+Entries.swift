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

    /// Creates a directory.
    package func makeDirectory(_ path: String, permissions: UInt32 = 0o777) throws(SystemError) {
        try SystemError.check(dovetail_sys_mkdirat(number, path, permissions))
    }

    /// Removes the name of a file.
    package func unlink(_ path: String) throws(SystemError) {
        try SystemError.check(dovetail_sys_unlinkat(number, path))
    }

    /// Renames an entry, replacing what has the new name.
    package func rename(_ path: String, to directory: OwnedDescriptor, _ newPath: String) throws(SystemError) {
        try SystemError.check(dovetail_sys_renameat(number, path, directory.number, newPath))
    }

    /// Begins a listing of this directory with a position of its own.
    package func list() throws(SystemError) -> DirectoryListing { try DirectoryListing(of: self) }
}
