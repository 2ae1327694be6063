// SPDX-License-Identifier: Apache-2.0
import CDovetailSystem

extension Descriptor {
    /// `open-at`: opens or makes what the path names below this directory.
    ///
    /// - Throws: `notPermitted` for what the preopen does not allow, `invalid` for flags that contradict each other,
    ///   else what the system says.
    package func open(
        at path: String, followLinks: Bool, _ how: OpenFlags, _ wanted: DescriptorFlags
    ) throws(FileSystemErrorCode) -> Descriptor {
        let resolver = try resolver(.read)
        let (system, granted) = try systemFlags(how, wanted)

        let number: CInt
        let flags = followLinks ? system : system | CInt(DOVETAIL_OPEN_NOFOLLOW)
        if let opened = try resolver.openWithKernel(path, flags: flags) {
            number = opened
        } else {
            number = try open(path, resolver, followLinks: followLinks, how, system)
        }
        let opened = OwnedDescriptor(number)
        let kind = try FileStatus(of: opened).kind
        if how.contains(.directory) && kind != .directory { throw .notDirectory }
        return Descriptor(opened, kind: kind, permissions: permissions, flags: flagsOf(kind, granted, wanted), in: wasi)
    }

    /// Walks to the entry and opens it by its name, following links by our own means.
    private func open(
        _ path: String, _ resolver: PathResolver, followLinks: Bool, _ how: OpenFlags, _ system: CInt
    ) throws(FileSystemErrorCode) -> CInt {
        // An exclusive creation does not look behind a link.
        let follows = followLinks && !how.isSuperset(of: [.create, .exclusive])
        // A link put into the entry's place after it was resolved is refused by the system: resolve again.
        for _ in 0..<8 {
            let entry = try resolver.resolve(path, followLast: follows)
            var flags = system | CInt(DOVETAIL_OPEN_NOFOLLOW)
            if entry.mustBeDirectory {
                if how.contains(.create) { throw .isDirectory }
                flags |= CInt(DOVETAIL_OPEN_DIRECTORY)
            }
            let number = dovetail_sys_openat(entry.directory.number, entry.name, flags)
            if number >= 0 { return number }
            let code = FileSystemErrorCode(SystemError(number: 0 &- number))
            guard code == .loop, follows else { throw code }
        }
        throw .loop
    }

    /// What to ask the system for, and the rights the new descriptor has, after the preopen's permissions.
    private func systemFlags(
        _ how: OpenFlags, _ wanted: DescriptorFlags
    ) throws(FileSystemErrorCode) -> (CInt, DescriptorFlags) {
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

        var system = CInt(DOVETAIL_OPEN_NONBLOCK)
        if granted.contains(.read) { system |= CInt(DOVETAIL_OPEN_READ) }
        if granted.contains(.write) { system |= CInt(DOVETAIL_OPEN_WRITE) }
        if how.contains(.create) { system |= CInt(DOVETAIL_OPEN_CREATE) }
        if how.contains(.exclusive) { system |= CInt(DOVETAIL_OPEN_EXCLUSIVE) }
        if how.contains(.truncate) { system |= CInt(DOVETAIL_OPEN_TRUNCATE) }
        if how.contains(.directory) { system |= CInt(DOVETAIL_OPEN_DIRECTORY) }
        return (system, granted)
    }

    private func flagsOf(
        _ kind: FileKind, _ granted: DescriptorFlags, _ wanted: DescriptorFlags
    ) -> DescriptorFlags {
        guard kind == .directory else { return granted }
        return wanted.contains(.mutateDirectory) ? [.read, .mutateDirectory] : .read
    }
}
