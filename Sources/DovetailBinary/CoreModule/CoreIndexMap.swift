// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

/// New indices for a core module's definitions.
///
/// Returns the new index of what has the given one now, or throws when there is nothing to refer to any more.
package typealias CoreIndexMap = (CoreIndexSpace, UInt32) throws(BinaryError) -> UInt32

/// Code with other indices in it.
package enum CoreCode {
    /// The locals and code of a function with the indices that `map` gives.
    ///
    /// - Throws: a ``BinaryError`` when the code cannot be read, or what `map` throws.
    package static func body(_ body: ArraySlice<UInt8>, map: CoreIndexMap) throws(BinaryError) -> ArraySlice<UInt8> {
        var references: [CoreIndexReference] = []
        try indices(inBody: body) { reference throws(BinaryError) in references.append(reference) }
        return try rewritten(body, references, map)
    }

    /// A constant expression with the indices that `map` gives.
    ///
    /// - Throws: as ``body(_:map:)``.
    package static func expression(
        _ expression: ArraySlice<UInt8>, map: CoreIndexMap
    ) throws(BinaryError) -> ArraySlice<UInt8> {
        var references: [CoreIndexReference] = []
        try indices(inExpression: expression) { reference throws(BinaryError) in references.append(reference) }
        return try rewritten(expression, references, map)
    }

    /// Gives every index in the locals and code of a function to `visit`.
    ///
    /// - Throws: as ``body(_:map:)``.
    package static func indices(
        inBody body: ArraySlice<UInt8>, visit: (CoreIndexReference) throws(BinaryError) -> Void
    ) throws(BinaryError) {
        try withBytes(body) { bytes throws(BinaryError) in
            var reader = try CoreInstructionReader(body: 0..<bytes.count, of: bytes, visit: visit)
            while try reader.next(visit) != nil {}
            try reader.finish()
        }
    }

    /// Gives every index in a constant expression to `visit`.
    ///
    /// - Throws: as ``body(_:map:)``.
    package static func indices(
        inExpression expression: ArraySlice<UInt8>, visit: (CoreIndexReference) throws(BinaryError) -> Void
    ) throws(BinaryError) {
        try withBytes(expression) { bytes throws(BinaryError) in
            var reader = CoreInstructionReader(expression: 0..<bytes.count, of: bytes)
            while try reader.next(visit) != nil {}
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

    /// The first instruction in the code of a function that `isWanted` picks.
    ///
    /// - Throws: as ``body(_:map:)``.
    package static func firstInstruction(
        inBody body: ArraySlice<UInt8>, where isWanted: (CoreInstruction) -> Bool
    ) throws(BinaryError) -> CoreInstruction? {
        var found: CoreInstruction?
        try withBytes(body) { bytes throws(BinaryError) in
            var reader = try CoreInstructionReader(body: 0..<bytes.count, of: bytes)
            while found == nil, let instruction = try reader.next() {
                if isWanted(instruction) { found = instruction }
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

    /// `slice` with other indices; the references are in the order of the bytes.
    private static func rewritten(
        _ slice: ArraySlice<UInt8>, _ references: [CoreIndexReference], _ map: CoreIndexMap
    ) throws(BinaryError) -> ArraySlice<UInt8> {
        var writer = ByteWriter()
        var copied = slice.startIndex
        for reference in references {
            let index = try map(reference.space, reference.index)
            // What stays keeps its bytes: linkers pad numbers that are to be changed.
            guard index != reference.index else { continue }
            writer.raw(slice[copied..<(slice.startIndex + reference.range.lowerBound)])
            writer.index(index, form: reference.form)
            copied = slice.startIndex + reference.range.upperBound
        }
        guard copied > slice.startIndex else { return slice }
        writer.raw(slice[copied...])
        return writer.bytes[...]
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
