// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import Foundation

/// The components that cases start from.
enum SourceFiles {
    /// Larger ones take too long to compile.
    private static let mostBytes = 128 << 10

    struct File {
        var path: String
        var bytes: [UInt8]
    }

    /// The components among `paths` and below them, in the order of their names.
    static func find(_ paths: [String]) throws -> [File] {
        var found: [File] = []
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw Worker.Wrong(description: "there is no `\(path)`")
            }
            guard isFolder.boolValue else {
                found.append(File(path: path, bytes: try bytes(path)))
                continue
            }
            let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
            for name in names.sorted() where name.hasSuffix(".wasm") {
                let file = path + "/" + name
                let size = (try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int) ?? 0
                guard size <= mostBytes else { continue }
                found.append(File(path: file, bytes: try bytes(file)))
            }
        }
        found.removeAll { $0.bytes.withUnsafeBytes { BinaryKind($0) } != .component }
        guard !found.isEmpty else { throw Worker.Wrong(description: "there are no components in \(paths)") }
        return found
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
