// SPDX-License-Identifier: Apache-2.0

/// What is printed for an error, and the exit code it means.
struct ExitReport {
    let text: String
    let code: ExitCode

    init(_ error: any Error, root: any ParsableCommand.Type, columns: Int) {
        var path = [root]
        var error = error
        while let failure = error as? CommandFailure {
            path = failure.path
            error = failure.error
        }
        switch error {
        case let exit as ExitCode:
            text = ""
            code = exit
        case CleanExit.helpRequest(let type):
            let target = type.flatMap { CommandParser.path(to: $0, from: root) } ?? path
            text = HelpGenerator(path: target, columns: columns).render()
            code = .success
        case CleanExit.message(let message):
            text = message.hasSuffix("\n") ? String(message.dropLast()) : message
            code = .success
        case let failure as StandardOutput.Failure where failure.isClosedPipe:
            text = ""
            code = .failure
        case is ArgumentError, is ValidationError:
            text = Self.line(error) + "\n" + Self.hint(path, columns: columns)
            code = .validationFailure
        default:
            text = Self.line(error)
            code = .failure
        }
    }

    /// `error: …`; a diagnostic that already begins so is left as it is.
    static func line(_ error: any Error) -> String {
        let message = "\(error)"
        return message.hasPrefix("error: ") ? message : "error: \(message)"
    }

    private static func hint(_ path: [any ParsableCommand.Type], columns: Int) -> String {
        let help = HelpGenerator(path: path, columns: columns)
        let names = path.map { $0.commandName }.joined(separator: " ")
        let name = (help.helpNames.first { !$0.isShort } ?? help.helpNames.first)?.text
        let more = name.map { "\n  See `\(names) \($0)` for more." } ?? ""
        return wrap("Usage: " + help.usage, columns: columns, indent: 0, hanging: 7) + more
    }
}
