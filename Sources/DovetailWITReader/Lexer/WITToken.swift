// SPDX-License-Identifier: Apache-2.0

/// A token of a WIT text; together the tokens of a file are its bytes, without gaps. (WIT.md, "Lexical structure")
package struct WITToken: Sendable {
    /// What a token is.
    package enum Kind: Equatable, Sendable {
        case whitespace
        case lineComment
        case blockComment
        /// A word: identifier or keyword, which only the parser tells apart.
        case word
        /// A word behind `%`, never a keyword.
        case escapedWord
        case integer
        case version
        case string
        /// One of `= , : ; ( ) { } < > * / . @`.
        case symbol(UInt8)
        case arrow
        case underscore
        /// Bytes that WIT does not know.
        case invalid
        case endOfFile
    }

    /// What it is.
    package var kind: Kind
    /// The offset of its first byte.
    package let start: Int
    /// The offset behind its last byte.
    package var end: Int

    /// Whether the parser passes over it.
    package var isTrivia: Bool {
        switch kind {
        case .whitespace, .lineComment, .blockComment: true
        default: false
        }
    }

    /// Whether it is a comment.
    package var isComment: Bool { kind == .lineComment || kind == .blockComment }
}
