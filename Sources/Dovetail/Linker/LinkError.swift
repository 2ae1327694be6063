// SPDX-License-Identifier: Apache-2.0

/// Why a component's imports cannot be satisfied; lists everything that is missing, not only the first.
public struct LinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An import without a fitting definition.
    public struct Problem: Hashable, Sendable {
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

    static func missing(_ name: String, expected: String, nearest: String?) -> Problem {
        var text = "component imports \(expected) `\(name)`, but the linker does not define it"
        if let nearest { text += "; it defines `\(nearest)`" }
        return Problem(name: name, message: text)
    }

    static func wrongKind(_ name: String, expected: String, found: String) -> Problem {
        Problem(name: name, message: "import `\(name)`: expected \(expected), the linker defines \(found)")
    }

    static func mismatch(_ name: String, _ difference: String) -> Problem {
        Problem(name: name, message: "import `\(name)`: \(difference)")
    }
}
