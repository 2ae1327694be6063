// SPDX-License-Identifier: Apache-2.0

import DovetailWIT
import DovetailWITReader
import Testing

@Suite struct WITResolverTests {
    private func diagnostics(_ text: String) -> [String] {
        let analysis = WIT.analyze(WITSource(text: text))
        return analysis.diagnostics.map { $0.rendered(in: analysis.sources) }
    }

    @Test("a mistake is shown with its place and a suggestion")
    func pointsAtTheMistakeAndSuggests() {
        let found = diagnostics("package a:b;\n\ninterface i {\n  greet: func(name: strng) -> string;\n}\n")
        #expect(
            found == [
                """
                error: type `strng` does not exist
                     --> input.wit:4:21
                      |
                    4 |   greet: func(name: strng) -> string;
                      |                     ^---- did you mean `string`?
                """
            ])
    }

    @Test("a duplicate is shown with both of its places")
    func pointsAtBothEndsOfADuplicate() throws {
        let analysis = WIT.analyze(WITSource(text: "package a:b;\ninterface i { type foo-bar = u8; foobar: func(); }"))
        let diagnostic = try #require(analysis.diagnostics.first)
        #expect(diagnostic.message.hasPrefix("name `foobar` conflicts with `foo-bar`"))
        #expect(diagnostic.span.map(analysis.sources.text(of:)) == "foobar")
        #expect(diagnostic.notes.first?.span.map(analysis.sources.text(of:)) == "foo-bar")
    }

    @Test("all mistakes of a package are collected")
    func collectsMistakes() {
        let syntax = diagnostics("package a:b;\ninterface i { f: fun(); g: func(; h: func(); }\nworld { }")
        #expect(syntax.count == 3)
        let names = diagnostics(
            "package a:b;\ninterface i { f: func(a: x); g: func(b: y) -> z; }\nworld w { import j; }")
        #expect(names.count == 4)
    }

    @Test("items behind features are selected")
    func selectsFeatures() throws {
        let text = """
            package a:b@1.0.0;
            interface i {
              @unstable(feature = x) f: func();
              @since(version = 1.0.0) g: func();
            }
            """
        let without = try WIT.resolve(WITSource(text: text)).graph
        #expect(without.interfaces[0].functions.keys == ["g"])
        let with = try WIT.resolve(WITSource(text: text), features: .only(["x"])).graph
        #expect(with.interfaces[0].functions.keys == ["f", "g"])
    }

    @Test("definitions and their uses are found")
    func findsDefinitionsAndUses() throws {
        let text =
            "package a:b;\ninterface i { record r { x: u8 } f: func(v: r) -> r; }\ninterface j { use i.{r}; g: func(v: r); }"
        let analysis = WIT.analyze(WITSource(text: text))
        #expect(analysis.diagnostics.isEmpty)
        let use = try #require(analysis.sources.offset(of: SourcePosition(line: 2, column: 46), in: 0))
        let definition = try #require(analysis.definition(at: use, in: 0))
        #expect(analysis.sources.position(of: definition.start, in: 0) == SourcePosition(line: 2, column: 22))
        #expect(analysis.references(at: use, in: 0).count == 3)
        let path = try #require(analysis.sources.offset(of: SourcePosition(line: 3, column: 19), in: 0))
        let interface = try #require(analysis.definition(at: path, in: 0))
        #expect(analysis.sources.position(of: interface.start, in: 0) == SourcePosition(line: 2, column: 11))
    }

    @Test("hostile texts give an error, not a crash")
    func survivesHostileTexts() {
        let deep = String(repeating: "list<", count: 50_000)
        #expect(!diagnostics("package a:b; interface i { type t = \(deep)u8; }").isEmpty)
        let chain = (1...5000).map { "interface i\($0) { use i\($0 - 1).{t}; }" }.joined(separator: "\n")
        let analysis = WIT.analyze(
            WITSource(text: "package a:b;\ninterface i0 { type t = u8; }\n\(chain)\nworld w { import i5000; }"))
        #expect(analysis.resolution == nil)
        for text in ["", "\0", "package", "package a:b", "/*", "\"", "%", "@", "package a:b; interface", "\u{202e}"] {
            #expect(!diagnostics(text).isEmpty)
        }
    }
}
