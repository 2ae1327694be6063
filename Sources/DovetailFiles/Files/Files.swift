// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

/// Files by their paths, seen from the working directory.
package enum Files {
    private static var here: OwnedDescriptor { .workingDirectory }

    /// What is known of the file at `path`, nil where there is none.
    package static func status(_ path: String, followingLinks: Bool = true) -> FileStatus? {
        try? here.status(of: path, followingLinks: followingLinks)
    }

    /// Whether there is something at `path`.
    package static func exists(_ path: String) -> Bool { status(path) != nil }

    /// Whether there is a directory at `path`.
    package static func isDirectory(_ path: String) -> Bool { status(path)?.kind == .directory }

    /// `name` below `directory`.
    package static func join(_ directory: String, _ name: String) -> String {
        directory.isEmpty || directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }

    /// The bytes of the file at `path`, `limit` at most; also of a pipe or device.
    package static func read(_ path: String, limit: Int = .max) throws(SystemError) -> [UInt8] {
        try here.open(path, .read).readAll(limit: limit)
    }

    /// What is in a directory and `isWanted` picks, sorted by the bytes of the names; links are not followed.
    package static func entries(
        in path: String, where isWanted: (String, FileKind) -> Bool = { _, _ in true }
    ) throws(SystemError) -> [(name: String, kind: FileKind)] {
        let listing = try here.open(path, [.read, .directory]).list()
        var entries: [(name: String, kind: FileKind)] = []
        while let entry = try listing.next(repairingNames: true) {
            if isWanted(entry.name, entry.kind) { entries.append(entry) }
        }
        return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// The names in a directory, sorted by their bytes.
    package static func names(in path: String) throws(SystemError) -> [String] {
        try entries(in: path).map(\.name)
    }

    /// Creates a directory and those around it that do not exist.
    package static func makeDirectory(_ path: String, permissions: UInt32 = 0o777) throws(SystemError) {
        var end = path.startIndex
        while end < path.endIndex {
            end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
            let directory = String(path[..<end])
            do throws(SystemError) {
                try here.makeDirectory(directory, permissions: permissions)
            } catch {
                // A system may refuse before it looks whether the directory is there.
                guard isDirectory(directory) else { throw error == .exists ? .notDirectory : error }
            }
        }
    }

    /// Creates the directories on the way to a file that do not exist.
    package static func makeDirectories(above path: String) throws(SystemError) {
        if let slash = path.lastIndex(of: "/") { try makeDirectory(String(path[..<slash])) }
    }

    /// Removes the name of a file.
    package static func remove(_ path: String) throws(SystemError) { try here.unlink(path) }

    /// Puts `bytes` at `path` in one step: a reader sees the old file or the new one, never a part.
    ///
    /// Behind a symbolic link the file it leads to is replaced. Permissions stay what they were. Devices and pipes are
    /// written to.
    ///
    /// - Parameters:
    ///   - permissions: those of a new file; by default what the process gives.
    ///   - synchronize: waits until the bytes are on the disk before they replace the old ones.
    package static func replace(
        _ path: String, with bytes: UnsafeRawBufferPointer, permissions: UInt32? = nil, synchronize: Bool = false
    ) throws(SystemError) {
        let old = status(path)
        // A device or pipe cannot be replaced, and what `/dev/stdout` leads to should not be.
        if let old, old.kind != .regular || path.hasPrefix("/dev/") {
            return try here.open(path, [.write, .truncate]).writeAll(bytes)
        }
        let target = realPath(path) ?? path
        let temporary = "\(target).\(ThisProcess.identifier).\(UInt32.random(in: 0...UInt32.max)).new"
        let file = try here.open(temporary, [.write, .create, .exclusive], permissions: permissions ?? 0o666)
        do throws(SystemError) {
            try file.writeAll(bytes)
            if let old { try file.setPermissions(old.permissions) }
            if synchronize { try file.synchronize() }
            try here.rename(temporary, to: here, target)
        } catch {
            try? here.unlink(temporary)
            throw error
        }
    }

    /// The absolute path without symbolic links, nil where it leads nowhere.
    package static func realPath(_ path: String) -> String? {
        systemPath { dovetail_sys_real_path(path, $0, $1) }
    }
}

/// A path that the system writes into a buffer, nil where it fails.
func systemPath(_ write: (UnsafeMutablePointer<CChar>?, Int) -> Int64) -> String? {
    var length: Int64 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
        length = buffer.withMemoryRebound(to: CChar.self) { write($0.baseAddress, $0.count) }
        count = Int(max(0, length))
    }
    return length > 0 ? String(decoding: bytes, as: UTF8.self) : nil
}
