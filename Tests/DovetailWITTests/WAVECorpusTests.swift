// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import Testing

@Suite("WAVE texts of the corpus", .enabled(if: SharedData.isPresent, "\(SharedData.hint)"))
struct WAVECorpusTests {
    static let interface = Result {
        let graph = try WIT.resolve(try WITLoader.load(SharedData.suite("wave").file("ui.wit"))).graph
        return (graph, try #require(graph.interfaces.first))
    }

    /// A call as it is printed, `nil` when it is refused.
    private func printed(_ input: String) throws -> String? {
        let (graph, interface) = try Self.interface.get()
        guard let call = try? WAVE.parseCall(input) else { return nil }
        let name = call.name.split(separator: ".").last.map(String.init) ?? ""
        guard call.name == name || call.name == "ui.\(name)", let function = interface.functions[name],
            let values = try? call.arguments(function.parameters, in: graph.types)
        else { return nil }
        return try WAVE.print(call: name, values, function.parameters, in: graph.types)
    }

    @Test("are printed in canonical form or refused", arguments: try Corpus.entries("wave", atLeast: 15))
    func agrees(_ entry: CorpusEntry) throws {
        let statements = try #require(try entry.json("cases")?.array)
        #expect(!statements.isEmpty)
        for statement in statements {
            let input = try statement.text("input")
            #expect(try printed(input) == statement["output"]?.string, "\(input)")
        }
    }
}
