// SPDX-License-Identifier: Apache-2.0

/// Why a component cannot be made of a Python program.
package struct PythonError: Error, Sendable {
    /// The kinds of errors.
    package struct Code: Hashable, Sendable {
        private enum Kind { case fetch, carrier, cache, world, link, compile, usage, app }
        private let kind: Kind

        /// CPython cannot be downloaded.
        package static let fetch = Code(kind: .fetch)
        /// The file that CPython is taken from is not the one that is expected.
        package static let carrier = Code(kind: .carrier)
        /// The cache cannot be read or written.
        package static let cache = Code(kind: .cache)
        /// The world has something that components in Python cannot have.
        package static let world = Code(kind: .world)
        /// The libraries of the component cannot be linked.
        package static let link = Code(kind: .link)
        /// The standard library cannot be compiled.
        package static let compile = Code(kind: .compile)
        /// What was asked for cannot be.
        package static let usage = Code(kind: .usage)
        /// The app cannot be imported, or does not fit the world.
        package static let app = Code(kind: .app)
    }

    /// The kind of the error.
    package var code: Code
    /// What is wrong, in words.
    package var message: String
    /// The file that is meant.
    package var path: String?
    /// The error that led to this one.
    package var cause: (any Error)?

    init(_ code: Code, _ message: String, path: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.path = path
        self.cause = cause
    }
}

extension PythonError: CustomStringConvertible {
    /// The message and the cause.
    package var description: String { cause.map { "\(message): \($0)" } ?? message }
}
