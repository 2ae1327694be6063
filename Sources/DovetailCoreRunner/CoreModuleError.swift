// SPDX-License-Identifier: Apache-2.0

import Dovetail

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

    /// A function that was active when the guest trapped, the innermost first.
    package struct Frame: Sendable {
        /// The module's name, where it has one.
        package var module: String?
        /// The function's name, where the module carries names.
        package var function: String?
        /// The function's index in the module.
        package let functionIndex: UInt32
        /// The byte in the module that was being executed.
        package var offset: Int
    }

    /// What kind of error it is.
    package let code: Code
    /// What is wrong, without the frames.
    package let message: String
    /// The guest's stack at a trap.
    package let backtrace: [Frame]

    /// The message, and a line for each frame.
    package var description: String {
        guard !backtrace.isEmpty else { return message }
        let lines = backtrace.enumerated().map { index, frame in
            let name = frame.function ?? "<wasm function \(frame.functionIndex)>"
            return "  \(index): 0x\(String(frame.offset, radix: 16)) - \(frame.module ?? "<unknown>")!\(name)"
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

    static func timeout(_ limit: Duration, _ backtrace: [Frame]) -> Self {
        Self(code: .timeout, message: "the guest ran for longer than \(limit)", backtrace: backtrace)
    }

    static func trap(_ message: String, _ backtrace: [Frame]) -> Self {
        Self(code: .trap, message: message, backtrace: backtrace)
    }
}
