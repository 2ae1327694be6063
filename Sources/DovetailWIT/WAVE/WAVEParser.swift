// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Reads WAVE text; the type says what is expected, so `{}` may be flags or a map.
struct WAVEParser {
    let text: String
    let bytes: [UInt8]
    let table: TypeTable
    var offset: Int
    var depth = 0
    /// The places of labels in the types that were met.
    var places: [TypeID: [String: Int]] = [:]

    init(_ text: String, table: TypeTable, offset: Int) {
        self.text = text
        self.bytes = Array(text.utf8)
        self.table = table
        self.offset = offset
    }

    // MARK: - Characters

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }

    func peek(_ distance: Int = 0) -> UInt8? {
        let place = offset &+ distance
        return place < bytes.count ? bytes[place] : nil
    }

    mutating func skipSpace() {
        while let byte = peek() {
            if Self.isSpace(byte) {
                offset += 1
            } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") {
                while let next = peek(), next != 0x0a { _ = next; offset += 1 }
            } else {
                return
            }
        }
    }

    mutating func eat(_ symbol: Character) -> Bool {
        skipSpace()
        guard let byte = symbol.asciiValue, peek() == byte else { return false }
        offset += 1
        return true
    }

    mutating func expect(_ symbol: Character) throws(WAVEError) {
        guard eat(symbol) else { throw unexpected("`\(symbol)`") }
    }

    mutating func expectEnd() throws(WAVEError) {
        skipSpace()
        guard offset == bytes.count else { throw unexpected("the end") }
    }

    /// The range of the thing at the current place, for messages.
    func here() -> Range<Int> {
        var end = offset
        // A number goes on behind its dot and its sign.
        let first = peek() == UInt8(ascii: "-") ? peek(1) : peek()
        let isNumber = first.map { (0x30...0x39).contains($0) } ?? false
        while end < bytes.count, Self.isLabel(bytes[end]) || (isNumber && (bytes[end] == 0x2e || bytes[end] == 0x2b)) {
            end += 1
        }
        if end == offset, end < bytes.count {
            end += 1
            while end < bytes.count, bytes[end] & 0xc0 == 0x80 { end += 1 }
        }
        return offset..<end
    }

    func describe() -> String {
        let range = here()
        return range.isEmpty ? "the end" : "`\(String(decoding: bytes[range], as: UTF8.self))`"
    }

    func unexpected(_ expected: String) -> WAVEError {
        .expected(expected, found: describe(), at: here(), in: text)
    }

    static func isLabel(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"): true
        default: false
        }
    }

    /// A label or keyword at the current place, without moving.
    func word() -> (name: String, isEscaped: Bool, range: Range<Int>)? {
        var start = offset
        let isEscaped = peek() == UInt8(ascii: "%")
        if isEscaped { start += 1 }
        var end = start
        while end < bytes.count, Self.isLabel(bytes[end]) { end += 1 }
        let name = String(decoding: bytes[start..<end], as: UTF8.self)
        guard ExternName.isLabel(name) else { return nil }
        return (name, isEscaped, offset..<end)
    }

    mutating func eatKeyword(_ keyword: String) -> Bool {
        skipSpace()
        guard let word = word(), !word.isEscaped, word.name == keyword else { return false }
        offset = word.range.upperBound
        return true
    }

    /// A label of flags, a record, an enum or a variant.
    mutating func label(_ kind: String, keywordsAllowed: Bool) throws(WAVEError) -> (name: String, range: Range<Int>) {
        skipSpace()
        guard let word = word() else { throw unexpected("the name of \(kind)") }
        if !keywordsAllowed, !word.isEscaped, WAVE.keywords.contains(word.name) {
            throw .keywordLabel(word.name, at: word.range, in: text)
        }
        offset = word.range.upperBound
        return (word.name, word.range)
    }

    /// Elements up to `close`, separated by commas; a last comma is allowed.
    mutating func sequence(_ close: Character, _ element: (inout WAVEParser) throws(WAVEError) -> Void)
        throws(WAVEError)
    {
        while !eat(close) {
            try element(&self)
            if !eat(",") {
                try expect(close)
                return
            }
        }
    }
}
