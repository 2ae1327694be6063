// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWIT

/// Files of calls in WAVE text.
struct WaveSuite: Suite {
    private let folder: DataFolder
    private let entries: [JSON]
    private let graph: PackageGraph
    private let functions: [String: FunctionDefinition]

    init(folder: DataFolder) throws {
        self.folder = folder
        entries = try folder.json("manifest.json").list("cases")
        let text = String(decoding: try folder.bytes("ui.wit"), as: UTF8.self)
        graph = try WIT.resolve(WITSource(name: "ui.wit", text: text)).graph
        functions = Dictionary(
            graph.interfaces.flatMap { $0.functions.values }.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first })
    }

    func cases() throws -> [CaseReference] {
        try entries.map { CaseReference(identifier: try $0.text("id"), units: [""]) }
    }

    func run(_ identifier: String, recorder: Recorder) throws {
        guard let entry = entries.first(where: { $0["id"]?.string == identifier }) else {
            throw CaseFailure("there is no case `\(identifier)`")
        }
        recorder.unit(0) {
            let name = try entry.text("path") + "/" + entry.text("cases")
            let statements = try folder.json(name).array ?? []
            guard !statements.isEmpty else { throw CaseFailure("`\(name)` has no statements") }
            for statement in statements { try check(statement) }
        }
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
                // An unknown name is as wrong as a bad argument.
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
