// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWIT
import Foundation
import Testing

@Suite("printing WIT", .enabled(if: Corpus.isPresent, "the shared conformance data is missing"))
struct WITPrinterCorpusTests {
    /// The packages besides the root, in the graph's order.
    private func print(_ resolution: WIT.Resolution, all: Bool) -> String {
        let nested = all ? resolution.graph.packages.indices.map(PackageID.init).filter { $0 != resolution.root } : []
        return WITPrinter.text(of: resolution.root, nested: nested, in: resolution.graph)
    }

    private func firstDifference(_ one: String, _ other: String) -> String {
        let left = one.split(separator: "\n", omittingEmptySubsequences: false)
        let right = other.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, pair) in zip(left, right).enumerated() where pair.0 != pair.1 {
            return "line \(index + 1): `\(pair.0)` against `\(pair.1)`"
        }
        return "\(left.count) against \(right.count) lines"
    }

    @Test func printsAsRecorded() throws {
        var passed = 0
        var failures: [String] = []
        for suite in ["wit-encode", "worlds"] {
            for item in try Corpus.cases(suite) {
                guard let input = item.url("input") ?? item.url("wit") else { continue }
                let isWorlds = suite == "worlds"
                let resolution = try WIT.resolve(
                    try WITLoader.load(input.path), features: isWorlds ? .all : .none)
                let recorded = try String(
                    contentsOf: item.url(isWorlds ? "printed" : "expected_print") ?? input, encoding: .utf8)
                // Dependencies were printed from a binary, which has neither their comments nor their order.
                let lines = recorded.split(separator: "\n", omittingEmptySubsequences: false)
                let nested = lines.firstIndex { $0.hasPrefix("package ") && $0.hasSuffix("{") }
                let expected = nested.map { lines[..<$0].joined(separator: "\n") + "\n" } ?? recorded
                let found = print(resolution, all: false)
                if found == expected {
                    passed += 1
                } else {
                    failures.append("\(item.id): \(firstDifference(found, expected))")
                }
            }
        }
        Swift.print("print: \(passed) passed, \(failures.count) failed")
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }

    @Test func printsWhatReadsBack() throws {
        var passed = 0
        var failures: [String] = []
        for (suite, key) in [("wit-parse", "input"), ("worlds", "wit"), ("wit-encode", "input")] {
            for item in try Corpus.cases(suite) where item["kind"] != "error" {
                guard let url = item.url(key), url.pathExtension != "wasm" else { continue }
                let first = try WIT.resolve(try WITLoader.load(url.path), features: .all)
                let text = print(first, all: true)
                do {
                    let second = try WIT.resolve(WITSource(text: text), features: .all)
                    let again = print(second, all: true)
                    if text == again {
                        passed += 1
                    } else {
                        failures.append("\(item.id): \(firstDifference(text, again))")
                    }
                } catch {
                    failures.append("\(item.id): \(error)")
                }
            }
        }
        Swift.print("print fixed point: \(passed) passed, \(failures.count) failed")
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }
}
