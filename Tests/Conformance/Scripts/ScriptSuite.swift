// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport

/// A suite of test scripts.
struct ScriptSuite: Suite {
    /// Whether the scripts only validate: then a component's imports need no definitions.
    let validatesOnly: Bool
    private let name: String
    private let folder: DataFolder
    private let scripts: [String: String]
    private let order: [String]

    init(name: String, folder: DataFolder) throws {
        self.name = name
        self.folder = folder
        validatesOnly = name == "wast/wasm-tools"
        let cases = try folder.json("manifest.json").list("cases")
        order = try cases.map { try $0.text("id") }
        scripts = Dictionary(
            try cases.map { (try $0.text("id"), try $0.text("script")) }, uniquingKeysWith: { first, _ in first })
    }

    func cases() throws -> [CaseReference] {
        try order.map { identifier in
            let commands = try script(identifier).list("commands")
            return CaseReference(
                identifier: identifier,
                units: commands.map { "line \($0["line"]?.integer ?? 0) \($0["type"]?.string ?? "?")" })
        }
    }

    func run(_ identifier: String, recorder: Recorder) throws {
        let script = try script(identifier)
        let path = scripts[identifier] ?? ""
        let parent = path.split(separator: "/").dropLast().joined(separator: "/")
        let interpreter = try ScriptInterpreter(
            script, folder: parent.isEmpty ? folder : folder.folder(parent),
            features: ScriptFeatures.of(script, suite: name), validatesOnly: validatesOnly)
        for (index, command) in try script.list("commands").enumerated() {
            recorder.unit(index) { try interpreter.run(command) }
        }
    }

    private func script(_ identifier: String) throws -> JSON {
        guard let path = scripts[identifier] else { throw CaseFailure("there is no script `\(identifier)`") }
        return try folder.json(path)
    }
}
