// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DovetailPython

/// Settings in TOML.
struct TOMLReaderTests {
    private func values(_ text: String) throws -> [[String]: TOMLReader.Value] {
        try TOMLReader.values(text, file: "f.toml")
    }

    @Test func `strings, truth values and tables are read`() throws {
        let text = #"""
            # A comment.
            plain = "a \"b\" \u00e9\t" # another
            literal = 'C:\x#y'
            yes = true
            no=false
            "quoted key" . inner = 'x'
            short = { a = "1", b.c = '2', "d:e/f" = true, n = [1, "]", {z = 1}] }
            number = -1.5e3
            [table."x.y"]
            key = "v"
            [[list]]
            key = "w"
            """#
        let values = try values(text)
        #expect(values[["plain"]] == .text("a \"b\" é\t"))
        #expect(values[["literal"]] == .text(#"C:\x#y"#))
        #expect(values[["yes"]] == .truth(true) && values[["no"]] == .truth(false))
        #expect(values[["quoted key", "inner"]] == .text("x"))
        #expect(values[["short", "a"]] == .text("1") && values[["short", "b", "c"]] == .text("2"))
        #expect(values[["short", "d:e/f"]] == .truth(true) && values[["short", "n"]] == .other)
        #expect(values[["number"]] == .other)
        #expect(values[["table", "x.y", "key"]] == .text("v") && values[["list", "key"]] == .text("w"))
    }

    @Test(arguments: [
        ("a", "expected `=`, found the end of the line"), ("= 1", "expected a key, found `= 1`"),
        ("a = ", "expected a value in one line, found the end of the line"),
        ("a = \"x", "expected a string that ends in its line, found the end of the line"),
        ("a = \"\\q\"", "expected an escape of TOML, found `\"`"),
        ("a = \"\\uD800\"", "expected the number of a character, found `D800\"`"),
        ("a = 'x' y", "expected the end of the line, found `y`"), ("[a", "expected `]`, found the end of the line"),
        ("a = {b = 1", "expected `}`, found the end of the line"),
        ("a = [1,", "expected a value in one line, found the end of the line"),
        ("a = true\na = false", "expected a key that is not there yet, found the end of the line"),
    ])
    func `what is none is told`(_ text: String, _ message: String) {
        let error = #expect(throws: PythonError.self) { try values(text) }
        let line = text.contains("\n") ? 2 : 1
        #expect(error?.message == "`f.toml`, line \(line): \(message)")
        #expect(error?.code == .usage)
    }

    @Test func `arbitrary bytes are read or refused`() {
        var generator = SystemRandomNumberGenerator()
        let pieces = ["[", "]", "{", "}", "=", "\"", "'", "\\", "a", ".", ",", "\n", "#", " ", "\u{1F600}", "true"]
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0..<30, using: &generator)).map { _ in
                pieces.randomElement(using: &generator) ?? ""
            }.joined()
            _ = try? values(text)
        }
    }
}
