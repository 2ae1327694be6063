// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// What may be done with an open file, and whether its writes wait for the disk.
package struct DescriptorFlags: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Reading.
    package static let read = DescriptorFlags(rawValue: 1 << 0)
    /// Writing.
    package static let write = DescriptorFlags(rawValue: 1 << 1)
    /// Writes wait until contents and metadata are on the disk.
    package static let fileIntegritySync = DescriptorFlags(rawValue: 1 << 2)
    /// Writes wait until contents are on the disk.
    package static let dataIntegritySync = DescriptorFlags(rawValue: 1 << 3)
    /// Reads wait, too, until writes that are under way are on the disk.
    package static let requestedWriteSync = DescriptorFlags(rawValue: 1 << 4)
    /// Creating, renaming and removing entries of the directory.
    package static let mutateDirectory = DescriptorFlags(rawValue: 1 << 5)
}

/// How a file is opened.
package struct OpenFlags: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Create the file if it does not exist.
    package static let create = OpenFlags(rawValue: 1 << 0)
    /// Fail unless it is a directory.
    package static let directory = OpenFlags(rawValue: 1 << 1)
    /// Fail if it exists.
    package static let exclusive = OpenFlags(rawValue: 1 << 2)
    /// Cut it to length 0.
    package static let truncate = OpenFlags(rawValue: 1 << 3)
}

/// How a part of a file will be read and written.
package enum FileAdvice: UInt8, Sendable {
    case normal, sequential, random, willNeed, dontNeed, noReuse
}

extension FileStatus {
    /// Of a directory's entry, which is not followed when it is a symbolic link.
    init(of path: ResolvedPath) throws(FileSystemErrorCode) {
        do { self = try path.directory.status(of: path.name) } catch { throw FileSystemErrorCode(error) }
    }

    /// A hash that is the same for the same file and changes with nothing that is written, because guests' C libraries use
    /// it as the inode number.
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
