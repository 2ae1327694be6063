// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// What commands do with files, errors as sentences that name the path.
enum FileSystem {
    /// Whether a file can be put in the place of what is at `path`: a file, or nothing; not a pipe, terminal or device.
    static func isReplaceable(_ path: String) -> Bool {
        guard path != "-", let status = Files.status(path) else { return path != "-" }
        return status.kind == .regular && !path.hasPrefix("/dev/")
    }

    /// Makes a folder and those around it, unless they are there.
    static func makeFolder(_ path: String) throws {
        try naming("make folder", path) { () throws(SystemError) in try Files.makeDirectory(path) }
    }

    /// Makes the folders on the way to a file, unless they are there.
    static func makeFolders(above path: String) throws {
        if let slash = path.lastIndex(of: "/") { try makeFolder(String(path[..<slash])) }
    }

    /// The names in a folder, sorted.
    static func names(in path: String) throws -> [String] {
        try naming("read folder", path) { () throws(SystemError) in try Files.names(in: path) }
    }

    /// Puts `bytes` at `path`, at once: a reader sees the old file or the new one, never a part.
    static func write(_ bytes: [UInt8], to path: String) throws {
        try naming("write", path) { () throws(SystemError) in
            try bytes.withRawBytes { (bytes) throws(SystemError) in try Files.replace(path, with: bytes) }
        }
    }

    private static func naming<Success>(
        _ what: String, _ path: String, _ operation: () throws(SystemError) -> Success
    ) throws(WasmFile.Failure) -> Success {
        do { return try operation() } catch {
            throw WasmFile.Failure(description: "cannot \(what) `\(path)`: \(error)")
        }
    }
}
