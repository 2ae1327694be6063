// SPDX-License-Identifier: Apache-2.0

/// Wrong usage that only the command itself can see, thrown from `validate()`, `run()` or a `transform`.
package struct ValidationError: Error, CustomStringConvertible {
    /// The sentence to show: lower case, no final period.
    package let message: String
    /// An error that says `message`.
    package init(_ message: String) { self.message = message }
    /// The sentence to show.
    package var description: String { message }
}

/// The process's exit code; thrown, it ends the command without a word.
package struct ExitCode: Error, RawRepresentable, Hashable, Sendable {
    /// The number that the shell sees.
    package let rawValue: Int32
    /// The code with this number.
    package init(rawValue: Int32) { self.rawValue = rawValue }
    /// The code with this number.
    package init(_ code: Int32) { self.rawValue = code }

    /// Done: 0.
    package static let success = ExitCode(0)
    /// The command, its guest or its check failed: 1.
    package static let failure = ExitCode(1)
    /// The command line is wrong: 2.
    package static let validationFailure = ExitCode(2)
    /// Whether the code says that all went well.
    package var isSuccess: Bool { self == .success }
}

/// An end that is no failure: something is printed on stdout and the exit code is 0.
package enum CleanExit: Error {
    /// Print the help of the command (of the one that threw it, when `nil`).
    case helpRequest((any ParsableCommand.Type)? = nil)
    /// Print a message.
    case message(String)
}

/// An error with the commands that led to it, outermost first, so that usage can be shown for the right one.
struct CommandFailure: Error {
    let path: [any ParsableCommand.Type]
    let error: any Error
}
