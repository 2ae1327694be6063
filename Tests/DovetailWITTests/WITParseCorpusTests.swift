// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import Testing

@Suite("WIT texts of the corpus", .enabled(if: SharedData.isPresent, "\(SharedData.hint)"))
struct WITParseCorpusTests {
    private func features(_ entry: CorpusEntry) -> WITFeatures {
        entry.fields["all_features"]?.bool == true ? .all : .only(entry.fields["features"]?.strings ?? [])
    }

    private func graph(_ path: String, _ features: WITFeatures) throws -> JSON {
        JSON(WITJSON.tree(of: try WIT.resolve(try WITLoader.load(path), features: features).graph))
    }

    @Test(
        "resolve to the graph that is recorded",
        arguments: try Corpus.entries("wit-parse", atLeast: 190) {
            $0["kind"] == "ok" && $0["input"]?.hasSuffix(".wasm") == false
        })
    func resolves(_ entry: CorpusEntry) throws {
        let found = try graph(try #require(entry.path("input")), features(entry))
        if let expected = try entry.json("expected_json") { #expect(found.difference(from: expected) == nil) }
    }

    @Test(
        "are refused at the place that is recorded",
        arguments: try Corpus.entries("wit-parse", atLeast: 130) { $0["kind"] == "error" })
    func refuses(_ entry: CorpusEntry) throws {
        let analysis = WIT.analyze(try WITLoader.load(try #require(entry.path("input"))), features: features(entry))
        #expect(analysis.resolution == nil)
        let first = try #require(analysis.diagnostics.first)
        guard let expected = entry.fields["error_at"] else { return }
        let span = try #require(first.span)
        let place = analysis.sources.position(of: span.start, in: span.file)
        let message = first.rendered(in: analysis.sources)
        #expect(place?.line == expected["line"]?.integer, "\(message)")
        #expect(place?.column == expected["column"]?.integer, "\(message)")
        #expect(analysis.sources.files[span.file].name.hasSuffix(expected["file"]?.string ?? ""), "\(message)")
    }

    @Test(
        "of random worlds resolve to the graph that is recorded, with all features and with none",
        arguments: try Corpus.entries("worlds", atLeast: 175))
    func worlds(_ entry: CorpusEntry) throws {
        let path = try #require(entry.path("wit"))
        for (key, features) in [("json", WITFeatures.all), ("json_no_features", .none)] {
            guard let expected = try entry.json(key) else { continue }
            #expect(try graph(path, features).difference(from: expected) == nil, "\(key)")
        }
    }
}
