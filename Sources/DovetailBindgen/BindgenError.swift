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

    private final class Storage: Sendable {
        let code: Code
        let message: String
        let place: String?
        let cause: (any Error)?

        init(_ code: Code, _ message: String, _ place: String?, _ cause: (any Error)?) {
            self.code = code
            self.message = message
            self.place = place
            self.cause = cause
        }
    }

    // One reference, so that what can throw the error is compiled to little code.
    private let storage: Storage

    package init(code: Code, message: String, where place: String? = nil, cause: (any Error)? = nil) {
        storage = Storage(code, message, place, cause)
    }

    /// The class of the error.
    package var code: Code { storage.code }
    /// What is wrong and what to do.
    package var message: String { storage.message }
    /// The world, type or option.
    package var `where`: String? { storage.place }
    /// What is behind it.
    package var cause: (any Error)? { storage.cause }

    /// The message.
    package var description: String { message }
}
