// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader

/// What follows the code of an instruction. (WebAssembly 3.0, "Binary Format", "Instructions")
package enum CoreImmediates: Sendable {
    case none
    case i32, i64, f32, f64
    /// The type of a block; `tryTable` has catch clauses as well.
    case block, tryTable
    case label, labels
    case local
    case function, global, memory, table, tag, type, data, element
    case heapType
    /// The types of `select`.
    case types
    case memoryArgument
    case typeAndTable, typeAndType, typeAndField, typeAndLength, typeAndData, typeAndElement, typeAndTag
    case tables, memories
    case dataAndMemory, elementAndTable
    /// Flags, a label and two heap types.
    case castBranch
    /// The 16 bytes of a vector, or 16 lanes.
    case vector, lanes
    case lane
    case memoryArgumentAndLane
    case fence
    case orderedGlobal, orderedTable, orderedType, orderedField
    /// Handlers of tags, behind a type, or a type and a tag.
    case typeAndHandlers, typeTagAndHandlers
}

extension CoreOpcode {
    /// What follows the code; `nil` for no known instruction.
    package var immediates: CoreImmediates? {
        switch prefix {
        case 0: plainImmediates
        case 0xfb: collectedImmediates
        case 0xfc: miscellaneousImmediates
        case 0xfd: vectorImmediates
        case 0xfe: threadImmediates
        default: nil
        }
    }

    private var plainImmediates: CoreImmediates? {
        switch code {
        case 0x00, 0x01, 0x05, 0x0a, 0x0b, 0x0f, 0x19, 0x1a, 0x1b, 0x45...0xc4, 0xd1, 0xd3, 0xd4: CoreImmediates.none
        case 0x02, 0x03, 0x04, 0x06: .block
        case 0x07, 0x08, 0xe2: .tag
        case 0x09, 0x0c, 0x0d, 0x18, 0xd5, 0xd6: .label
        case 0x0e: .labels
        case 0x10, 0x12, 0xd2: .function
        case 0x11, 0x13: .typeAndTable
        case 0x14, 0x15, 0xe0: .type
        case 0x1c: .types
        case 0x1f: .tryTable
        case 0x20...0x22: .local
        case 0x23, 0x24: .global
        case 0x25, 0x26: .table
        case 0x28...0x3e: .memoryArgument
        case 0x3f, 0x40: .memory
        case 0x41: .i32
        case 0x42: .i64
        case 0x43: .f32
        case 0x44: .f64
        case 0xd0: .heapType
        case 0xe1: .typeAndType
        case 0xe3, 0xe5: .typeAndHandlers
        case 0xe4: .typeTagAndHandlers
        case 0xe6: .typeAndTag
        default: nil
        }
    }

    /// Saturating conversions, bulk memory, tables, wide arithmetic.
    private var miscellaneousImmediates: CoreImmediates? {
        switch code {
        case 0...7, 19...22: CoreImmediates.none
        case 8: .dataAndMemory
        case 9: .data
        case 10: .memories
        case 11, 18: .memory
        case 12: .elementAndTable
        case 13: .element
        case 14: .tables
        case 15...17: .table
        default: nil
        }
    }

    /// Structures, arrays, casts, descriptors.
    private var collectedImmediates: CoreImmediates? {
        switch code {
        case 0, 1, 6, 7, 11...14, 16, 32...34: .type
        case 2...5: .typeAndField
        case 8: .typeAndLength
        case 9, 18: .typeAndData
        case 10, 19: .typeAndElement
        case 15, 26...30: CoreImmediates.none
        case 17: .typeAndType
        case 20...23, 35, 36: .heapType
        case 24, 25, 37, 38: .castBranch
        default: nil
        }
    }

    private var vectorImmediates: CoreImmediates? {
        switch code {
        case 0...11, 92, 93: .memoryArgument
        case 12: .vector
        case 13: .lanes
        case 21...34: .lane
        case 84...91: .memoryArgumentAndLane
        case 14...20, 35...83, 94...0x113: CoreImmediates.none
        default: nil
        }
    }

    /// Atomic accesses.
    private var threadImmediates: CoreImmediates? {
        switch code {
        case 0...2, 0x10...0x4e: .memoryArgument
        case 3: .fence
        case 0x4f...0x57: .orderedGlobal
        case 0x58...0x5b: .orderedTable
        case 0x5c...0x66: .orderedField
        case 0x67...0x71: .orderedType
        case 0x72: CoreImmediates.none
        default: nil
        }
    }
}
