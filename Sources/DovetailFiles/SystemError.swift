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

// The error numbers under POSIX's meanings.
extension SystemError {
    private init(_ number: Int) { self.init(number: CInt(truncatingIfNeeded: number)) }

    /// EACCES
    package static let accessDenied = SystemError(DOVETAIL_EACCES)
    /// EAGAIN
    package static let tryAgain = SystemError(DOVETAIL_EAGAIN)
    /// EALREADY
    package static let alreadyInProgress = SystemError(DOVETAIL_EALREADY)
    /// EBADF
    package static let badDescriptor = SystemError(DOVETAIL_EBADF)
    /// EBUSY
    package static let busy = SystemError(DOVETAIL_EBUSY)
    /// EDEADLK
    package static let deadlock = SystemError(DOVETAIL_EDEADLK)
    /// EDQUOT
    package static let quotaExceeded = SystemError(DOVETAIL_EDQUOT)
    /// EEXIST
    package static let exists = SystemError(DOVETAIL_EEXIST)
    /// EFBIG
    package static let fileTooLarge = SystemError(DOVETAIL_EFBIG)
    /// EILSEQ
    package static let illegalByteSequence = SystemError(DOVETAIL_EILSEQ)
    /// EINPROGRESS
    package static let inProgress = SystemError(DOVETAIL_EINPROGRESS)
    /// EINTR
    package static let interrupted = SystemError(DOVETAIL_EINTR)
    /// EINVAL
    package static let invalidArgument = SystemError(DOVETAIL_EINVAL)
    /// EIO
    package static let inputOutput = SystemError(DOVETAIL_EIO)
    /// EISDIR
    package static let isDirectory = SystemError(DOVETAIL_EISDIR)
    /// ELOOP
    package static let tooManyLinksFollowed = SystemError(DOVETAIL_ELOOP)
    /// EMFILE
    package static let tooManyOpenFiles = SystemError(DOVETAIL_EMFILE)
    /// EMLINK
    package static let tooManyLinks = SystemError(DOVETAIL_EMLINK)
    /// EMSGSIZE
    package static let messageTooLong = SystemError(DOVETAIL_EMSGSIZE)
    /// ENAMETOOLONG
    package static let nameTooLong = SystemError(DOVETAIL_ENAMETOOLONG)
    /// ENFILE
    package static let tooManyOpenFilesInSystem = SystemError(DOVETAIL_ENFILE)
    /// ENODEV
    package static let noSuchDevice = SystemError(DOVETAIL_ENODEV)
    /// ENOENT
    package static let noSuchFile = SystemError(DOVETAIL_ENOENT)
    /// ENOLCK
    package static let noLocks = SystemError(DOVETAIL_ENOLCK)
    /// ENOMEM
    package static let outOfMemory = SystemError(DOVETAIL_ENOMEM)
    /// ENOSPC
    package static let noSpace = SystemError(DOVETAIL_ENOSPC)
    /// ENOSYS
    package static let notImplemented = SystemError(DOVETAIL_ENOSYS)
    /// ENOTDIR
    package static let notDirectory = SystemError(DOVETAIL_ENOTDIR)
    /// ENOTEMPTY
    package static let notEmpty = SystemError(DOVETAIL_ENOTEMPTY)
    /// ENOTRECOVERABLE
    package static let notRecoverable = SystemError(DOVETAIL_ENOTRECOVERABLE)
    /// ENOTSUP
    package static let notSupported = SystemError(DOVETAIL_ENOTSUP)
    /// ENOTTY
    package static let notTerminal = SystemError(DOVETAIL_ENOTTY)
    /// ENXIO
    package static let noDeviceOrAddress = SystemError(DOVETAIL_ENXIO)
    /// EOPNOTSUPP
    package static let operationNotSupported = SystemError(DOVETAIL_EOPNOTSUPP)
    /// EOVERFLOW
    package static let overflow = SystemError(DOVETAIL_EOVERFLOW)
    /// EPERM
    package static let notPermitted = SystemError(DOVETAIL_EPERM)
    /// EPIPE
    package static let brokenPipe = SystemError(DOVETAIL_EPIPE)
    /// EROFS
    package static let readOnlyFileSystem = SystemError(DOVETAIL_EROFS)
    /// ESPIPE
    package static let illegalSeek = SystemError(DOVETAIL_ESPIPE)
    /// ETXTBSY
    package static let textFileBusy = SystemError(DOVETAIL_ETXTBSY)
    /// EWOULDBLOCK
    package static let wouldBlock = SystemError(DOVETAIL_EWOULDBLOCK)
    /// EXDEV
    package static let crossDevice = SystemError(DOVETAIL_EXDEV)

    /// EADDRINUSE
    package static let addressInUse = SystemError(DOVETAIL_EADDRINUSE)
    /// EADDRNOTAVAIL
    package static let addressNotAvailable = SystemError(DOVETAIL_EADDRNOTAVAIL)
    /// EAFNOSUPPORT
    package static let addressFamilyNotSupported = SystemError(DOVETAIL_EAFNOSUPPORT)
    /// ECONNABORTED
    package static let connectionAborted = SystemError(DOVETAIL_ECONNABORTED)
    /// ECONNREFUSED
    package static let connectionRefused = SystemError(DOVETAIL_ECONNREFUSED)
    /// ECONNRESET
    package static let connectionReset = SystemError(DOVETAIL_ECONNRESET)
    /// EDESTADDRREQ
    package static let destinationAddressRequired = SystemError(DOVETAIL_EDESTADDRREQ)
    /// EHOSTUNREACH
    package static let hostUnreachable = SystemError(DOVETAIL_EHOSTUNREACH)
    /// EISCONN
    package static let alreadyConnected = SystemError(DOVETAIL_EISCONN)
    /// ENETDOWN
    package static let networkDown = SystemError(DOVETAIL_ENETDOWN)
    /// ENETRESET
    package static let networkReset = SystemError(DOVETAIL_ENETRESET)
    /// ENETUNREACH
    package static let networkUnreachable = SystemError(DOVETAIL_ENETUNREACH)
    /// ENOBUFS
    package static let noBufferSpace = SystemError(DOVETAIL_ENOBUFS)
    /// ENOPROTOOPT
    package static let optionNotSupported = SystemError(DOVETAIL_ENOPROTOOPT)
    /// ENOTCONN
    package static let notConnected = SystemError(DOVETAIL_ENOTCONN)
    /// EPROTO
    package static let protocolError = SystemError(DOVETAIL_EPROTO)
    /// EPROTONOSUPPORT
    package static let protocolNotSupported = SystemError(DOVETAIL_EPROTONOSUPPORT)
    /// ETIMEDOUT
    package static let timedOut = SystemError(DOVETAIL_ETIMEDOUT)

    /// True when the operation would have had to wait.
    package var isWouldBlock: Bool { self == .tryAgain || self == .wouldBlock }
}
