// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader

/// The index spaces of a core module that code refers to; locals, labels and fields are a function's or type's own.
package enum CoreIndexSpace: Sendable, CaseIterable {
    case type, function, table, memory, global, tag, element, data
}

/// An index in code, and how it is written there.
package struct CoreIndexReference: Sendable {
    /// The index space.
    package let space: CoreIndexSpace
    /// The index.
    package let index: UInt32
    /// The bytes that the index is written in, as offsets in the file.
    package let range: Range<Int>
    /// How it is written.
    package let form: Form

    /// The ways to write an index.
    package enum Form: Sendable {
        /// As an unsigned number.
        case unsigned
        /// As a signed number, which keeps it apart from the codes of types.
        case signed
        /// As part of a memory argument, whose alignment says whether an index follows; without one it is 0.
        case memoryArgument(alignment: UInt32)
    }
}

/// The code of an instruction.
package struct CoreOpcode: Equatable, Sendable {
    /// The byte in front: 0 for none, 0xfb (garbage collection), 0xfc, 0xfd (vectors), 0xfe (threads).
    package let prefix: UInt8
    /// The code, behind the prefix if there is one.
    package let code: UInt32

    /// Makes an opcode.
    package init(_ code: UInt32, prefix: UInt8 = 0) {
        self.prefix = prefix
        self.code = code
    }
}

/// An instruction and its place.
package struct CoreInstruction: Sendable {
    /// What it does.
    package let opcode: CoreOpcode
    /// Its bytes, immediates included, as offsets in the file.
    package let range: Range<Int>
}
