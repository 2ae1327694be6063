// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// A folder for what is needed only until a command ends.
package final class TemporaryFolder: Sendable {
    /// Its path.
    package let path: String

    /// Makes one in the system's folder for such.
    ///
    /// - Throws: ``ToolchainError`` when it cannot be made.
    package convenience init() throws(ToolchainError) {
        try self.init(in: ThisProcess.variable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp", "dovetail")
    }

    init(in folder: String, _ name: String) throws(ToolchainError) {
        path = Files.join(folder, ".\(name).\(ThisProcess.identifier).\(UInt32.random(in: 0...UInt32.max))")
        do throws(SystemError) { try Files.makeDirectory(path, permissions: 0o700) } catch {
            throw .files("make folder", path, error)
        }
    }

    /// The path of a file inside.
    package func file(_ name: String) -> String { Files.join(path, name) }

    /// Gives the folder another place, where nothing is yet; it is kept then.
    func move(to place: String) -> Bool { (try? Files.rename(path, to: place)) != nil }

    deinit { try? Files.removeTree(path) }
}
