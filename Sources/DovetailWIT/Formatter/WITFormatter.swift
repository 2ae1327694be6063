// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWITReader

/// Formats a WIT text: indentation, line ends, spaces and trailing commas; comments stay where they are.
///
/// The tokens and their order do not change, except for trailing commas, so the meaning does not either.
package struct WITFormatter {
    enum Block {
        /// Items that end with `;` or a block of their own.
        case items
        /// Fields, cases or flags, one a line.
        case elements
        /// The names of `use`.
        case use
        /// The names of `include … with`.
        case with
    }

    private let bytes: [UInt8]
    let tokens: [WITToken]
    private var output: [UInt8] = []
    var blocks: [Block] = []
    var nesting = 0
    private var atLineStart = true
    /// The first word of the current item, without its attributes.
    var head: String?
    private var inAttribute = false
    private var isContinued = false
    var previous: WITToken?
    private var beforePrevious: WITToken?
    /// How many colons of the current import or export join a name to its type rather than a path.
    var nameColons = 0
    var lastColonWasPath = false
    private var endedTopLevelItem = false
    /// Whether a block comment stands right before, on the same line.
    var followsComment = false

    /// `source` in the canonical layout.
    ///
    /// - Throws: what is wrong, when it is no WIT.
    package static func format(_ source: SourceFile) throws(WITError) -> String {
        var sources = SourceMap()
        let index = sources.append(source)
        var diagnostics = DiagnosticCollector()
        let file = WITParser.parse(source, file: index, diagnostics: &diagnostics)
        guard !diagnostics.hasErrors else {
            throw WITError(
                code: .syntax, diagnostics: diagnostics.diagnostics, omitted: diagnostics.omitted,
                sources: sources)
        }
        var formatter = WITFormatter(bytes: source.bytes, tokens: file.tokens)
        formatter.run()
        return String(decoding: formatter.output, as: UTF8.self)
    }

    private init(bytes: [UInt8], tokens: [WITToken]) {
        self.bytes = bytes
        self.tokens = tokens
        output.reserveCapacity(bytes.count + bytes.count / 8)
    }

    // MARK: - Walking

    private mutating func run() {
        var newlines = 0
        for (index, token) in tokens.enumerated() {
            switch token.kind {
            case .whitespace: newlines = bytes[token.start..<token.end].count { $0 == 0x0a }
            case .lineComment, .blockComment:
                comment(token, newlines: newlines, isFirst: output.isEmpty)
                newlines = 0
            case .endOfFile:
                break
            default:
                significant(token, newlines: newlines, next: next(after: index))
                newlines = 0
            }
        }
        while output.last == 0x0a || output.last == 0x20 { output.removeLast() }
        if !output.isEmpty { output.append(0x0a) }
    }

    /// The next token that is no trivia.
    struct Next {
        var index: Int
        var token: WITToken
        var hasComment = false
    }

    func next(after index: Int) -> Next {
        var place = min(index + 1, tokens.count - 1)
        var hasComment = false
        while place < tokens.count - 1, tokens[place].isTrivia {
            hasComment = hasComment || tokens[place].isComment
            place += 1
        }
        return Next(index: place, token: tokens[place], hasComment: hasComment)
    }

    func symbol(_ token: WITToken?) -> Character? {
        guard case .symbol(let byte)? = token?.kind else { return nil }
        return Character(Unicode.Scalar(byte))
    }

    func text(_ token: WITToken) -> String { String(decoding: bytes[token.start..<token.end], as: UTF8.self) }

    // MARK: - Writing

    private mutating func endLine() {
        guard !atLineStart else { return }
        while output.last == 0x20 { output.removeLast() }
        output.append(0x0a)
        atLineStart = true
    }

    /// Whether these are the last two bytes. A slice of the output would make each change of it a copy.
    private func endsWith(_ first: UInt8, _ second: UInt8) -> Bool {
        output.count > 1 && output[output.count - 2] == first && output[output.count - 1] == second
    }

    private mutating func startLine(blankBefore: Bool) {
        endLine()
        if blankBefore, !output.isEmpty, !endsWith(0x0a, 0x0a), !endsWith(0x7b, 0x0a) {
            output.append(0x0a)
        }
    }

    private mutating func write(_ token: WITToken) {
        if atLineStart {
            let depth = blocks.count + (isContinued || nesting > 0 ? 1 : 0)
            output.append(contentsOf: [UInt8](repeating: 0x20, count: depth * 2))
            atLineStart = false
        }
        output.append(contentsOf: bytes[token.start..<token.end])
    }

    private mutating func comment(_ token: WITToken, newlines: Int, isFirst: Bool) {
        let isTrailing = newlines == 0 && !isFirst && !output.isEmpty
        if isTrailing, atLineStart, output.last == 0x0a, !endsWith(0x0a, 0x0a) {
            // The line was ended behind its last token: the comment belongs to it.
            output.removeLast()
            atLineStart = false
        }
        if !isTrailing { startLine(blankBefore: newlines > 1 || (endedTopLevelItem && blocks.isEmpty)) }
        if !isTrailing { endedTopLevelItem = false }
        if isTrailing, !atLineStart, output.last != 0x20 { output.append(0x20) }
        write(token)
        while output.last == 0x20 || output.last == 0x0d || output.last == 0x09 { output.removeLast() }
        if token.kind == .lineComment || !isTrailing || startsItem {
            endLine()
        } else {
            followsComment = true
        }
    }

    /// Whether the next token begins an item, an element or an attribute.
    private var startsItem: Bool { head == nil && !inAttribute }

    private mutating func significant(_ token: WITToken, newlines: Int, next: Next) {
        let current = symbol(token)
        if current == "}" {
            close(token, next: next)
            return remember(token)
        }
        if startsItem {
            let separates = endedTopLevelItem && blocks.isEmpty
            if atLineStart || blocks.last == .items || blocks.last == .elements || blocks.isEmpty {
                startLine(blankBefore: (newlines > 1 || separates) && previous != nil && symbol(previous) != "@")
            }
            endedTopLevelItem = false
            if current == "@" {
                inAttribute = true
            } else if blocks.last != .use && blocks.last != .with {
                head = text(token)
                nameColons = 1
            }
        }
        if current == "," {
            let closer = symbol(next.token)
            if !next.hasComment, closer == ")" || closer == ">" || (closer == "}" && blocks.last != .elements) {
                return
            }
        }
        if !atLineStart, needsSpace(before: token), output.last != 0x20 { output.append(0x20) }
        followsComment = false
        write(token)
        isContinued = head != nil || inAttribute
        after(token, next: next)
        remember(token)
    }

    private mutating func remember(_ token: WITToken) {
        beforePrevious = previous
        previous = token
    }

    private mutating func after(_ token: WITToken, next: Next) {
        switch symbol(token) {
        case "(", "<": nesting += 1
        case ")", ">":
            nesting = max(0, nesting - 1)
            if inAttribute, nesting == 0 {
                inAttribute = false
                isContinued = false
                endLine()
            }
        case "{":
            let block = block()
            if block == .use || block == .with {
                blocks.append(block)
                nesting += 1
                return
            }
            blocks.append(block)
            finish()
            if symbol(next.token) == "}", !next.hasComment { return }
            endLine()
        case ";":
            endedTopLevelItem = blocks.isEmpty && head == "package"
            finish()
            endLine()
        case "," where blocks.last == .elements && nesting == 0:
            finish()
            endLine()
        case ":": lastColonWasPath = isPathColon(token, next: next)
        default: break
        }
        if blocks.last == .elements, nesting == 0, symbol(next.token) == "}", head != nil, symbol(token) != "," {
            output.append(0x2c)
            finish()
            endLine()
        }
    }

    private mutating func finish() {
        head = nil
        isContinued = false
        nameColons = 0
    }

    private func block() -> Block {
        if symbol(previous) == "." { return .use }
        if let previous, previous.kind == .word, text(previous) == "with", head == "include" { return .with }
        switch head {
        case "record", "variant", "enum", "flags": return .elements
        default: return .items
        }
    }

    private mutating func close(_ token: WITToken, next: Next) {
        let block = blocks.popLast()
        if block == .use || block == .with {
            nesting = max(0, nesting - 1)
            if block == .with, !atLineStart, output.last != 0x20 { output.append(0x20) }
            write(token)
            if block == .with, symbol(next.token) != ";" {
                finish()
                endLine()
            }
            return
        }
        finish()
        if symbol(previous) != "{" || atLineStart { endLine() }
        while endsWith(0x0a, 0x0a) { output.removeLast() }
        write(token)
        endLine()
        endedTopLevelItem = blocks.isEmpty
    }
}
