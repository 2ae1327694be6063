// SPDX-License-Identifier: Apache-2.0

/// Gives back what it gets: what strings and lists cost in a component in Swift.
extension Echoes: Echoes.Exports {
    static func echoBytes(a: [UInt8]) -> [UInt8] { a }
    static func echoString(a: String) -> String { a }
}
