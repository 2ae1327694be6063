// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWIT
import Foundation
import Testing

@Suite("wit-parse and worlds", .enabled(if: Corpus.isPresent, "the shared conformance data is missing"))
struct WITParseCorpusTests {
    private func features(_ item: Corpus.Case) -> WITFeatures {
        if item.fields["all_features"] as? Bool == true { return .all }
        return .only(item.fields["features"] as? [String] ?? [])
    }

    @Test func acceptsWhatIsRight() throws {
        var passed = 0
        var failures: [String] = []
        for item in try Corpus.cases("wit-parse") where item["kind"] == "ok" {
            guard let url = item.url("input"), url.pathExtension != "wasm" else { continue }
            do {
                let resolution = try WIT.resolve(try WITLoader.load(url.path), features: features(item))
                if let expected = try item.json("expected_json"),
                    let found = difference(foundation(WITJSON.tree(of: resolution.graph)), expected)
                {
                    failures.append("\(item.id): \(found)")
                } else {
                    passed += 1
                }
            } catch {
                failures.append("\(item.id): \(error)")
            }
        }
        print("wit-parse ok: \(passed) passed, \(failures.count) failed")
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }

    @Test func refusesWhatIsWrongAtItsPlace() throws {
        var passed = 0
        var failures: [String] = []
        for item in try Corpus.cases("wit-parse") where item["kind"] == "error" {
            guard let url = item.url("input") else { continue }
            let analysis = WIT.analyze(try WITLoader.load(url.path), features: features(item))
            guard analysis.resolution == nil, let first = analysis.diagnostics.first else {
                failures.append("\(item.id): accepted, expected \(item["expected_error_first_line"] ?? "")")
                continue
            }
            guard let at = item.fields["error_at"] as? [String: Any] else {
                passed += 1
                continue
            }
            let span = first.span ?? SourceSpan(file: 0, start: 0, end: 0)
            let place = analysis.sources.position(of: span.start, in: span.file)
            let name = analysis.sources.files[span.file].name
            if place?.line == at["line"] as? Int, place?.column == at["column"] as? Int,
                name.hasSuffix(at["file"] as? String ?? "")
            {
                passed += 1
            } else {
                failures.append("\(item.id): expected \(at), found\n\(first.rendered(in: analysis.sources))")
            }
        }
        print("wit-parse error: \(passed) passed, \(failures.count) failed")
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }

    @Test func resolvesWorlds() throws {
        var passed = 0
        var failures: [String] = []
        for item in try Corpus.cases("worlds") {
            guard let url = item.url("wit") else { continue }
            for (key, features) in [("json", WITFeatures.all), ("json_no_features", .none)] {
                guard let expected = try item.json(key) else { continue }
                do {
                    let resolution = try WIT.resolve(try WITLoader.load(url.path), features: features)
                    if let found = difference(foundation(WITJSON.tree(of: resolution.graph)), expected) {
                        failures.append("\(item.id) \(key): \(found)")
                    } else {
                        passed += 1
                    }
                } catch {
                    failures.append("\(item.id) \(key): \(error)")
                }
            }
        }
        print("worlds: \(passed) passed, \(failures.count) failed")
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }
}
