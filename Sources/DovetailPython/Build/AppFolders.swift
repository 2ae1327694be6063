// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// What lies below the folders of an app and matters before anything is imported.
package struct AppFolders: Sendable {
    /// The folders.
    let roots: [String]
    /// Shared libraries, by the positions of their folders, and their paths below these and on the host.
    private(set) var libraries: [(root: Int, name: String, path: String)] = []
    /// The folders with a ``PackagedWIT/fileName``, in the same way.
    private(set) var configurations: [(root: Int, name: String, path: String)] = []

    /// How deep folders may be nested: links may lead in circles.
    private static let depth = 32

    /// Looks into the folders.
    package init(_ folders: [String]) {
        roots = folders
        for (index, folder) in folders.enumerated() { search(index, "", folder, Self.depth) }
    }

    private mutating func search(_ root: Int, _ inner: String, _ path: String, _ depth: Int) {
        guard depth > 0,
            let entries = try? Files.entries(in: path, where: { Self.matters($0, $1) })
        else { return }
        for (name, kind) in entries {
            let (inside, host) = (Files.join(inner, name), Files.join(path, name))
            if name.hasSuffix(".so") {
                libraries.append((root, inside, host))
            } else if name == PackagedWIT.fileName {
                configurations.append((root, inner, path))
            } else if kind == .directory || Files.isDirectory(host) {
                search(root, inside, host, depth - 1)
            }
        }
    }

    /// Whether an entry of a folder has to be looked at. The folders of a Python have tens of thousands.
    private static func matters(_ name: String, _ kind: FileKind) -> Bool {
        guard !name.hasPrefix("."), name != "__pycache__" else { return false }
        if name.hasSuffix(".so") || name == PackagedWIT.fileName { return true }
        return (kind == .directory || kind == .symbolicLink) && (!name.contains(".") || name.hasSuffix(".libs"))
    }
}
