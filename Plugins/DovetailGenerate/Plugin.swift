// SPDX-License-Identifier: Apache-2.0

import Foundation
import PackagePlugin

/// `swift package dovetail-bindgen [--target NAME]… [--check]`: writes the bindings of targets into their folder `Generated`.
///
/// For packages whose users should not run a plugin, and for those that keep generated code under review.
@main
struct DovetailGenerate: CommandPlugin {
    func performCommand(context: PluginContext, arguments: [String]) async throws {
        var extractor = ArgumentExtractor(arguments)
        let names = extractor.extractOption(named: "target")
        let check = extractor.extractFlag(named: "check") > 0
        let rest = extractor.remainingArguments
        guard rest.isEmpty else {
            Diagnostics.error("unknown argument `\(rest[0])`; expected `--target NAME` or `--check`")
            return
        }
        let targets = try names.isEmpty ? context.package.targets : context.package.targets(named: names)
        let tool = try context.tool(named: "dovetail-bindgen")
        var done = 0
        for target in targets {
            guard let target = target as? any SourceModuleTarget else { continue }
            let configuration: BindingsConfiguration
            do {
                configuration = try BindingsConfiguration.find(in: target.directoryURL, target: target.name)
            } catch {
                // Without names, only those targets are meant that have WIT.
                if names.isEmpty { continue }
                throw error
            }
            done += 1
            let output = target.directoryURL.appending(path: "Generated/Bindings.swift")
            let process = Process()
            process.executableURL = tool.url
            process.arguments =
                configuration.arguments + [
                    "--out-file", output.path(percentEncoded: false), "--diagnostics", "xcode", "--made-by",
                    "swift package dovetail-bindgen",
                ] + (check ? ["--check"] : [])
            try process.run()
            process.waitUntilExit()
            if process.terminationStatus != 0 {
                Diagnostics.error("the bindings of `\(target.name)` \(check ? "are out of date" : "were not written")")
            } else if !check {
                print("wrote \(output.path(percentEncoded: false))")
            }
        }
        if done == 0 {
            Diagnostics.error("no target has WIT; create a folder `wit` in one, or name it in its dovetail.json")
        }
    }
}
