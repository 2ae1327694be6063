// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments

/// The root of the tool's commands.
package struct DovetailCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "dovetail", abstract: "Run, inspect and check WebAssembly components.",
        examples: [
            .init("dovetail run hello.wasm", "Run a command."),
            .init("dovetail run --invoke 'add(1, 2)' adder.wasm", "Call a function and print its result."),
            .init("dovetail inspect adder.wasm", "Show what a component imports and exports."),
            .init("dovetail wit adder.wasm", "Print its world in WIT."),
            .init("dovetail targets -w plugin wit plugin.wasm", "Ask whether a component fits a world."),
        ],
        version: "dovetail \(DovetailVersion.current)",
        subcommands: [
            RunCommand.self, InspectCommand.self, WITCommand.self, ValidateCommand.self, FormatCommand.self,
            TargetsCommand.self, SemverCheckCommand.self, BindgenCommand.self, CompletionsCommand.self,
        ])

    package init() {}
}

/// The version of this tool.
package enum DovetailVersion {
    package static let current = "0.1.0"
}
