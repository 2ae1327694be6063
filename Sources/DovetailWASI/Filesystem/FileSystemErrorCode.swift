// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a file operation tells the guest when it fails: `wasi:filesystem/types.error-code`.
public typealias FileSystemErrorCode = WASI02.FilesystemTypes.ErrorCode

extension FileSystemErrorCode {
    /// The code for a failed system call; `io` for numbers that WASI has no name for.
    init(_ error: SystemError) {
        self = Self.byNumber[error.number] ?? .io
    }

    private static let byNumber: [CInt: FileSystemErrorCode] = Dictionary(
        [
            (EACCES, .access), (EAGAIN, .wouldBlock), (EWOULDBLOCK, .wouldBlock), (EALREADY, .already),
            (EBADF, .badDescriptor), (EBUSY, .busy), (EDEADLK, .deadlock), (EDQUOT, .quota), (EEXIST, .exist),
            (EFBIG, .fileTooLarge), (EILSEQ, .illegalByteSequence), (EINPROGRESS, .inProgress),
            (EINTR, .interrupted), (EINVAL, .invalid), (EIO, .io), (EISDIR, .isDirectory), (ELOOP, .loop),
            (EMLINK, .tooManyLinks), (EMSGSIZE, .messageSize), (ENAMETOOLONG, .nameTooLong), (ENODEV, .noDevice),
            (ENOENT, .noEntry), (ENOLCK, .noLock), (ENOMEM, .insufficientMemory), (ENOSPC, .insufficientSpace),
            (ENOTDIR, .notDirectory), (ENOTEMPTY, .notEmpty), (ENOTRECOVERABLE, .notRecoverable),
            (ENOTSUP, .unsupported), (EOPNOTSUPP, .unsupported), (ENOSYS, .unsupported), (ENOTTY, .noTty),
            (ENXIO, .noSuchDevice), (EOVERFLOW, .overflow), (EPERM, .notPermitted), (EPIPE, .pipe),
            (EROFS, .readOnly), (ESPIPE, .invalidSeek), (ETXTBSY, .textFileBusy), (EXDEV, .crossDevice),
            // Running out of descriptors is a shortage of the host's memory as far as a guest can tell.
            (EMFILE, .insufficientMemory), (ENFILE, .insufficientMemory),
        ], uniquingKeysWith: { first, _ in first })

    /// Hands on a count, or throws the code that a negative one stands for.
    @discardableResult
    static func check(_ result: Int64) throws(FileSystemErrorCode) -> Int {
        guard result >= 0 else { throw Self(SystemError(number: CInt(truncatingIfNeeded: 0 &- result))) }
        return Int(result)
    }

    /// Hands on a descriptor or flag, or throws the code that a negative one stands for.
    @discardableResult
    static func check(_ result: CInt) throws(FileSystemErrorCode) -> CInt {
        guard result >= 0 else { throw Self(SystemError(number: 0 &- result)) }
        return result
    }
}

/// The system's number for `nameTooLong`.
let errnoNameTooLong: CInt = ENAMETOOLONG
/// The system's number for `io`.
let errnoInputOutput: CInt = EIO
