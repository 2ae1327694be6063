// SPDX-License-Identifier: Apache-2.0

/// A shell for which completions can be made.
package enum CompletionShell: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// GNU bash, 3.2 or later.
    case bash
    /// The Z shell.
    case zsh
    /// fish
    case fish

    static var optionName: String { "generate-completion-script" }
    static var optionDisplay: String { "--\(optionName) <shell>" }
}

/// The command tree as the completion scripts need it.
struct CompletionModel {
    struct Option {
        var names: [ArgumentName]
        var help: String
        /// `nil` for a flag.
        var value: CompletionKind.Kind?
        var valueName: String
        var repeats: Bool
    }

    struct Positional {
        var name: String
        var completion: CompletionKind.Kind
        var repeats: Bool
        var isPassthrough: Bool
    }

    struct Command {
        /// From the root on, for example `["dovetail", "run"]`.
        var path: [String]
        var aliases: [String]
        var abstract: String
        var options: [Option]
        var positionals: [Positional]
        var children: [Command]

        var key: String { path.joined(separator: " ") }
        var name: String { path.last ?? "" }

        /// This command and all below it.
        var all: [Command] { [self] + children.flatMap(\.all) }
    }

    let root: Command

    init(root: any ParsableCommand.Type) {
        self.root = Self.command(root, below: [])
    }

    var name: String { root.name }

    /// The root's name as part of a shell function's name.
    var functionName: String { "_" + String(name.map { $0.isLetter || $0.isNumber ? $0 : "_" }) }

    func script(for shell: CompletionShell) -> String {
        switch shell {
        case .bash: bashScript()
        case .zsh: zshScript()
        case .fish: fishScript()
        }
    }

    private static func command(_ type: any ParsableCommand.Type, below path: [String]) -> Command {
        let configuration = type.configuration
        let path = path + [type.commandName]
        let arguments = definitions(of: type.init()).filter(\.isVisible)
        var options = arguments.filter { !$0.isPositional }.flatMap { definition in
            let sides = [definition.names, definition.inverseNames].filter { !$0.isEmpty }
            return sides.map { names in
                Option(
                    names: names, help: definition.help.abstract,
                    value: definition.isFlag ? nil : definition.effectiveCompletion, valueName: definition.valueName,
                    repeats: definition.isRepeating)
            }
        }
        if !configuration.version.isEmpty {
            options.append(
                Option(names: [.long("version")], help: "Show the version.", valueName: "", repeats: false))
        }
        options.append(
            Option(
                names: HelpGenerator.helpNames(configuration), help: "Show this help.", valueName: "", repeats: false))
        let children = configuration.subcommands.filter { $0.configuration.shouldDisplay }
        return Command(
            path: path, aliases: configuration.aliases, abstract: configuration.abstract,
            options: options.filter { !$0.names.isEmpty },
            positionals: arguments.filter(\.isPositional).map {
                Positional(
                    name: $0.valueName, completion: $0.effectiveCompletion, repeats: $0.isRepeating,
                    isPassthrough: $0.isPassthrough)
            },
            children: children.map { command($0, below: path) })
    }
}

/// `text` in single quotes, as all three shells read them but for fish, which has its own escape.
func shellQuoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
}
