// SPDX-License-Identifier: Apache-2.0
import CDovetailSystem

/// The representation of the resource `wasi:filesystem/types.descriptor`: an open file or directory below a preopen, and
/// what may be done with it.
///
/// The operations are those of the WIT interface, in files by topic; each throws the code the guest is told.
public final class Descriptor {
    /// The most bytes one `read` gives, whatever the guest asks for.
    package static let largestRead = 64 * 1024

    package let descriptor: OwnedDescriptor
    /// `get-type`.
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

    /// How it was opened.
    public func getFlags() throws(FileSystemErrorCode) -> WASI02.FilesystemTypes.DescriptorFlags {
        var result = flags
        let sync = try FileSystemErrorCode.check(dovetail_sys_sync_flags(descriptor.number))
        if sync & 1 != 0 { result.formUnion([.fileIntegritySync, .dataIntegritySync, .requestedWriteSync]) }
        if sync & 2 != 0 { result.insert(.dataIntegritySync) }
        return result
    }

    /// `stat`.
    package func status() throws(FileSystemErrorCode) -> FileStatus {
        try FileStatus(of: descriptor)
    }

    /// `set-times`.
    package func setTimes(accessed: NewTimestamp, modified: NewTimestamp) throws(FileSystemErrorCode) {
        let access = kind == .directory ? permissions.directories : permissions.files
        guard access.contains(.write) else { throw .notPermitted }
        try FileSystemErrorCode.check(
            dovetail_sys_set_times(descriptor.number, accessed.systemTime(), modified.systemTime()))
    }

    /// Brings the contents to the disk.
    public func syncData() throws(FileSystemErrorCode) {
        try FileSystemErrorCode.check(dovetail_sys_sync_data(descriptor.number))
    }

    /// Brings all of it to the disk.
    public func sync() throws(FileSystemErrorCode) {
        try FileSystemErrorCode.check(dovetail_sys_sync(descriptor.number))
    }

    /// `is-same-object`.
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
