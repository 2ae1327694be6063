// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// The simple encodings that strings have in memory.
enum TextEncoding {
    case utf8, utf16, latin1

    /// The size of a code unit in bytes.
    var unitSize: Int { self == .utf16 ? 2 : 1 }
}

/// Encoded text somewhere in memory. It is read with bounds, and may hold anything: guest code can change it
/// between a check and the next read.
struct Text {
    let base: UnsafeRawPointer
    /// The number of code units.
    let units: Int
    let encoding: TextEncoding

    /// What ``next(_:)`` gives for malformed text.
    static let malformed: UInt32 = .max

    var byteCount: Int { units &* encoding.unitSize }

    /// Whether the eight bytes at `position` are inside and all ASCII; only for encodings of single bytes.
    @inline(__always)
    func hasEightASCII(_ position: Int) -> Bool {
        position &+ 8 <= units
            && base.loadUnaligned(fromByteOffset: position, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
    }

    /// Whether all of it is ASCII; only for encodings of single bytes.
    func isASCII() -> Bool {
        var position = 0
        while position &+ 64 <= units {
            // Eight words at a time: the compiler makes vectors of them.
            var bits: UInt64 = 0
            for word in 0..<8 {
                bits |= base.loadUnaligned(fromByteOffset: position &+ word &* 8, as: UInt64.self)
            }
            if bits & 0x8080_8080_8080_8080 != 0 { return false }
            position &+= 64
        }
        while hasEightASCII(position) { position &+= 8 }
        while position < units {
            if byte(position) >= 0x80 { return false }
            position &+= 1
        }
        return true
    }

    /// Reads the scalar at code unit `position`, which must be before the end, and moves behind it.
    @inline(__always)
    func next(_ position: inout Int) -> UInt32 {
        switch encoding {
        case .latin1:
            let byte = base.load(fromByteOffset: position, as: UInt8.self)
            position &+= 1
            return UInt32(byte)
        case .utf16:
            let unit = self.unit(position)
            position &+= 1
            guard unit & 0xf800 == 0xd800 else { return unit }
            guard unit < 0xdc00, position < units else { return Self.malformed }
            let low = self.unit(position)
            guard low & 0xfc00 == 0xdc00 else { return Self.malformed }
            position &+= 1
            return 0x10000 &+ ((unit & 0x3ff) << 10) &+ (low & 0x3ff)
        case .utf8:
            let first = byte(position)
            position &+= 1
            if first < 0x80 { return first }
            return nextMultibyte(first, &position)
        }
    }

    @inline(__always)
    private func unit(_ position: Int) -> UInt32 {
        UInt32(UInt16(littleEndian: base.loadUnaligned(fromByteOffset: position &* 2, as: UInt16.self)))
    }

    @inline(__always)
    private func byte(_ position: Int) -> UInt32 { UInt32(base.load(fromByteOffset: position, as: UInt8.self)) }

    /// The next continuation byte's six bits, or something above 0x3f.
    @inline(__always)
    private func continuation(_ position: inout Int) -> UInt32 {
        guard position < units else { return 0xff }
        let bits = byte(position) ^ 0x80
        position &+= 1
        return bits
    }

    private func nextMultibyte(_ first: UInt32, _ position: inout Int) -> UInt32 {
        let second = continuation(&position)
        guard second <= 0x3f else { return Self.malformed }
        switch first {
        case 0xc2...0xdf:
            return (first & 0x1f) << 6 | second
        case 0xe0...0xef:
            let third = continuation(&position)
            let value = (first & 0xf) << 12 | second << 6 | third
            guard third <= 0x3f, value >= 0x800, value & 0xf800 != 0xd800 else { return Self.malformed }
            return value
        case 0xf0...0xf4:
            let third = continuation(&position)
            guard third <= 0x3f else { return Self.malformed }
            let fourth = continuation(&position)
            let value = (first & 0x7) << 18 | second << 12 | third << 6 | fourth
            guard fourth <= 0x3f, value >= 0x10000, value <= 0x10ffff else { return Self.malformed }
            return value
        default:
            return Self.malformed
        }
    }

    /// How much room text takes in other encodings.
    struct Measure {
        var utf8Count = 0
        var utf16Count = 0
        /// How many scalars come before the first one beyond ASCII; their number if there is none.
        var leadingASCII = 0
        /// How many scalars come before the first one beyond Latin-1; their number if there is none.
        var leadingLatin1 = 0
        /// The code unit at which the first scalar beyond ASCII begins.
        var asciiEnd = 0
        /// The code unit at which the first scalar beyond Latin-1 begins.
        var latin1End = 0
        var isASCII = true
        var isLatin1 = true
    }

    /// Checks the text and measures it in one pass.
    ///
    /// - Throws: ``ABIError/Code/invalidUTF8`` or ``ABIError/Code/unpairedSurrogate``.
    func measure() throws(ABIError) -> Measure {
        var result = Measure()
        var position = 0
        while position < units {
            if encoding != .utf16, hasEightASCII(position) {
                position &+= 8
                result.utf8Count &+= 8
                result.utf16Count &+= 8
                if result.isASCII { result.leadingASCII &+= 8 }
                if result.isLatin1 { result.leadingLatin1 &+= 8 }
                continue
            }
            let start = position
            let scalar = next(&position)
            if scalar < 0x80 {
                result.utf8Count &+= 1
                if result.isASCII { result.leadingASCII &+= 1 }
                if result.isLatin1 { result.leadingLatin1 &+= 1 }
            } else {
                if scalar == Self.malformed {
                    throw encoding == .utf16 ? .unpairedSurrogate(at: start) : .invalidUTF8(at: start)
                }
                if result.isASCII {
                    result.isASCII = false
                    result.asciiEnd = start
                }
                if scalar < 0x100 {
                    if result.isLatin1 { result.leadingLatin1 &+= 1 }
                } else if result.isLatin1 {
                    result.isLatin1 = false
                    result.latin1End = start
                }
                result.utf8Count &+= scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4
                if scalar >= 0x10000 { result.utf16Count &+= 1 }
            }
            result.utf16Count &+= 1
        }
        if result.isASCII { result.asciiEnd = units }
        if result.isLatin1 { result.latin1End = units }
        return result
    }

    /// Writes the text from code unit `start` on in another encoding, at most `capacity` bytes.
    ///
    /// - Returns: the number of bytes written; `nil` when the text does not fit or is malformed, which after a
    ///   ``measure()`` can only be when it has been changed since.
    func transcode(from start: Int = 0, to target: UnsafeMutableRawPointer, capacity: Int, as form: TextEncoding)
        -> Int?
    {
        var position = start
        var written = 0
        let isBytes = encoding != .utf16
        while position < units {
            if isBytes, hasEightASCII(position) {
                let eight = base.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                if form == .utf16 {
                    guard written &+ 16 <= capacity else { return nil }
                    var index = 0
                    while index < 8 {
                        let unit = UInt16(truncatingIfNeeded: eight &>> UInt64(truncatingIfNeeded: index &* 8)) & 0xff
                        target.storeBytes(of: unit.littleEndian, toByteOffset: written &+ index &* 2, as: UInt16.self)
                        index &+= 1
                    }
                    written &+= 16
                } else {
                    guard written &+ 8 <= capacity else { return nil }
                    target.storeBytes(of: eight, toByteOffset: written, as: UInt64.self)
                    written &+= 8
                }
                position &+= 8
                continue
            }
            let scalar = next(&position)
            guard scalar != Self.malformed else { return nil }
            let room = capacity &- written
            switch form {
            case .latin1:
                guard scalar < 0x100, room >= 1 else { return nil }
                target.storeBytes(of: UInt8(truncatingIfNeeded: scalar), toByteOffset: written, as: UInt8.self)
                written &+= 1
            case .utf16:
                let size = scalar < 0x10000 ? 2 : 4
                guard room >= size else { return nil }
                if size == 2 {
                    Self.store16(scalar, target, written)
                } else {
                    Self.store16(0xd7c0 &+ (scalar &>> 10), target, written)
                    Self.store16(0xdc00 | (scalar & 0x3ff), target, written &+ 2)
                }
                written &+= size
            case .utf8:
                guard let size = Self.storeUTF8(scalar, target + written, room) else { return nil }
                written &+= size
            }
        }
        return written
    }

    @inline(__always)
    private static func store16(_ unit: UInt32, _ target: UnsafeMutableRawPointer, _ offset: Int) {
        target.storeBytes(of: UInt16(truncatingIfNeeded: unit).littleEndian, toByteOffset: offset, as: UInt16.self)
    }

    @inline(__always)
    private static func storeUTF8(_ scalar: UInt32, _ target: UnsafeMutableRawPointer, _ room: Int) -> Int? {
        func put(_ byte: UInt32, _ offset: Int) {
            target.storeBytes(of: UInt8(truncatingIfNeeded: byte), toByteOffset: offset, as: UInt8.self)
        }
        if scalar < 0x80 {
            guard room >= 1 else { return nil }
            put(scalar, 0)
            return 1
        }
        if scalar < 0x800 {
            guard room >= 2 else { return nil }
            put(0xc0 | scalar &>> 6, 0)
            put(0x80 | scalar & 0x3f, 1)
            return 2
        }
        if scalar < 0x10000 {
            guard room >= 3 else { return nil }
            put(0xe0 | scalar &>> 12, 0)
            put(0x80 | scalar &>> 6 & 0x3f, 1)
            put(0x80 | scalar & 0x3f, 2)
            return 3
        }
        guard room >= 4 else { return nil }
        put(0xf0 | scalar &>> 18, 0)
        put(0x80 | scalar &>> 12 & 0x3f, 1)
        put(0x80 | scalar &>> 6 & 0x3f, 2)
        put(0x80 | scalar & 0x3f, 3)
        return 4
    }
}
