// SPDX-License-Identifier: Apache-2.0

/// A command line that cannot be understood.
package struct ArgumentError: Error, CustomStringConvertible {
    /// What kind of mistake it is.
    package struct Code: Hashable, Sendable {
        private enum Kind: Hashable, Sendable {
            case unknownOption, unknownCommand, unexpectedArgument, missingArgument, missingValue, unexpectedValue
            case invalidValue, exclusiveFlags, encoding
        }

        private let kind: Kind

        /// An option that the command does not have.
        package static let unknownOption = Code(kind: .unknownOption)
        /// A subcommand that does not exist.
        package static let unknownCommand = Code(kind: .unknownCommand)
        /// One word too many.
        package static let unexpectedArgument = Code(kind: .unexpectedArgument)
        /// An argument that must be given was not.
        package static let missingArgument = Code(kind: .missingArgument)
        /// An option without its value.
        package static let missingValue = Code(kind: .missingValue)
        /// A flag with a value.
        package static let unexpectedValue = Code(kind: .unexpectedValue)
        /// A word that does not stand for a value of its type.
        package static let invalidValue = Code(kind: .invalidValue)
        /// A word that is not UTF-8.
        package static let encoding = Code(kind: .encoding)
        /// Two flags that exclude each other.
        package static let exclusiveFlags = Code(kind: .exclusiveFlags)
    }

    /// What kind of mistake it is.
    package let code: Code
    /// The sentence to show.
    package let message: String
    /// The argument it is about, as help names it, where there is one.
    package let `where`: String?
    /// The error that a `transform` threw.
    package let cause: (any Error)?

    /// The sentence to show.
    package var description: String { message }
}
