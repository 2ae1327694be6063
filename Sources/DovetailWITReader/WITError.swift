// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// A WIT text that cannot be used, with everything that is wrong with it.
public struct WITError: Error, Sendable {
    /// The kind of failure.
    public struct Code: Hashable, Sendable {
        private enum Kind: Hashable { case syntax, resolution, loading, incompatible, encoding }
        private let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        /// The text is no WIT.
        public static let syntax = Code(.syntax)
        /// The text is WIT, but names, types or gates do not fit.
        public static let resolution = Code(.resolution)
        /// A file or folder cannot be read.
        public static let loading = Code(.loading)
        /// Packages or worlds that are right by themselves do not fit each other.
        public static let incompatible = Code(.incompatible)
        /// The WIT is right, but components cannot express it.
        public static let encoding = Code(.encoding)
    }

    private struct Content {
        let code: Code
        var diagnostics: [Diagnostic]
        var omitted: Int
        let sources: SourceMap
        var cause: (any Error)?
    }

    @Boxed private var content: Content

    package init(
        code: Code, diagnostics: [Diagnostic], omitted: Int = 0, sources: SourceMap, cause: (any Error)? = nil
    ) {
        content = Content(
            code: code, diagnostics: diagnostics, omitted: omitted, sources: sources, cause: cause)
    }

    /// The kind of failure.
    public var code: Code { content.code }
    /// What was found, the first thing first, up to a limit.
    public var diagnostics: [Diagnostic] { content.diagnostics }
    /// How many errors were found beyond ``diagnostics``.
    public var omitted: Int { content.omitted }
    /// The texts that the diagnostics point into.
    public var sources: SourceMap { content.sources }
    /// The system's error, when a file could not be read.
    public var cause: (any Error)? { content.cause }

    /// The message of the first error.
    public var message: String { diagnostics.first?.message ?? "unknown error" }
    /// The places of all errors.
    public var `where`: [SourceSpan] { diagnostics.compactMap(\.span) }
}

extension WITError: CustomStringConvertible {
    /// All diagnostics with their places and carets, and how many more errors there are.
    public var description: String {
        let text = diagnostics.map { $0.rendered(in: sources) }.joined(separator: "\n")
        return omitted == 0 ? text : text + "\nand \(omitted) more error\(omitted == 1 ? "" : "s")"
    }
}
