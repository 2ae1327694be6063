// SPDX-License-Identifier: Apache-2.0
import CDovetailSystem

/// `wasi:filesystem/types.descriptor-type`.
package typealias FileKind = WASI02.FilesystemTypes.DescriptorType
/// `wasi:filesystem/types.descriptor-flags`.
package typealias DescriptorFlags = WASI02.FilesystemTypes.DescriptorFlags
/// `wasi:filesystem/types.open-flags`.
package typealias OpenFlags = WASI02.FilesystemTypes.OpenFlags
/// `wasi:filesystem/types.advice`.
package typealias FileAdvice = WASI02.FilesystemTypes.Advice
/// `wasi:filesystem/types.new-timestamp`.
package typealias NewTimestamp = WASI02.FilesystemTypes.NewTimestamp
/// `wasi:filesystem/types.directory-entry`.
package typealias DirectoryEntry = WASI02.FilesystemTypes.DirectoryEntry

extension FileKind {
    /// The number of the C helpers, which is the position in WIT.
    init(_ type: Int32) { self = UInt8(exactly: type).flatMap(FileKind.init(rawValue:)) ?? .unknown }
}

extension NewTimestamp {
    func systemTime() throws(FileSystemErrorCode) -> dovetail_sys_time {
        switch self {
        case .noChange: return .init(seconds: 0, nanoseconds: Int64(DOVETAIL_TIME_OMIT))
        case .now: return .init(seconds: 0, nanoseconds: Int64(DOVETAIL_TIME_NOW))
        case .timestamp(let time):
            guard time.nanoseconds < 1_000_000_000 else { throw .invalid }
            guard let seconds = Int64(exactly: time.seconds) else { throw .overflow }
            return .init(seconds: seconds, nanoseconds: Int64(time.nanoseconds))
        }
    }
}

/// `wasi:filesystem/types.descriptor-stat`.
package struct FileStatus: Sendable {
    package let kind: FileKind
    package let links: UInt64
    package let size: UInt64
    package let accessed: WallTime
    package let modified: WallTime
    package let changed: WallTime
    /// The object's identity on the host; not shown to guests.
    let device: UInt64
    let inode: UInt64

    init(_ status: dovetail_sys_stat) {
        kind = FileKind(status.type)
        links = status.links
        size = UInt64(clamping: status.size)
        accessed = WallTime(status.accessed)
        modified = WallTime(status.modified)
        changed = WallTime(status.changed)
        device = status.device
        inode = status.inode
    }

    /// Of an open file.
    init(of descriptor: OwnedDescriptor) throws(FileSystemErrorCode) {
        var status = dovetail_sys_stat()
        try FileSystemErrorCode.check(dovetail_sys_fstat(descriptor.number, &status))
        self.init(status)
    }

    /// Of a directory's entry, which is not followed when it is a symbolic link.
    init(of path: ResolvedPath) throws(FileSystemErrorCode) {
        var status = dovetail_sys_stat()
        try FileSystemErrorCode.check(dovetail_sys_fstatat(path.directory.number, path.name, &status))
        self.init(status)
    }

    /// `metadata-hash-value`: the same for the same object, and nothing that changes when it is written, because guests'
    /// C libraries use it as the inode number.
    package var hash: (lower: UInt64, upper: UInt64) {
        (Self.mix(inode, device), Self.mix(device ^ 0x5bd1_e995_97f4_a7c5, inode))
    }

    private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        var word = a &* 0x9e37_79b9_7f4a_7c15 &+ b
        word = (word ^ (word >> 32)) &* 0xd6e8_feb8_6659_fd93
        word = (word ^ (word >> 32)) &* 0xd6e8_feb8_6659_fd93
        return word ^ (word >> 32)
    }
}
