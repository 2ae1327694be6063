// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// An open file or directory below a preopen, and what may be done with it: what guests know as a `descriptor`.
///
/// The operations are those of `wasi:filesystem`, in files by topic; each throws the code that the guest is told.
public final class Descriptor {
    /// The most bytes one `read` gives, whatever the guest asks for.
    package static let largestRead = 64 * 1024

    package let descriptor: OwnedDescriptor
    /// What it is.
    package let kind: FileKind
    /// What the preopen it was reached through allows; handed on to everything opened below it.
    let permissions: Preopen.Permissions
    /// How it was opened.
    let flags: DescriptorFlags
    /// How reading and writing its streams waits.
    let wasi: WASIContext?

    init(
        _ descriptor: OwnedDescriptor, kind: FileKind, permissions: Preopen.Permissions, flags: DescriptorFlags,
        in wasi: WASIContext? = nil
    ) {
        self.descriptor = descriptor
        self.kind = kind
        self.permissions = permissions
        self.flags = flags
        self.wasi = wasi
    }

    /// How it was opened, and whether its writes wait for the disk.
    package func openedFlags() throws(FileSystemErrorCode) -> DescriptorFlags {
        var result = flags
        let waits = try FileSystemErrorCode.checking { () throws(SystemError) in try descriptor.synchronizesWrites }
        if waits.whole { result.formUnion([.fileIntegritySync, .dataIntegritySync, .requestedWriteSync]) }
        if waits.data { result.insert(.dataIntegritySync) }
        return result
    }

    /// What the system knows about it.
    package func status() throws(FileSystemErrorCode) -> FileStatus {
        try FileSystemErrorCode.checking { () throws(SystemError) in try descriptor.status() }
    }

    /// A hash that identifies the open file.
    package func metadataHash() throws(FileSystemErrorCode) -> (lower: UInt64, upper: UInt64) {
        identification(try status())
    }

    /// What a guest knows a file by. The system's numbers differ between runs, as times do.
    func identification(_ status: FileStatus) -> (lower: UInt64, upper: UInt64) {
        guard !permissions.showsTimes, let wasi else { return status.hash }
        return (wasi.number(ofFile: status), 0)
    }

    /// Sets the times of last access and last modification.
    package func setTimes(accessed: FileTimeChange, modified: FileTimeChange) throws(FileSystemErrorCode) {
        let access = kind == .directory ? permissions.directories : permissions.files
        guard access.contains(.write) else { throw .notPermitted }
        try FileSystemErrorCode.checking { () throws(SystemError) in
            try descriptor.setTimes(accessed: accessed, modified: modified)
        }
    }

    /// Waits until the contents are on the disk.
    package func synchronizeData() throws(FileSystemErrorCode) {
        try FileSystemErrorCode.checking { () throws(SystemError) in try descriptor.synchronizeData() }
    }

    /// Waits until contents and metadata are on the disk.
    package func synchronize() throws(FileSystemErrorCode) {
        try FileSystemErrorCode.checking { () throws(SystemError) in try descriptor.synchronize() }
    }

    /// Whether both are the same file of the host.
    package func isSameObject(as other: Descriptor) -> Bool {
        guard let mine = try? status(), let theirs = try? other.status() else { return self === other }
        return mine.device == theirs.device && mine.inode == theirs.inode
    }

    /// The file itself, for operations that make no sense on a directory.
    func file() throws(FileSystemErrorCode) -> OwnedDescriptor {
        guard kind != .directory else { throw .badDescriptor }
        return descriptor
    }

    /// A resolver below the directory, for operations that take a path.
    func resolver(_ needs: Preopen.Access) throws(FileSystemErrorCode) -> PathResolver {
        guard kind == .directory else { throw .notDirectory }
        guard permissions.directories.isSuperset(of: needs) else { throw .notPermitted }
        return PathResolver(root: descriptor)
    }
}
