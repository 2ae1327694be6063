// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem
import DovetailFiles

// The other error numbers under POSIX's meanings.
extension SystemError {
    /// EACCES
    package static let accessDenied = SystemError(DOVETAIL_EACCES)
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
    /// EFBIG
    package static let fileTooLarge = SystemError(DOVETAIL_EFBIG)
    /// EINPROGRESS
    package static let inProgress = SystemError(DOVETAIL_EINPROGRESS)
    /// EINTR
    package static let interrupted = SystemError(DOVETAIL_EINTR)
    /// EINVAL
    package static let invalidArgument = SystemError(DOVETAIL_EINVAL)
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
    /// ENOSPC
    package static let noSpace = SystemError(DOVETAIL_ENOSPC)
    /// ENOSYS
    package static let notImplemented = SystemError(DOVETAIL_ENOSYS)
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
    /// EROFS
    package static let readOnlyFileSystem = SystemError(DOVETAIL_EROFS)
    /// ESPIPE
    package static let illegalSeek = SystemError(DOVETAIL_ESPIPE)
    /// ETXTBSY
    package static let textFileBusy = SystemError(DOVETAIL_ETXTBSY)
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
}
