// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader

// The immediates of instructions: what is read over, and the indices that are reported.
// (WebAssembly 3.0, "Binary Format", "Instructions")
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

    /// Reads over what follows an instruction's code; its indices are given to `visit`.
    mutating func immediates(_ kind: CoreImmediates, _ visit: Visitor) throws(BinaryError) {
        switch kind {
        case .none: break
        case .i32: _ = try signed(bits: 32, "a constant")
        case .i64: _ = try signed(bits: 64, "a constant")
        case .f32: _ = try skip(4, "a constant")
        case .f64: _ = try skip(8, "a constant")
        case .block: try blockType(visit)
        case .label: _ = try u32("a label")
        case .local: _ = try u32("a local")
        case .function: try index(.function, visit)
        case .global: try index(.global, visit)
        case .memory: try index(.memory, visit)
        case .table: try index(.table, visit)
        case .tag: try index(.tag, visit)
        case .type: try index(.type, visit)
        case .data: try index(.data, visit)
        case .element: try index(.element, visit)
        case .heapType: try heapType(visit)
        case .memoryArgument: try memoryArgument(visit)
        case .lane: _ = try byte("a lane")
        case .memoryArgumentAndLane:
            try memoryArgument(visit)
            _ = try byte("a lane")
        case .vector, .lanes: _ = try skip(16, "16 lanes")
        case .fence: _ = try byte("a fence")
        default: try severalImmediates(kind, visit)
        }
    }

    private mutating func severalImmediates(_ kind: CoreImmediates, _ visit: Visitor) throws(BinaryError) {
        switch kind {
        case .tryTable:
            try blockType(visit)
            let count = try count("catch clauses", maximum: remaining)
            for _ in 0..<count { try catchClause(visit) }
        case .labels:
            let count = try count("labels", maximum: remaining)
            for _ in 0..<count { _ = try u32("a label") }
            _ = try u32("a label")
        case .types:
            let count = try count("types", maximum: remaining)
            for _ in 0..<count { try valueType(visit) }
        case .typeAndTable: try indices(.type, .table, visit)
        case .typeAndType: try indices(.type, .type, visit)
        case .typeAndData: try indices(.type, .data, visit)
        case .typeAndElement: try indices(.type, .element, visit)
        case .typeAndTag: try indices(.type, .tag, visit)
        case .typeAndField, .typeAndLength:
            try index(.type, visit)
            _ = try u32(kind == .typeAndLength ? "a length" : "a field")
        case .tables: try indices(.table, .table, visit)
        case .memories: try indices(.memory, .memory, visit)
        case .dataAndMemory: try indices(.data, .memory, visit)
        case .elementAndTable: try indices(.element, .table, visit)
        case .castBranch:
            _ = try byte("flags of a cast")
            _ = try u32("a label")
            try heapType(visit)
            try heapType(visit)
        case .orderedGlobal, .orderedTable, .orderedType, .orderedField:
            _ = try byte("an ordering")
            try index(kind == .orderedGlobal ? .global : kind == .orderedTable ? .table : .type, visit)
            if kind == .orderedField { _ = try u32("a field") }
        case .typeAndHandlers:
            try index(.type, visit)
            try resumeHandlers(visit)
        case .typeTagAndHandlers:
            try indices(.type, .tag, visit)
            try resumeHandlers(visit)
        default: break
        }
    }

    private mutating func indices(
        _ first: CoreIndexSpace, _ second: CoreIndexSpace, _ visit: Visitor
    ) throws(BinaryError) {
        try index(first, visit)
        try index(second, visit)
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
}
