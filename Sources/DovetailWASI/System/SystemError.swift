// SPDX-License-Identifier: Apache-2.0
import CDovetailSystem

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A failed system call, by its error number.
struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The positive `errno`.
    let number: CInt

    /// The system's sentence for the number.
    var description: String {
        var buffer = [CChar](repeating: 0, count: 256)
        _ = strerror_r(number, &buffer, buffer.count)
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.isEmpty ? "error \(number)" : text
    }

    /// True when the operation would have had to wait.
    var isWouldBlock: Bool { number == EAGAIN || number == EWOULDBLOCK }
    /// True when nobody reads the other end.
    var isBrokenPipe: Bool { number == EPIPE }
    /// True when the system does not offer the operation.
    var isNotImplemented: Bool { number == ENOSYS || number == EPERM || number == EINVAL }
    /// True when a symbolic link stood where none may be followed.
    var isLinkInTheWay: Bool { number == ELOOP || number == ENOTDIR }

    /// Hands on a count, or throws what a negative one stands for.
    @discardableResult
    static func check(_ result: Int64) throws(SystemError) -> Int {
        guard result >= 0 else { throw SystemError(number: CInt(truncatingIfNeeded: 0 &- result)) }
        return Int(result)
    }

    /// Hands on a descriptor or flag, or throws what a negative one stands for.
    @discardableResult
    static func check(_ result: CInt) throws(SystemError) -> CInt {
        guard result >= 0 else { throw SystemError(number: 0 &- result) }
        return result
    }
}
