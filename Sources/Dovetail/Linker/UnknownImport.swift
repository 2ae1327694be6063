// SPDX-License-Identifier: Apache-2.0

/// The error of a call of an import that was defined by ``Linker/defineUnknownImportsAsTraps(_:)``.
public struct UnknownImport: Error, Sendable, CustomStringConvertible {
    /// The name of the function, with that of its interface.
    public let name: String

    /// What happened.
    public var description: String { "the component called its import `\(name)`, which is not defined" }
}
