// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

/// What a file is.
package enum FileKind: Int32, Sendable {
    case unknown, blockDevice, characterDevice, directory, fifo, symbolicLink, regular, socket

    init(_ number: Int32) { self = FileKind(rawValue: number) ?? .unknown }
}

/// A point in time of the system's calendar clock: since 1970-01-01T00:00:00Z.
package struct SystemTime: Equatable, Sendable {
    /// Whole seconds; negative before the epoch.
    package let seconds: Int64
    /// The rest, below 1 000 000 000.
    package let nanoseconds: UInt32

    /// Makes a point in time.
    package init(seconds: Int64, nanoseconds: UInt32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    init(_ time: dovetail_sys_time) {
        self.init(seconds: time.seconds, nanoseconds: UInt32(clamping: time.nanoseconds))
    }
}

/// What the system tells about a file.
package struct FileStatus: Sendable {
    /// What it is.
    package let kind: FileKind
    /// The permission bits, with set-user-ID and its like.
    package let permissions: UInt32
    /// The number of the user it belongs to.
    package let owner: UInt32
    /// How many names it has.
    package let links: UInt64
    /// Its size in bytes.
    package let size: Int64
    /// When it was last read.
    package let accessed: SystemTime
    /// When its contents last changed.
    package let modified: SystemTime
    /// When its metadata last changed.
    package let changed: SystemTime
    /// The device it lies on; with ``inode`` its identity.
    package let device: UInt64
    /// Its number on the device.
    package let inode: UInt64

    init(_ status: dovetail_sys_stat) {
        kind = FileKind(status.type)
        permissions = status.permissions
        owner = status.owner
        links = status.links
        size = status.size
        accessed = SystemTime(status.accessed)
        modified = SystemTime(status.modified)
        changed = SystemTime(status.changed)
        device = status.device
        inode = status.inode
    }
}

extension FileStatus {
    /// What tells a file from another one, and from what it was before.
    package struct Version: Equatable, Sendable {
        fileprivate let device: UInt64
        fileprivate let inode: UInt64
        fileprivate let size: Int64
        fileprivate let time: SystemTime
    }

    /// The version of the file; changes show in the time that is chosen.
    package func version(at time: KeyPath<FileStatus, SystemTime>) -> Version {
        Version(device: device, inode: inode, size: size, time: self[keyPath: time])
    }
}
