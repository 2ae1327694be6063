import DovetailWASI
// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A folder that exists for one test: `root` is what the guest sees, `outside` lies beside it and holds `secret`.
final class Sandbox {
    let base: URL
    var root: URL { base.appending(path: "root") }
    var outside: URL { base.appending(path: "outside") }

    init() throws {
        base = FileManager.default.temporaryDirectory.appending(path: "dovetail-wasi-\(UUID().uuidString)")
        for folder in ["root", "root/dir", "root/dir/deep", "outside"] {
            try FileManager.default.createDirectory(
                at: base.appending(path: folder), withIntermediateDirectories: true)
        }
        try Data("secret".utf8).write(to: outside.appending(path: "secret"))
        try Data("hello".utf8).write(to: root.appending(path: "file"))
        try Data("deep".utf8).write(to: root.appending(path: "dir/deep/file"))
    }

    /// Takes the folder away; not left to `deinit`, which may come before the last use of a descriptor below it.
    func remove() { try? FileManager.default.removeItem(at: base) }

    /// The root as a guest gets it.
    func open(_ permissions: Preopen.Permissions = .readWrite) throws -> Descriptor {
        try Preopen(root.path, as: "/", permissions: permissions).open()
    }

    /// A symbolic link that the host made below the root.
    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: root.appending(path: name).path, withDestinationPath: target)
    }

    /// What is in a file below the base, nil when it is not there.
    func contents(_ path: String) -> String? {
        (try? Data(contentsOf: base.appending(path: path))).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// The code an operation fails with, nil when it succeeds.
func code<Result>(_ operation: () throws -> Result) -> FileSystemErrorCode? {
    do {
        _ = try operation()
        return nil
    } catch {
        if let told = error as? WASI02.FilesystemTypes.ErrorCode {
            return FileSystemErrorCode(rawValue: told.rawValue)
        }
        return error as? FileSystemErrorCode
    }
}
