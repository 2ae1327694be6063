// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

extension WAVEParser {
    /// The end of a number at the current place, `nil` when there is none; `isWhole` without fraction and exponent.
    private func number() -> (range: Range<Int>, isWhole: Bool)? {
        var end = offset
        func digits() -> Bool {
            let start = end
            while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
            return end > start
        }
        if end < bytes.count, bytes[end] == UInt8(ascii: "-") { end += 1 }
        let first = end
        guard digits() else { return nil }
        if bytes[first] == UInt8(ascii: "0"), end > first + 1 { return nil }
        var isWhole = true
        if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
            end += 1
            isWhole = false
            guard digits() else { return nil }
        }
        if end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
            end += 1
            isWhole = false
            if end < bytes.count, bytes[end] == UInt8(ascii: "+") || bytes[end] == UInt8(ascii: "-") { end += 1 }
            guard digits() else { return nil }
        }
        if end < bytes.count, Self.isLabel(bytes[end]) || bytes[end] == UInt8(ascii: ".") { return nil }
        return (offset..<end, isWhole)
    }

    mutating func integer<Integer: FixedWidthInteger>(_ type: String) throws(WAVEError) -> Integer {
        skipSpace()
        guard let (range, isWhole) = number(), isWhole else { throw mismatch(type) }
        let digits = String(decoding: bytes[range], as: UTF8.self)
        guard let value = Integer(digits) else { throw .outOfRange(digits, type, at: range, in: text) }
        offset = range.upperBound
        return value
    }

    /// The nearest value of the type; too large a number is infinite.
    mutating func float<Float: BinaryFloatingPoint & LosslessStringConvertible>(
        _ type: String
    ) throws(WAVEError) -> Float {
        skipSpace()
        if eatKeyword("nan") { return Float.nan }
        if eatKeyword("inf") { return Float.infinity }
        if bytes[offset...].starts(with: Array("-inf".utf8)), peek(4).map(Self.isLabel) != true {
            offset += 4
            return -Float.infinity
        }
        guard let (range, _) = number() else { throw mismatch(type) }
        let digits = String(decoding: bytes[range], as: UTF8.self)
        guard let value = Float(digits) else { throw .outOfRange(digits, type, at: range, in: text) }
        offset = range.upperBound
        return value
    }

    mutating func character() throws(WAVEError) -> Unicode.Scalar {
        guard peek() == UInt8(ascii: "'") else { throw mismatch("a char in single quotes") }
        let start = offset
        offset += 1
        guard let scalar = try scalar(stopAt: UInt8(ascii: "'")), peek() == UInt8(ascii: "'") else {
            throw .expected("one character in single quotes", found: "another text", at: start..<offset, in: text)
        }
        offset += 1
        return scalar
    }

    mutating func string() throws(WAVEError) -> String {
        guard peek() == UInt8(ascii: "\"") else { throw mismatch("a string in double quotes") }
        if peek(1) == UInt8(ascii: "\""), peek(2) == UInt8(ascii: "\"") { return try multilineString() }
        let start = offset
        offset += 1
        var result = String.UnicodeScalarView()
        while let scalar = try scalar(stopAt: UInt8(ascii: "\"")) { result.append(scalar) }
        guard peek() == UInt8(ascii: "\"") else {
            throw .expected("`\"` at the end of the string", found: "the end of the line", at: start..<offset, in: text)
        }
        offset += 1
        return String(result)
    }

    /// The next character or escape, `nil` at the quote, a line end or the end of the text.
    private mutating func scalar(stopAt quote: UInt8) throws(WAVEError) -> Unicode.Scalar? {
        guard let byte = peek(), byte != quote, byte != 0x0a else { return nil }
        return byte == UInt8(ascii: "\\") ? try escape() : plainScalar()
    }

    private mutating func plainScalar() -> Unicode.Scalar? {
        guard let first = peek() else { return nil }
        let length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
        let end = min(offset + length, bytes.count)
        defer { offset = end }
        return String(decoding: bytes[offset..<end], as: UTF8.self).unicodeScalars.first
    }

    private mutating func escape() throws(WAVEError) -> Unicode.Scalar {
        let start = offset
        let range = start..<min(start + 2, bytes.count)
        offset += 2
        switch offset <= bytes.count ? bytes[start + 1] : 0 {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "'"): return "'"
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "u"):
            guard peek() == UInt8(ascii: "{") else { throw .unicodeEscape(at: range, in: text) }
            return try unicodeEscape(from: start)
        default: throw .invalidEscape(at: wholeCharacter(range), in: text)
        }
    }

    /// What stands in the braces of `\u{…}`.
    private mutating func unicodeEscape(from start: Int) throws(WAVEError) -> Unicode.Scalar {
        offset += 1
        let digits = offset
        while let byte = peek(), Self.isLabel(byte) || byte == UInt8(ascii: "_") { offset += 1 }
        let range = digits..<offset
        guard peek() == UInt8(ascii: "}") else { throw .unicodeEscape(at: start..<offset, in: text) }
        offset += 1
        guard range.count <= 6, bytes[range].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(String(decoding: bytes[range], as: UTF8.self), radix: 16),
            let scalar = Unicode.Scalar(value)
        else { throw .unicodeEscape(at: start..<offset, in: text) }
        return scalar
    }

    /// `range` with the rest of the character at its end.
    private func wholeCharacter(_ range: Range<Int>) -> Range<Int> {
        var end = range.upperBound
        while end < bytes.count, bytes[end] & 0xc0 == 0x80 { end += 1 }
        return range.lowerBound..<end
    }

    /// `"""`, a line end, lines, and `"""` whose indentation is taken off all lines.
    private mutating func multilineString() throws(WAVEError) -> String {
        let start = offset
        offset += 3
        guard eatLineEnd() else {
            throw .expected("a line end behind `\"\"\"`", found: describe(), at: here(), in: text)
        }
        let bodyStart = offset
        var bodyEnd: Int?
        while let byte = peek() {
            if byte == UInt8(ascii: "\\") {
                // An escaped quote may not stand before two more.
                if peek(1) == UInt8(ascii: "\""), peek(2) == UInt8(ascii: "\""), peek(3) == UInt8(ascii: "\"") {
                    throw .invalidEscape(at: offset..<(offset + 4), in: text)
                }
                offset += 2
            } else if byte == UInt8(ascii: "\""), peek(1) == byte, peek(2) == byte {
                bodyEnd = offset
                break
            } else {
                offset += 1
            }
        }
        guard let bodyEnd else {
            throw .expected("`\"\"\"` at the end of the string", found: "the end", at: start..<bytes.count, in: text)
        }
        var lines = bytes[bodyStart..<bodyEnd].split(separator: 0x0a, omittingEmptySubsequences: false)
        guard let last = lines.popLast(), last.allSatisfy({ $0 == 0x20 }) else {
            throw .expected(
                "only spaces before the closing `\"\"\"`", found: "text", at: bodyEnd..<(bodyEnd + 3), in: text)
        }
        let end = bodyEnd + 3
        var result = String.UnicodeScalarView()
        for (index, line) in lines.enumerated() {
            if index > 0 { result.append("\n") }
            guard line.prefix(last.count).elementsEqual(last) else {
                throw .expected(
                    "\(last.count) spaces before each line", found: "fewer", at: line.startIndex..<line.startIndex,
                    in: text)
            }
            offset = line.startIndex + last.count
            let lineEnd = line.last == 0x0d ? line.endIndex - 1 : line.endIndex
            while offset < lineEnd {
                if bytes[offset] == UInt8(ascii: "\\") {
                    result.append(try escape())
                } else if let scalar = plainScalar() {
                    result.append(scalar)
                }
            }
        }
        offset = end
        return String(result)
    }

    private mutating func eatLineEnd() -> Bool {
        if peek() == 0x0d, peek(1) == 0x0a { offset += 1 }
        guard peek() == 0x0a else { return false }
        offset += 1
        return true
    }
}
