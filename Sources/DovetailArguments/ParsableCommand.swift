// SPDX-License-Identifier: Apache-2.0

import DovetailFiles

/// A type whose properties declare arguments with ``Argument``, ``Option``, ``Flag`` and ``OptionGroup``.
package protocol ParsableArguments: SendableMetatype {
    /// The declarations, before anything is read.
    init()

    /// Checks what no single value can show; throw a ``ValidationError``.
    mutating func validate() throws
}

extension ParsableArguments {
    /// Nothing to check.
    package mutating func validate() throws {}
}

/// A command: its arguments, and what it does.
package protocol ParsableCommand: ParsableArguments {
    /// Names, help and subcommands.
    static var configuration: CommandConfiguration { get }

    /// Does the command's work. Anything thrown is printed and ends the process with code 1, but for ``ExitCode``, ``CleanExit``
    /// and ``ValidationError``.
    mutating func run() throws
}

extension ParsableCommand {
    /// Everything derived from the type.
    package static var configuration: CommandConfiguration { CommandConfiguration() }

    /// Prints the help.
    package mutating func run() throws { throw CleanExit.helpRequest(Self.self) }

    /// The name that is typed.
    package static var commandName: String { configuration.commandName ?? kebabCase("\(Self.self)") }

    /// Reads `arguments` (the process's, when `nil`) and gives the command they choose, this one or one below it.
    package static func parseAsRoot(_ arguments: [String]? = nil) throws -> any ParsableCommand {
        try CommandParser.parse(root: Self.self, arguments ?? processArguments()).command
    }

    /// Reads `arguments` (the process's, when `nil`) as this very command's.
    package static func parse(_ arguments: [String]? = nil) throws -> Self {
        let command = try parseAsRoot(arguments)
        guard let result = command as? Self else {
            throw ValidationError(
                "expected a command line of `\(commandName)`, found one of `\(type(of: command).commandName)`")
        }
        return result
    }

    /// Reads `arguments` (the process's, when `nil`), runs the command they choose and ends the process on any error.
    package static func main(_ arguments: [String]?) {
        ThisProcess.reportFileSizeLimit()
        do {
            var parsed = try CommandParser.parse(root: Self.self, arguments ?? processArguments())
            do {
                if let asynchronous = parsed.command as? any AsyncParsableCommand {
                    try runAndWait(asynchronous)
                } else {
                    try parsed.command.run()
                }
            } catch {
                throw CommandFailure(path: parsed.path, error: error)
            }
        } catch {
            exit(withError: error)
        }
    }

    /// Reads the process's arguments, runs the command they choose and ends the process on any error.
    package static func main() { main(nil) }

    /// The help of `subcommand`, or of this command.
    package static func helpMessage(
        for subcommand: (any ParsableCommand.Type)? = nil, columns: Int? = nil
    ) -> String {
        let path = subcommand.flatMap { CommandParser.path(to: $0, from: Self.self) } ?? [Self.self]
        return HelpGenerator(path: path, columns: columns ?? Terminal.columns).render()
    }

    /// What is printed for `error`: the help, a message, or the error with a usage line and a hint.
    package static func fullMessage(for error: any Error, columns: Int? = nil) -> String {
        ExitReport(error, root: Self.self, columns: columns ?? Terminal.columns).text
    }

    /// The exit code for `error`: 0 for help and messages, 2 for wrong usage, 1 else.
    package static func exitCode(for error: any Error) -> ExitCode {
        ExitReport(error, root: Self.self, columns: 80).code
    }

    /// Prints what there is to say of `error`, results on stdout and failures on stderr, and ends the process.
    package static func exit(withError error: (any Error)? = nil) -> Never {
        guard let error else { Terminal.exit(0) }
        let report = ExitReport(error, root: Self.self, columns: Terminal.columns)
        guard !report.text.isEmpty else { Terminal.exit(report.code.rawValue) }
        if report.code.isSuccess {
            do throws(StandardOutput.Failure) { try StandardOutput.line(report.text) } catch { exit(withError: error) }
        } else {
            StandardError.line(report.text)
        }
        Terminal.exit(report.code.rawValue)
    }

    /// The manual page of this command and those below it, for `man`.
    package static func manualPage() -> String { ManualPage(root: Self.self).render() }

    /// The script that completes this command's words in `shell`.
    package static func completionScript(for shell: CompletionShell) -> String {
        CompletionModel(root: Self.self).script(for: shell)
    }
}
