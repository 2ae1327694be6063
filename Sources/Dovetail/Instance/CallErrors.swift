// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// An argument that cannot be passed to a function.
public struct CallError: Error, Sendable, CustomStringConvertible {
    /// The function's name.
    public let function: String
    /// What does not fit, with the path into the arguments.
    public let error: ABIError

    /// The function, the place and the reason.
    public var description: String { "cannot call `\(function)`: \(error)" }
}

/// Swift types that do not stand for the types of the function.
public struct TypeMismatch: Error, Hashable, Sendable, CustomStringConvertible {
    /// The function's name.
    public let function: String
    /// Where the types differ, what was expected and what is there.
    public let message: String

    /// The function and the difference.
    public var description: String { "`\(function)`: \(message)" }
}

/// An export that does not exist or is not a function that can be called.
public struct ExportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name that was asked for.
    public let name: String
    /// The functions that there are.
    public let known: [String]
    /// Whether the export only passes a host function on.
    public var isHostFunction = false

    /// What was asked for and what there is.
    public var description: String {
        if isHostFunction { return "export `\(name)` is a function of the host; call it directly" }
        let list = known.isEmpty ? "no functions" : known.map { "`\($0)`" }.joined(separator: ", ")
        return "the component exports no function `\(name)`; it exports \(list)"
    }
}
