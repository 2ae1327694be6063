// SPDX-License-Identifier: Apache-2.0

/// Renders the help of the last command of a path.
struct HelpGenerator {
    private let path: [any ParsableCommand.Type]
    private let columns: Int
    private let configuration: CommandConfiguration
    private let arguments: [ArgumentDefinition]

    init(path: [any ParsableCommand.Type], columns: Int) {
        self.path = path
        self.columns = columns
        let type = path.last
        configuration = type?.configuration ?? CommandConfiguration()
        arguments = (type.map { definitions(of: $0.init()) } ?? []).filter(\.isVisible)
    }

    /// The names of the help flag.
    static func helpNames(_ configuration: CommandConfiguration) -> [ArgumentName] {
        guard let names = configuration.helpNames else { return [.short("h"), .long("help")] }
        return names.names(for: "help")
    }

    var helpNames: [ArgumentName] { Self.helpNames(configuration) }

    // MARK: - Usage

    /// The usage line without its heading.
    var usage: String {
        if let usage = configuration.usage { return usage }
        let names = path.map { $0.commandName }.joined(separator: " ")
        let options = arguments.filter { !$0.isPositional }
        var detailed = options.map(Self.synopsis)
        let positionals = arguments.filter(\.isPositional).map(Self.synopsis)
        let commands = Self.visible(configuration.subcommands).isEmpty ? [] : ["<subcommand>"]
        if "USAGE: \(names) ".count + (detailed + positionals + commands).joined(separator: " ").count > columns {
            // What must be given stays visible, the rest is in the list below.
            detailed = options.filter(\.isRequired).map(Self.synopsis)
            if detailed.count < options.count { detailed.insert("[<options>]", at: 0) }
        }
        return ([names] + detailed + positionals + commands).joined(separator: " ")
    }

    private static func synopsis(_ definition: ArgumentDefinition) -> String {
        var text = definition.display
        if let off = definition.inverseNames.first { text += "|" + off.text }
        switch definition.shape {
        case .flag: return definition.isRequired && !definition.inverseNames.isEmpty ? text : "[\(text)]"
        case .repeatedOption(.upToNextOption), .repeatedOption(.remaining): text += " ..."
        case .repeatedOption, .repeatedPositional: text += " ..."
        case .option, .positional: break
        }
        return definition.isRequired ? text : "[\(text)]"
    }

    /// What there is to say of every argument and option.
    var rows: [(label: String, text: String)] {
        arguments.filter(\.isPositional).map(row) + arguments.filter { !$0.isPositional }.map(row) + builtInRows
    }

    private var builtInRows: [(label: String, text: String)] {
        var rows: [(String, String)] = []
        if !configuration.version.isEmpty { rows.append(("--version", "Show the version.")) }
        if !helpNames.isEmpty { rows.append((helpNames.map(\.text).joined(separator: ", "), "Show this help.")) }
        return rows
    }

    private static func visible(_ commands: [any ParsableCommand.Type]) -> [any ParsableCommand.Type] {
        commands.filter { $0.configuration.shouldDisplay }
    }

    // MARK: - The whole

    func render() -> String {
        var sections: [String] = []
        if !configuration.abstract.isEmpty { sections.append(paragraph("OVERVIEW: " + configuration.abstract)) }
        if !configuration.discussion.isEmpty { sections.append(paragraph(configuration.discussion)) }
        sections.append(wrap("USAGE: " + usage, columns: columns, indent: 0, hanging: 7))
        if !configuration.examples.isEmpty { sections.append(examples()) }

        let positionals = arguments.filter(\.isPositional)
        if !positionals.isEmpty { sections.append(table("ARGUMENTS", positionals.map(row))) }
        var titles: [String] = []
        for option in arguments where !option.isPositional && !titles.contains(option.sectionTitle) {
            titles.append(option.sectionTitle)
        }
        for title in titles where !title.isEmpty {
            let rows = arguments.filter { !$0.isPositional && $0.sectionTitle == title }.map(row)
            sections.append(table(title.uppercased(), rows))
        }
        let rows = arguments.filter { !$0.isPositional && $0.sectionTitle.isEmpty }.map(row) + builtInRows
        if !rows.isEmpty { sections.append(table("OPTIONS", rows)) }

        let commands = Self.visible(configuration.subcommands)
        if !commands.isEmpty {
            let rows = commands.map { command in
                let names = ([command.commandName] + command.configuration.aliases).joined(separator: ", ")
                let isDefault = configuration.defaultSubcommand.map { $0 == command } ?? false
                return (names + (isDefault ? " (default)" : ""), command.configuration.abstract)
            }
            let names = path.map { $0.commandName }.joined(separator: " ")
            sections.append(
                table("SUBCOMMANDS", rows) + "\n\n  See `\(names) help <subcommand>` for more.")
        }
        return sections.joined(separator: "\n\n")
    }

    private func paragraph(_ text: String) -> String { wrap(text, columns: columns, indent: 0, hanging: 0) }

    private func examples() -> String {
        let lines = configuration.examples.map { example in
            // An example is there to be copied, so it is never broken.
            let explanation = wrap(example.explanation, columns: columns, indent: 6, hanging: 6)
            return "  \(example.command)" + (example.explanation.isEmpty ? "" : "\n" + explanation)
        }
        return (["EXAMPLES:"] + lines).joined(separator: "\n")
    }

    private func row(_ definition: ArgumentDefinition) -> (label: String, text: String) {
        var label = "<\(definition.valueName)>"
        if !definition.isPositional {
            let names = definition.names.filter(\.isShort) + definition.names.filter { !$0.isShort }
            label = names.map(\.text).joined(separator: ", ")
            if !definition.inverseNames.isEmpty {
                label += "/" + definition.inverseNames.map(\.text).joined(separator: ", ")
            }
            if !definition.isFlag { label += " <\(definition.valueName)>" }
        }
        var text = definition.help.abstract
        var notes: [String] = []
        if !definition.allowedValues.isEmpty, !definition.isFlag {
            notes.append("values: " + definition.allowedValues.joined(separator: ", "))
        }
        if let value = definition.defaultDescription { notes.append("default: \(value)") }
        if !notes.isEmpty { text += (text.isEmpty ? "" : " ") + "(\(notes.joined(separator: "; ")))" }
        if !definition.help.discussion.isEmpty { text += "\n" + definition.help.discussion }
        return (label, text)
    }

    private func table(_ title: String, _ rows: [(label: String, text: String)]) -> String {
        let labelColumns = 26
        let lines = rows.map { label, text in
            let left = "  " + label
            if text.isEmpty { return left }
            let right = wrap(text, columns: columns, indent: labelColumns, hanging: labelColumns)
            // A label that leaves no gap stands on a line of its own.
            if left.count + 2 > labelColumns { return left + "\n" + right }
            return left + right.dropFirst(left.count)
        }
        return (["\(title):"] + lines).joined(separator: "\n")
    }
}

/// Breaks `text` at spaces to lines of at most `columns`, the first indented by `indent`, later ones by `hanging`.
///
/// Line breaks of the text are kept; a line that begins with a space is laid out by hand and left as it is.
func wrap(_ text: String, columns: Int, indent: Int, hanging: Int) -> String {
    var result: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
        var margin = String(repeating: " ", count: result.isEmpty ? indent : hanging)
        if paragraph.hasPrefix(" ") {
            result.append(margin + paragraph)
            continue
        }
        var line = ""
        for word in paragraph.split(separator: " ") {
            if !line.isEmpty, margin.count + line.count + 1 + word.count > columns {
                result.append(margin + line)
                margin = String(repeating: " ", count: hanging)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        result.append(line.isEmpty ? "" : margin + line)
    }
    return result.joined(separator: "\n")
}
