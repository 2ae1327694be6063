// SPDX-License-Identifier: Apache-2.0

import Foundation
import PackagePlugin

/// Generates bindings for a target while it is built: for the WIT in its folder `wit`, or for a component in it.
@main
struct DovetailBindings: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
        guard let target = target as? any SourceModuleTarget else { return [] }
        let configuration = try BindingsConfiguration.find(in: target.directoryURL, target: target.name)
        let output = context.pluginWorkDirectoryURL.appending(path: "Bindings.swift")
        return [
            .buildCommand(
                displayName: "Generating bindings for \(target.name)",
                executable: try context.tool(named: "dovetail-bindgen").url,
                arguments: configuration.arguments + [
                    "--out-file", output.path(percentEncoded: false), "--diagnostics", "xcode", "--made-by",
                    "swift build, through the plugin DovetailBindings",
                ],
                inputFiles: configuration.inputs, outputFiles: [output])
        ]
    }
}
