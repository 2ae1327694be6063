// SPDX-License-Identifier: Apache-2.0

/// What a linked library does without once it has been initialised, because whoever asks knows that nobody will need it.
package struct SnapshotOmission: Sendable {
    /// The library.
    package var module: [UInt8]
    /// Functions, by their positions among those that it defines: they trap, and what only they need is left out, too.
    package var functions: [Range<Int>]
    /// Data, by the distance from where its memory begins: it becomes zero.
    package var memory: [Range<Int>]
    /// The name of the constant global that the main module exports with the address of the library's memory.
    package var base: String

    /// Makes an omission.
    package init(module: [UInt8], functions: [Range<Int>], memory: [Range<Int>], base: String) {
        self.module = module
        self.functions = functions
        self.memory = memory
        self.base = base
    }
}
