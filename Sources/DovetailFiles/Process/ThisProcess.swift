// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

/// The process this code runs in.
package enum ThisProcess {
    /// Its number.
    package static var identifier: UInt32 { dovetail_sys_process_id() }

    /// The number of the user whose rights it has.
    package static var user: UInt32 { dovetail_sys_user_id() }

    /// The path of its executable, without symbolic links; nil where the system does not tell.
    package static var executable: String? { systemPath { dovetail_sys_executable_path($0, $1) } }

    /// A variable of the environment; nil where it is not set. What is not UTF-8 in it is replaced.
    package static func variable(_ name: String) -> String? {
        guard let value = dovetail_sys_variable(name) else { return nil }
        return String(cString: value)
    }

    /// Lets a write past the limit on the size of files fail, as on a full disk, instead of ending the process.
    package static func reportFileSizeLimit() { dovetail_sys_report_file_size_limit() }

    /// Ends the process after what C's library has buffered was written.
    package static func exit(_ code: Int32) -> Never { dovetail_sys_exit(code) }
}
