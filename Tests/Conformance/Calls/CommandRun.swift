// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailTestSupport
import DovetailWASI

/// A run of kind `command`: a program of WASI 0.2.
struct CommandRun {
    private let run: JSON
    private let component: Component

    init(_ run: JSON, component: Component) {
        self.run = run
        self.component = component
    }

    /// Runs the program and compares its end and its output.
    func execute() throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        var configuration = WASIConfiguration(arguments: run["args"]?.strings ?? [])
        configuration.environment = (run["env"]?.object ?? [:]).sorted { $0.key < $1.key }
            .map { ($0.key, $0.value.string ?? "") }
        if run["preopens"] != nil { configuration.preopens = [Preopen(folder.path, as: "/")] }
        let end = try CommandComponent(component).run(configuration)
        let expected = run["exit"]?.integer ?? (run["exit"]?.string ?? "ok" == "ok" ? 0 : 1)
        guard end.code == expected else {
            throw CaseFailure("expected exit code \(expected), found \(end.code): \(end.errors.prefix(300))")
        }
        for (name, text) in [("stdout", end.output), ("stderr", end.errors)] {
            guard let wanted = run[name]?.string, wanted != text else { continue }
            throw CaseFailure("expected \(name) \(wanted.debugDescription), found \(text.debugDescription)")
        }
    }
}
