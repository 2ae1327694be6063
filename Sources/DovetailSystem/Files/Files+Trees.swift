// SPDX-License-Identifier: Apache-2.0

import DovetailFiles

extension Files {
    /// Removes a directory with everything in it; symbolic links are removed, not followed.
    package static func removeTree(_ path: String) throws(SystemError) {
        let here = OwnedDescriptor.workingDirectory
        // Directories come before what is in them.
        var directories = [path]
        var next = 0
        while next < directories.count {
            let directory = directories[next]
            next += 1
            for name in try names(in: directory) {
                let entry = join(directory, name)
                if status(entry, followingLinks: false)?.kind == .directory {
                    directories.append(entry)
                } else {
                    try here.unlink(entry)
                }
            }
        }
        for directory in directories.reversed() { try here.removeDirectory(directory) }
    }

    /// Renames a file or directory; a directory that is there already and not empty is no place for another.
    package static func rename(_ path: String, to newPath: String) throws(SystemError) {
        let here = OwnedDescriptor.workingDirectory
        try here.rename(path, to: here, newPath)
    }
}
