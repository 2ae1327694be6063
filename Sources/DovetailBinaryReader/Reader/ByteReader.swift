// SPDX-License-Identifier: Apache-2.0

/// A position in borrowed bytes: every read is checked against the end and moves the position.
///
/// Offsets are those of the whole file, however deep the part lies that is read. The reader must not outlive the bytes.
package struct ByteReader {
    /// The whole file.
    package let bytes: UnsafeRawBufferPointer
    /// The offset of the next byte.
    package private(set) var offset: Int
    /// Where the part that is read ends.
    package let end: Int

    /// Reads `range` of `bytes`; what lies outside of them is left out.
    package init(_ bytes: UnsafeRawBufferPointer, range: Range<Int>? = nil) {
        let range = (range ?? 0..<bytes.count).clamped(to: 0..<bytes.count)
        self.bytes = bytes
        self.offset = range.lowerBound
        self.end = range.upperBound
    }

    /// How many bytes are left.
    package var remaining: Int { end - offset }
    /// Whether nothing is left.
    package var isAtEnd: Bool { offset >= end }

    /// The next byte, which is not consumed; `nil` at the end.
    package func peek() -> UInt8? {
        offset < end ? bytes[offset] : nil
    }

    /// Moves on to an offset in the part that was looked at already.
    @inline(__always)
    package mutating func pass(upTo offset: Int) {
        self.offset = min(max(self.offset, offset), end)
    }

    /// The next byte.
    @inline(__always)
    package mutating func byte(_ what: @autoclosure () -> String) throws(BinaryError) -> UInt8 {
        guard offset < end else { throw .unexpectedEnd(reading: what(), at: offset) }
        let byte = bytes[offset]
        offset &+= 1
        return byte
    }

    /// A little-endian 16-bit number.
    mutating func fixed16(_ what: @autoclosure () -> String) throws(BinaryError) -> UInt16 {
        let low = try byte(what())
        let high = try byte(what())
        return UInt16(low) | UInt16(high) << 8
    }

    /// A byte that has to be zero.
    package mutating func reserved(_ what: @autoclosure () -> String) throws(BinaryError) {
        let start = offset
        let value = try byte(what())
        guard value == 0 else { throw .reservedByte(value, of: what(), at: start) }
    }

    /// A byte that is 0 or 1.
    package mutating func boolean(_ what: @autoclosure () -> String) throws(BinaryError) -> Bool {
        let start = offset
        switch try byte(what()) {
        case 0: return false
        case 1: return true
        case let other: throw .unknownByte(other, for: what(), at: start)
        }
    }

    /// An unsigned LEB128 number of at most `bits` bits.
    package mutating func unsigned(bits: Int, _ what: @autoclosure () -> String) throws(BinaryError) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        var shift = 0
        while true {
            let next = try byte(what())
            let left = bits - shift
            if left < 7, (next & 0x7f) >> UInt8(left) != 0 {
                throw next & 0x80 != 0 ? .integerTooLong(what(), at: start) : .integerTooLarge(what(), at: start)
            }
            value |= UInt64(next & 0x7f) << UInt64(shift)
            if next & 0x80 == 0 { return value }
            shift += 7
            guard shift < bits else { throw .integerTooLong(what(), at: start) }
        }
    }

    /// A `u32`.
    @inline(__always)
    package mutating func u32(_ what: @autoclosure () -> String) throws(BinaryError) -> UInt32 {
        // Nearly all numbers are one byte.
        if offset < end, bytes[offset] < 0x80 {
            offset &+= 1
            return UInt32(bytes[offset &- 1])
        }
        return UInt32(truncatingIfNeeded: try unsigned(bits: 32, what()))
    }

    /// A `u64`.
    package mutating func u64(_ what: @autoclosure () -> String) throws(BinaryError) -> UInt64 {
        try unsigned(bits: 64, what())
    }

    /// A signed LEB128 number of at most `bits` bits.
    package mutating func signed(bits: Int, _ what: @autoclosure () -> String) throws(BinaryError) -> Int64 {
        let start = offset
        var value: Int64 = 0
        var shift = 0
        while true {
            let next = try byte(what())
            let left = bits - shift
            if left < 7 {
                // The unused bits of the last byte repeat the sign.
                let unused = (next & 0x7f) >> UInt8(left - 1)
                guard unused == 0 || unused == 0x7f >> UInt8(left - 1) else {
                    throw .integerTooLarge(what(), at: start)
                }
            }
            value |= Int64(next & 0x7f) << Int64(shift)
            shift += 7
            if next & 0x80 == 0 {
                if shift < 64, next & 0x40 != 0 { value |= -1 << Int64(shift) }
                return value
            }
            guard shift < bits else { throw .integerTooLong(what(), at: start) }
        }
    }

    /// Text behind its length in bytes.
    package mutating func name(_ what: @autoclosure () -> String) throws(BinaryError) -> String {
        let length = Int(try u32("the length of " + what()))
        guard length <= Limits.nameBytes else {
            throw .limit("bytes in " + what(), maximum: Limits.nameBytes, at: offset)
        }
        return try text(length: length, what())
    }

    /// Text of `length` bytes.
    package mutating func text(length: Int, _ what: @autoclosure () -> String) throws(BinaryError) -> String {
        let start = offset
        let range = try skip(length, what())
        let part = UnsafeRawBufferPointer(rebasing: bytes[range])
        // Nearly all names are ASCII, and making a string of what is known to be well-formed takes a third of the time.
        if !part.contains(where: { $0 >= 0x80 }) { return String(decoding: part, as: UTF8.self) }
        guard let text = String(validating: part, as: UTF8.self) else { throw .notUTF8(what(), at: start) }
        return text
    }

    /// Steps over `count` bytes and says where they are.
    package mutating func skip(_ count: Int, _ what: @autoclosure () -> String) throws(BinaryError) -> Range<Int> {
        guard count >= 0, count <= remaining else {
            throw .pastEnd(what(), size: count, available: remaining, at: offset)
        }
        let range = offset..<(offset &+ count)
        offset = range.upperBound
        return range
    }

    /// Steps over `count` bytes and gives a reader of them.
    package mutating func part(_ count: Int, _ what: @autoclosure () -> String) throws(BinaryError) -> ByteReader {
        ByteReader(bytes, range: try skip(count, what()))
    }

    /// Requires that nothing is left.
    package func finish(_ what: @autoclosure () -> String) throws(BinaryError) {
        guard isAtEnd else { throw .leftOver(what(), count: remaining, at: offset) }
    }

    /// A number of items that follow; each takes at least one byte, so a larger number is an error at once.
    package mutating func count(_ what: @autoclosure () -> String, maximum: Int) throws(BinaryError) -> Int {
        let start = offset
        let count = Int(try u32("the number of " + what()))
        guard count <= maximum else { throw .limit(what(), maximum: maximum, at: start) }
        guard count <= remaining else {
            throw .unexpectedEnd(reading: "\(count) \(what()), only \(remaining) bytes follow", at: offset)
        }
        return count
    }

    /// A vector of at most `maximum` items.
    package mutating func vector<Item>(
        _ what: @autoclosure () -> String, maximum: Int,
        _ item: (inout ByteReader) throws(BinaryError) -> Item
    ) throws(BinaryError) -> [Item] {
        let count = try count(what(), maximum: maximum)
        var items: [Item] = []
        items.reserveCapacity(min(count, 64))
        for _ in 0..<count { items.append(try item(&self)) }
        return items
    }
}
