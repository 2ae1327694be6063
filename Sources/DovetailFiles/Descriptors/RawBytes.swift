// SPDX-License-Identifier: Apache-2.0

extension Array where Element == UInt8 {
    /// As `withUnsafeBytes`, which does not keep the type of what `body` throws.
    package func withRawBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBufferPointer { (buffer) throws(Failure) in try body(UnsafeRawBufferPointer(buffer)) }
    }
}
