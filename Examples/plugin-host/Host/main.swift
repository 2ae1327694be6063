// SPDX-License-Identifier: Apache-2.0

import Dovetail

/// Writes what a plugin logs, under its name.
struct Log: Plugin.Imports {
    let name: String

    func log(severity: Plugin.Host.Severity, message: String) { print("  [\(name), \(severity)] \(message)") }
}

let engine = try Engine()
var plugins: [(description: Plugin.Description, plugin: Plugin)] = []
// Each plugin lives in a store of its own: one that traps takes nothing with it.
for file in ["shorten.wasm", "shout.wasm"] {
    let component = try Component(engine: engine, path: file)
    let plugin = try Plugin(component, in: Store(engine: engine), imports: Log(name: file))
    plugins.append((try plugin.describe(), plugin))
}
for (description, plugin) in plugins {
    let version = "\(description.version.0).\(description.version.1)"
    let kinds = description.kinds.isEmpty ? "everything" : description.kinds.joined(separator: ", ")
    print("\(description.name) \(version), for \(kinds)")
    for text in ["swift and wasm", ""] {
        do {
            print("  \"\(text)\" -> \"\(try plugin.run(text: text))\"")
        } catch let error as ResultError<String> {
            print("  \"\(text)\" -> error: \(error.payload)")
        }
    }
}
