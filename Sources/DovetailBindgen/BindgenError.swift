// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

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

    private struct Content {
        let code: Code
        var message: String
        var place: String?
        var cause: (any Error)?
    }

    @Boxed private var content: Content

    package init(code: Code, message: String, where place: String? = nil, cause: (any Error)? = nil) {
        content = Content(code: code, message: message, place: place, cause: cause)
    }

    /// The class of the error.
    package var code: Code { content.code }
    /// What is wrong and what to do.
    package var message: String { content.message }
    /// The world, type or option.
    package var `where`: String? { content.place }
    /// What is behind it.
    package var cause: (any Error)? { content.cause }

    /// The message.
    package var description: String { message }
}
