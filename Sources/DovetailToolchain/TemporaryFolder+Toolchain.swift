// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem

extension TemporaryFolder {
    /// Makes one in `folder`, in whose name `name` is found again.
    ///
    /// - Throws: ``ToolchainError`` when it cannot be made.
    package static func make(
        in folder: String = systemFolder, _ name: String = "dovetail"
    ) throws(ToolchainError) -> TemporaryFolder {
        do throws(SystemError) { return try TemporaryFolder(in: folder, name) } catch {
            throw .files("make a folder in", folder, error)
        }
    }
}
