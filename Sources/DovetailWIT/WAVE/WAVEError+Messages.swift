// SPDX-License-Identifier: Apache-2.0

extension WAVEError {
    static func expected(_ expected: String, found: String, at range: Range<Int>, in text: String) -> WAVEError {
        WAVEError(.syntax, "expected \(expected), found \(found)", at: range, in: text)
    }
    static func mismatch(_ expected: String, found: String, at range: Range<Int>, in text: String) -> WAVEError {
        WAVEError(.type, "expected \(expected), found \(found)", at: range, in: text)
    }
    static func invalidEscape(at range: Range<Int>, in text: String) -> WAVEError {
        let escape = String(decoding: Array(text.utf8)[range], as: UTF8.self)
        return WAVEError(
            .syntax,
            "unknown escape `\(escape)`; use `\\n`, `\\t`, `\\r`, `\\\\`, `\\'`, `\\\"` or `\\u{…}`", at: range,
            in: text)
    }
    static func unicodeEscape(at range: Range<Int>, in text: String) -> WAVEError {
        let escape = String(decoding: Array(text.utf8)[range], as: UTF8.self)
        return WAVEError(
            .syntax,
            "`\(escape)` is no character: expected `\\u{…}` with 1 to 6 hexadecimal digits, at most `10ffff` and not "
                + "between `d800` and `dfff`", at: range, in: text)
    }
    static func outOfRange(_ number: String, _ type: String, at range: Range<Int>, in text: String) -> WAVEError {
        WAVEError(.type, "`\(number)` is not in the range of \(type)", at: range, in: text)
    }
    static func missingField(_ name: String, at range: Range<Int>, in text: String) -> WAVEError {
        WAVEError(.type, "field `\(name)` is missing", at: range, in: text)
    }
    static func unknownLabel(
        _ kind: String, _ name: String, near: String?, at range: Range<Int>, in text: String
    ) -> WAVEError {
        let hint = near.map { "; did you mean `\($0)`?" } ?? ""
        return WAVEError(.type, "there is no \(kind) `\(name)`\(hint)", at: range, in: text)
    }
    static func twice(_ kind: String, _ name: String, at range: Range<Int>, in text: String) -> WAVEError {
        WAVEError(.type, "\(kind) `\(name)` is given twice", at: range, in: text)
    }
    static func keywordLabel(_ name: String, at range: Range<Int>, in text: String) -> WAVEError {
        WAVEError(.syntax, "`\(name)` is a keyword; write the case as `%\(name)`", at: range, in: text)
    }
    static func payload(_ name: String, expected: Bool, at range: Range<Int>, in text: String) -> WAVEError {
        let message = expected ? "case `\(name)` needs a payload" : "case `\(name)` has no payload"
        return WAVEError(.type, message, at: range, in: text)
    }
    static func length(_ expected: UInt32, found: Int, at range: Range<Int>, in text: String) -> WAVEError {
        WAVEError(.type, "expected \(expected) elements, found \(found)", at: range, in: text)
    }
    static func argumentCount(_ expected: Int, found: Int, at range: Range<Int>, in text: String) -> WAVEError {
        WAVEError(
            .arguments, "expected \(expected) argument\(expected == 1 ? "" : "s"), found \(found)", at: range, in: text)
    }
    static func tooDeep(at range: Range<Int>?, in text: String) -> WAVEError {
        WAVEError(.unsupported, "the type is nested too deep for WAVE", at: range, in: text)
    }
    static func notExpressible(_ type: String, at range: Range<Int>? = nil, in text: String = "") -> WAVEError {
        WAVEError(.unsupported, "a value of type \(type) cannot be written in WAVE", at: range, in: text)
    }
    static func doesNotFit(_ found: String, _ type: String) -> WAVEError {
        WAVEError(.type, "expected \(type), found \(found)")
    }
}
