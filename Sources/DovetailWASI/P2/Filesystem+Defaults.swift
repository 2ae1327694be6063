// SPDX-License-Identifier: Apache-2.0

public import Dovetail

extension WASI02.FilesystemTypes.Imports where Self: WASI02.Provider {
    /// The code of a failure that came from a file.
    public func filesystemErrorCode(err: any WASI02.Error.Error) throws -> FileSystemErrorCode? {
        (err as? IOFailure)?.fileSystemCode
    }
}

extension WASI02.Preopens.Imports where Self: WASI02.Provider {
    /// The folders of the configuration.
    public func getDirectories() throws -> [Tuple2<HostOwn<any WASI02.FilesystemTypes.Descriptor>, String>] {
        wasi.directories().map { Tuple2(HostOwn($0.descriptor), $0.guestPath) }
    }
}

extension WASI02.FilesystemTypes.DescriptorStat {
    init(_ status: FileStatus) {
        self.init(
            type: status.kind, linkCount: status.links, size: status.size, dataAccessTimestamp: status.accessed,
            dataModificationTimestamp: status.modified, statusChangeTimestamp: status.changed)
    }
}

extension DirectoryEntryStream: WASI02.FilesystemTypes.DirectoryEntryStream {
    /// The next entry, nil at the end.
    public func readDirectoryEntry() throws -> WASI02.FilesystemTypes.DirectoryEntry? { try next() }
}
