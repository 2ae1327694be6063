// SPDX-License-Identifier: Apache-2.0

import DovetailFiles
import Synchronization

/// A folder whose files are run as native code: nobody but this user may write it.
///
/// It is opened once and checked, and everything else goes through its descriptor, so that another folder put in its place changes nothing.
final class CacheFolder: Sendable {
    private enum State {
        case unopened
        case open(OwnedDescriptor)
        case refused(String)
    }

    private let root: String
    private let name: String
    private let state = Mutex(State.unopened)

    /// The folder `name` in `root`; neither has to exist.
    init(root: String, name: String) {
        self.root = root
        self.name = name
    }

    /// Why the folder is not used though it is there; `nil` when it is, or does not exist.
    var problem: String? {
        _ = folder(creating: false)
        return state.withLock { state in
            if case .refused(let reason) = state { reason } else { nil }
        }
    }

    // MARK: - Files

    /// Runs `body` with the bytes of a file and a path under which the very same file can be opened.
    ///
    /// - Returns: `nil` where there is no such file, or somebody else could have written it.
    func withFile<Result>(_ name: String, _ body: (FileContents, _ path: String) -> Result?) -> Result? {
        guard let folder = folder(creating: false), let file = try? folder.open(name, [.read, .noFollow]),
            let status = try? file.status(), status.kind == .regular, status.size > 0, Self.isOurs(status),
            let contents = try? FileContents(of: file)
        else { return nil }
        defer { withExtendedLifetime(file) {} }
        #if os(Linux)
            return body(contents, "/proc/self/fd/\(file.number)")
        #else
            return body(contents, "/dev/fd/\(file.number)")
        #endif
    }

    /// Puts a file there, whole and on the disk, or not at all: readers never see a part of one.
    func write(_ parts: [UnsafeRawBufferPointer], to name: String) -> Bool {
        guard let folder = folder(creating: true) else { return false }
        let temporary = ".\(name).\(ThisProcess.identifier).\(UInt32.random(in: 0...UInt32.max))"
        guard let file = try? folder.open(temporary, [.write, .create, .exclusive], permissions: 0o600) else {
            return false
        }
        do throws(SystemError) {
            for part in parts { try file.writeAll(part) }
            try file.synchronize()
            try folder.rename(temporary, to: folder, name)
            return true
        } catch {
            try? folder.unlink(temporary)
            return false
        }
    }

    /// Removes a file, if it is there.
    func remove(_ name: String) { try? folder(creating: false)?.unlink(name) }

    /// Removes the files used longest ago until the rest has at most `limit` bytes, and what processes that were killed left behind.
    func trim(to limit: Int) {
        guard let folder = folder(creating: false), let listing = try? folder.list() else { return }
        var files: [(name: String, size: Int64, used: Int64)] = []
        var total: Int64 = 0
        let anHourAgo = SystemClock.wall.seconds - 3600
        while let entry = try? listing.next(repairingNames: true) {
            guard let status = try? folder.status(of: entry.name), status.kind == .regular else { continue }
            if entry.name.hasPrefix(".") {
                if status.modified.seconds < anHourAgo { try? folder.unlink(entry.name) }
                continue
            }
            files.append((entry.name, status.size, status.accessed.seconds))
            total += status.size
        }
        guard total > limit else { return }
        for file in files.sorted(by: { $0.used < $1.used }) where total > limit {
            if (try? folder.unlink(file.name)) != nil { total -= file.size }
        }
    }

    // MARK: - Trust

    /// The folder, open; `nil` where there is none, or it is not to be trusted.
    private func folder(creating: Bool) -> OwnedDescriptor? {
        state.withLock { state in
            switch state {
            case .open(let folder): return folder
            case .refused: return nil
            case .unopened: break
            }
            let path = "\(root)/\(name)"
            if creating, (try? Files.makeDirectory(path, permissions: 0o700)) == nil { return nil }
            let folder = try? OwnedDescriptor.workingDirectory.open(path, [.read, .directory, .noFollow])
            if let reason = reason(against: folder) {
                state = .refused(reason)
                return nil
            }
            if let folder { state = .open(folder) }
            return folder
        }
    }

    /// Why the folder, or the one around it, cannot be trusted.
    private func reason(against folder: OwnedDescriptor?) -> String? {
        if let status = Files.status(root) {
            // In a folder like `/tmp` everybody may make files, but none may touch another's.
            let isShared = status.permissions & 0o022 != 0 && status.permissions & 0o1000 == 0
            if isShared || (status.owner != ThisProcess.user && status.owner != 0) {
                return Self.sentence(root, status)
            }
        }
        guard let status = try? folder?.status(), !Self.isOurs(status) else { return nil }
        return Self.sentence("\(root)/\(name)", status)
    }

    private static func sentence(_ path: String, _ status: FileStatus) -> String {
        let reason =
            status.owner == ThisProcess.user
            ? "others may write it; run `chmod go-w` on it" : "it belongs to another user (number \(status.owner))"
        return "the compile cache `\(path)` is not used, because \(reason)"
    }

    /// Whether this user owns a file or folder, and nobody else may write it.
    private static func isOurs(_ status: FileStatus) -> Bool {
        status.owner == ThisProcess.user && status.permissions & 0o022 == 0
    }
}
