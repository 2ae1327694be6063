// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem
import DovetailFiles

/// The system's cryptographically secure random numbers.
package enum SystemRandom {
    /// Gives `count` bytes.
    package static func bytes(_ count: Int) throws(SystemError) -> [UInt8] {
        var status: CInt = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            status = dovetail_sys_random(buffer.baseAddress, count)
            initialized = status < 0 ? 0 : count
        }
        try SystemError.check(status)
        return bytes
    }

    /// Gives one number.
    package static func number() throws(SystemError) -> UInt64 {
        var number: UInt64 = 0
        try SystemError.check(dovetail_sys_random(&number, MemoryLayout<UInt64>.size))
        return number
    }
}
