// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes
import DovetailWIT
import Foundation
import Testing

@Suite("wave", .enabled(if: Corpus.isPresent, "the shared conformance data is missing"))
struct WAVECorpusTests {
    @Test func agreesWithTheCorpus() throws {
        let folder = Corpus.folder.appending(path: "conformance/wave")
        let graph = try WIT.resolve(try WITLoader.load(folder.appending(path: "ui.wit").path)).graph
        let interface = try #require(graph.interfaces.first)
        var passed = 0
        var failures: [String] = []
        for item in try Corpus.cases("wave") {
            for entry in try item.json("cases") as? [[String: Any]] ?? [] {
                let input = entry["input"] as? String ?? ""
                var found: String?
                do {
                    let call = try WAVE.parseCall(input)
                    let name = call.name.split(separator: ".").last.map(String.init) ?? ""
                    if let function = interface.functions[name], call.name == name || call.name == "ui.\(name)" {
                        let values = try call.arguments(function.parameters, in: graph.types)
                        found = try WAVE.print(call: name, values, function.parameters, in: graph.types)
                    }
                } catch {
                    found = nil
                }
                if found == entry["output"] as? String {
                    passed += 1
                } else {
                    failures.append("\(item.id): \(input): \(found ?? "rejected"), expected \(entry)")
                }
            }
        }
        print("wave: \(passed) passed, \(failures.count) failed")
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }
}
