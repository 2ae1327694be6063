// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

/// New indices for a core module's definitions.
///
/// Returns the new index of what has the given one now, or throws when there is nothing to refer to any more.
package typealias CoreIndexMap = (CoreIndexSpace, UInt32) throws(BinaryError) -> UInt32

/// What comes in the place of an index in code.
package enum CoreIndexReplacement {
    /// The same bytes.
    case unchanged
    /// Another index.
    case index(UInt32)
    /// A constant, for the whole instruction; this is for `global.get` alone.
    case constant(CoreConstant)
}

/// Code with other indices in it.
package enum CoreCode {
    /// The locals and code of a function with the indices that `map` gives.
    ///
    /// - Throws: a ``BinaryError`` when the code cannot be read, or what `map` throws.
    package static func body(_ body: ArraySlice<UInt8>, map: CoreIndexMap) throws(BinaryError) -> ArraySlice<UInt8> {
        try self.body(body) { reference throws(BinaryError) in try reference.replacement(map) }
    }

    /// The locals and code of a function with what `replacement` gives for its indices.
    ///
    /// - Throws: a ``BinaryError`` when the code cannot be read, or what `replacement` throws.
    package static func body(
        _ body: ArraySlice<UInt8>,
        replacing replacement: (CoreIndexReference) throws(BinaryError) -> CoreIndexReplacement
    ) throws(BinaryError) -> ArraySlice<UInt8> {
        try rewritten(body, hasLocals: true, replacement)
    }

    /// A constant expression with the indices that `map` gives.
    ///
    /// - Throws: as ``body(_:map:)``.
    package static func expression(
        _ expression: ArraySlice<UInt8>, map: CoreIndexMap
    ) throws(BinaryError) -> ArraySlice<UInt8> {
        try self.expression(expression) { reference throws(BinaryError) in try reference.replacement(map) }
    }

    /// A constant expression with what `replacement` gives for its indices.
    ///
    /// - Throws: as ``body(_:replacing:)``.
    package static func expression(
        _ expression: ArraySlice<UInt8>,
        replacing replacement: (CoreIndexReference) throws(BinaryError) -> CoreIndexReplacement
    ) throws(BinaryError) -> ArraySlice<UInt8> {
        try rewritten(expression, hasLocals: false, replacement)
    }

    private static func rewritten(
        _ code: ArraySlice<UInt8>, hasLocals: Bool,
        _ replacement: (CoreIndexReference) throws(BinaryError) -> CoreIndexReplacement
    ) throws(BinaryError) -> ArraySlice<UInt8> {
        var rewriter = Rewriter(code)
        try indices(in: code, hasLocals: hasLocals) { reference throws(BinaryError) in
            rewriter.replace(reference, by: try replacement(reference))
        }
        return rewriter.finished()
    }

    /// Gives every index in the locals and code of a function to `visit`.
    ///
    /// - Throws: as ``body(_:map:)``.
    package static func indices(
        inBody body: ArraySlice<UInt8>, visit: (CoreIndexReference) throws(BinaryError) -> Void
    ) throws(BinaryError) {
        try indices(in: body, hasLocals: true, visit)
    }

    /// Gives every index in a constant expression to `visit`.
    ///
    /// - Throws: as ``body(_:map:)``.
    package static func indices(
        inExpression expression: ArraySlice<UInt8>, visit: (CoreIndexReference) throws(BinaryError) -> Void
    ) throws(BinaryError) {
        try indices(in: expression, hasLocals: false, visit)
    }

    private static func indices(
        in code: ArraySlice<UInt8>, hasLocals: Bool, _ visit: (CoreIndexReference) throws(BinaryError) -> Void
    ) throws(BinaryError) {
        try withBytes(code) { bytes throws(BinaryError) in
            let range = 0..<bytes.count
            var reader =
                hasLocals
                ? try CoreInstructionReader(body: range, of: bytes, visit: visit)
                : CoreInstructionReader(expression: range, of: bytes)
            repeat { reader.passPlain() } while try reader.next(visit) != nil
            try reader.finish()
        }
    }

    /// Gives every instruction in the code of a function to `visit`, with its immediates.
    ///
    /// - Throws: as ``body(_:map:)``.
    package static func instructions(
        inBody body: ArraySlice<UInt8>, visit: (CoreInstruction, inout ByteReader) throws(BinaryError) -> Void
    ) throws(BinaryError) {
        try withBytes(body) { bytes throws(BinaryError) in
            var reader = try CoreInstructionReader(body: 0..<bytes.count, of: bytes)
            while let instruction = try reader.next() {
                var immediates = reader.immediates(of: instruction)
                try visit(instruction, &immediates)
            }
        }
    }

    /// The first instruction in the code of a function that `isWanted` picks from those that refer to something, or open or close a
    /// block.
    ///
    /// - Throws: as ``body(_:map:)``.
    package static func firstInstruction(
        inBody body: ArraySlice<UInt8>, where isWanted: (CoreInstruction) -> Bool
    ) throws(BinaryError) -> CoreInstruction? {
        var found: CoreInstruction?
        try withBytes(body) { bytes throws(BinaryError) in
            var reader = try CoreInstructionReader(body: 0..<bytes.count, of: bytes)
            reader.passPlain()
            while found == nil, let instruction = try reader.next() {
                if isWanted(instruction) { found = instruction }
                reader.passPlain()
            }
        }
        return found
    }

    private static func withBytes(
        _ slice: ArraySlice<UInt8>, _ body: (UnsafeRawBufferPointer) throws(BinaryError) -> Void
    ) throws(BinaryError) {
        let failure = slice.withUnsafeBytes { bytes -> BinaryError? in
            do throws(BinaryError) { try body(bytes) } catch { return error }
            return nil
        }
        if let failure { throw failure }
    }

    /// Writes bytes again with other indices, which are given in the order of the bytes.
    private struct Rewriter {
        private let slice: ArraySlice<UInt8>
        private var writer = ByteWriter()
        private var copied: Int

        init(_ slice: ArraySlice<UInt8>) {
            self.slice = slice
            copied = slice.startIndex
        }

        mutating func replace(_ reference: CoreIndexReference, by replacement: CoreIndexReplacement) {
            var start = slice.startIndex + reference.range.lowerBound
            switch replacement {
            case .unchanged: return
            case .index(let index):
                writer.raw(slice[copied..<start])
                writer.index(index, form: reference.form)
            case .constant(let constant):
                start -= 1
                writer.raw(slice[copied..<start])
                var code = CoreCodeBuilder(expression: ())
                code.constant(constant)
                writer.raw(code.bytes)
            }
            copied = slice.startIndex + reference.range.upperBound
        }

        mutating func finished() -> ArraySlice<UInt8> {
            guard copied > slice.startIndex else { return slice }
            writer.raw(slice[copied...])
            return writer.bytes[...]
        }
    }
}

extension CoreIndexReference {
    /// What stays keeps its bytes: linkers pad numbers that are to be changed.
    fileprivate func replacement(_ map: CoreIndexMap) throws(BinaryError) -> CoreIndexReplacement {
        let new = try map(space, index)
        return new == index ? .unchanged : .index(new)
    }

    /// Whether it belongs to the instruction `global.get` in `code`.
    package func readsGlobal(in code: ArraySlice<UInt8>) -> Bool { space == .global && follows(0x23, in: code) }

    /// Whether it belongs to the instruction `ref.func` in `code`.
    package func takesReference(in code: ArraySlice<UInt8>) -> Bool { space == .function && follows(0xd2, in: code) }

    private func follows(_ opcode: UInt8, in code: ArraySlice<UInt8>) -> Bool {
        range.lowerBound > 0 && code[code.startIndex + range.lowerBound - 1] == opcode
    }
}

extension ByteWriter {
    /// An index in code.
    mutating func index(_ index: UInt32, form: CoreIndexReference.Form) {
        switch form {
        case .unsigned: u32(index)
        case .signed: signedIndex(index)
        case .memoryArgument(let alignment):
            u32(index == 0 ? alignment : alignment | 0x40)
            if index != 0 { u32(index) }
        }
    }
}
