// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

/// An open file of the operating system, closed when the last reference to it goes.
package final class OwnedDescriptor: Sendable {
    /// The number the system knows it by; valid as long as this object lives.
    package let number: CInt
    private let closes: Bool

    /// Takes over `number`; with `closes: false` it is only borrowed, as standard input is.
    package init(_ number: CInt, closes: Bool = true) {
        self.number = number
        self.closes = closes
    }

    deinit {
        if closes { _ = dovetail_sys_close(number) }
    }

    /// The working directory: paths below it are those of the process, relative or absolute.
    package static let workingDirectory = OwnedDescriptor(CInt(DOVETAIL_WORKING_DIRECTORY), closes: false)

    /// How a file is opened. It is never inherited by other programs.
    package struct OpenFlags: OptionSet, Sendable {
        package let rawValue: CInt
        package init(rawValue: CInt) { self.rawValue = rawValue }
        private init(_ flag: Int) { self.init(rawValue: CInt(truncatingIfNeeded: flag)) }

        /// Open for reading.
        package static let read = OpenFlags(DOVETAIL_OPEN_READ)
        /// Open for writing.
        package static let write = OpenFlags(DOVETAIL_OPEN_WRITE)
        /// Create the file if it does not exist.
        package static let create = OpenFlags(DOVETAIL_OPEN_CREATE)
        /// With ``create``: fail if the file exists.
        package static let exclusive = OpenFlags(DOVETAIL_OPEN_EXCLUSIVE)
        /// Cut the file to length 0.
        package static let truncate = OpenFlags(DOVETAIL_OPEN_TRUNCATE)
        /// Fail unless it is a directory.
        package static let directory = OpenFlags(DOVETAIL_OPEN_DIRECTORY)
        /// Fail if the last component is a symbolic link.
        package static let noFollow = OpenFlags(DOVETAIL_OPEN_NOFOLLOW)
        /// Only a place to resolve further paths from; neither read nor written.
        package static let path = OpenFlags(DOVETAIL_OPEN_PATH)
        /// Do not wait for the other end of a pipe.
        package static let nonBlocking = OpenFlags(DOVETAIL_OPEN_NONBLOCK)
    }

    /// Opens the file that `path` names, seen from this directory.
    package func open(
        _ path: String, _ flags: OpenFlags, permissions: UInt32 = 0o666
    ) throws(SystemError) -> OwnedDescriptor {
        OwnedDescriptor(try SystemError.check(dovetail_sys_openat(number, path, flags.rawValue, permissions)))
    }

    /// What `fstat` tells about the file.
    package func status() throws(SystemError) -> FileStatus {
        var status = dovetail_sys_stat()
        try SystemError.check(dovetail_sys_fstat(number, &status))
        return FileStatus(status)
    }

    /// Whether it is a terminal.
    package var isTerminal: Bool { dovetail_sys_is_terminal(number) != 0 }

    /// The columns of the terminal, nil where it is none.
    package var terminalColumns: Int? {
        let columns = dovetail_sys_terminal_columns(number)
        return columns > 0 ? Int(columns) : nil
    }
}
