// SPDX-License-Identifier: Apache-2.0

/// The characters of HTTP's grammar (RFC 9110, 5.5, 5.6; RFC 3986).
package enum HTTPSyntax {
    /// A table of 256 truth values as masks of 64 bits: no memory to look at, nothing to initialize.
    struct ByteSet {
        private let a: UInt64
        private let b: UInt64

        /// The bits of the characters below 64, and of those above.
        init(_ a: UInt64, _ b: UInt64) { (self.a, self.b) = (a, b) }

        @inline(__always) func contains(_ byte: UInt8) -> Bool {
            byte < 128 && ((byte < 64 ? a : b) >> UInt64(byte & 63)) & 1 == 1
        }
    }

    /// Letters, digits and `!#$%&'*+-.^_`|~`.
    private static var token: ByteSet { ByteSet(0x03FF_6CFA_0000_0000, 0x57FF_FFFF_C7FF_FFFE) }
    /// What may be in a host: letters, digits, `-._~%!$&'()*+,;=:[]`.
    private static var host: ByteSet { ByteSet(0x2FFF_7FF2_0000_0000, 0x47FF_FFFE_AFFF_FFFE) }

    /// Whether a byte may be in a name or a method.
    @inline(__always) static func isToken(_ byte: UInt8) -> Bool { token.contains(byte) }

    /// Whether a byte may be in a host.
    @inline(__always) static func isHost(_ byte: UInt8) -> Bool { host.contains(byte) }

    /// A byte with capital letters made small.
    @inline(__always) package static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    /// Whether text is a name or a method: at least one character, and only those of a token.
    package static func isToken(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { isToken(UnsafeRawBufferPointer($0)) }
    }

    /// Whether bytes are a name or a method.
    package static func isToken(_ bytes: UnsafeRawBufferPointer) -> Bool {
        for byte in bytes where !isToken(byte) { return false }
        return !bytes.isEmpty
    }

    /// Whether bytes may be the value of a field: visible characters, bytes from 128 on, spaces and tabs.
    package static func isFieldValue(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while true {
            index = endOfValue(bytes, from: index)
            if index == bytes.count { return true }
            if bytes[index] != 0x09 { return false }
            index += 1
        }
    }

    /// Bytes without spaces and tabs at their ends.
    package static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var (start, end) = (0, bytes.count)
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
        while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }

    /// Whether bytes are a small word, whatever the case.
    @inline(__always) static func equals(_ bytes: UnsafeRawBufferPointer, _ lowercased: StaticString)
        -> Bool
    {
        guard bytes.count == lowercased.utf8CodeUnitCount else { return false }
        let word = lowercased.utf8Start
        for index in 0..<bytes.count where Self.lowercased(bytes[index]) != word[index] { return false }
        return true
    }

    /// The value of a hexadecimal digit.
    @inline(__always) static func hexadecimal(_ byte: UInt8) -> UInt8? {
        let digit = byte &- 0x30
        if digit < 10 { return digit }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : nil
    }

    /// A decimal number of digits alone, up to that of `Int64`.
    static func number(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard !bytes.isEmpty, bytes.count <= 19 else { return nil }
        var number: UInt64 = 0
        for byte in bytes {
            let digit = byte &- 0x30
            guard digit < 10 else { return nil }
            number = number &* 10 &+ UInt64(digit)
        }
        return number <= UInt64(Int64.max) ? number : nil
    }

    // MARK: - Eight bytes at a time

    private static var high: UInt64 { 0x8080_8080_8080_8080 }
    private static var ones: UInt64 { 0x0101_0101_0101_0101 }

    /// The first place from `start` on that is a control character, a tab or DEL, or the end.
    @inline(__always) static func endOfValue(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index &+ 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
            let del = word ^ (ones &* 0x7F)
            // The lowest bit found is right even where a borrow has made up others above it.
            let stop = (((word &- ones &* 0x20) & ~word) | ((del &- ones) & ~del)) & high
            if stop != 0 { return index &+ stop.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        while index < bytes.count, bytes[index] >= 0x20, bytes[index] != 0x7F { index &+= 1 }
        return index
    }

    /// The first place from `start` on that cannot be in the target of a request (a space, a control character, `#`, DEL, a byte from 128 on), or the end.
    @inline(__always) static func endOfTarget(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index &+ 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
            let (del, hash) = (word ^ (ones &* 0x7F), word ^ (ones &* 0x23))
            let stop =
                (((word &- ones &* 0x21) & ~word) | ((del &- ones) & ~del) | ((hash &- ones) & ~hash) | word)
                & high
            if stop != 0 { return index &+ stop.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        while index < bytes.count, bytes[index] > 0x20, bytes[index] < 0x7F, bytes[index] != 0x23 {
            index &+= 1
        }
        return index
    }
}
