// SPDX-License-Identifier: Apache-2.0

/// Why a type has no layout: values of it cannot cross the boundary of a component.
package struct LayoutError: Error, Sendable, CustomStringConvertible {
    /// What is wrong.
    package var message: String
    /// The message.
    package var description: String { message }

    static func unsupported(_ what: String) -> LayoutError { LayoutError(message: "\(what) cannot be passed here") }

    static func typesTooDeep(limit: Int) -> LayoutError {
        LayoutError(message: "types are nested more than \(limit) levels deep")
    }
}
