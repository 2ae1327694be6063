// SPDX-License-Identifier: Apache-2.0

/// What the help says of an argument. A string literal is the abstract.
package struct ArgumentHelp: ExpressibleByStringInterpolation, Sendable {
    /// One sentence, shown beside the argument.
    package var abstract: String
    /// More, shown below the abstract.
    package var discussion: String
    /// The name of the value in angle brackets, for example `seconds` for `<seconds>`; derived from the property when `nil`.
    package var valueName: String?
    /// Where the argument is shown.
    package var visibility: ArgumentVisibility

    /// Help made of its parts.
    package init(
        _ abstract: String = "", discussion: String = "", valueName: String? = nil,
        visibility: ArgumentVisibility = .default
    ) {
        self.abstract = abstract
        self.discussion = discussion
        self.valueName = valueName
        self.visibility = visibility
    }

    /// Help that is one sentence.
    package init(stringLiteral value: String) { self.init(value) }

    /// Leaves the argument out of help and completions.
    package static var hidden: ArgumentHelp { ArgumentHelp(visibility: .hidden) }
    /// Leaves the argument out of help and completions.
    package static var `private`: ArgumentHelp { ArgumentHelp(visibility: .private) }
}

/// Whether an argument appears in help and completions.
package enum ArgumentVisibility: Sendable {
    /// Everywhere.
    case `default`
    /// Nowhere, though it may be given.
    case hidden
    /// Nowhere, though it may be given.
    case `private`
}

/// What a shell offers for a value.
package struct CompletionKind: Sendable {
    enum Kind: Sendable, Equatable {
        case `default`
        case list([String])
        case file(extensions: [String])
        case directory
        case shellCommand(String)
    }

    let kind: Kind

    /// The words that the type knows (`allValueStrings`), else nothing.
    package static var `default`: CompletionKind { CompletionKind(kind: .default) }
    /// One of `words`.
    package static func list(_ words: [String]) -> CompletionKind { CompletionKind(kind: .list(words)) }
    /// Files with one of `extensions` (any, when empty), and folders on the way to them.
    package static func file(extensions: [String] = []) -> CompletionKind {
        CompletionKind(kind: .file(extensions: extensions))
    }
    /// Folders.
    package static var directory: CompletionKind { CompletionKind(kind: .directory) }
    /// The lines that `command` prints.
    package static func shellCommand(_ command: String) -> CompletionKind {
        CompletionKind(kind: .shellCommand(command))
    }
}
