// SPDX-License-Identifier: Apache-2.0

// The immediates of instructions: what is read over, and the indices that are reported. The functions say whether they
// know the instruction. (WebAssembly 3.0, "Binary Format", "Instructions")
extension ByteReader {
    typealias Visitor = (CoreIndexReference) throws(BinaryError) -> Void

    /// An index.
    mutating func index(_ space: CoreIndexSpace, _ visit: Visitor) throws(BinaryError) {
        let start = offset
        let index = try u32("an index")
        try visit(CoreIndexReference(space: space, index: index, range: start..<offset, form: .unsigned))
    }

    /// A type index where a negative number would be the code of a type.
    private mutating func signedTypeIndex(_ visit: Visitor) throws(BinaryError) {
        let start = offset
        let value = try signed(bits: 33, "a type index")
        guard let index = UInt32(exactly: value) else { throw .malformed("a type index is negative", at: start) }
        try visit(CoreIndexReference(space: .type, index: index, range: start..<offset, form: .signed))
    }

    /// A memory argument. (WebAssembly 3.0, `memarg`)
    mutating func memoryArgument(_ visit: Visitor) throws(BinaryError) {
        let start = offset
        let alignment = try u32("an alignment")
        guard alignment < 0x80 else { throw .malformed("malformed alignment of a memory access", at: start) }
        let memory = alignment & 0x40 != 0 ? try u32("a memory's index") : 0
        try visit(
            CoreIndexReference(
                space: .memory, index: memory, range: start..<offset,
                form: .memoryArgument(alignment: alignment & ~0x40)))
        _ = try u64("an offset")
    }

    /// A heap type.
    mutating func heapType(_ visit: Visitor) throws(BinaryError) {
        guard let code = peek() else { throw .unexpectedEnd(reading: "a heap type", at: offset) }
        switch code {
        case 0x62:
            _ = try byte("a heap type")
            try index(.type, visit)
        case 0x65:
            _ = try byte("a heap type")
            let start = offset
            let code = try byte("a heap type")
            guard CoreAbstractHeapType(rawValue: code) != nil else {
                throw .unknownByte(code, for: "a shared heap type", at: start)
            }
        default:
            guard CoreAbstractHeapType(rawValue: code) == nil else { return _ = try byte("a heap type") }
            try signedTypeIndex(visit)
        }
    }

    /// A value type.
    mutating func valueType(_ visit: Visitor) throws(BinaryError) {
        guard let code = peek() else { throw .unexpectedEnd(reading: "a core value type", at: offset) }
        switch code {
        case 0x7b...0x7f: _ = try byte("a core value type")
        case 0x63, 0x64:
            _ = try byte("a core value type")
            try heapType(visit)
        case 0x65: try heapType(visit)
        default:
            guard CoreAbstractHeapType(rawValue: code) != nil else {
                throw .unknownByte(code, for: "a core value type", at: offset)
            }
            _ = try byte("a core value type")
        }
    }

    /// The type of a block: none, a result, or a function type by index.
    private mutating func blockType(_ visit: Visitor) throws(BinaryError) {
        guard let code = peek() else { throw .unexpectedEnd(reading: "a block's type", at: offset) }
        // The codes of types are what negative numbers of one byte look like.
        if code == 0x40 { return _ = try byte("a block's type") }
        if code & 0xc0 == 0x40 { return try valueType(visit) }
        try signedTypeIndex(visit)
    }

    /// Instructions without a prefix.
    mutating func immediates(_ code: UInt8, _ visit: Visitor) throws(BinaryError) -> Bool {
        switch code {
        case 0x00, 0x01, 0x05, 0x0a, 0x0b, 0x0f, 0x19, 0x1a, 0x1b, 0x45...0xc4, 0xd1, 0xd3, 0xd4: break
        case 0x02, 0x03, 0x04, 0x06: try blockType(visit)
        case 0x07, 0x08, 0xe2: try index(.tag, visit)
        case 0x09, 0x0c, 0x0d, 0x18, 0xd5, 0xd6: _ = try u32("a label")
        case 0x0e:
            let count = try count("labels", maximum: remaining)
            for _ in 0..<count { _ = try u32("a label") }
            _ = try u32("a label")
        case 0x10, 0x12, 0xd2: try index(.function, visit)
        case 0x11, 0x13:
            try index(.type, visit)
            try index(.table, visit)
        case 0x14, 0x15, 0xe0: try index(.type, visit)
        case 0x1c:
            let count = try count("types", maximum: remaining)
            for _ in 0..<count { try valueType(visit) }
        case 0x1f:
            try blockType(visit)
            let count = try count("catch clauses", maximum: remaining)
            for _ in 0..<count { try catchClause(visit) }
        case 0x20...0x22: _ = try u32("a local")
        case 0x23, 0x24: try index(.global, visit)
        case 0x25, 0x26: try index(.table, visit)
        case 0x28...0x3e: try memoryArgument(visit)
        case 0x3f, 0x40: try index(.memory, visit)
        case 0x41: _ = try signed(bits: 32, "a constant")
        case 0x42: _ = try signed(bits: 64, "a constant")
        case 0x43: _ = try skip(4, "a constant")
        case 0x44: _ = try skip(8, "a constant")
        case 0xd0: try heapType(visit)
        default: return try stackSwitchingImmediates(code, visit)
        }
        return true
    }

    private mutating func catchClause(_ visit: Visitor) throws(BinaryError) {
        let start = offset
        switch try byte("a catch clause") {
        case 0, 1: try index(.tag, visit)
        case 2, 3: break
        case let other: throw .unknownByte(other, for: "a catch clause", at: start)
        }
        _ = try u32("a label")
    }

    private mutating func stackSwitchingImmediates(_ code: UInt8, _ visit: Visitor) throws(BinaryError) -> Bool {
        switch code {
        case 0xe1:
            try index(.type, visit)
            try index(.type, visit)
        case 0xe3, 0xe5:
            try index(.type, visit)
            try resumeHandlers(visit)
        case 0xe4:
            try index(.type, visit)
            try index(.tag, visit)
            try resumeHandlers(visit)
        case 0xe6:
            try index(.type, visit)
            try index(.tag, visit)
        default: return false
        }
        return true
    }

    private mutating func resumeHandlers(_ visit: Visitor) throws(BinaryError) {
        let count = try count("handlers", maximum: remaining)
        for _ in 0..<count {
            let start = offset
            let code = try byte("a handler")
            guard code <= 1 else { throw .unknownByte(code, for: "a handler", at: start) }
            try index(.tag, visit)
            if code == 0 { _ = try u32("a label") }
        }
    }

    /// Prefix 0xfc: saturating conversions, bulk memory, tables, wide arithmetic.
    mutating func miscellaneousImmediates(_ code: UInt32, _ visit: Visitor) throws(BinaryError) -> Bool {
        switch code {
        case 0...7, 19...22: break
        case 8:
            try index(.data, visit)
            try index(.memory, visit)
        case 9: try index(.data, visit)
        case 10:
            try index(.memory, visit)
            try index(.memory, visit)
        case 11, 18: try index(.memory, visit)
        case 12:
            try index(.element, visit)
            try index(.table, visit)
        case 13: try index(.element, visit)
        case 14:
            try index(.table, visit)
            try index(.table, visit)
        case 15...17: try index(.table, visit)
        default: return false
        }
        return true
    }

    /// Prefix 0xfb: structures, arrays, casts, descriptors.
    mutating func collectedImmediates(_ code: UInt32, _ visit: Visitor) throws(BinaryError) -> Bool {
        switch code {
        case 0, 1, 6, 7, 11...14, 16, 32...34: try index(.type, visit)
        case 2...5, 8:
            try index(.type, visit)
            _ = try u32(code == 8 ? "a length" : "a field")
        case 9, 18:
            try index(.type, visit)
            try index(.data, visit)
        case 10, 19:
            try index(.type, visit)
            try index(.element, visit)
        case 15, 26...30: break
        case 17:
            try index(.type, visit)
            try index(.type, visit)
        case 20...23, 35, 36: try heapType(visit)
        case 24, 25, 37, 38:
            _ = try byte("flags of a cast")
            _ = try u32("a label")
            try heapType(visit)
            try heapType(visit)
        default: return false
        }
        return true
    }

    /// Prefix 0xfd: vectors.
    mutating func vectorImmediates(_ code: UInt32, _ visit: Visitor) throws(BinaryError) -> Bool {
        switch code {
        case 0...11, 92, 93: try memoryArgument(visit)
        case 12, 13: _ = try skip(16, "16 lanes")
        case 21...34: _ = try byte("a lane")
        case 84...91:
            try memoryArgument(visit)
            _ = try byte("a lane")
        case 14...20, 35...83, 94...0x113: break
        default: return false
        }
        return true
    }

    /// Prefix 0xfe: atomic accesses.
    mutating func threadImmediates(_ code: UInt32, _ visit: Visitor) throws(BinaryError) -> Bool {
        switch code {
        case 0...2, 0x10...0x4e: try memoryArgument(visit)
        case 3: _ = try byte("a fence")
        case 0x4f...0x57:
            _ = try byte("an ordering")
            try index(.global, visit)
        case 0x58...0x5b:
            _ = try byte("an ordering")
            try index(.table, visit)
        case 0x5c...0x66:
            _ = try byte("an ordering")
            try index(.type, visit)
            _ = try u32("a field")
        case 0x67...0x71:
            _ = try byte("an ordering")
            try index(.type, visit)
        case 0x72: break
        default: return false
        }
        return true
    }
}
