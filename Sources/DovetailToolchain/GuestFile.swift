// SPDX-License-Identifier: Apache-2.0

import CDovetailGuest

/// A file from inside the executable.
package struct GuestFile: Sendable {
    /// Its path, as `C/allocator.c`.
    package let path: String
    /// What is in it.
    package let bytes: [UInt8]

    /// Its name without the folder and what is behind the dot.
    package var stem: String {
        let name = path.split(separator: "/").last ?? ""
        return String(name.prefix { $0 != "." })
    }

    /// The files in one folder: `C`, `Concurrency` and `Swift` hold the runtime of components in Swift, `WIT` the interfaces of WASI.
    package static func all(in folder: String) -> [GuestFile] {
        UnsafeBufferPointer(start: dovetail_guest_files(), count: dovetail_guest_file_count()).compactMap { file in
            let path = String(cString: file.path)
            guard path.hasPrefix(folder + "/") else { return nil }
            return GuestFile(path: path, bytes: [UInt8](UnsafeBufferPointer(start: file.bytes, count: file.count)))
        }
    }
}
