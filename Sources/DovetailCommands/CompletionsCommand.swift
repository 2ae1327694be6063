// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments

/// `dovetail completions SHELL`
package struct CompletionsCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "completions", abstract: "Print the completion script for a shell.",
        examples: [
            .init(
                "source <(dovetail completions bash)", "Complete in this bash; put the line into ~/.bashrc to keep it."),
            .init("dovetail completions zsh > ~/.zfunc/_dovetail", "For zsh, in a folder of `$fpath`."),
            .init("dovetail completions fish > ~/.config/fish/completions/dovetail.fish", "For fish."),
        ])

    @Argument(help: "The shell.") var shell: CompletionShell

    package init() {}

    package func run() throws { try StandardOutput.line(DovetailCommand.completionScript(for: shell)) }
}
