// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailTestSupport
import DovetailWASI
import Foundation

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
        let output = OutputCollector()
        let errors = OutputCollector()
        configuration.standardOutput = .collected(output)
        configuration.standardError = .collected(errors)
        var linker = Linker(engine: component.engine)
        linker.addWASI()
        let store = try Store(engine: component.engine, wasi: configuration)
        let code = try end(try linker.instantiate(component, in: store))
        let expected = run["exit"]?.integer ?? (run["exit"]?.string ?? "ok" == "ok" ? 0 : 1)
        guard code == expected else {
            throw CaseFailure("expected exit code \(expected), found \(code): \(errors.text.prefix(300))")
        }
        for (name, text) in [("stdout", output.text), ("stderr", errors.text)] {
            guard let wanted = run[name]?.string, wanted != text else { continue }
            throw CaseFailure("expected \(name) \(wanted.debugDescription), found \(text.debugDescription)")
        }
    }

    private func end(_ instance: Instance) throws -> Int {
        let names = component.plan.exports.names
        guard let interface = names.first(where: { $0.hasPrefix("wasi:cli/run@") }) else {
            throw CaseFailure("the component does not export wasi:cli/run")
        }
        do {
            return try instance.function("run", in: interface).call([]) == .ok(nil) ? 0 : 1
        } catch let exit as WASIExit {
            return Int(exit.code)
        }
    }
}
