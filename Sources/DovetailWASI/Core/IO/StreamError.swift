// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// How a stream operation fails: `wasi:io/streams.stream-error`.
public enum StreamError: Error {
    /// The stream has ended; nothing more will ever be read or written.
    case closed
    /// The last operation failed and the stream is closed.
    case lastOperationFailed(IOFailure)
}

/// What went wrong with a stream: the representation of the resource `wasi:io/error.error`.
public final class IOFailure: Sendable, CustomStringConvertible {
    /// The text `to-debug-string` gives to the guest.
    public let description: String
    /// What `filesystem-error-code` gives, where the failure comes from a file.
    public let fileSystemCode: FileSystemErrorCode?
    /// What `network-error-code` gives, where the failure comes from a socket.
    public let socketCode: SocketErrorCode?
    /// The error of a room above this one, which finds out by its type what it is.
    package let cause: (any Error)?

    /// Makes a failure with the text the guest may see.
    public init(
        _ description: String, fileSystemCode: FileSystemErrorCode? = nil, socketCode: SocketErrorCode? = nil
    ) {
        self.description = description
        self.fileSystemCode = fileSystemCode
        self.socketCode = socketCode
        cause = nil
    }

    /// Makes a failure out of an error, whose description the guest may see.
    package init(_ cause: some Error) {
        description = "\(cause)"
        fileSystemCode = nil
        socketCode = nil
        self.cause = cause
    }
}

extension StreamError {
    /// Does something of the system's; what fails comes out as the stream's answer.
    static func checking<Success>(_ body: () throws(SystemError) -> Success) throws(StreamError) -> Success {
        do { return try body() } catch { throw StreamError(error) }
    }

    /// The stream's answer to a failed system call.
    init(_ error: SystemError) {
        // Nobody reads the other end.
        if error == .brokenPipe {
            self = .closed
        } else {
            self = .lastOperationFailed(
                IOFailure(error.description, fileSystemCode: FileSystemErrorCode(error)))
        }
    }
}
