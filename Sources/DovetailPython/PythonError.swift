// SPDX-License-Identifier: Apache-2.0

/// Why Python cannot be had, a program in it cannot be made a component, or a value cannot pass between it and Swift.
public struct PythonError: Error, Sendable {
    /// The kinds of errors.
    public struct Code: Hashable, Sendable {
        private enum Kind { case fetch, carrier, cache, world, link, compile, usage, app, value, toolchain, packages }
        private let kind: Kind

        /// CPython cannot be downloaded.
        public static let fetch = Code(kind: .fetch)
        /// The file that CPython is taken from is not the one that is expected.
        public static let carrier = Code(kind: .carrier)
        /// The cache cannot be read or written.
        public static let cache = Code(kind: .cache)
        /// The world has something that components in Python cannot have.
        public static let world = Code(kind: .world)
        /// The libraries of the component cannot be linked.
        public static let link = Code(kind: .link)
        /// The standard library cannot be compiled.
        public static let compile = Code(kind: .compile)
        /// What was asked for cannot be.
        public static let usage = Code(kind: .usage)
        /// What builds native packages is missing.
        public static let toolchain = Code(kind: .toolchain)
        /// Packages cannot be chosen, or built.
        public static let packages = Code(kind: .packages)
        /// The app cannot be imported, or does not fit the world.
        public static let app = Code(kind: .app)
        /// A value cannot pass between Swift and Python; ``PythonError/cause`` is an `ABIError`.
        public static let value = Code(kind: .value)
    }

    /// The kind of the error.
    public var code: Code
    /// What is wrong, in words.
    public var message: String
    /// The file that is meant.
    public var path: String?
    /// The error that led to this one.
    public var cause: (any Error)?

    init(_ code: Code, _ message: String, path: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.path = path
        self.cause = cause
    }
}

extension PythonError: CustomStringConvertible {
    /// The message and the cause.
    public var description: String { cause.map { "\(message): \($0)" } ?? message }
}
