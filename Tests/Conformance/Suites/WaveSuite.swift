// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import DovetailWIT
import DovetailWITReader

/// Files of calls in WAVE text.
struct WaveSuite: ManifestSuite {
    let manifest: Manifest
    private let graph: PackageGraph
    private let functions: [String: FunctionDefinition]

    init(folder: DataFolder) throws {
        manifest = try Manifest(folder)
        let text = String(decoding: try folder.bytes("ui.wit"), as: UTF8.self)
        graph = try WIT.resolve(WITSource(name: "ui.wit", text: text)).graph
        functions = Dictionary(
            graph.interfaces.flatMap { $0.functions.values }.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first })
    }

    func check(_ entry: JSON, _ base: DataFolder) throws {
        let name = try entry.text("cases")
        let statements = try base.json(name).array ?? []
        guard !statements.isEmpty else { throw CaseFailure("`\(base.file(name))` has no statements") }
        for statement in statements { try check(statement) }
    }

    /// The function `name`, with or without its interface in front.
    private func function(_ name: String) -> FunctionDefinition? {
        functions[name.hasPrefix("ui.") ? String(name.dropFirst(3)) : name]
    }

    private func check(_ statement: JSON) throws {
        let input = try statement.text("input")
        let output: String
        do {
            let call = try WAVE.parseCall(input)
            guard let function = function(call.name) else {
                // An unknown name counts as a bad argument.
                if statement["error"] != nil { return }
                throw CaseFailure("there is no function `\(call.name)`")
            }
            let values = try call.arguments(function.parameters, in: graph.types)
            output = try WAVE.print(call: call.name, values, function.parameters, in: graph.types)
        } catch let error as WAVEError {
            if statement["error"] != nil { return }
            throw CaseFailure("\(input): \(error)")
        }
        if let error = statement["error"]?.string {
            throw CaseFailure("\(input): expected to be rejected (\(error)), gave \(output)")
        }
        let expected = try statement.text("output")
        guard output == expected else { throw CaseFailure("\(input): expected \(expected), found \(output)") }
    }
}
