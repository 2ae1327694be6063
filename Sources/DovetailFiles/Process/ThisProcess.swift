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

    /// All variables of the environment, in its order.
    package static var environment: [(name: String, value: String)] {
        var result: [(name: String, value: String)] = []
        var index = 0
        while let entry = dovetail_sys_variable_at(index) {
            let text = String(cString: entry)
            // An entry without `=` is no variable.
            if let equals = text.firstIndex(of: "=") {
                result.append((String(text[..<equals]), String(text[text.index(after: equals)...])))
            }
            index += 1
        }
        return result
    }

    /// All variables of the environment as the system has them, `NAME=VALUE` in bytes.
    package static var rawEnvironment: [[UInt8]] {
        var result: [[UInt8]] = []
        while let entry = dovetail_sys_variable_at(result.count) {
            var bytes: [UInt8] = []
            var next = entry
            while next.pointee != 0 {
                bytes.append(UInt8(bitPattern: next.pointee))
                next += 1
            }
            result.append(bytes)
        }
        return result
    }

    /// The memory it holds, in bytes; nil where the system does not tell.
    package static var residentBytes: Int? {
        let bytes = dovetail_sys_resident_bytes()
        return bytes < 0 ? nil : Int(bytes)
    }

    /// How many threads run side by side.
    package static var processors: Int { Int(dovetail_sys_processors()) }

    /// Lets a write past the limit on the size of files fail, as on a full disk, instead of ending the process.
    package static func reportFileSizeLimit() { dovetail_sys_report_file_size_limit() }

    /// Ends the process after what C's library has buffered was written.
    package static func exit(_ code: Int32) -> Never { dovetail_sys_exit(code) }
}
