// SPDX-License-Identifier: Apache-2.0

/// The manual page of a command and all below it, in the language of `man`.
///
/// It holds no date, so that the same tool always makes the same page.
struct ManualPage {
    let root: any ParsableCommand.Type

    func render() -> String {
        let configuration = root.configuration
        let name = root.commandName
        var page = ".TH \(Self.escaped(name.uppercased())) 1 \"\" \"\(Self.escaped(configuration.version))\"\n"
        page += ".SH NAME\n\(Self.escaped(name)) \\- \(Self.escaped(configuration.abstract))\n"
        page += ".SH SYNOPSIS\n" + synopsis([root])
        if !configuration.discussion.isEmpty {
            page += ".SH DESCRIPTION\n" + Self.paragraphs(configuration.discussion)
        }
        page += options([root], heading: ".SH OPTIONS\n")
        page += examples(configuration, heading: ".SH EXAMPLES\n")
        let commands = configuration.subcommands.filter { $0.configuration.shouldDisplay }
        if !commands.isEmpty { page += ".SH COMMANDS\n" }
        for command in commands { page += section([root, command]) }
        return page
    }

    /// A subcommand with those below it.
    private func section(_ path: [any ParsableCommand.Type]) -> String {
        guard let configuration = path.last?.configuration else { return "" }
        var text = ".SS \(Self.escaped(path.map { $0.commandName }.joined(separator: " ")))\n" + synopsis(path)
        text += ".PP\n" + Self.paragraphs(configuration.abstract)
        if !configuration.discussion.isEmpty { text += ".PP\n" + Self.paragraphs(configuration.discussion) }
        text += options(path, heading: "") + examples(configuration, heading: ".PP\nExamples:\n")
        for command in configuration.subcommands where command.configuration.shouldDisplay {
            text += section(path + [command])
        }
        return text
    }

    private func synopsis(_ path: [any ParsableCommand.Type]) -> String {
        Self.line(HelpGenerator(path: path, columns: 120).usage)
    }

    private func options(_ path: [any ParsableCommand.Type], heading: String) -> String {
        let rows = HelpGenerator(path: path, columns: 120).rows
        guard !rows.isEmpty else { return "" }
        return heading
            + rows.map { ".TP\n.B \(Self.escaped($0.label))\n" + Self.paragraphs($0.text) }.joined()
    }

    private func examples(_ configuration: CommandConfiguration, heading: String) -> String {
        guard !configuration.examples.isEmpty else { return "" }
        return heading
            + configuration.examples.map { example in
                ".TP\n.B \(Self.escaped(example.command))\n" + Self.paragraphs(example.explanation)
            }.joined()
    }

    private static func paragraphs(_ text: String) -> String {
        text.isEmpty ? "" : text.split(separator: "\n").map { line(String($0)) }.joined(separator: ".br\n")
    }

    /// A line of text, which must not begin as a request does.
    private static func line(_ text: String) -> String {
        let line = escaped(text)
        return (line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" : "") + line + "\n"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "'": result += "\\(aq"
            case "`": result += "\\(ga"
            case "\"": result += "\\(dq"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            default: result.append(character)
            }
        }
        return result
    }
}
