// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// Why a file operation failed: the codes that WASI's versions share, under POSIX's meanings.
public enum FileSystemErrorCode: UInt8, Error, CaseIterable, Sendable {
    case access, wouldBlock, already, badDescriptor, busy, deadlock, quota, exist, fileTooLarge, illegalByteSequence
    case inProgress, interrupted, invalid, io, isDirectory, loop, tooManyLinks, messageSize, nameTooLong, noDevice
    case noEntry, noLock, insufficientMemory, insufficientSpace, notDirectory, notEmpty, notRecoverable, unsupported
    case noTty, noSuchDevice, overflow, notPermitted, pipe, readOnly, invalidSeek, textFileBusy, crossDevice

    /// The code for a failed system call; `io` for numbers that WASI has no name for.
    init(_ error: SystemError) { self = Self.byError[error] ?? .io }

    private static let byError: [SystemError: FileSystemErrorCode] = Dictionary(
        [
            (.accessDenied, .access), (.tryAgain, .wouldBlock), (.wouldBlock, .wouldBlock),
            (.alreadyInProgress, .already), (.badDescriptor, .badDescriptor), (.busy, .busy), (.deadlock, .deadlock),
            (.quotaExceeded, .quota), (.exists, .exist), (.fileTooLarge, .fileTooLarge),
            (.illegalByteSequence, .illegalByteSequence), (.inProgress, .inProgress), (.interrupted, .interrupted),
            (.invalidArgument, .invalid), (.inputOutput, .io), (.isDirectory, .isDirectory),
            (.tooManyLinksFollowed, .loop), (.tooManyLinks, .tooManyLinks), (.messageTooLong, .messageSize),
            (.nameTooLong, .nameTooLong), (.noSuchDevice, .noDevice), (.noSuchFile, .noEntry), (.noLocks, .noLock),
            (.outOfMemory, .insufficientMemory), (.noSpace, .insufficientSpace), (.notDirectory, .notDirectory),
            (.notEmpty, .notEmpty), (.notRecoverable, .notRecoverable), (.notSupported, .unsupported),
            (.operationNotSupported, .unsupported), (.notImplemented, .unsupported), (.notTerminal, .noTty),
            (.noDeviceOrAddress, .noSuchDevice), (.overflow, .overflow), (.notPermitted, .notPermitted),
            (.brokenPipe, .pipe), (.readOnlyFileSystem, .readOnly), (.illegalSeek, .invalidSeek),
            (.textFileBusy, .textFileBusy), (.crossDevice, .crossDevice),
            // Running out of descriptors is a shortage of the host's memory as far as a guest can tell.
            (.tooManyOpenFiles, .insufficientMemory), (.tooManyOpenFilesInSystem, .insufficientMemory),
        ], uniquingKeysWith: { first, _ in first })

    /// Runs a system call; its failure is thrown as the code for it.
    static func checking<Success>(_ body: () throws(SystemError) -> Success) throws(FileSystemErrorCode) -> Success {
        do { return try body() } catch { throw FileSystemErrorCode(error) }
    }
}
