// SPDX-License-Identifier: Apache-2.0

/// Something to tell about a text: what is wrong, where, and what to do.
public struct Diagnostic: Hashable, Sendable {
    /// How bad it is.
    public enum Severity: String, Hashable, Sendable {
        case note, warning, error
    }

    /// A second place that matters, such as the other end of a duplicate.
    public struct Note: Hashable, Sendable {
        /// Where, if anywhere.
        public var span: SourceSpan?
        /// What is to be seen there.
        public var message: String

        /// Makes a note.
        public init(_ message: String, at span: SourceSpan? = nil) {
            self.span = span
            self.message = message
        }
    }

    /// How bad it is.
    public let severity: Severity
    /// What is wrong: lower case, no final period.
    public var message: String
    /// Where.
    public var span: SourceSpan?
    /// What stands behind the caret, such as `did you mean …?`.
    public var label: String?
    /// Further places.
    public let notes: [Note]

    /// Makes a diagnostic.
    public init(
        _ message: String, severity: Severity = .error, at span: SourceSpan? = nil, label: String? = nil,
        notes: [Note] = []
    ) {
        self.severity = severity
        self.message = message
        self.span = span
        self.label = label
        self.notes = notes
    }
}

/// Collects diagnostics, so that one run reports everything that is wrong.
public struct DiagnosticCollector: Sendable {
    /// What was found, in the order of finding, without repetitions.
    public private(set) var diagnostics: [Diagnostic] = []
    /// After this many diagnostics further errors are only counted: hostile input cannot fill the memory.
    public let limit: Int
    /// How many errors were left out.
    public private(set) var omitted = 0
    /// How many errors were reported, repetitions and those left out included.
    public private(set) var errorCount = 0
    private var seen: Set<Diagnostic> = []

    /// Makes an empty collector.
    public init(limit: Int = 100) {
        self.limit = limit
    }

    /// Whether there was an error.
    public var hasErrors: Bool { errorCount > 0 }

    /// Adds an error, unless the very same one is there.
    ///
    /// Once the collector is full, the diagnostic is not evaluated: its suggestions may be costly.
    public mutating func add(_ diagnostic: @autoclosure () -> Diagnostic) {
        errorCount += 1
        guard diagnostics.count < limit else {
            omitted += 1
            return
        }
        let diagnostic = diagnostic()
        if seen.insert(diagnostic).inserted { diagnostics.append(diagnostic) }
    }
}
