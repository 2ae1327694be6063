// SPDX-License-Identifier: Apache-2.0

package import DovetailBinaryReader

/// Walks the instructions of an expression, up to its `end`, and finds the indices in them.
/// (WebAssembly 3.0, "Binary Format", "Instructions")
///
/// It knows the instructions of WebAssembly 3.0 with threads, wide arithmetic, legacy exceptions, stack switching,
/// custom descriptors and shared-everything threads. Whether they are valid is the engine's to say.
package struct CoreInstructionReader {
    var reader: ByteReader
    /// How many blocks are open, the expression included.
    private var depth = 1

    /// Where the next instruction begins.
    package var offset: Int { reader.offset }

    /// Starts at the reader's position.
    package init(_ reader: ByteReader) {
        self.reader = reader
    }

    /// Walks the instructions of a function whose locals and code are `range` of `bytes`; the locals are read at once.
    ///
    /// - Throws: a ``BinaryError`` when the locals cannot be read.
    package init(
        body range: Range<Int>, of bytes: UnsafeRawBufferPointer,
        visit: (CoreIndexReference) throws(BinaryError) -> Void = { _ throws(BinaryError) in }
    ) throws(BinaryError) {
        reader = ByteReader(bytes, range: range)
        let count = try reader.count("groups of locals", maximum: Limits.sectionItems)
        for _ in 0..<count {
            _ = try reader.u32("a number of locals")
            try reader.valueType(visit)
        }
    }

    /// Walks the constant expression in `range` of `bytes`.
    package init(expression range: Range<Int>, of bytes: UnsafeRawBufferPointer) {
        reader = ByteReader(bytes, range: range)
    }

    /// The next instruction, whose indices are given to `visit`; `nil` behind the last `end`.
    ///
    /// - Throws: a ``BinaryError`` when the bytes are no instruction, or end before the expression does.
    package mutating func next(
        _ visit: (CoreIndexReference) throws(BinaryError) -> Void = { _ throws(BinaryError) in }
    ) throws(BinaryError) -> CoreInstruction? {
        guard depth > 0 else { return nil }
        let start = reader.offset
        let first = try reader.byte("an instruction")
        var opcode = CoreOpcode(UInt32(first))
        switch first {
        case 0xfb...0xfe: opcode = CoreOpcode(try reader.u32("an instruction"), prefix: first)
        case 0x02, 0x03, 0x04, 0x06, 0x1f: depth += 1
        // `delegate` ends a block, too.
        case 0x0b, 0x18: depth -= 1
        default: break
        }
        guard let kind = opcode.immediates else { throw .unknownInstruction(opcode, at: start) }
        try reader.immediates(kind, visit)
        return CoreInstruction(opcode: opcode, range: start..<reader.offset)
    }

    /// Passes over instructions that have no indices and open or close no block, as far as their numbers are written in one byte: most
    /// of what code consists of.
    package mutating func passPlain() {
        let bytes = reader.bytes
        let end = reader.end
        var offset = reader.offset
        while offset < end {
            switch bytes[offset] {
            // Arithmetic, comparisons, conversions, `drop`, `select`, `return`.
            case 0x45...0xc4, 0x1a, 0x1b, 0x0f, 0x00, 0x01: offset &+= 1
            // Locals, constants, branches.
            case 0x20...0x22, 0x41, 0x42, 0x0c, 0x0d:
                guard offset &+ 1 < end, bytes[offset &+ 1] < 0x80 else { return reader.pass(upTo: offset) }
                offset &+= 2
            default: return reader.pass(upTo: offset)
            }
        }
        reader.pass(upTo: offset)
    }

    /// Reads what follows the code of an instruction that was read.
    package func immediates(of instruction: CoreInstruction) -> ByteReader {
        var part = ByteReader(reader.bytes, range: instruction.range)
        // Both were read before.
        _ = try? part.byte("an instruction")
        if instruction.opcode.prefix != 0 { _ = try? part.u32("an instruction") }
        return part
    }

    /// Requires that nothing follows the expression.
    package func finish() throws(BinaryError) {
        try reader.finish("code of a function")
    }
}

extension BinaryError {
    /// An instruction that is not known.
    package static func unknownInstruction(_ opcode: CoreOpcode, at offset: Int) -> BinaryError {
        let prefix = opcode.prefix == 0 ? "" : "0x\(String(opcode.prefix, radix: 16)) "
        return .malformed("unknown instruction \(prefix)0x\(String(opcode.code, radix: 16))", at: offset)
    }
}
