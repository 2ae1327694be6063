// SPDX-License-Identifier: Apache-2.0

/// Why WASI could not be set up, or why a guest's call into it had to end in a trap.
///
/// Failures that WASI itself reports to the guest (a file that does not exist, a closed stream) are not errors here.
public struct WASIError: Error, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String { case configuration, misuse, limit, interrupted, timedOut, deadlock, system }
        private let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        /// The configuration cannot be carried out, for instance a folder to preopen that does not exist.
        public static let configuration = Code(.configuration)
        /// The guest broke a rule that WASI answers with a trap, for instance writing more than it was permitted to.
        public static let misuse = Code(.misuse)
        /// The guest asked for more than the host allows at once.
        public static let limit = Code(.limit)
        /// A wait was ended by the store's interrupt.
        public static let interrupted = Code(.interrupted)
        /// A wait was ended by the store's deadline.
        public static let timedOut = Code(.timedOut)
        /// A wait could never have ended.
        public static let deadlock = Code(.deadlock)
        /// The operating system refused something WASI cannot do without.
        public static let system = Code(.system)

        /// One line of text.
        public var description: String { kind.rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// What was expected, what was found and what to do.
    public let message: String
    /// The WASI function or the configuration's field it is about, where there is one.
    public let `where`: String?
    /// What lies beneath it.
    public let cause: (any Error)?

    package init(_ code: Code, _ message: String, where place: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.where = place
        self.cause = cause
    }

    /// One line of text.
    public var description: String {
        var text = message
        if let place = self.where { text = "`\(place)`: \(text)" }
        if let cause { text += ": \(cause)" }
        return text
    }
}
