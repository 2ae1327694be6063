// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem
import DovetailFiles

extension ThisProcess {
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
}
