// SPDX-License-Identifier: Apache-2.0

/// How a component in Swift is compiled and linked.
package struct GuestBuildOptions: Sendable {
    /// What the compiler makes the code good for.
    package enum Optimization: String, Sendable {
        case size = "-Osize", speed = "-O"
    }

    /// What the compiler makes the code good for.
    package var optimization = Optimization.size
    /// Whether the whole program is optimised once more when it is linked: smaller, and slower to build.
    package var optimizesAtLink = false
    /// Whether the texts of traps are kept and written to standard error. They are large.
    package var keepsTrapTexts = false
    /// Whether strings are compared and taken apart by Unicode's rules, with its tables.
    package var hasUnicode = true
    /// Whether functions keep their names.
    package var keepsNames = false
    /// Whether warnings are errors.
    package var refusesWarnings = false
    /// Whether messages have colors.
    package var showsColors = false
    /// How many seconds a run of the compiler or linker may take.
    package var timeLimit: UInt32 = 300
    /// The folder of a C library for WASI preview 1, for functions that the runtime does not have.
    package var wasiLibc: String?

    /// The defaults.
    package init() {}
}
