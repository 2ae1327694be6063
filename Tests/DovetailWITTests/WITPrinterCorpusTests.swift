// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import DovetailWIT
import DovetailWITReader
import Testing

@Suite("WIT texts of the corpus, written", .enabled(if: SharedData.isPresent, "\(SharedData.hint)"))
struct WITPrinterCorpusTests {
    @Test("are printed as recorded", arguments: try Corpus.entries("wit-encode", "worlds", atLeast: 205))
    func printed(_ entry: CorpusEntry) throws {
        let isWorlds = entry.suite == "worlds"
        let input = isWorlds ? "wit" : "input"
        let resolution = try WIT.resolve(
            try WITLoader.load(try #require(entry.path(input))), features: isWorlds ? .all : .none)
        let recorded = try #require(
            try entry.text(isWorlds ? "printed" : "expected_print") ?? entry.text(input))
        // Dependencies were printed from a binary, which has neither their comments nor their order.
        let lines = recorded.split(separator: "\n", omittingEmptySubsequences: false)
        let nested = lines.firstIndex { $0.hasPrefix("package ") && $0.hasSuffix("{") }
        let expected = nested.map { lines[..<$0].joined(separator: "\n") + "\n" } ?? recorded
        #expect(WITPrinter.text(of: resolution.root, in: resolution.graph) == expected)
    }

    @Test(
        "are printed as text that reads back and prints the same",
        arguments: try Corpus.entries("wit-parse", "worlds", "wit-encode", atLeast: 395) {
            $0["kind"] != "error" && $0["input"]?.hasSuffix(".wasm") != true
        })
    func fixedPoint(_ entry: CorpusEntry) throws {
        let path = try #require(entry.path("input") ?? entry.path("wit"))
        let first = try WIT.resolve(try WITLoader.load(path), features: .all)
        let text = WITText.text(of: first.root, in: first.graph)
        let second = try WIT.resolve(WITSource(text: text), features: .all)
        #expect(WITText.text(of: second.root, in: second.graph) == text)
    }

    @Test(
        "keep their meaning when they are formatted, and stay as they are when formatted again",
        arguments: try Corpus.entries("wit-parse", "worlds", "wit-encode", atLeast: 395) {
            $0["kind"] != "error" && $0["input"]?.hasSuffix(".wasm") != true
        })
    func formatted(_ entry: CorpusEntry) throws {
        func formatted(_ source: WITSource) throws -> WITSource {
            func file(_ file: SourceFile) throws -> SourceFile {
                SourceFile(name: file.name, text: try WITFormatter.format(file))
            }
            return WITSource(
                root: try source.root.map(file), dependencies: try source.dependencies.map { try $0.map(file) })
        }
        let source = try WITLoader.load(try #require(entry.path("input") ?? entry.path("wit")))
        let once = try formatted(source)
        #expect(try formatted(once) == once)
        let before = WITJSON.tree(of: try WIT.resolve(source, features: .all).graph)
        #expect(WITJSON.tree(of: try WIT.resolve(once, features: .all).graph) == before)
    }
}
