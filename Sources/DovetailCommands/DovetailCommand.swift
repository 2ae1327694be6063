// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments

/// The root of the tool's commands.
package struct DovetailCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "dovetail", abstract: "Build, run, serve, inspect and check WebAssembly components.",
        discussion: """
            FILE is a component, a core module or WIT, binary or text; `-` is standard input. Results go to standard output, \
            errors to standard error. The exit code is 0 for success, 1 if the guest or a check failed or a result could not be \
            written, 2 for wrong usage, 134 if the guest trapped, and otherwise the guest's own. If the reader of a pipe closes \
            it, nothing is printed.
            """,
        examples: [
            .init("dovetail run hello.wasm", "Run a command."),
            .init("dovetail serve proxy.wasm", "Answer HTTP requests with a component."),
            .init("dovetail run --invoke 'add(1, 2)' adder.wasm", "Call a function and print its result."),
            .init("dovetail inspect adder.wasm", "Show what a component imports and exports."),
            .init("dovetail wit adder.wasm", "Print its world in WIT."),
            .init("dovetail targets -w plugin wit plugin.wasm", "Check whether a component conforms to a world."),
        ],
        version: "dovetail \(DovetailVersion.current)",
        subcommands: [
            RunCommand.self, ServeCommand.self, CompileCommand.self, InspectCommand.self, ValidateCommand.self,
            ParseCommand.self, PrintCommand.self,
            WITCommand.self, FormatCommand.self, TargetsCommand.self, SemverCheckCommand.self, BindgenCommand.self,
            NewCommand.self, ComponentizeCommand.self, LinkCommand.self, EmbedCommand.self, UnbundleCommand.self,
            StripCommand.self, SnapshotCommand.self, SDKCommand.self, WheelCommand.self,
            CompletionsCommand.self, ManualCommand.self,
        ])

    package init() {}
}

/// The version of this tool.
package enum DovetailVersion {
    package static let current = "0.1.0"
}
