// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import DovetailWIT
import DovetailWITReader
import Testing

/// What people mistype, and how it is told.
@Suite struct WITMessageTests {
    private func analyze(_ text: String) -> [String] {
        let analysis = WIT.analyze(WITSource(text: text))
        return analysis.diagnostics.map { $0.rendered(in: analysis.sources) }
    }

    /// The first message, the text below its caret and what stands behind.
    private func first(_ text: String) -> (message: String, marked: String) {
        let analysis = WIT.analyze(WITSource(text: text))
        let diagnostic = analysis.diagnostics.first
        return (diagnostic?.message ?? "", diagnostic?.span.map(analysis.sources.text(of:)) ?? "")
    }

    @Test("a byte order mark is accepted, and columns do not count it")
    func byteOrderMark() throws {
        #expect(analyze("\u{feff}package a:b;\ninterface i { f: func(); }") == [])
        #expect(
            analyze("\u{feff}package a:b; %;") == [
                """
                error: expected `world`, `interface`, `use` or `package`, found identifier `%`
                     --> input.wit:1:14
                      |
                    1 | package a:b; %;
                      |              ^
                """
            ])
        #expect(
            analyze("package a:b;\n\u{feff}interface i {}").first?.hasPrefix("error: unexpected character U+FEFF")
                == true)
        let formatted = try WITFormatter.format(SourceFile(name: "a.wit", text: "\u{feff}package a:b;"))
        #expect(formatted == "package a:b;\n")
    }

    @Test(
        "the whole of a wrong number is shown, not what stands before its dot",
        arguments: [
            ("package a:b@1.;", "`1.` is not a semantic version: expected major.minor.patch, such as `1.0.0`", "1."),
            ("package a:b@1;", "`1` is not a semantic version: expected major.minor.patch, such as `1.0.0`", "1"),
            ("package a:b@1.2;", "`1.2` is not a semantic version: expected major.minor.patch, such as `1.0.0`", "1.2"),
            (
                "package a:b@1.x;", "`1.x` is not a semantic version: expected major.minor.patch, such as `1.0.0`",
                "1.x"
            ),
            (
                "package a:b; interface i { type t = list<u8, 1.5>; }",
                "expected a fixed length, found number `1.5`", "1.5"
            ),
            (
                "package a:b; interface i { type t = list<u8, 1.>; }",
                "`1.` is not a list length: expected 1 to 4294967295", "1."
            ),
            ("package a:b; interface i { type t = 1.5; }", "expected a type, found number `1.5`", "1.5"),
        ])
    func wholeNumbers(_ text: String, _ message: String, _ marked: String) {
        let found = first(text)
        #expect(found.message == message)
        #expect(found.marked == marked)
    }

    @Test(
        "a wrong escape is shown with what is wrong about it",
        arguments: [
            ("\\q", "unknown escape `\\q`", "\\q"), ("\\é", "unknown escape `\\é`", "\\é"),
            ("a\\u{110000}b", "`\\u{110000}` is no character", "\\u{110000}"),
            ("\\u{d800}", "`\\u{d800}` is no character", "\\u{d800}"),
            ("\\u{xyz}", "`\\u{xyz}` is no character", "\\u{xyz}"),
            ("\\u{}", "`\\u{}` is no character", "\\u{}"), ("\\u41", "`\\u` is no character", "\\u"),
            ("\\u{41", "`\\u{41` is no character", "\\u{41"),
        ])
    func wrongEscapes(_ escape: String, _ message: String, _ marked: String) {
        let found = first("package a:b;\nworld w { @external-id(\"\(escape)\") import f: func(); }")
        #expect(found.message.hasPrefix(message))
        #expect(found.marked == marked)
    }

    @Test("text that is not UTF-8 is shown where it is not")
    func invalidUTF8() {
        let bytes = Array("package a:b;\n// é ".utf8) + [0xff] + Array("\n".utf8)
        let analysis = WIT.analyze(WITSource(root: [SourceFile(name: "a.wit", bytes: bytes)]))
        #expect(analysis.diagnostics.first?.message == "the text is not valid UTF-8; save the file as UTF-8")
        #expect(analysis.diagnostics.first?.span?.start == bytes.count - 2)
    }

    @Test("characters of word processors come with what was meant")
    func typographicCharacters() {
        #expect(
            analyze("package a:b; world w { @external-id(“x”) import f: func(); }").first?.contains(
                "plain double quotes") == true)
        #expect(analyze("package a:b; # c").first?.contains("comments begin with `//`") == true)
        #expect(analyze("package a–b;").contains { $0.contains("did you mean `-`?") })
    }

    @Test("the caret stands below the culprit with line ends of Windows, tabs and wide characters before it")
    func caretsBelowWideText() {
        #expect(
            analyze("package a:b;\r\ninterface i {\r\n\tf: func(x: /* 名前é */ strng);\r\n}\r\n") == [
                """
                error: type `strng` does not exist
                     --> input.wit:3:23
                      |
                    3 |  f: func(x: /* 名前é */ strng);
                      |                         ^---- did you mean `string`?
                """
            ])
    }

    @Test("of a very long line only the part around the caret is shown")
    func longLines() throws {
        let filler = String(repeating: "/* c */ ", count: 100_000)
        let text = "package a:b; interface i { \(filler) f: func(x: strng); \(filler) }"
        let shown = try #require(analyze(text).first { $0.contains("strng` does not exist") })
        #expect(shown.utf8.count < 800)
        let lines = shown.split(separator: "\n").map(String.init)
        let line = try #require(lines.first { $0.contains("strng);") })
        let caret = try #require(lines.last)
        #expect(line.contains("…"))
        #expect(
            Array(line).dropFirst(caret.prefix { $0 != "^" }.count).prefix(5) == ["s", "t", "r", "n", "g"])
    }

    @Test("of thousands of errors the first hundred are told, and how many more there are", arguments: [2_000, 4_000])
    func manyErrors(_ count: Int) throws {
        for kind in LargeWIT.allCases where !kind.isRight && kind != .oneMistake && kind != .openBraces {
            do {
                _ = try WIT.resolve(WITSource(text: kind.text(count)))
                Issue.record("\(kind) is taken")
            } catch {
                #expect(error.diagnostics.count <= 100)
                #expect(error.diagnostics.count + error.omitted >= count - 1)
                #expect(error.description.hasSuffix("and \(error.omitted) more errors"))
            }
        }
    }

    @Test("large texts with mistakes are analyzed and refused by the formatter", arguments: LargeWIT.allCases)
    func largeTexts(_ kind: LargeWIT) throws {
        let source = SourceFile(name: "input.wit", text: kind.text(2_000))
        let analysis = WIT.analyze(WITSource(root: [source]))
        #expect(analysis.diagnostics.isEmpty == kind.isRight)
        guard kind.isRight else { return }
        let formatted = try WITFormatter.format(source)
        #expect(try WITFormatter.format(SourceFile(name: "input.wit", text: formatted)) == formatted)
    }

    @Test("worlds that would have very many imports through others are refused")
    func implicitImportsAreLimited() {
        let bases = (0..<800).map { "interface b\($0) { type t = u8; }" }.joined(separator: "\n")
        let uses = (0..<800).map { "use b\($0).{t as t\($0)};" }.joined(separator: "\n")
        let worlds = (0..<800).map { "world w\($0) { import hub; }" }.joined(separator: "\n")
        let found = analyze("package a:b;\n\(bases)\ninterface hub {\n\(uses)\n}\n\(worlds)")
        #expect(found.count == 1)
        #expect(found.first?.contains("more than 500000 imports and exports") == true)
    }
}
