// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

// The wording of everything that can be wrong with a WIT text, syntax first.
extension Diagnostic {
    static func unexpectedCharacter(_ text: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic("unexpected character `\(text)`", at: span)
    }
    static func unterminatedComment(at span: SourceSpan) -> Diagnostic {
        Diagnostic("block comment has no end; close it with `*/`", at: span)
    }
    static func unterminatedString(at span: SourceSpan) -> Diagnostic {
        Diagnostic("string has no end; close it with `\"` on the same line", at: span)
    }
    static func invalidUTF8(at span: SourceSpan) -> Diagnostic {
        Diagnostic("the text is not valid UTF-8", at: span)
    }
    static func forbiddenCharacter(_ value: UInt32, at span: SourceSpan) -> Diagnostic {
        let digits = String(value, radix: 16, uppercase: true)
        let code = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return Diagnostic("character U+\(code) is not allowed in WIT, not even in comments", at: span)
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
        Diagnostic("`\(text)` is not a semantic version: expected major.minor.patch", at: span)
    }
    static func nestingTooDeep(at span: SourceSpan) -> Diagnostic {
        Diagnostic("nested too deep: at most \(WITParser.maximumDepth) levels are allowed", at: span)
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
    static func invalidString(at span: SourceSpan) -> Diagnostic {
        Diagnostic("string has an escape that is not known, or is not valid UTF-8", at: span)
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
