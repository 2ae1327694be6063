// SPDX-License-Identifier: Apache-2.0

import DovetailFiles

/// A folder for what is needed only until a command ends.
package final class TemporaryFolder: Sendable {
    /// Its path.
    package let path: String

    /// The folder that the system has for such folders.
    package static var systemFolder: String {
        ThisProcess.variable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    }

    /// Makes one in `folder`, in whose name `name` is found again.
    ///
    /// - Throws: ``SystemError`` when it cannot be made.
    package init(in folder: String = systemFolder, _ name: String = "dovetail") throws(SystemError) {
        path = Files.join(folder, ".\(name).\(ThisProcess.identifier).\(UInt32.random(in: 0...UInt32.max))")
        try Files.makeDirectory(path, permissions: 0o700)
    }

    /// The path of a file inside.
    package func file(_ name: String) -> String { Files.join(path, name) }

    /// Writes a file inside, and makes the folders on its way.
    ///
    /// - Throws: ``SystemError`` when it cannot be written.
    package func write(_ bytes: [UInt8], to name: String) throws(SystemError) {
        let path = file(name)
        try Files.makeDirectories(above: path)
        try bytes.withRawBytes { (bytes) throws(SystemError) in try Files.replace(path, with: bytes) }
    }

    /// Gives the folder another place, where nothing is yet; it is kept then.
    package func move(to place: String) -> Bool { (try? Files.rename(path, to: place)) != nil }

    deinit { try? Files.removeTree(path) }
}
