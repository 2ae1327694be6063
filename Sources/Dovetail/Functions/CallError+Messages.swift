// SPDX-License-Identifier: Apache-2.0

import DovetailABI

extension CallError: CustomStringConvertible {
    /// The function, the place and the reason.
    public var description: String {
        guard let function else { return message }
        return switch code.kind {
        case .argument: "cannot call `\(function)`: \(message)"
        case .typeMismatch: "`\(function)`: \(message)"
        default: message
        }
    }
}

extension CallError {
    static func noSuchFunction(_ name: String, known: [String]) -> CallError {
        let list = BoundedText.list(known.map { "`\($0)`" })
        return CallError(
            code: .noSuchFunction, function: name,
            message: "the component exports no function `\(BoundedText.cut(name))`; "
                + (known.isEmpty ? "it exports no functions" : "it exports \(list)"))
    }

    static func noSuchCoreFunction(_ name: String) -> CallError {
        CallError(
            code: .noSuchFunction, function: name,
            message: "no core module of the component exports a function `\(BoundedText.cut(name))` without parameters "
                + "and with at most one result")
    }

    static func hostFunction(_ name: String) -> CallError {
        CallError(
            code: .hostFunction, function: name,
            message: "export `\(name)` is a function of the host; call it directly")
    }

    static func typeMismatch(_ function: String, _ difference: String) -> CallError {
        CallError(code: .typeMismatch, function: function, message: difference)
    }

    static func argument(_ function: String, _ error: ABIError) -> CallError {
        CallError(code: .argument, function: function, message: error.description, cause: error)
    }

    static func notReadable(_ reason: String) -> CallError {
        CallError(code: .notReadable, function: nil, message: "the stream or future cannot be read: \(reason)")
    }

    static func storeBusy() -> CallError {
        CallError(
            code: .storeBusy, function: nil,
            message: "the store is in use on another thread; use one store per task, or make all calls from one actor")
    }
}
