// SPDX-License-Identifier: Apache-2.0

/// Why no bindings can be generated.
package struct BindgenError: Error, Sendable, CustomStringConvertible {
    /// The class of a ``BindgenError``.
    package struct Code: Hashable, Sendable {
        private enum Kind: Hashable { case unknownWorld, ambiguousWorld, notRepresentable, badOption, input }
        private let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        /// There is no world of that name.
        package static let unknownWorld = Code(.unknownWorld)
        /// A world has to be named.
        package static let ambiguousWorld = Code(.ambiguousWorld)
        /// A type cannot be written in Swift.
        package static let notRepresentable = Code(.notRepresentable)
        /// An option's value makes no sense.
        package static let badOption = Code(.badOption)
        /// The input cannot be read.
        package static let input = Code(.input)
    }

    /// The class of the error.
    package let code: Code
    /// What is wrong and what to do.
    package let message: String
    /// The world, type or option.
    package let `where`: String?
    /// What is behind it.
    package let cause: (any Error)?

    package init(code: Code, message: String, where: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.where = `where`
        self.cause = cause
    }

    /// The message.
    package var description: String { message }
}
