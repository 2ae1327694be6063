// SPDX-License-Identifier: Apache-2.0

/// What a command is called, what its help says and which commands are below it.
package struct CommandConfiguration: Sendable {
    /// An invocation shown in the help, with what it does.
    package struct Example: Sendable {
        /// The line as it is typed.
        package var command: String
        /// What it does; may be empty.
        package var explanation: String

        /// An invocation, with what it does.
        package init(_ command: String, _ explanation: String = "") {
            self.command = command
            self.explanation = explanation
        }
    }

    /// The name that is typed; the type's name in kebab-case when `nil`.
    package var commandName: String?
    /// One sentence.
    package var abstract: String
    /// The usage line, where the generated one does not do.
    package var usage: String?
    /// Further paragraphs below the abstract.
    package var discussion: String
    /// Invocations to learn from.
    package var examples: [Example]
    /// What `--version` prints; there is no such flag when empty.
    package var version: String
    /// Whether the command is listed in its parent's help.
    package var shouldDisplay: Bool
    /// The commands below this one.
    package var subcommands: [any ParsableCommand.Type]
    /// The command below this one that runs when none is named.
    package var defaultSubcommand: (any ParsableCommand.Type)?
    /// The names of the help flag; `-h` and `--help` when `nil`.
    package var helpNames: NameSpecification?
    /// Other names of the command.
    package var aliases: [String]

    /// A configuration made of its parts, all of which may be left out.
    package init(
        commandName: String? = nil, abstract: String = "", usage: String? = nil, discussion: String = "",
        examples: [Example] = [], version: String = "", shouldDisplay: Bool = true,
        subcommands: [any ParsableCommand.Type] = [], defaultSubcommand: (any ParsableCommand.Type)? = nil,
        helpNames: NameSpecification? = nil, aliases: [String] = []
    ) {
        self.commandName = commandName
        self.abstract = abstract
        self.usage = usage
        self.discussion = discussion
        self.examples = examples
        self.version = version
        self.shouldDisplay = shouldDisplay
        self.subcommands = subcommands
        self.defaultSubcommand = defaultSubcommand
        self.helpNames = helpNames
        self.aliases = aliases
    }
}
