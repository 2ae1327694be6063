// SPDX-License-Identifier: Apache-2.0

/// Why something cannot be done with a file: the `error-code` of `wasi:filesystem/types`.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number of the case.
    public let code: UInt8

    /// The error with this number.
    public init(code: UInt8) { self.code = code }

    /// No permission, or the host has given nothing for the path.
    public static let access = FileError(code: 0)
    /// It exists already.
    public static let exist = FileError(code: 7)
    /// It is a directory.
    public static let isDirectory = FileError(code: 14)
    /// There is no such file.
    public static let noEntry = FileError(code: 20)
    /// It is not a directory.
    public static let notDirectory = FileError(code: 24)
    /// The directory is not empty.
    public static let notEmpty = FileError(code: 25)

    /// The name of the case.
    public var description: String {
        let names: [StaticString] = [
            "access", "would-block", "already", "bad-descriptor", "busy", "deadlock", "quota", "exist",
            "file-too-large",
            "illegal-byte-sequence", "in-progress", "interrupted", "invalid", "io", "is-directory", "loop",
            "too-many-links", "message-size", "name-too-long", "no-device", "no-entry", "no-lock",
            "insufficient-memory",
            "insufficient-space", "not-directory", "not-empty", "not-recoverable", "unsupported", "no-tty",
            "no-such-device", "overflow", "not-permitted", "pipe", "read-only", "invalid-seek", "text-file-busy",
            "cross-device",
        ]
        return Int(code) < names.count ? "\(names[Int(code)])" : "error \(code)"
    }
}
