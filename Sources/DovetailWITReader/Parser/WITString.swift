// SPDX-License-Identifier: Apache-2.0

/// String literals. (Core specification, "Strings" and "Names")
enum WITString {
    /// What is wrong with a literal.
    enum Problem: Error {
        /// The escape with these bytes is not known.
        case unknownEscape(Range<Int>)
        /// The `\u{…}` with these bytes is no character.
        case unicodeEscape(Range<Int>)
        /// Escapes of single bytes give no UTF-8.
        case notUTF8
    }

    /// What stands between the quotes without its escapes.
    static func unescaped(_ bytes: ArraySlice<UInt8>) throws(Problem) -> String {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let start = index
            let byte = bytes[index]
            index += 1
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            let escape = index < bytes.endIndex ? bytes[index] : 0
            index += 1
            switch escape {
            case UInt8(ascii: "n"): result.append(0x0a)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "r"): result.append(0x0d)
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): result.append(escape)
            case UInt8(ascii: "u"):
                let end = endOfEscape(bytes, from: index)
                guard let scalar = scalar(bytes[index..<end]) else { throw .unicodeEscape(start..<end) }
                result.append(contentsOf: Array(String(Character(scalar)).utf8))
                index = end
            default:
                guard index < bytes.endIndex, let high = hexadecimal(escape), let low = hexadecimal(bytes[index]) else {
                    var end = min(index, bytes.endIndex)
                    while end < bytes.endIndex, bytes[end] & 0xc0 == 0x80 { end += 1 }
                    throw .unknownEscape(start..<end)
                }
                result.append(high << 4 | low)
                index += 1
            }
        }
        guard let text = String(validating: result, as: UTF8.self) else { throw .notUTF8 }
        return text
    }

    /// The end of what looks like the braces of an escape.
    private static func endOfEscape(_ bytes: ArraySlice<UInt8>, from start: Int) -> Int {
        guard start < bytes.endIndex, bytes[start] == UInt8(ascii: "{") else { return start }
        var end = start + 1
        while end < bytes.endIndex, hexadecimal(bytes[end]) != nil || isWordByte(bytes[end]) { end += 1 }
        return end < bytes.endIndex && bytes[end] == UInt8(ascii: "}") ? end + 1 : end
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"): true
        default: false
        }
    }

    /// The character that `{…}` means.
    private static func scalar(_ braces: ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard braces.count > 2, braces.first == UInt8(ascii: "{"), braces.last == UInt8(ascii: "}") else { return nil }
        let digits = braces.dropFirst().dropLast().filter { $0 != UInt8(ascii: "_") }
        guard digits.allSatisfy({ hexadecimal($0) != nil }),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        return Unicode.Scalar(value)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x61 + 10
        case 0x41...0x46: byte - 0x41 + 10
        default: nil
        }
    }
}
