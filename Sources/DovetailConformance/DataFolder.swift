// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A folder of conformance data.
struct DataFolder: Sendable {
    /// Its path.
    let path: String

    /// Whether it is there.
    var exists: Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    /// A folder inside.
    func folder(_ name: String) -> DataFolder { DataFolder(path: path + "/" + name) }

    /// The path of a file inside.
    func file(_ name: String) -> String { path + "/" + name }

    /// Whether there is such a file inside.
    func contains(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    /// The bytes of a file inside.
    /// - Throws: ``CaseFailure`` when it cannot be read.
    func bytes(_ name: String) throws -> [UInt8] { Array(try data(name)) }

    /// The JSON in a file inside.
    /// - Throws: ``CaseFailure`` when it cannot be read.
    func json(_ name: String) throws -> JSON {
        do {
            return try JSON(bytes: try data(name))
        } catch let failure as CaseFailure {
            throw failure
        } catch {
            throw CaseFailure("`\(name)` is no JSON: \(error)")
        }
    }

    /// The names in a folder inside, sorted.
    func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: file(folder)).sorted()
    }

    private func data(_ name: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: file(name)))
        } catch {
            throw CaseFailure("cannot read `\(name)`: \(error)")
        }
    }
}
