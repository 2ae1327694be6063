// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

// Messages about the syntax of WIT.
extension Diagnostic {
    static func unexpectedCharacter(_ scalar: Unicode.Scalar, at span: SourceSpan) -> Diagnostic {
        let hint: String? =
            switch scalar {
            case "\u{201c}", "\u{201d}", "'": "strings stand in plain double quotes, `\"`"
            case "\u{2013}", "\u{2014}", "\u{2212}": "did you mean `-`?"
            case "#": "comments begin with `//`"
            default: nil
            }
        let isShown = scalar.properties.generalCategory != .format && !scalar.properties.isWhitespace
        return Diagnostic("unexpected character \(isShown ? "`\(scalar)`" : code(scalar.value))", at: span, label: hint)
    }
    private static func code(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
    static func unterminatedComment(at span: SourceSpan) -> Diagnostic {
        Diagnostic("block comment is not closed; end it with `*/`", at: span)
    }
    static func unterminatedString(at span: SourceSpan) -> Diagnostic {
        Diagnostic("string is not closed; end it with `\"` on the same line", at: span)
    }
    static func invalidUTF8(at span: SourceSpan) -> Diagnostic {
        Diagnostic("the text is not valid UTF-8; save the file as UTF-8", at: span)
    }
    static func forbiddenCharacter(_ value: UInt32, at span: SourceSpan) -> Diagnostic {
        Diagnostic("character \(code(value)) is not allowed in WIT, not even in comments", at: span)
    }
    static func expected(_ expected: String, found: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic("expected \(expected), found \(found)", at: span)
    }
    static func notALabel(_ name: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic(
            "`\(name)` is not a kebab-case name: use words of one case that begin with a letter, joined by `-`",
            at: span)
    }
    static func invalidVersion(_ text: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic("`\(text)` is not a semantic version: expected major.minor.patch, such as `1.0.0`", at: span)
    }
    static func nestingTooDeep(at span: SourceSpan) -> Diagnostic {
        Diagnostic("nested too deeply: at most \(WITParser.maximumDepth) levels are allowed", at: span)
    }
    static func dependencyTooDeep(at span: SourceSpan) -> Diagnostic {
        Diagnostic(
            "packages or interfaces depend on each other in a chain of more than \(WITResolver.maximumDepth)", at: span)
    }
    static func packageNotFirst(at span: SourceSpan) -> Diagnostic {
        Diagnostic("a `package` line must be the first item of a file", at: span)
    }
    static func unknownAttribute(_ name: String, at span: SourceSpan) -> Diagnostic {
        let known = ["since", "unstable", "deprecated", "external-id"]
        let near = NameSuggestion.nearest(to: name, among: known)
        return Diagnostic("unknown attribute `@\(name)`", at: span, label: near.map { "did you mean `@\($0)`?" })
    }
    static func attributeTwice(_ name: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic("`@\(name)` is given twice", at: span)
    }
    static func externalIDNotAllowed(on what: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic("`@external-id` is not allowed on \(what)", at: span)
    }
    static func attributeOnUse(at span: SourceSpan) -> Diagnostic {
        Diagnostic("attributes are not allowed on `use` at the top of a file", at: span)
    }
    static func sinceAndUnstable(at span: SourceSpan) -> Diagnostic {
        Diagnostic("an item cannot be both `@since` and `@unstable`", at: span)
    }
    static func deprecatedAlone(at span: SourceSpan) -> Diagnostic {
        Diagnostic("`@deprecated` needs `@since` or `@unstable` beside it", at: span)
    }
    static func unknownEscape(_ escape: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic(
            "unknown escape `\(escape)`; use `\\n`, `\\t`, `\\r`, `\\\\`, `\\'`, `\\\"`, `\\u{…}` or two hexadecimal digits",
            at: span)
    }
    static func unicodeEscape(_ escape: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic(
            "`\(escape)` is no character: expected `\\u{…}` with hexadecimal digits, at most `10ffff` and not between "
                + "`d800` and `dfff`", at: span)
    }
    static func stringNotUTF8(at span: SourceSpan) -> Diagnostic {
        Diagnostic("the bytes that the escapes of this string stand for are not valid UTF-8", at: span)
    }
    static func invalidLength(_ text: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic("`\(text)` is not a list length: expected 1 to 4294967295", at: span)
    }
    static func getterParameters(at span: SourceSpan) -> Diagnostic {
        Diagnostic("a getter cannot have parameters", at: span)
    }
    static func getterWithoutResult(at span: SourceSpan) -> Diagnostic {
        Diagnostic("a getter must have a result", at: span)
    }
    static func getterResult(at span: SourceSpan) -> Diagnostic {
        Diagnostic("a getter's `result` must have an ok type", at: span)
    }
    static func setterParameters(at span: SourceSpan) -> Diagnostic {
        Diagnostic("a setter must have exactly one parameter", at: span)
    }
    static func setterResult(at span: SourceSpan) -> Diagnostic {
        Diagnostic("a setter's result must be a `result` without an ok type", at: span)
    }
}
