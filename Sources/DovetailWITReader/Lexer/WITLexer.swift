// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Cuts a WIT text into tokens; comments and white space are tokens, too, so that nothing is lost.
package struct WITLexer {
    private let bytes: [UInt8]
    private let file: Int
    private var offset = 0
    private var tokens: [WITToken] = []

    private init(_ bytes: [UInt8], file: Int) {
        self.bytes = bytes
        self.file = file
        tokens.reserveCapacity(bytes.count / 3)
    }

    /// The tokens of `bytes`, the last one the end of the file.
    ///
    /// Bytes that are not WIT become a token of kind `invalid` and an error in `diagnostics`.
    package static func tokens(
        of bytes: [UInt8], file: Int, diagnostics: inout DiagnosticCollector
    ) -> [WITToken] {
        var lexer = WITLexer(bytes, file: file)
        lexer.checkText(&diagnostics)
        // A byte order mark says nothing in UTF-8.
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) {
            lexer.offset = 3
            lexer.tokens.append(WITToken(kind: .whitespace, start: 0, end: 3))
        }
        while lexer.offset < bytes.count { lexer.next(&diagnostics) }
        lexer.tokens.append(WITToken(kind: .endOfFile, start: bytes.count, end: bytes.count))
        return lexer.tokens
    }

    private func peek(_ distance: Int = 1) -> UInt8 {
        let place = offset &+ distance
        return place < bytes.count ? bytes[place] : 0
    }

    private mutating func next(_ diagnostics: inout DiagnosticCollector) {
        let start = offset
        let byte = bytes[offset]
        let kind: WITToken.Kind
        switch byte {
        case 0x20, 0x0a, 0x0d, 0x09:
            while offset < bytes.count, Self.isSpace(bytes[offset]) { offset += 1 }
            kind = .whitespace
        case UInt8(ascii: "/") where peek() == UInt8(ascii: "/"):
            while offset < bytes.count, bytes[offset] != 0x0a { offset += 1 }
            kind = .lineComment
        case UInt8(ascii: "/") where peek() == UInt8(ascii: "*"):
            kind = blockComment(&diagnostics)
        case 0x61...0x7a, 0x41...0x5a:
            word()
            kind = .word
        case UInt8(ascii: "%"):
            offset += 1
            word()
            kind = .escapedWord
        case 0x30...0x39:
            kind = number()
        case UInt8(ascii: "\""):
            kind = string(&diagnostics)
        case UInt8(ascii: "-") where peek() == UInt8(ascii: ">"):
            offset += 2
            kind = .arrow
        case UInt8(ascii: "_"):
            offset += 1
            kind = .underscore
        case UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "<"), UInt8(ascii: ">"),
            UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "@"):
            offset += 1
            kind = .symbol(byte)
        default:
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xc0 == 0x80 { offset += 1 }
            let span = SourceSpan(file: file, start: start, end: offset)
            // Invalid UTF-8 and forbidden characters were reported by `checkText`.
            if let text = String(validating: bytes[start..<offset], as: UTF8.self),
                let scalar = text.unicodeScalars.first,
                !Self.isForbidden(scalar)
            {
                diagnostics.add(.unexpectedCharacter(scalar, at: span))
            }
            kind = .invalid
        }
        tokens.append(WITToken(kind: kind, start: start, end: offset))
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
    }

    private mutating func word() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x61...0x7a, 0x41...0x5a, 0x30...0x39: offset += 1
            case UInt8(ascii: "-") where peek() != UInt8(ascii: ">"): offset += 1
            default: return
            }
        }
    }

    /// Digits are an integer; with a dot and more digits behind them, a version with all that belongs to it.
    private mutating func number() -> WITToken.Kind {
        while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) { offset += 1 }
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "."), (0x30...0x39).contains(peek()) else {
            return .integer
        }
        scan: while offset < bytes.count {
            switch bytes[offset] {
            case 0x61...0x7a, 0x41...0x5a, 0x30...0x39, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"):
                offset += 1
            default: break scan
            }
        }
        // In `types@1.0.0.{…}` the last dot is the use statement's.
        while bytes[offset - 1] == UInt8(ascii: ".") { offset -= 1 }
        return .version
    }

    private mutating func blockComment(_ diagnostics: inout DiagnosticCollector) -> WITToken.Kind {
        let start = offset
        var depth = 0
        repeat {
            if bytes[offset] == UInt8(ascii: "/"), peek() == UInt8(ascii: "*") {
                depth += 1
                offset += 2
            } else if bytes[offset] == UInt8(ascii: "*"), peek() == UInt8(ascii: "/") {
                depth -= 1
                offset += 2
            } else {
                offset += 1
            }
        } while depth > 0 && offset < bytes.count
        if depth > 0 {
            diagnostics.add(.unterminatedComment(at: SourceSpan(file: file, start: start, end: start + 2)))
        }
        return .blockComment
    }

    private mutating func string(_ diagnostics: inout DiagnosticCollector) -> WITToken.Kind {
        let start = offset
        offset += 1
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\""), bytes[offset] != 0x0a {
            offset += bytes[offset] == UInt8(ascii: "\\") && offset + 1 < bytes.count ? 2 : 1
        }
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
            diagnostics.add(.unterminatedString(at: SourceSpan(file: file, start: start, end: offset)))
            return .invalid
        }
        offset += 1
        return .string
    }

    /// Reports what is not allowed anywhere in a WIT text, comments included: invalid UTF-8, control codes,
    /// writing-direction overrides and deprecated characters. (WIT.md, "Lexical structure")
    private func checkText(_ diagnostics: inout DiagnosticCollector) {
        var isPlain = true
        for byte in bytes where byte < 0x20 || byte >= 0x7f {
            if byte != 0x0a && byte != 0x0d && byte != 0x09 {
                isPlain = false
                break
            }
        }
        guard !isPlain else { return }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let place = Self.firstInvalidByte(of: bytes)
            diagnostics.add(.invalidUTF8(at: SourceSpan(file: file, start: place, end: place + 1)))
            return
        }
        var place = 0
        for scalar in text.unicodeScalars {
            let width = UTF8.width(scalar)
            if Self.isForbidden(scalar) {
                let span = SourceSpan(file: file, start: place, end: place + width)
                diagnostics.add(.forbiddenCharacter(scalar.value, at: span))
            }
            place += width
        }
    }

    private static func firstInvalidByte(of bytes: [UInt8]) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var place = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { place += UTF8.width(scalar) }
        return min(place, bytes.count)
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0a, 0x0d, 0x09: false
        case 0..<0x20, 0x7f..<0xa0: true
        case 0x202a...0x202e, 0x2066...0x2069: true
        case 0x149, 0x673, 0xf77, 0xf79, 0x17a3, 0x17a4, 0x17b4, 0x17b5: true
        default: false
        }
    }
}
