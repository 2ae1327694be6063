// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

extension Descriptor {
    /// Opens the file that a path names below this directory, or creates it.
    ///
    /// - Throws: `notPermitted` for what the preopen does not allow, `invalid` for flags that contradict each other,
    ///   else what the system says.
    package func open(
        at path: String, followLinks: Bool, _ how: OpenFlags, _ wanted: DescriptorFlags
    ) throws(FileSystemErrorCode) -> Descriptor {
        let resolver = try resolver(.read)
        let (system, granted) = try systemFlags(how, wanted)

        let flags = followLinks ? system : system.union(.noFollow)
        let opened =
            if let opened = try resolver.openWithKernel(path, flags) {
                opened
            } else {
                try open(path, resolver, followLinks: followLinks, how, system)
            }
        let kind = try FileSystemErrorCode.checking { () throws(SystemError) in try opened.status().kind }
        if how.contains(.directory) && kind != .directory { throw .notDirectory }
        return Descriptor(opened, kind: kind, permissions: permissions, flags: flagsOf(kind, granted, wanted), in: wasi)
    }

    /// Walks to the entry and opens it by its name, following links by our own means.
    private func open(
        _ path: String, _ resolver: PathResolver, followLinks: Bool, _ how: OpenFlags,
        _ system: OwnedDescriptor.OpenFlags
    ) throws(FileSystemErrorCode) -> OwnedDescriptor {
        // An exclusive creation does not look behind a link.
        let follows = followLinks && !how.isSuperset(of: [.create, .exclusive])
        // A link put into the entry's place after it was resolved is refused by the system: resolve again.
        for _ in 0..<8 {
            let entry = try resolver.resolve(path, followLast: follows)
            var flags = system.union(.noFollow)
            if entry.mustBeDirectory {
                if how.contains(.create) { throw .isDirectory }
                flags.insert(.directory)
            }
            do throws(SystemError) {
                return try entry.directory.open(entry.name, flags)
            } catch {
                guard error == .tooManyLinksFollowed, follows else { throw FileSystemErrorCode(error) }
            }
        }
        throw .loop
    }

    /// What to ask the system for, and the rights the new descriptor has, after the preopen's permissions.
    private func systemFlags(
        _ how: OpenFlags, _ wanted: DescriptorFlags
    ) throws(FileSystemErrorCode) -> (OwnedDescriptor.OpenFlags, DescriptorFlags) {
        guard wanted.isDisjoint(with: [.fileIntegritySync, .dataIntegritySync, .requestedWriteSync]) else {
            throw .unsupported
        }
        if how.contains(.directory), !how.isDisjoint(with: [.create, .exclusive, .truncate]) { throw .invalid }
        var granted = wanted.intersection([.read, .write])
        if how.contains(.create) || how.contains(.truncate) { granted.insert(.write) }
        if !wanted.contains(.write) { granted.insert(.read) }

        let changes = how.contains(.create) || wanted.contains(.mutateDirectory)
        if changes, !permissions.directories.contains(.write) { throw .notPermitted }
        if granted.contains(.write), !permissions.files.contains(.write) { throw .notPermitted }

        var system: OwnedDescriptor.OpenFlags = .nonBlocking
        if granted.contains(.read) { system.insert(.read) }
        if granted.contains(.write) { system.insert(.write) }
        if how.contains(.create) { system.insert(.create) }
        if how.contains(.exclusive) { system.insert(.exclusive) }
        if how.contains(.truncate) { system.insert(.truncate) }
        if how.contains(.directory) { system.insert(.directory) }
        return (system, granted)
    }

    private func flagsOf(
        _ kind: FileKind, _ granted: DescriptorFlags, _ wanted: DescriptorFlags
    ) -> DescriptorFlags {
        guard kind == .directory else { return granted }
        return wanted.contains(.mutateDirectory) ? [.read, .mutateDirectory] : .read
    }
}
