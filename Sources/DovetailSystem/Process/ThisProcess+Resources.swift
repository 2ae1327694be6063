// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem
import DovetailFiles

extension ThisProcess {
    /// The memory it holds, in bytes; nil where the system does not tell.
    package static var residentBytes: Int? {
        let bytes = dovetail_sys_resident_bytes()
        return bytes < 0 ? nil : Int(bytes)
    }

    /// How many threads run side by side.
    package static var processors: Int { Int(dovetail_sys_processors()) }
}
