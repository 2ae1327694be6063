// SPDX-License-Identifier: Apache-2.0

extension WASI02 {
    /// A descriptor that hands on to another what it does not do by itself: implement ``wrapped`` and what is to be different.
    ///
    /// DovetailWASI's own descriptors take it where an operation needs two of them, as renaming does.
    public protocol DescriptorWrapper: FilesystemTypes.Descriptor {
        /// The descriptor behind.
        var wrapped: any FilesystemTypes.Descriptor { get }
    }
}

extension WASI02.DescriptorWrapper {
    /// A stream of the contents from `offset` on.
    public func readViaStream(offset: UInt64) throws -> any WASI02.Streams.InputStream {
        try wrapped.readViaStream(offset: offset)
    }

    /// A stream that writes from `offset` on.
    public func writeViaStream(offset: UInt64) throws -> any WASI02.Streams.OutputStream {
        try wrapped.writeViaStream(offset: offset)
    }

    /// A stream that writes at the end.
    public func appendViaStream() throws -> any WASI02.Streams.OutputStream { try wrapped.appendViaStream() }

    /// Tells how a part will be used.
    public func advise(offset: UInt64, length: UInt64, advice: WASI02.FilesystemTypes.Advice) throws {
        try wrapped.advise(offset: offset, length: length, advice: advice)
    }

    /// Brings the contents to the disk.
    public func syncData() throws { try wrapped.syncData() }

    /// How it was opened.
    public func getFlags() throws -> WASI02.FilesystemTypes.DescriptorFlags { try wrapped.getFlags() }

    /// What it is.
    public func getType() throws -> WASI02.FilesystemTypes.DescriptorType { try wrapped.getType() }

    /// Cuts the file, or fills it up with zeroes.
    public func setSize(size: UInt64) throws { try wrapped.setSize(size: size) }

    /// Sets its times.
    public func setTimes(
        dataAccessTimestamp: WASI02.FilesystemTypes.NewTimestamp,
        dataModificationTimestamp: WASI02.FilesystemTypes.NewTimestamp
    ) throws {
        try wrapped.setTimes(
            dataAccessTimestamp: dataAccessTimestamp, dataModificationTimestamp: dataModificationTimestamp)
    }

    /// At most `length` bytes at `offset`, and whether that is the end.
    public func read(length: UInt64, offset: UInt64) throws -> ([UInt8], Bool) {
        try wrapped.read(length: length, offset: offset)
    }

    /// Writes at `offset`; how many bytes were written.
    public func write(buffer: [UInt8], offset: UInt64) throws -> UInt64 {
        try wrapped.write(buffer: buffer, offset: offset)
    }

    /// Lists the directory.
    public func readDirectory() throws -> any WASI02.FilesystemTypes.DirectoryEntryStream {
        try wrapped.readDirectory()
    }

    /// Brings all of it to the disk.
    public func sync() throws { try wrapped.sync() }

    /// Makes a directory.
    public func createDirectoryAt(path: String) throws { try wrapped.createDirectoryAt(path: path) }

    /// What is known of it.
    public func stat() throws -> WASI02.FilesystemTypes.DescriptorStat { try wrapped.stat() }

    /// What is known of the file at a path.
    public func statAt(pathFlags: WASI02.FilesystemTypes.PathFlags, path: String) throws
        -> WASI02.FilesystemTypes.DescriptorStat
    { try wrapped.statAt(pathFlags: pathFlags, path: path) }

    /// Sets the times of the file at a path.
    public func setTimesAt(
        pathFlags: WASI02.FilesystemTypes.PathFlags, path: String,
        dataAccessTimestamp: WASI02.FilesystemTypes.NewTimestamp,
        dataModificationTimestamp: WASI02.FilesystemTypes.NewTimestamp
    ) throws {
        try wrapped.setTimesAt(
            pathFlags: pathFlags, path: path, dataAccessTimestamp: dataAccessTimestamp,
            dataModificationTimestamp: dataModificationTimestamp)
    }

    /// Gives a file another name.
    public func linkAt(
        oldPathFlags: WASI02.FilesystemTypes.PathFlags, oldPath: String,
        newDescriptor: any WASI02.FilesystemTypes.Descriptor, newPath: String
    ) throws {
        try wrapped.linkAt(oldPathFlags: oldPathFlags, oldPath: oldPath, newDescriptor: newDescriptor, newPath: newPath)
    }

    /// Opens or makes a file.
    public func openAt(
        pathFlags: WASI02.FilesystemTypes.PathFlags, path: String, openFlags: WASI02.FilesystemTypes.OpenFlags,
        flags: WASI02.FilesystemTypes.DescriptorFlags
    ) throws -> any WASI02.FilesystemTypes.Descriptor {
        try wrapped.openAt(pathFlags: pathFlags, path: path, openFlags: openFlags, flags: flags)
    }

    /// Where a symbolic link leads.
    public func readlinkAt(path: String) throws -> String { try wrapped.readlinkAt(path: path) }

    /// Removes an empty directory.
    public func removeDirectoryAt(path: String) throws { try wrapped.removeDirectoryAt(path: path) }

    /// Gives a file another place.
    public func renameAt(oldPath: String, newDescriptor: any WASI02.FilesystemTypes.Descriptor, newPath: String) throws
    { try wrapped.renameAt(oldPath: oldPath, newDescriptor: newDescriptor, newPath: newPath) }

    /// Makes a symbolic link.
    public func symlinkAt(oldPath: String, newPath: String) throws {
        try wrapped.symlinkAt(oldPath: oldPath, newPath: newPath)
    }

    /// Removes a file.
    public func unlinkFileAt(path: String) throws { try wrapped.unlinkFileAt(path: path) }

    /// Whether both are the same file.
    public func isSameObject(other: any WASI02.FilesystemTypes.Descriptor) throws -> Bool {
        try wrapped.isSameObject(other: other)
    }

    /// A hash that tells the file from others.
    public func metadataHash() throws -> WASI02.FilesystemTypes.MetadataHashValue { try wrapped.metadataHash() }

    /// A hash that tells the file at a path from others.
    public func metadataHashAt(pathFlags: WASI02.FilesystemTypes.PathFlags, path: String) throws
        -> WASI02.FilesystemTypes.MetadataHashValue
    { try wrapped.metadataHashAt(pathFlags: pathFlags, path: path) }
}
