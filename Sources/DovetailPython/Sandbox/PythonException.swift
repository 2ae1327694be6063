// SPDX-License-Identifier: Apache-2.0

/// An exception that code in a ``PythonSandbox`` raised and nothing in it caught. The sandbox can be used as before.
public struct PythonException: Error, Sendable {
    /// The name of its class: `ValueError`, `__main__` left out, others with their module as `json.decoder.JSONDecodeError`.
    public let type: String
    /// What the exception says of itself; may be empty.
    public let message: String
    /// What Python prints of it: where it was raised, line by line, and what it came from.
    public let traceback: String
    /// The error of a Swift function that led to it, if one did.
    public let cause: (any Error)?
}

extension PythonException: CustomStringConvertible {
    /// The traceback, without the end of its last line.
    public var description: String {
        var text = traceback[...]
        while text.last == "\n" { text.removeLast() }
        return String(text)
    }
}
