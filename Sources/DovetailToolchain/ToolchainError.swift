// SPDX-License-Identifier: Apache-2.0

/// Why a component in Swift cannot be built.
package struct ToolchainError: Error, Sendable, CustomStringConvertible {
    /// The class of a ``ToolchainError``.
    package struct Code: Hashable, Sendable {
        private enum Kind { case toolchain, input, compilation, linking, timeLimit, files }
        private let kind: Kind

        /// There is no toolchain, or it lacks a part.
        package static let toolchain = Code(kind: .toolchain)
        /// The sources are not what they have to be.
        package static let input = Code(kind: .input)
        /// The compiler refuses the sources.
        package static let compilation = Code(kind: .compilation)
        /// A symbol is not defined, or defined twice.
        package static let linking = Code(kind: .linking)
        /// A tool ran longer than it may.
        package static let timeLimit = Code(kind: .timeLimit)
        /// A file cannot be read or written.
        package static let files = Code(kind: .files)
    }

    /// The class of the error.
    package let code: Code
    /// What is wrong and what to do; for code that does not compile, what the compiler says.
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    package var description: String { message }
}
