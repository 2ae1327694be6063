// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

// Identifiers, versions and numbers.
extension WITParser {
    mutating func identifier(_ what: String = "an identifier") throws(Abandoned) -> WITSyntax.Identifier {
        let token = current
        var name = text(token)
        switch token.kind {
        case .word:
            guard !WITKeyword.all.contains(name) else { throw fail(expected: what) }
        case .escapedWord:
            name.removeFirst()
        default: throw fail(expected: what)
        }
        if !ExternName.isLabel(name) { report(.notALabel(name, at: span(token))) }
        advance()
        return WITSyntax.Identifier(name: name, span: span(token))
    }

    /// The version behind `@`, if there is one.
    mutating func optionalVersion() throws(Abandoned) -> SemanticVersion? {
        guard eat("@") else { return nil }
        return try version()
    }

    mutating func version() throws(Abandoned) -> SemanticVersion {
        let token = current
        guard token.kind == .version || token.kind == .integer else { throw fail(expected: "a version") }
        guard let version = SemanticVersion(text(token)) else {
            let whole = wholeNumber(token)
            throw fail(.invalidVersion(text(whole), at: span(whole)))
        }
        advance()
        return version
    }

    /// A number with all that was probably meant to belong to it: `1.` and `1.x` are several tokens.
    func wholeNumber(_ token: WITToken) -> WITToken {
        var token = token
        while token.end < bytes.count {
            switch bytes[token.end] {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"):
                // In `types@1.0.{…}` the last dot is the use statement's.
                if bytes[token.end...].starts(with: [UInt8(ascii: "."), UInt8(ascii: "{")]) { return token }
                token.end += 1
            default: return token
            }
        }
        return token
    }
}
