// SPDX-License-Identifier: Apache-2.0

import DovetailWIT
import DovetailWITReader
import Testing

/// What an editor needs: trees of texts with mistakes, definitions and uses across files.
struct WITEditingTests {
    /// A package of two files, and one that it depends on.
    private static let files = WITSource(
        root: [
            SourceFile(
                name: "a.wit",
                text: """
                    package a:b;
                    use c:d/shapes as forms;
                    interface store {
                      use forms.{point as spot};
                      record entry { key: string, at: spot }
                      get-entry: func(key: string) -> option<entry>;
                    }
                    """),
            SourceFile(
                name: "b.wit",
                text: """
                    interface index {
                      use store.{entry};
                      all: func() -> list<entry>;
                    }
                    world w {
                      import store;
                      export index;
                      include other with { old as new-name }
                    }
                    world other { import old: func(); }
                    """),
        ],
        dependencies: [
            [
                SourceFile(
                    name: "deps/d.wit", text: "package c:d;\ninterface shapes { record point { x: u8, y: u8 } }\n")
            ]
        ])

    /// The place of the `occurrence`-th `name` in a file: what a cursor in its middle is asked for.
    private func place(_ name: String, _ occurrence: Int, in file: Int, of analysis: WIT.Analysis) throws -> Int {
        let bytes = analysis.sources.files[file].bytes
        let wanted = Array(name.utf8)
        func isLetter(_ byte: UInt8) -> Bool {
            byte == 0x2d || (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
        }
        var found = 0
        for start in 0...(bytes.count - wanted.count) where Array(bytes[start..<start + wanted.count]) == wanted {
            let end = start + wanted.count
            if start > 0, isLetter(bytes[start - 1]) { continue }
            if end < bytes.count, isLetter(bytes[end]) { continue }
            if found == occurrence { return start + wanted.count / 2 }
            found += 1
        }
        Issue.record("there is no `\(name)` number \(occurrence)")
        return 0
    }

    /// `file:line:column` of a place.
    private func text(_ span: SourceSpan, _ analysis: WIT.Analysis) -> String {
        let position = analysis.sources.position(of: span.start, in: span.file)
        return "\(analysis.sources.files[span.file].name):\(position?.line ?? 0):\(position?.column ?? 0)"
    }

    private func definition(_ name: String, _ occurrence: Int, in file: Int, _ analysis: WIT.Analysis) throws -> String
    {
        let offset = try place(name, occurrence, in: file, of: analysis)
        return analysis.definition(at: offset, in: file).map { text($0, analysis) } ?? "none"
    }

    private func uses(_ name: String, _ occurrence: Int, in file: Int, _ analysis: WIT.Analysis) throws -> [String] {
        let offset = try place(name, occurrence, in: file, of: analysis)
        return analysis.references(at: offset, in: file).map { text($0, analysis) }.sorted()
    }

    @Test("a definition is found across files")
    func definitionsAcrossFiles() throws {
        let analysis = WIT.analyze(Self.files)
        #expect(analysis.diagnostics.map(\.message) == [])
        // A type of the other package, from where it is used under another name.
        #expect(try definition("point", 0, in: 0, analysis) == "deps/d.wit:2:27")
        #expect(try definition("spot", 1, in: 0, analysis) == "a.wit:4:23")
        #expect(try definition("shapes", 0, in: 0, analysis) == "deps/d.wit:2:11")
        // A type and an interface of the other file.
        #expect(try definition("entry", 0, in: 1, analysis) == "a.wit:5:10")
        #expect(try definition("store", 0, in: 1, analysis) == "a.wit:3:11")
        #expect(try definition("store", 1, in: 1, analysis) == "a.wit:3:11")
        #expect(try definition("index", 1, in: 1, analysis) == "b.wit:1:11")
        #expect(try definition("other", 0, in: 1, analysis) == "b.wit:10:7")
        // A definition is its own, used or not.
        #expect(try definition("entry", 0, in: 0, analysis) == "a.wit:5:10")
        #expect(try definition("all", 0, in: 1, analysis) == "b.wit:3:3")
        #expect(try definition("key", 0, in: 0, analysis) == "a.wit:5:18")
        // A keyword has none.
        #expect(try definition("func", 0, in: 0, analysis) == "none")
    }

    @Test("the uses of a definition are found across files")
    func usesAcrossFiles() throws {
        let analysis = WIT.analyze(Self.files)
        #expect(try uses("store", 0, in: 0, analysis) == ["b.wit:2:7", "b.wit:6:10"])
        #expect(try uses("entry", 0, in: 0, analysis) == ["a.wit:6:42", "b.wit:2:14"])
        #expect(try uses("shapes", 0, in: 2, analysis) == ["a.wit:2:9", "a.wit:4:7"])
        #expect(try uses("point", 0, in: 2, analysis) == ["a.wit:4:14"])
        #expect(try uses("all", 0, in: 1, analysis) == [])
    }

    @Test("mistakes elsewhere do not hide definitions")
    func mistakesElsewhereDoNotHideDefinitions() throws {
        var files = Self.files
        files.root.append(
            SourceFile(
                name: "c.wit",
                text:
                    "interface broken { f: func(; g: func(x: ; }\ninterface late { use store.{entry}; h: func(e: entry); }"
            ))
        let analysis = WIT.analyze(files)
        #expect(analysis.resolution == nil && !analysis.diagnostics.isEmpty)
        #expect(analysis.diagnostics.allSatisfy { $0.span?.file == 2 })
        #expect(try definition("entry", 1, in: 2, analysis) == "c.wit:2:29")
        #expect(try definition("entry", 0, in: 2, analysis) == "a.wit:5:10")
        #expect(try uses("store", 0, in: 0, analysis) == ["b.wit:2:7", "b.wit:6:10", "c.wit:2:22"])
        #expect(WITOutline.items(of: analysis.files[2]).map(\.name) == ["broken", "late"])
    }

    @Test("the outline of a file lists its definitions")
    func outline() throws {
        let analysis = WIT.analyze(
            WITSource(
                text: """
                    package a:b;
                    interface i {
                      use c:d/j.{t as s};
                      resource r { constructor(); m: func(); }
                      variant v { one, two(u8) }
                      flags f { x }
                      enum e { y }
                      type n = u8;
                    }
                    world w { import g: func(); export h: interface { k: func(); } import i; }
                    package c:d { interface j { type t = u8; } }
                    """))
        func lines(_ items: [WITOutline], _ indent: String = "") -> [String] {
            items.flatMap { ["\(indent)\($0.kind) \($0.name)"] + lines($0.children, indent + "  ") }
        }
        #expect(
            lines(WITOutline.items(of: analysis.files[0])) == [
                "interface i", "  use s", "  resource r", "    function constructor", "    function m", "  variant v",
                "    case one", "    case two", "  flags f", "    flag x", "  enum e", "    case y", "  type n",
                "world w", "  import g", "  export h", "    function k", "package c:d", "  interface j", "    type t",
            ])
    }
}
