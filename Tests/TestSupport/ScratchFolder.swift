// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A folder of its own for one test: whoever makes it removes it, or leaves that to `with`.
package struct ScratchFolder: Sendable {
    /// Its path.
    package let path: String

    /// Makes it, empty or as a writable copy of a folder.
    package init(copying source: String? = nil) throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("dovetail-test-\(UUID().uuidString)")
        path = url.path
        guard let source else {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            return
        }
        try FileManager.default.copyItem(atPath: source, toPath: path)
        try makeWritable()
    }

    private func makeWritable() throws {
        let names = FileManager.default.enumerator(atPath: path)?.allObjects.compactMap { $0 as? String } ?? []
        for name in [""] + names {
            let file = name.isEmpty ? path : path + "/" + name
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            guard attributes[.type] as? FileAttributeType != .typeSymbolicLink else { continue }
            let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o644
            try FileManager.default.setAttributes([.posixPermissions: mode | 0o200], ofItemAtPath: file)
        }
    }

    /// The path of a file inside.
    package func file(_ name: String) -> String { path + "/" + name }

    /// Writes a file inside, and makes the folders on its way.
    /// - Returns: its path.
    @discardableResult
    package func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        let url = URL(fileURLWithPath: file(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return file(name)
    }

    /// Runs `body` with an empty folder, and removes it.
    package static func with<Result>(_ body: (ScratchFolder) throws -> Result) throws -> Result {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        return try body(folder)
    }

    /// Runs `body` with an empty folder, and removes it.
    package nonisolated(nonsending) static func with<Result>(
        _ body: nonisolated(nonsending) (ScratchFolder) async throws -> Result
    ) async throws -> Result {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        return try await body(folder)
    }

    /// Removes it, with everything in it.
    package func remove() { try? FileManager.default.removeItem(atPath: path) }
}
