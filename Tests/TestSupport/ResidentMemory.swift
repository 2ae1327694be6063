// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How much memory a process holds.
package enum ResidentMemory {
    /// The resident bytes of a process by its number, or of this one as `self`; `nil` where there is no `/proc`.
    package static func bytes(ofProcess name: String) -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/\(name)/statm", encoding: .utf8) else { return nil }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
