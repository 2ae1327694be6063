// SPDX-License-Identifier: Apache-2.0

/// A WAVE text or value that does not fit its type.
public struct WAVEError: Error, Hashable, Sendable {
    /// The kind of failure.
    public struct Code: Hashable, Sendable {
        private enum Kind: Hashable { case syntax, type, arguments, unsupported }
        private let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        /// The text is no WAVE.
        public static let syntax = Code(.syntax)
        /// A value does not fit its type.
        public static let type = Code(.type)
        /// There are too many or too few arguments.
        public static let arguments = Code(.arguments)
        /// A value of this type cannot be written in WAVE.
        public static let unsupported = Code(.unsupported)
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong: lower case, no final period.
    public let message: String
    /// The bytes of the text that are meant, `nil` when a value could not be printed.
    public let `where`: Range<Int>?
    /// The text that was read.
    public let text: String

    init(_ code: Code, _ message: String, at range: Range<Int>? = nil, in text: String = "") {
        self.code = code
        self.message = message
        self.where = range
        self.text = text
    }
}

extension WAVEError: CustomStringConvertible {
    /// The message with the place, counted from 1 in characters of the line.
    public var description: String {
        guard let range = self.where else { return message }
        let bytes = Array(text.utf8)
        let before = bytes[..<min(range.lowerBound, bytes.count)]
        let line = before.count { $0 == 0x0a } + 1
        let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        let column = before[lineStart...].count { $0 & 0xc0 != 0x80 } + 1
        return line == 1 ? "\(message) (at character \(column))" : "\(message) (at line \(line), character \(column))"
    }
}
