// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem
import DovetailFiles

// More operations on the entries of a directory. A symbolic link in last place is not followed.
extension OwnedDescriptor {
    /// Opens the file that `path` names while the kernel keeps the path below this directory.
    ///
    /// - Throws: ``SystemError/notImplemented`` where the system cannot do that.
    package func openBeneath(_ path: String, _ flags: OpenFlags) throws(SystemError) -> OwnedDescriptor {
        OwnedDescriptor(try SystemError.check(dovetail_sys_openat_beneath(number, path, flags.rawValue)))
    }

    /// Sets an entry's times of last access and of last modification.
    package func setTimes(
        of path: String, accessed: FileTimeChange, modified: FileTimeChange
    ) throws(SystemError) {
        try SystemError.check(dovetail_sys_set_times_at(number, path, accessed.raw, modified.raw))
    }

    /// Removes an empty directory.
    package func removeDirectory(_ path: String) throws(SystemError) {
        try SystemError.check(dovetail_sys_rmdirat(number, path))
    }

    /// Creates a hard link: another name for the same file.
    package func link(_ path: String, to directory: OwnedDescriptor, _ newPath: String) throws(SystemError) {
        try SystemError.check(dovetail_sys_linkat(number, path, directory.number, newPath))
    }

    /// Creates a symbolic link.
    package func symlink(_ target: String, at path: String) throws(SystemError) {
        try SystemError.check(dovetail_sys_symlinkat(target, number, path))
    }

    /// The target of a symbolic link, cut at `limit` bytes.
    package func readLink(_ path: String, limit: Int = 4096) throws(SystemError) -> [UInt8] {
        var length: Int64 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            length = buffer.withMemoryRebound(to: CChar.self) {
                dovetail_sys_readlinkat(number, path, $0.baseAddress, limit)
            }
            count = Int(max(0, length))
        }
        try SystemError.check(length)
        return bytes
    }
}
