// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSnapshot

/// A part of CPython that an app does without when nothing in it could import one of its modules: what only they reach is left out.
///
/// The table is that of the library that it was made from; another one has all parts.
struct InterpreterPart: Sendable {
    /// What messages call it.
    var name: String
    /// The built-in modules.
    var modules: [String]
    /// The functions, by their positions among those that the library defines.
    var functions: [Range<Int>]
    /// Read-only data, by the distance from where the library's memory begins.
    var data: [Range<Int>]

    /// The name of the library.
    private static let libraryName = "libpython3.14.so"

    /// The parts of this library.
    static func parts(of library: [UInt8]) -> [InterpreterPart] {
        library.withUnsafeBytes({ SHA256.hexadecimal(of: $0) }) == self.library ? all : []
    }

    /// What a snapshot leaves out with these parts, which are parts of `library`.
    static func omission(of parts: [InterpreterPart], in library: [UInt8]) -> SnapshotOmission {
        SnapshotOmission(
            module: library, functions: parts.flatMap(\.functions), memory: parts.flatMap(\.data),
            base: "\(libraryName):memory_base")
    }
}
