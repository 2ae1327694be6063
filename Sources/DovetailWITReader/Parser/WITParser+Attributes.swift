// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

// Attributes, comments and strings.
extension WITParser {
    mutating func attributes() throws(Abandoned) -> [WITSyntax.Attribute] {
        var attributes: [WITSyntax.Attribute] = []
        var hasExternalID = false
        while eat("@") {
            let token = current
            let name = text(token)
            guard token.kind == .word else { throw fail(expected: "the name of an attribute") }
            advance()
            let kind: WITSyntax.Attribute.Kind
            switch name {
            case "since":
                kind = .since(try versionArgument())
            case "deprecated":
                kind = .deprecated(try versionArgument())
            case "unstable":
                try expect("(")
                try expectArgument("feature")
                kind = .unstable(feature: try identifier().name)
                try expect(")")
            case "external-id":
                try expect("(")
                kind = .externalID(try string())
                try expect(")")
                if hasExternalID { report(.attributeTwice("external-id", at: span(token))) }
                hasExternalID = true
            default:
                throw fail(.unknownAttribute(name, at: span(token)))
            }
            attributes.append(.init(kind: kind, span: span(token)))
        }
        return attributes
    }

    private mutating func versionArgument() throws(Abandoned) -> SemanticVersion {
        try expect("(")
        try expectArgument("version")
        let version = try version()
        try expect(")")
        return version
    }

    private mutating func expectArgument(_ name: StaticString) throws(Abandoned) {
        guard eatWord(name) else { throw fail(expected: "`\(name)`") }
        try expect("=")
    }

    mutating func refuseExternalID(_ attributes: [WITSyntax.Attribute], on what: String) {
        for attribute in attributes {
            if case .externalID = attribute.kind {
                report(.externalIDNotAllowed(on: what, at: attribute.span))
            }
        }
    }

    /// The comments right before the current token.
    func documentation() -> WITSyntax.Documentation? {
        var first = index
        while first > 0, tokens[first - 1].isTrivia { first -= 1 }
        let comments = tokens[first..<index].filter(\.isComment)
        guard let start = comments.first?.start, let end = comments.last?.end else { return nil }
        return .init(
            text: WITComment.text(of: comments.map(text)), span: SourceSpan(file: file, start: start, end: end))
    }

    /// The contents of a string token, without quotes and escapes. (Core specification, "Names")
    mutating func string() throws(Abandoned) -> String {
        let token = current
        guard token.kind == .string else { throw fail(expected: "a string") }
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        func span(_ range: Range<Int>) -> SourceSpan {
            SourceSpan(file: file, start: range.lowerBound, end: range.upperBound)
        }
        do throws(WITString.Problem) {
            let text = try WITString.unescaped(bytes[(token.start + 1)..<(token.end - 1)])
            advance()
            return text
        } catch {
            switch error {
            case .unknownEscape(let range): throw fail(.unknownEscape(text(range), at: span(range)))
            case .unicodeEscape(let range): throw fail(.unicodeEscape(text(range), at: span(range)))
            case .notUTF8: throw fail(.stringNotUTF8(at: self.span(token)))
            }
        }
    }
}
