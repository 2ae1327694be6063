// SPDX-License-Identifier: Apache-2.0

/// Why a component's imports cannot be satisfied; lists everything that is missing, not only the first.
public struct LinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An import without a fitting definition.
    public struct Problem: Hashable, Sendable {
        /// The class of a problem; new ones may join.
        public struct Code: Hashable, Sendable {
            enum Kind: Hashable { case missing, mismatch }
            let kind: Kind
            /// Nothing is defined under the import's name.
            public static let missing = Code(kind: .missing)
            /// What is defined is of another kind or type.
            public static let mismatch = Code(kind: .mismatch)
        }

        /// What kind of problem it is.
        public var code: Code
        /// The import, as `ns:pkg/iface@1.0.0#function`.
        public var name: String
        /// What was expected and what is there instead.
        public var message: String
    }

    /// What does not fit, in the order of the imports.
    public let problems: [Problem]

    /// All problems, a line each.
    public var description: String {
        problems.map(\.message).joined(separator: "\n")
    }

    /// - Parameters:
    ///   - expected: the import's kind in a word.
    ///   - type: its type in WIT, where that says more.
    ///   - nearest: what the linker defines instead.
    static func missing(_ name: String, expected: String, type: String?, nearest: String?) -> Problem {
        var text = "component imports \(expected) `\(name)`"
        if let type { text += " of type `\(type)`" }
        text += ", but the linker does not define it"
        if let nearest { text += "; it defines `\(nearest)`" }
        return Problem(code: .missing, name: name, message: text)
    }

    static func wrongKind(_ name: String, expected: String, found: String) -> Problem {
        Problem(
            code: .mismatch, name: name, message: "import `\(name)`: expected \(expected), the linker defines \(found)")
    }

    static func mismatch(_ name: String, _ difference: String) -> Problem {
        Problem(code: .mismatch, name: name, message: "import `\(name)`: \(difference)")
    }
}
