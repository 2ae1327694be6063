// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// The codes, kinds and flags that a descriptor's functions have in WASI 0.2.
private typealias Types = WASI02.FilesystemTypes

// The functions of WASI 0.2 over an open file. Failures are thrown as `wasi:filesystem/types.error-code`.
extension Descriptor: WASI02.FilesystemTypes.Descriptor {
    /// A stream that reads the contents from `offset` on.
    public func readViaStream(offset: UInt64) throws -> any WASI02.Streams.InputStream {
        WASIInputStream(try Types.answering { () throws(Failure) in try readStream(at: offset) }, in: wasi)
    }

    /// A stream that writes the contents from `offset` on.
    public func writeViaStream(offset: UInt64) throws -> any WASI02.Streams.OutputStream {
        WASIOutputStream(try Types.answering { () throws(Failure) in try writeStream(at: offset) }, in: wasi)
    }

    /// A stream that appends to the contents.
    public func appendViaStream() throws -> any WASI02.Streams.OutputStream {
        WASIOutputStream(try Types.answering { () throws(Failure) in try appendStream() }, in: wasi)
    }

    /// Advises the system how a part of the file will be used, as `posix_fadvise`.
    public func advise(offset: UInt64, length: UInt64, advice: WASI02.FilesystemTypes.Advice) throws {
        try Types.answering { () throws(Failure) in
            try self.advise(offset: offset, length: length, FileAdvice(rawValue: advice.rawValue) ?? .normal)
        }
    }

    /// Synchronizes the contents with the disk, as `fdatasync`.
    public func syncData() throws { try Types.answering { () throws(Failure) in try synchronizeData() } }

    /// How the descriptor was opened, and whether its writes wait for the disk.
    public func getFlags() throws -> WASI02.FilesystemTypes.DescriptorFlags {
        .init(rawValue: try Types.answering { () throws(Failure) in try openedFlags().rawValue })
    }

    /// The type of the file.
    public func getType() throws -> WASI02.FilesystemTypes.DescriptorType { .init(kind) }

    /// Sets the size of the file: truncates it, or extends it with zeroes, as `ftruncate`.
    public func setSize(size: UInt64) throws { try Types.answering { () throws(Failure) in try setSize(size) } }

    /// Sets the times of last access and last modification, as `futimens`.
    public func setTimes(
        dataAccessTimestamp: WASI02.FilesystemTypes.NewTimestamp,
        dataModificationTimestamp: WASI02.FilesystemTypes.NewTimestamp
    ) throws {
        try Types.answering { () throws(Failure) in
            try setTimes(accessed: dataAccessTimestamp.change(), modified: dataModificationTimestamp.change())
        }
    }

    /// Reads at most `length` bytes at `offset`, as `pread`, and tells whether that is the end of the file.
    public func read(length: UInt64, offset: UInt64) throws -> ([UInt8], Bool) {
        let result = try Types.answering { () throws(Failure) in try read(length, at: offset) }
        return (result.bytes, result.isAtEnd)
    }

    /// Writes at `offset`, as `pwrite`, and returns how many bytes were written.
    public func write(buffer: [UInt8], offset: UInt64) throws -> UInt64 {
        try Types.answering { () throws(Failure) in try write(buffer, at: offset) }
    }

    /// Begins to read the entries of the directory.
    public func readDirectory() throws -> any WASI02.FilesystemTypes.DirectoryEntryStream {
        try Types.answering { () throws(Failure) in try listing() }
    }

    /// Synchronizes contents and metadata with the disk, as `fsync`.
    public func sync() throws { try Types.answering { () throws(Failure) in try synchronize() } }

    /// Creates a directory, as `mkdirat`.
    public func createDirectoryAt(path: String) throws {
        try Types.answering { () throws(Failure) in try createDirectory(at: path) }
    }

    /// The attributes of the open file, as `fstat`.
    public func stat() throws -> WASI02.FilesystemTypes.DescriptorStat {
        .init(try Types.answering { () throws(Failure) in try status() }, showsTimes: permissions.showsTimes)
    }

    /// The attributes of the file at a path, as `fstatat`.
    public func statAt(pathFlags: WASI02.FilesystemTypes.PathFlags, path: String) throws
        -> WASI02.FilesystemTypes.DescriptorStat
    {
        .init(
            try Types.answering { () throws(Failure) in
                try stat(at: path, followLinks: pathFlags.contains(.symlinkFollow))
            }, showsTimes: permissions.showsTimes)
    }

    /// Sets the times of last access and last modification of the file at a path, as `utimensat`.
    public func setTimesAt(
        pathFlags: WASI02.FilesystemTypes.PathFlags, path: String,
        dataAccessTimestamp: WASI02.FilesystemTypes.NewTimestamp,
        dataModificationTimestamp: WASI02.FilesystemTypes.NewTimestamp
    ) throws {
        try Types.answering { () throws(Failure) in
            try setTimes(
                at: path, followLinks: pathFlags.contains(.symlinkFollow), accessed: dataAccessTimestamp.change(),
                modified: dataModificationTimestamp.change())
        }
    }

    /// Creates a hard link, as `linkat`.
    public func linkAt(
        oldPathFlags: WASI02.FilesystemTypes.PathFlags, oldPath: String,
        newDescriptor: any WASI02.FilesystemTypes.Descriptor, newPath: String
    ) throws {
        try Types.answering { () throws(Failure) in
            try link(
                at: oldPath, followLinks: oldPathFlags.contains(.symlinkFollow), to: Self.behind(newDescriptor),
                newPath)
        }
    }

    /// Opens the file or directory at a path, or creates it, as `openat`.
    public func openAt(
        pathFlags: WASI02.FilesystemTypes.PathFlags, path: String, openFlags: WASI02.FilesystemTypes.OpenFlags,
        flags: WASI02.FilesystemTypes.DescriptorFlags
    ) throws -> any WASI02.FilesystemTypes.Descriptor {
        try Types.answering { () throws(Failure) in
            try open(
                at: path, followLinks: pathFlags.contains(.symlinkFollow), OpenFlags(rawValue: openFlags.rawValue),
                DescriptorFlags(rawValue: flags.rawValue))
        }
    }

    /// The target of a symbolic link, as `readlinkat`.
    public func readlinkAt(path: String) throws -> String {
        try Types.answering { () throws(Failure) in try readLink(at: path) }
    }

    /// Removes an empty directory, as `unlinkat` with `AT_REMOVEDIR`.
    public func removeDirectoryAt(path: String) throws {
        try Types.answering { () throws(Failure) in try removeDirectory(at: path) }
    }

    /// Renames a file or directory, as `renameat`.
    public func renameAt(oldPath: String, newDescriptor: any WASI02.FilesystemTypes.Descriptor, newPath: String) throws
    {
        try Types.answering { () throws(Failure) in
            try rename(at: oldPath, to: Self.behind(newDescriptor), newPath)
        }
    }

    /// Creates a symbolic link, as `symlinkat`.
    public func symlinkAt(oldPath: String, newPath: String) throws {
        try Types.answering { () throws(Failure) in try symlink(target: oldPath, at: newPath) }
    }

    /// Deletes a file, as `unlinkat`.
    public func unlinkFileAt(path: String) throws {
        try Types.answering { () throws(Failure) in try unlinkFile(at: path) }
    }

    /// Whether both descriptors are open on the same file: the same device and inode.
    public func isSameObject(other: any WASI02.FilesystemTypes.Descriptor) throws -> Bool {
        guard let other = try? Self.behind(other) else { return false }
        return isSameObject(as: other)
    }

    /// A hash that identifies the open file.
    public func metadataHash() throws -> WASI02.FilesystemTypes.MetadataHashValue {
        let hash = try Types.answering { () throws(Failure) in try metadataHash() as (lower: UInt64, upper: UInt64) }
        return .init(lower: hash.lower, upper: hash.upper)
    }

    /// A hash that identifies the file at a path.
    public func metadataHashAt(pathFlags: WASI02.FilesystemTypes.PathFlags, path: String) throws
        -> WASI02.FilesystemTypes.MetadataHashValue
    {
        let hash = try Types.answering { () throws(Failure) in
            try metadataHash(at: path, followLinks: pathFlags.contains(.symlinkFollow))
        }
        return .init(lower: hash.lower, upper: hash.upper)
    }

    private typealias Failure = FileSystemErrorCode

    /// The descriptor of DovetailWASI's own behind wrappers.
    private static func behind(
        _ descriptor: any WASI02.FilesystemTypes.Descriptor
    ) throws(FileSystemErrorCode) -> Descriptor {
        var descriptor = descriptor
        // A limit, for wrappers that wrap each other in turn.
        for _ in 0..<64 {
            if let found = descriptor as? Descriptor { return found }
            guard let wrapper = descriptor as? any WASI02.DescriptorWrapper else { break }
            descriptor = wrapper.wrapped
        }
        throw .crossDevice
    }
}
