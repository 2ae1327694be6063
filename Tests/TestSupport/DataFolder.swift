// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A folder of test data.
package struct DataFolder: Sendable {
    /// Its path.
    package let path: String

    package init(path: String) { self.path = path }

    /// Whether it is there.
    package var exists: Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    /// A folder inside.
    package func folder(_ name: String) -> DataFolder { DataFolder(path: path + "/" + name) }

    /// The path of a file inside.
    package func file(_ name: String) -> String { path + "/" + name }

    /// Whether there is such a file inside.
    package func contains(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    /// The bytes of a file inside.
    /// - Throws: ``CaseFailure`` when it cannot be read.
    package func bytes(_ name: String) throws -> [UInt8] { Array(try data(name)) }

    /// The JSON in a file inside.
    /// - Throws: ``CaseFailure`` when it cannot be read.
    package func json(_ name: String) throws -> JSON {
        do {
            return try JSON(bytes: try data(name))
        } catch let failure as CaseFailure {
            throw failure
        } catch {
            throw CaseFailure("`\(file(name))` is not JSON: \(error)")
        }
    }

    /// The names in a folder inside, sorted.
    package func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: file(folder)).sorted()
    }

    /// The paths of the files below it, at any depth, whose names end so; sorted, relative to the folder.
    package func files(ending: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(ending) }.sorted()
    }

    private func data(_ name: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: file(name)))
        } catch {
            throw CaseFailure("cannot read `\(file(name))`: \(error)")
        }
    }
}
