// SPDX-License-Identifier: Apache-2.0

/// Reads one WIT file into its syntax tree. (WIT.md, "Lexical structure" to "Types")
///
/// A mistake is recorded, the rest of its item skipped, and reading goes on.
package struct WITParser {
    /// Thrown when a mistake has been recorded and the item has to be given up.
    struct Abandoned: Error {}

    /// Nested types and packages beyond this depth are refused.
    static let maximumDepth = 100

    let bytes: [UInt8]
    let file: Int
    let tokens: [WITToken]
    /// The index of the next token that is no trivia.
    var index = 0
    var depth = 0
    /// The end of the token before the current one.
    private var previousEnd = 0
    var diagnostics: DiagnosticCollector

    /// The tree of `source`, whose index in the source map is `file`; mistakes go to `diagnostics`.
    package static func parse(
        _ source: SourceFile, file: Int, diagnostics: inout DiagnosticCollector
    ) -> WITSyntax.File {
        let tokens = WITLexer.tokens(of: source.bytes, file: file, diagnostics: &diagnostics)
        var parser = WITParser(bytes: source.bytes, file: file, tokens: tokens, diagnostics: diagnostics)
        parser.skipTrivia()
        let result = parser.file_()
        diagnostics = parser.diagnostics
        return result
    }

    private init(bytes: [UInt8], file: Int, tokens: [WITToken], diagnostics: DiagnosticCollector) {
        self.bytes = bytes
        self.file = file
        self.tokens = tokens
        self.diagnostics = diagnostics
    }

    // MARK: - Tokens

    var current: WITToken { tokens[index] }

    mutating func skipTrivia() {
        while tokens[index].isTrivia { index += 1 }
    }

    mutating func advance() {
        guard current.kind != .endOfFile else { return }
        previousEnd = current.end
        index += 1
        skipTrivia()
    }

    /// The significant token `distance` places ahead.
    func ahead(_ distance: Int) -> WITToken {
        var place = index
        var left = distance
        while left > 0, tokens[place].kind != .endOfFile {
            place += 1
            while tokens[place].isTrivia { place += 1 }
            left -= 1
        }
        return tokens[place]
    }

    func text(_ token: WITToken) -> String { String(decoding: bytes[token.start..<token.end], as: UTF8.self) }

    func span(_ token: WITToken) -> SourceSpan { SourceSpan(file: file, start: token.start, end: token.end) }

    /// The place from `start` to the end of the token before the current one.
    func span(from start: Int) -> SourceSpan {
        SourceSpan(file: file, start: start, end: previousEnd)
    }

    func isSymbol(_ symbol: Character, _ token: WITToken? = nil) -> Bool {
        guard let byte = symbol.asciiValue else { return false }
        return (token ?? current).kind == .symbol(byte)
    }

    func isWord(_ word: StaticString, _ token: WITToken? = nil) -> Bool {
        let token = token ?? current
        guard token.kind == .word, token.end - token.start == word.utf8CodeUnitCount else { return false }
        let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        return bytes[token.start..<token.end].elementsEqual(letters)
    }

    mutating func eat(_ symbol: Character) -> Bool {
        guard isSymbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func eatWord(_ word: StaticString) -> Bool {
        guard isWord(word) else { return false }
        advance()
        return true
    }

    mutating func expect(_ symbol: Character) throws(Abandoned) {
        guard eat(symbol) else { throw fail(expected: "`\(symbol)`") }
    }

    mutating func expectWord(_ word: StaticString) throws(Abandoned) {
        guard eatWord(word) else { throw fail(expected: "keyword `\(word)`") }
    }

    // MARK: - Mistakes

    mutating func fail(expected: String) -> Abandoned {
        if current.kind != .invalid {
            let whole = current.kind == .integer || current.kind == .version ? wholeNumber(current) : current
            report(.expected(expected, found: describe(whole), at: span(whole)))
        }
        return Abandoned()
    }

    mutating func report(_ diagnostic: Diagnostic) {
        diagnostics.add(diagnostic)
    }

    mutating func fail(_ diagnostic: Diagnostic) -> Abandoned {
        report(diagnostic)
        return Abandoned()
    }

    private func describe(_ token: WITToken) -> String {
        switch token.kind {
        case .endOfFile: "end of file"
        case .word where WITKeyword.all.contains(text(token)): "keyword `\(text(token))`"
        case .word, .escapedWord: "identifier `\(text(token))`"
        case .integer, .version: "number `\(text(token))`"
        case .string: "a string"
        default: "`\(text(token))`"
        }
    }

    /// Skips to behind the end of the current item: its `;`, or its closing brace.
    mutating func recover(depth startDepth: Int = 0) {
        var open = startDepth
        while current.kind != .endOfFile {
            if isSymbol("{") { open += 1 }
            if isSymbol("}") {
                guard open > 0 else { return }
                open -= 1
                if open == 0 {
                    advance()
                    return
                }
            }
            if open == 0, isSymbol(";") {
                advance()
                return
            }
            advance()
        }
    }

    /// Reads items up to the closing brace; a mistake costs its item only.
    mutating func block<Element>(
        _ item: (inout WITParser) throws(Abandoned) -> Element
    ) throws(Abandoned) -> [Element] {
        var elements: [Element] = []
        try expect("{")
        while !isSymbol("}") {
            guard current.kind != .endOfFile else {
                throw fail(expected: "an item or `}`")
            }
            let before = index
            do throws(Abandoned) {
                elements.append(try item(&self))
            } catch {
                recover()
                if index == before { advance() }
            }
        }
        advance()
        return elements
    }

    /// Reads elements between `open` and `close`, separated by commas; a last comma is allowed.
    mutating func list<Element>(
        _ open: Character, _ close: Character,
        _ item: (inout WITParser) throws(Abandoned) -> Element
    ) throws(Abandoned) -> [Element] {
        try expect(open)
        var elements: [Element] = []
        while !eat(close) {
            elements.append(try item(&self))
            if !eat(",") {
                guard eat(close) else { throw fail(expected: "`,` or `\(close)`") }
                break
            }
        }
        return elements
    }
}
