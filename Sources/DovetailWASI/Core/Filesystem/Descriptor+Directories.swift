// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// Operations that take a path below a directory.
extension Descriptor {
    /// Begins a listing of the directory.
    package func listing() throws(FileSystemErrorCode) -> GuestListing {
        _ = try resolver(.read)
        return try FileSystemErrorCode.checking { () throws(SystemError) in
            try GuestListing(descriptor.list(), sorted: !permissions.showsTimes)
        }
    }

    /// Creates a directory.
    package func createDirectory(at path: String) throws(FileSystemErrorCode) {
        let entry = try resolver(.write).resolve(path, followLast: false, followsAtSlash: false)
        try FileSystemErrorCode.checking { () throws(SystemError) in try entry.directory.makeDirectory(entry.name) }
    }

    /// What the system knows about the file at a path.
    package func stat(at path: String, followLinks: Bool) throws(FileSystemErrorCode) -> FileStatus {
        let entry = try resolver(.read).resolve(path, followLast: followLinks)
        let status = try FileStatus(of: entry)
        guard !entry.mustBeDirectory || status.kind == .directory else { throw .notDirectory }
        return status
    }

    /// Sets the times of last access and last modification of the file at a path.
    package func setTimes(
        at path: String, followLinks: Bool, accessed: FileTimeChange, modified: FileTimeChange
    ) throws(FileSystemErrorCode) {
        let entry = try resolver(.write).resolve(path, followLast: followLinks)
        if entry.mustBeDirectory { try entry.requireDirectory() }
        try FileSystemErrorCode.checking { () throws(SystemError) in
            try entry.directory.setTimes(of: entry.name, accessed: accessed, modified: modified)
        }
    }

    /// Creates a hard link; a symbolic link in last place is linked itself.
    package func link(
        at oldPath: String, followLinks: Bool, to newDirectory: Descriptor, _ newPath: String
    ) throws(FileSystemErrorCode) {
        guard !followLinks else { throw .invalid }
        let from = try resolver(.write).resolve(oldPath, followLast: false, followsAtSlash: false)
        let onto = try newDirectory.resolver(.write).resolve(newPath, followLast: false, followsAtSlash: false)
        try mayMove(to: newDirectory)
        if from.mustBeDirectory { try from.requireDirectory() }
        if onto.mustBeDirectory { try onto.refuseNewName() }
        try FileSystemErrorCode.checking { () throws(SystemError) in
            try from.directory.link(from.name, to: onto.directory, onto.name)
        }
    }

    /// Renames a file or directory, also into another directory, replacing what has the new name.
    package func rename(
        at oldPath: String, to newDirectory: Descriptor, _ newPath: String
    ) throws(FileSystemErrorCode) {
        let from = try resolver(.write).resolve(oldPath, followLast: false, followsAtSlash: false)
        let onto = try newDirectory.resolver(.write).resolve(newPath, followLast: false, followsAtSlash: false)
        try mayMove(to: newDirectory)
        if from.mustBeDirectory || onto.mustBeDirectory { try from.requireDirectory() }
        try FileSystemErrorCode.checking { () throws(SystemError) in
            try from.directory.rename(from.name, to: onto.directory, onto.name)
        }
    }

    /// Creates a symbolic link. The target must be relative; where it leads is checked whenever it is followed.
    package func symlink(target: String, at path: String) throws(FileSystemErrorCode) {
        let resolver = try resolver(.write)
        guard target.utf8.first != UInt8(ascii: "/") else { throw .notPermitted }
        guard !target.utf8.contains(0) else { throw .invalid }
        let entry = try resolver.resolve(path, followLast: false, followsAtSlash: false)
        if entry.mustBeDirectory { try entry.refuseNewName() }
        try FileSystemErrorCode.checking { () throws(SystemError) in
            try entry.directory.symlink(target, at: entry.name)
        }
    }

    /// The target of a symbolic link.
    package func readLink(at path: String) throws(FileSystemErrorCode) -> String {
        let entry = try resolver(.read).resolve(path, followLast: false)
        if entry.mustBeDirectory { try entry.requireDirectory() }
        let bytes = try FileSystemErrorCode.checking { () throws(SystemError) in
            try entry.directory.readLink(entry.name)
        }
        guard let target = String(validating: bytes, as: UTF8.self) else { throw .illegalByteSequence }
        // One that leads out of the sandbox tells about the host.
        guard target.utf8.first != UInt8(ascii: "/") else { throw .notPermitted }
        return target
    }

    /// Removes an empty directory.
    package func removeDirectory(at path: String) throws(FileSystemErrorCode) {
        let entry = try resolver(.write).resolve(path, followLast: false, followsAtSlash: false)
        try FileSystemErrorCode.checking { () throws(SystemError) in try entry.directory.removeDirectory(entry.name) }
    }

    /// Removes the name of a file that is no directory.
    package func unlinkFile(at path: String) throws(FileSystemErrorCode) {
        let entry = try resolver(.write).resolve(path, followLast: false, followsAtSlash: false)
        if entry.mustBeDirectory { try entry.requireDirectory() }
        // Systems differ in what they say of a directory here.
        if try FileStatus(of: entry).kind == .directory { throw .isDirectory }
        try FileSystemErrorCode.checking { () throws(SystemError) in try entry.directory.unlink(entry.name) }
    }

    /// A hash that identifies the file at a path.
    package func metadataHash(
        at path: String, followLinks: Bool
    ) throws(FileSystemErrorCode) -> (lower: UInt64, upper: UInt64) {
        identification(try stat(at: path, followLinks: followLinks))
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
