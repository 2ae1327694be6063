// SPDX-License-Identifier: Apache-2.0

/// Why there is no snapshot of a component.
package struct SnapshotError: Error, Sendable, CustomStringConvertible {
    /// The kinds of errors.
    package struct Code: Hashable, Sendable {
        private enum Kind { case unsupported, handles, failed }
        private let kind: Kind

        /// The component is made in a way that a snapshot cannot keep.
        package static let unsupported = Code(kind: .unsupported)
        /// The component still has handles.
        package static let handles = Code(kind: .handles)
        /// The initialisation said that it failed.
        package static let failed = Code(kind: .failed)
    }

    /// The kind of the error.
    package let code: Code
    /// What is wrong, in words.
    package let message: String
    /// The error that led to this one.
    package let cause: (any Error)?

    init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message and the cause.
    package var description: String { cause.map { "\(message): \($0)" } ?? message }
}
