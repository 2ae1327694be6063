// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

/// A failed system call, by its error number.
package struct SystemError: Error, Hashable, CustomStringConvertible {
    /// The positive `errno`.
    package let number: CInt

    /// An error with this `errno`.
    package init(number: CInt) { self.number = number }

    /// The system's sentence for the number.
    package var description: String {
        var buffer = [CChar](repeating: 0, count: 256)
        dovetail_sys_error_text(number, &buffer, buffer.count)
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.isEmpty ? "error \(number)" : text
    }

    /// Returns a count unchanged, or throws the error that a negative one stands for.
    @discardableResult
    package static func check(_ result: Int64) throws(SystemError) -> Int {
        guard result >= 0 else { throw SystemError(number: CInt(truncatingIfNeeded: 0 &- result)) }
        return Int(result)
    }

    /// Returns a descriptor or flag unchanged, or throws the error that a negative one stands for.
    @discardableResult
    package static func check(_ result: CInt) throws(SystemError) -> CInt {
        guard result >= 0 else { throw SystemError(number: 0 &- result) }
        return result
    }
}

// The error numbers that files and pipes need, under POSIX's meanings.
extension SystemError {
    /// An error with a number as C has it.
    package init(_ number: Int) { self.init(number: CInt(truncatingIfNeeded: number)) }

    /// EAGAIN
    package static let tryAgain = SystemError(DOVETAIL_EAGAIN)
    /// EEXIST
    package static let exists = SystemError(DOVETAIL_EEXIST)
    /// EILSEQ
    package static let illegalByteSequence = SystemError(DOVETAIL_EILSEQ)
    /// EIO
    package static let inputOutput = SystemError(DOVETAIL_EIO)
    /// ENOMEM
    package static let outOfMemory = SystemError(DOVETAIL_ENOMEM)
    /// ENOTDIR
    package static let notDirectory = SystemError(DOVETAIL_ENOTDIR)
    /// EPIPE
    package static let brokenPipe = SystemError(DOVETAIL_EPIPE)
    /// EWOULDBLOCK
    package static let wouldBlock = SystemError(DOVETAIL_EWOULDBLOCK)

    /// True when the operation would have had to wait.
    package var isWouldBlock: Bool { self == .tryAgain || self == .wouldBlock }
}
