// SPDX-License-Identifier: Apache-2.0

package import Dovetail

/// Why a core module could not be run to its end.
package struct CoreModuleError: Error, Sendable, CustomStringConvertible {
    /// The kind of an error.
    package struct Code: Equatable, Sendable {
        enum Kind: Hashable { case configuration, missingImports, trap, timeout }
        let kind: Kind
        /// An argument, a variable or a folder cannot be given to the guest.
        package static let configuration = Code(kind: .configuration)
        /// The module imports something that is not provided.
        package static let missingImports = Code(kind: .missingImports)
        /// The guest trapped.
        package static let trap = Code(kind: .trap)
        /// The guest ran for longer than it may.
        package static let timeout = Code(kind: .timeout)
    }

    /// What kind of error it is.
    package let code: Code
    /// What is wrong, without the frames.
    package let message: String
    /// The guest's stack at a trap, innermost function first.
    package let backtrace: [Trap.Frame]

    /// The message, and a line for each frame.
    package var description: String {
        guard !backtrace.isEmpty else { return message }
        let lines = backtrace.enumerated().map { index, frame in
            let name = frame.function ?? "<wasm function \(frame.functionIndex)>"
            let offset = String(frame.moduleOffset ?? -1, radix: 16)
            return "  \(index): 0x\(offset) - \(frame.module ?? "<unknown>")!\(name)"
        }
        return message + "\nwasm backtrace:\n" + lines.joined(separator: "\n")
    }
}

extension CoreModuleError {
    static func holdsNUL(_ text: String, in what: String) -> Self {
        Self(
            code: .configuration, message: "\(what) must not hold a zero character: \(text.debugDescription)",
            backtrace: [])
    }

    static func folder(_ path: String) -> Self {
        Self(
            code: .configuration,
            message: "cannot open the folder `\(path)` for the guest, check that it exists and may be read",
            backtrace: [])
    }

    static func missingImports(_ imports: [CoreModule.Import]) -> Self {
        let list = imports.map { "`\($0.module)` `\($0.name)` (\($0.type.name))" }.joined(separator: ", ")
        return Self(
            code: .missingImports,
            message: "the core module imports what nobody provides: \(list); only `wasi_snapshot_preview1` is there",
            backtrace: [])
    }

    static func timeout(_ limit: Duration, _ backtrace: [Trap.Frame]) -> Self {
        Self(code: .timeout, message: "the guest ran for longer than \(limit)", backtrace: backtrace)
    }

    static func trap(_ message: String, _ backtrace: [Trap.Frame]) -> Self {
        Self(code: .trap, message: message, backtrace: backtrace)
    }
}
