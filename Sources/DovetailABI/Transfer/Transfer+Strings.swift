// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Strings between two components, with exactly the calls of `realloc` that the specification lays down.
/// (CanonicalABI.md, `store_string_into_range` and what it calls)
extension Transfer {
    static func string(
        pointer: UInt64, taggedLength: UInt64, from source: inout CanonicalContext,
        to destination: inout CanonicalContext
    ) throws(ABIError) -> (pointer: UInt64, length: UInt64) {
        let text = try source.text(pointer: pointer, taggedLength: taggedLength)
        try source.charge(text.byteCount)
        let measure = try text.measure()
        var move = StringMove(
            start: Int(truncatingIfNeeded: pointer), units: text.units, encoding: text.encoding, measure: measure)
        switch destination.stringEncoding {
        case .utf8:
            switch text.encoding {
            case .utf8: return try move.copy(as: .utf8, alignment: 1, &source, &destination)
            case .utf16: return try move.toUTF8(worst: text.units * 3, &source, &destination)
            case .latin1: return try move.toUTF8(worst: text.units * 2, &source, &destination)
            }
        case .utf16:
            switch text.encoding {
            case .utf8: return try move.utf8ToUTF16(&source, &destination)
            case .utf16, .latin1: return try move.copy(as: .utf16, alignment: 2, &source, &destination)
            }
        case .latin1OrUTF16:
            if source.stringEncoding != .latin1OrUTF16 { return try move.toLatin1OrUTF16(&source, &destination) }
            if text.encoding == .latin1 { return try move.copy(as: .latin1, alignment: 2, &source, &destination) }
            return try move.probablyUTF16(&source, &destination)
        }
    }
}

/// One string on its way; all sizes are below 2^30, so nothing overflows.
private struct StringMove {
    let start: Int
    let units: Int
    let encoding: TextEncoding
    let measure: Text.Measure
    var pointer: UInt64 = 0

    init(start: Int, units: Int, encoding: TextEncoding, measure: Text.Measure) {
        self.start = start
        self.units = units
        self.encoding = encoding
        self.measure = measure
    }

    typealias Placed = (pointer: UInt64, length: UInt64)

    private func text(_ source: CanonicalContext) -> Text {
        Text(base: source.memory.base + start, units: units, encoding: encoding)
    }

    private mutating func reallocate(
        _ oldSize: Int, alignment: Int, _ newSize: Int, _ source: inout CanonicalContext,
        _ destination: inout CanonicalContext
    ) throws(ABIError) {
        pointer = try destination.reallocate(
            old: pointer, oldSize: oldSize, alignment: alignment, newSize: newSize)
        Transfer.resynchronize(&source, destination)
    }

    /// Writes units `from` to `to` (all that are left by default) at `offset` of the block, which has `size` bytes.
    private func write(
        from: Int, to end: Int? = nil, at offset: Int, size: Int, as form: TextEncoding,
        _ source: CanonicalContext, _ destination: CanonicalContext
    ) throws(ABIError) {
        let whole = text(source)
        let part = Text(base: whole.base, units: end ?? units, encoding: encoding)
        let target = destination.memory.base + Int(truncatingIfNeeded: pointer) + offset
        guard part.transcode(from: from, to: target, capacity: size - offset, as: form) != nil else {
            // Only a guest that changes the text meanwhile comes here.
            throw encoding == .utf16 ? .unpairedSurrogate(at: from) : .invalidUTF8(at: from)
        }
    }

    /// `store_string_copy`
    mutating func copy(
        as form: TextEncoding, alignment: Int, _ source: inout CanonicalContext,
        _ destination: inout CanonicalContext
    ) throws(ABIError) -> Placed {
        let size = units * form.unitSize
        try reallocate(0, alignment: alignment, size, &source, &destination)
        let target = destination.memory.base + Int(truncatingIfNeeded: pointer)
        if form == encoding {
            target.copyMemory(from: source.memory.base + start, byteCount: size)
        } else {
            try write(from: 0, at: 0, size: size, as: form, source, destination)
        }
        return (pointer, UInt64(units))
    }

    /// `store_string_to_utf8`: hopes for ASCII, then makes room for the worst, then gives back what is left.
    mutating func toUTF8(
        worst: Int, _ source: inout CanonicalContext, _ destination: inout CanonicalContext
    ) throws(ABIError) -> Placed {
        try reallocate(0, alignment: 1, units, &source, &destination)
        try write(from: 0, to: measure.asciiEnd, at: 0, size: units, as: .utf8, source, destination)
        guard !measure.isASCII else { return (pointer, UInt64(units)) }
        try reallocate(units, alignment: 1, worst, &source, &destination)
        try write(from: measure.asciiEnd, at: measure.leadingASCII, size: worst, as: .utf8, source, destination)
        if worst > measure.utf8Count {
            try reallocate(worst, alignment: 1, measure.utf8Count, &source, &destination)
        }
        return (pointer, UInt64(measure.utf8Count))
    }

    /// `store_utf8_to_utf16`
    mutating func utf8ToUTF16(
        _ source: inout CanonicalContext, _ destination: inout CanonicalContext
    ) throws(ABIError) -> Placed {
        let worst = units * 2
        let size = measure.utf16Count * 2
        try reallocate(0, alignment: 2, worst, &source, &destination)
        try write(from: 0, at: 0, size: worst, as: .utf16, source, destination)
        if size < worst { try reallocate(worst, alignment: 2, size, &source, &destination) }
        return (pointer, UInt64(measure.utf16Count))
    }

    /// `store_string_to_latin1_or_utf16`: hopes for Latin-1, widens what is written when it was not.
    mutating func toLatin1OrUTF16(
        _ source: inout CanonicalContext, _ destination: inout CanonicalContext
    ) throws(ABIError) -> Placed {
        try reallocate(0, alignment: 2, units, &source, &destination)
        try write(from: 0, to: measure.latin1End, at: 0, size: units, as: .latin1, source, destination)
        let narrow = measure.leadingLatin1
        guard !measure.isLatin1 else {
            if narrow < units { try reallocate(units, alignment: 2, narrow, &source, &destination) }
            return (pointer, UInt64(narrow))
        }
        let worst = units * 2
        try reallocate(units, alignment: 2, worst, &source, &destination)
        let target = destination.memory.base + Int(truncatingIfNeeded: pointer)
        for index in stride(from: narrow - 1, through: 0, by: -1) {
            let byte = target.load(fromByteOffset: index, as: UInt8.self)
            target.storeBytes(of: UInt16(byte).littleEndian, toByteOffset: index * 2, as: UInt16.self)
        }
        try write(from: measure.latin1End, at: narrow * 2, size: worst, as: .utf16, source, destination)
        let size = measure.utf16Count * 2
        if size < worst { try reallocate(worst, alignment: 2, size, &source, &destination) }
        return (pointer, UInt64(measure.utf16Count) | destination.utf16Tag)
    }

    /// `store_probably_utf16_to_latin1_or_utf16`: copies, then narrows when everything is Latin-1 after all.
    mutating func probablyUTF16(
        _ source: inout CanonicalContext, _ destination: inout CanonicalContext
    ) throws(ABIError) -> Placed {
        let size = units * 2
        try reallocate(0, alignment: 2, size, &source, &destination)
        let target = destination.memory.base + Int(truncatingIfNeeded: pointer)
        target.copyMemory(from: source.memory.base + start, byteCount: size)
        guard measure.isLatin1 else { return (pointer, UInt64(units) | destination.utf16Tag) }
        for index in 0..<units {
            let byte = target.load(fromByteOffset: index * 2, as: UInt8.self)
            target.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
        }
        try reallocate(size, alignment: 1, units, &source, &destination)
        return (pointer, UInt64(units))
    }
}
