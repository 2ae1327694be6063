// SPDX-License-Identifier: Apache-2.0

/// Thrown out of the call when the guest ends itself through `wasi:cli/exit`.
public struct WASIExit: Error, Hashable, Sendable, CustomStringConvertible {
    /// The code it ended with; `exit(ok)` is 0, `exit(err)` is 1.
    public let code: UInt8

    /// Makes an exit.
    public init(code: UInt8) { self.code = code }

    /// One line of text.
    public var description: String { "the guest exited with code \(code)" }
}
