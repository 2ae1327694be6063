// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// A folder of the host that a guest may use, and what it may do there.
public struct Preopen: Sendable {
    /// What may be done with one sort of thing below a folder.
    public struct Access: OptionSet, Sendable {
        /// The bits.
        public let rawValue: UInt8
        /// Makes it from its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Listing and looking into directories; reading files.
        public static let read = Access(rawValue: 1)
        /// Creating, renaming and removing entries of directories; writing files.
        public static let write = Access(rawValue: 2)
    }

    /// What a guest may do below a folder.
    public struct Permissions: Sendable {
        /// What it may do with directories.
        public var directories: Access
        /// What it may do with the files in them.
        public var files: Access
        /// Whether it is told when files were used and changed, which numbers they have, in which order directories have them and how
        /// large those are: all of that differs between runs.
        public var showsTimes: Bool

        /// Makes permissions.
        public init(directories: Access, files: Access, showsTimes: Bool = true) {
            self.directories = directories
            self.files = files
            self.showsTimes = showsTimes
        }

        /// Look, but change nothing.
        public static let readOnly = Permissions(directories: .read, files: .read)
        /// Everything.
        public static let readWrite = Permissions(directories: [.read, .write], files: [.read, .write])
    }

    /// The folder on the host.
    public var hostPath: String
    /// The name the guest knows it by.
    public var guestPath: String
    /// What it may do below it.
    public var permissions: Permissions

    /// Makes a preopen; the guest knows the folder by its host path unless told otherwise.
    public init(_ hostPath: String, as guestPath: String? = nil, permissions: Permissions = .readWrite) {
        self.hostPath = hostPath
        self.guestPath = guestPath ?? hostPath
        self.permissions = permissions
    }

    /// Opens the folder.
    package func open() throws -> Descriptor {
        guard !hostPath.utf8.contains(0) else { throw WASIError.nulInConfiguration(hostPath, field: "preopens") }
        let folder: OwnedDescriptor
        do throws(SystemError) {
            folder = try OwnedDescriptor.workingDirectory.open(hostPath, [.read, .directory])
        } catch {
            throw WASIError.cannotPreopen(hostPath, error)
        }
        var flags: DescriptorFlags = []
        if permissions.directories.contains(.read) { flags.insert(.read) }
        if permissions.directories.contains(.write) { flags.insert(.mutateDirectory) }
        return Descriptor(folder, kind: .directory, permissions: permissions, flags: flags)
    }
}
