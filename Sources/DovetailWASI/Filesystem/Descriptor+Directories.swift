// SPDX-License-Identifier: Apache-2.0
import CDovetailSystem

/// Operations that take a path below a directory.
extension Descriptor {
    /// `read-directory`.
    package func listing() throws(FileSystemErrorCode) -> DirectoryEntryStream {
        _ = try resolver(.read)
        return try DirectoryEntryStream(of: descriptor)
    }

    /// `create-directory-at`.
    package func createDirectory(at path: String) throws(FileSystemErrorCode) {
        let entry = try resolver(.write).resolve(path, followLast: false, followsAtSlash: false)
        try FileSystemErrorCode.check(dovetail_sys_mkdirat(entry.directory.number, entry.name))
    }

    /// `stat-at`.
    package func stat(at path: String, followLinks: Bool) throws(FileSystemErrorCode) -> FileStatus {
        let entry = try resolver(.read).resolve(path, followLast: followLinks)
        let status = try FileStatus(of: entry)
        guard !entry.mustBeDirectory || status.kind == .directory else { throw .notDirectory }
        return status
    }

    /// `set-times-at`.
    package func setTimes(
        at path: String, followLinks: Bool, accessed: NewTimestamp, modified: NewTimestamp
    ) throws(FileSystemErrorCode) {
        let entry = try resolver(.write).resolve(path, followLast: followLinks)
        if entry.mustBeDirectory { try entry.requireDirectory() }
        try FileSystemErrorCode.check(
            dovetail_sys_set_times_at(
                entry.directory.number, entry.name, accessed.systemTime(), modified.systemTime()))
    }

    /// `link-at`: a further name for a file; a symbolic link in last place is linked itself.
    package func link(
        at oldPath: String, followLinks: Bool, to newDirectory: Descriptor, _ newPath: String
    ) throws(FileSystemErrorCode) {
        guard !followLinks else { throw .invalid }
        let from = try resolver(.write).resolve(oldPath, followLast: false, followsAtSlash: false)
        let onto = try newDirectory.resolver(.write).resolve(newPath, followLast: false, followsAtSlash: false)
        try mayMove(to: newDirectory)
        if from.mustBeDirectory { try from.requireDirectory() }
        if onto.mustBeDirectory { try onto.refuseNewName() }
        try FileSystemErrorCode.check(
            dovetail_sys_linkat(from.directory.number, from.name, onto.directory.number, onto.name))
    }

    /// `rename-at`.
    package func rename(
        at oldPath: String, to newDirectory: Descriptor, _ newPath: String
    ) throws(FileSystemErrorCode) {
        let from = try resolver(.write).resolve(oldPath, followLast: false, followsAtSlash: false)
        let onto = try newDirectory.resolver(.write).resolve(newPath, followLast: false, followsAtSlash: false)
        try mayMove(to: newDirectory)
        if from.mustBeDirectory || onto.mustBeDirectory { try from.requireDirectory() }
        try FileSystemErrorCode.check(
            dovetail_sys_renameat(from.directory.number, from.name, onto.directory.number, onto.name))
    }

    /// `symlink-at`: the target must be relative; where it leads is checked whenever it is followed.
    package func symlink(target: String, at path: String) throws(FileSystemErrorCode) {
        let resolver = try resolver(.write)
        guard target.utf8.first != UInt8(ascii: "/") else { throw .notPermitted }
        guard !target.utf8.contains(0) else { throw .invalid }
        let entry = try resolver.resolve(path, followLast: false, followsAtSlash: false)
        if entry.mustBeDirectory { try entry.refuseNewName() }
        try FileSystemErrorCode.check(dovetail_sys_symlinkat(target, entry.directory.number, entry.name))
    }

    /// `readlink-at`.
    package func readLink(at path: String) throws(FileSystemErrorCode) -> String {
        let entry = try resolver(.read).resolve(path, followLast: false)
        if entry.mustBeDirectory { try entry.requireDirectory() }
        let target: String?
        do throws(SystemError) {
            target = try PathResolver.readLink(entry.directory, entry.name)
        } catch {
            throw FileSystemErrorCode(error)
        }
        guard let target else { throw .illegalByteSequence }
        // One that leads out of the sandbox tells about the host.
        guard target.utf8.first != UInt8(ascii: "/") else { throw .notPermitted }
        return target
    }

    /// `remove-directory-at`.
    package func removeDirectory(at path: String) throws(FileSystemErrorCode) {
        let entry = try resolver(.write).resolve(path, followLast: false, followsAtSlash: false)
        try FileSystemErrorCode.check(dovetail_sys_rmdirat(entry.directory.number, entry.name))
    }

    /// `unlink-file-at`.
    package func unlinkFile(at path: String) throws(FileSystemErrorCode) {
        let entry = try resolver(.write).resolve(path, followLast: false, followsAtSlash: false)
        if entry.mustBeDirectory { try entry.requireDirectory() }
        // Systems differ in what they say of a directory here.
        if try FileStatus(of: entry).kind == .directory { throw .isDirectory }
        try FileSystemErrorCode.check(dovetail_sys_unlinkat(entry.directory.number, entry.name))
    }

    /// `metadata-hash-at`.
    package func metadataHash(
        at path: String, followLinks: Bool
    ) throws(FileSystemErrorCode) -> (lower: UInt64, upper: UInt64) {
        try stat(at: path, followLinks: followLinks).hash
    }

    /// A file must not gain permissions by getting a name below a more generous preopen.
    private func mayMove(to other: Descriptor) throws(FileSystemErrorCode) {
        guard permissions.files.isSuperset(of: other.permissions.files),
            permissions.directories.isSuperset(of: other.permissions.directories)
        else { throw .notPermitted }
    }
}

extension ResolvedPath {
    /// Throws `notDirectory` unless the entry is one.
    func requireDirectory() throws(FileSystemErrorCode) {
        guard try FileStatus(of: self).kind == .directory else { throw .notDirectory }
    }

    /// Throws what the system says of a new name with a trailing slash for something that is no directory.
    func refuseNewName() throws(FileSystemErrorCode) {
        try requireDirectory()
        throw .exist
    }
}
