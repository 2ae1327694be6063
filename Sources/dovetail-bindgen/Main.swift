// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailBindgen

/// The light tool that the build plugin runs: `dovetail bindgen` without the engine and all that stands on it.
@main
struct BindgenTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dovetail-bindgen", abstract: "Generate Swift bindings for the worlds of components.")

    @OptionGroup var arguments: BindgenArguments

    mutating func run() throws { try arguments.generate() }
}
