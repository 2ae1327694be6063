// SPDX-License-Identifier: Apache-2.0

import DovetailFiles

extension ArraySlice where Element == UInt8 {
    /// As `withUnsafeBytes`, which does not keep the type of what `body` throws.
    package func withRawBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBufferPointer { (buffer) throws(Failure) in try body(UnsafeRawBufferPointer(buffer)) }
    }
}

extension UnsafeRawBufferPointer {
    /// Passes the bytes to `write`, which says how many it took, until all are taken or it would have to wait; how many that were.
    package func pass(
        to write: (UnsafeRawBufferPointer) throws(SystemError) -> Int
    ) throws(SystemError) -> Int {
        var taken = 0
        while taken < count {
            do throws(SystemError) {
                taken += try write(UnsafeRawBufferPointer(rebasing: self[taken...]))
            } catch {
                guard error.isWouldBlock else { throw error }
                break
            }
        }
        return taken
    }
}
