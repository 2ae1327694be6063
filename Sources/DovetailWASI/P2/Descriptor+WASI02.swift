// SPDX-License-Identifier: Apache-2.0

// The guest's view of an open file. What it is told is thrown as ``FileSystemErrorCode``.
extension Descriptor: WASI02.FilesystemTypes.Descriptor {
    /// A stream of the contents from `offset` on.
    public func readViaStream(offset: UInt64) throws -> any WASI02.Streams.InputStream {
        WASIInputStream(try readStream(at: offset), in: wasi)
    }

    /// A stream that writes from `offset` on.
    public func writeViaStream(offset: UInt64) throws -> any WASI02.Streams.OutputStream {
        WASIOutputStream(try writeStream(at: offset), in: wasi)
    }

    /// A stream that writes at the end.
    public func appendViaStream() throws -> any WASI02.Streams.OutputStream {
        WASIOutputStream(try appendStream(), in: wasi)
    }

    /// Tells how a part will be used.
    public func advise(offset: UInt64, length: UInt64, advice: WASI02.FilesystemTypes.Advice) throws {
        try self.advise(offset: offset, length: length, advice)
    }

    /// What it is.
    public func getType() throws -> WASI02.FilesystemTypes.DescriptorType {
        kind
    }

    /// Cuts the file, or fills it up with zeroes.
    public func setSize(size: UInt64) throws {
        try setSize(size)
    }

    /// Sets its times.
    public func setTimes(
        dataAccessTimestamp: WASI02.FilesystemTypes.NewTimestamp,
        dataModificationTimestamp: WASI02.FilesystemTypes.NewTimestamp
    ) throws {
        try setTimes(accessed: dataAccessTimestamp, modified: dataModificationTimestamp)
    }

    /// At most `length` bytes at `offset`, and whether that is the end.
    public func read(length: UInt64, offset: UInt64) throws -> ([UInt8], Bool) {
        let result = try read(length, at: offset)
        return (result.bytes, result.isAtEnd)
    }

    /// Writes at `offset`; how many bytes were written.
    public func write(buffer: [UInt8], offset: UInt64) throws -> UInt64 {
        try write(buffer, at: offset)
    }

    /// Lists the directory.
    public func readDirectory() throws -> any WASI02.FilesystemTypes.DirectoryEntryStream {
        try listing()
    }

    /// Makes a directory.
    public func createDirectoryAt(path: String) throws {
        try createDirectory(at: path)
    }

    /// What is known of it.
    public func stat() throws -> WASI02.FilesystemTypes.DescriptorStat {
        .init(try status())
    }

    /// What is known of the file at a path.
    public func statAt(pathFlags: WASI02.FilesystemTypes.PathFlags, path: String) throws
        -> WASI02.FilesystemTypes.DescriptorStat
    {
        .init(try stat(at: path, followLinks: pathFlags.contains(.symlinkFollow)))
    }

    /// Sets the times of the file at a path.
    public func setTimesAt(
        pathFlags: WASI02.FilesystemTypes.PathFlags, path: String,
        dataAccessTimestamp: WASI02.FilesystemTypes.NewTimestamp,
        dataModificationTimestamp: WASI02.FilesystemTypes.NewTimestamp
    ) throws {
        try setTimes(
            at: path, followLinks: pathFlags.contains(.symlinkFollow), accessed: dataAccessTimestamp,
            modified: dataModificationTimestamp)
    }

    /// Gives a file another name.
    public func linkAt(
        oldPathFlags: WASI02.FilesystemTypes.PathFlags, oldPath: String,
        newDescriptor: any WASI02.FilesystemTypes.Descriptor, newPath: String
    ) throws {
        try link(
            at: oldPath, followLinks: oldPathFlags.contains(.symlinkFollow), to: Self.behind(newDescriptor), newPath)
    }

    /// Opens or makes a file.
    public func openAt(
        pathFlags: WASI02.FilesystemTypes.PathFlags, path: String, openFlags: WASI02.FilesystemTypes.OpenFlags,
        flags: WASI02.FilesystemTypes.DescriptorFlags
    ) throws -> any WASI02.FilesystemTypes.Descriptor {
        try open(at: path, followLinks: pathFlags.contains(.symlinkFollow), openFlags, flags)
    }

    /// Where a symbolic link leads.
    public func readlinkAt(path: String) throws -> String {
        try readLink(at: path)
    }

    /// Removes an empty directory.
    public func removeDirectoryAt(path: String) throws {
        try removeDirectory(at: path)
    }

    /// Gives a file another place.
    public func renameAt(oldPath: String, newDescriptor: any WASI02.FilesystemTypes.Descriptor, newPath: String) throws
    {
        try rename(at: oldPath, to: Self.behind(newDescriptor), newPath)
    }

    /// Makes a symbolic link.
    public func symlinkAt(oldPath: String, newPath: String) throws {
        try symlink(target: oldPath, at: newPath)
    }

    /// Removes a file.
    public func unlinkFileAt(path: String) throws {
        try unlinkFile(at: path)
    }

    /// Whether both are the same file.
    public func isSameObject(other: any WASI02.FilesystemTypes.Descriptor) throws -> Bool {
        guard let other = try? Self.behind(other) else { return false }
        return isSameObject(as: other)
    }

    /// A hash that tells the file from others.
    public func metadataHash() throws -> WASI02.FilesystemTypes.MetadataHashValue {
        let hash = try status().hash
        return .init(lower: hash.lower, upper: hash.upper)
    }

    /// A hash that tells the file at a path from others.
    public func metadataHashAt(pathFlags: WASI02.FilesystemTypes.PathFlags, path: String) throws
        -> WASI02.FilesystemTypes.MetadataHashValue
    {
        let hash = try metadataHash(at: path, followLinks: pathFlags.contains(.symlinkFollow))
        return .init(lower: hash.lower, upper: hash.upper)
    }

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
