// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A folder of its own for one run.
struct ScratchFolder {
    /// Its path.
    let path: String

    /// Makes it, empty or as a copy.
    init(copying source: String?) throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("dovetail-conformance-\(UUID().uuidString)")
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

    /// Removes it with all that is inside.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
