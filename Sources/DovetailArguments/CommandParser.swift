// SPDX-License-Identifier: Apache-2.0

/// Walks from the root command to the chosen one and fills its arguments.
///
/// Only the commands on the way are looked into, so a large tree costs nothing at start-up.
struct CommandParser {
    /// A command with its values, and the commands that led to it, outermost first.
    struct Result {
        var command: any ParsableCommand
        var path: [any ParsableCommand.Type]
    }

    private var path: [any ParsableCommand.Type]
    private var command: any ParsableCommand
    private var definitions: [ArgumentDefinition]
    private var words: ArraySlice<String>
    private var positionals: ArraySlice<Int>
    private var terminated = false
    private var takenPositionals = 0

    private init(path: [any ParsableCommand.Type], type: any ParsableCommand.Type, words: ArraySlice<String>) {
        self.path = path
        self.command = type.init()
        let definitions = DovetailArguments.definitions(of: command)
        self.definitions = definitions
        self.words = words
        self.positionals = definitions.indices.filter { definitions[$0].isPositional }[...]
    }

    /// The command that `words` choose; errors come as ``CommandFailure``.
    static func parse(root: any ParsableCommand.Type, _ words: [String]) throws -> Result {
        var type = root
        var path = [type]
        var words = words[...]
        while true {
            var parser = CommandParser(path: path, type: type, words: words)
            do {
                guard let next = try parser.readWords() else { return Result(command: parser.command, path: path) }
                type = next
            } catch {
                throw CommandFailure(path: path, error: error)
            }
            words = parser.words
            path.append(type)
        }
    }

    /// The commands from `root` down to `type`.
    static func path(
        to type: any ParsableCommand.Type, from root: any ParsableCommand.Type
    ) -> [any ParsableCommand.Type]? {
        if type == root { return [root] }
        for child in root.configuration.subcommands {
            if let rest = path(to: type, from: child) { return [root] + rest }
        }
        return nil
    }

    // MARK: - One command

    /// Reads the words of one command; gives the subcommand to go on with, its name taken off the words.
    private mutating func readWords() throws -> (any ParsableCommand.Type)? {
        let configuration = type(of: command).configuration
        while let word = words.first {
            if !terminated {
                if word == "--" {
                    terminated = true
                    words.removeFirst()
                    continue
                }
                if isOptionLike(word) {
                    if try readOption(word, configuration) { continue }
                    if let index = positionals.first,
                        case .repeatedPositional(.allUnrecognized) = definitions[index].shape
                    {
                        try readPositional(word)
                        continue
                    }
                    if let fallback = configuration.defaultSubcommand { return fallback }
                    throw unknown(word, configuration)
                }
                if takenPositionals == 0, !configuration.subcommands.isEmpty {
                    if let child = try subcommand(word, configuration) { return child }
                    if let fallback = configuration.defaultSubcommand { return fallback }
                    if positionals.isEmpty {
                        throw ArgumentError.unknownCommand(word, known: knownCommands(configuration))
                    }
                }
            }
            try readPositional(word)
        }
        if takenPositionals == 0, let fallback = configuration.defaultSubcommand { return fallback }
        for definition in definitions { try definition.finish() }
        try validateGroups(of: command)
        try command.validate()
        return nil
    }

    private mutating func subcommand(
        _ word: String, _ configuration: CommandConfiguration
    ) throws -> (any ParsableCommand.Type)? {
        if let child = configuration.subcommands.first(where: { $0.answers(to: word) }) {
            words.removeFirst()
            return child
        }
        guard word == "help" else { return nil }
        var target: any ParsableCommand.Type = type(of: command)
        for name in words.dropFirst() where !isOptionLike(name) {
            let below = target.configuration
            guard let child = below.subcommands.first(where: { $0.answers(to: name) }) else {
                throw ArgumentError.unknownCommand(name, known: below.subcommands.map { $0.commandName })
            }
            target = child
        }
        throw CleanExit.helpRequest(target)
    }

    private func knownCommands(_ configuration: CommandConfiguration) -> [String] {
        configuration.subcommands.flatMap { [$0.commandName] + $0.configuration.aliases } + ["help"]
    }

    // MARK: - Positional arguments

    private mutating func readPositional(_ word: String) throws {
        while let index = positionals.first {
            let definition = definitions[index]
            switch definition.shape {
            case .repeatedPositional(.captureForPassthrough):
                try acceptRest(definition)
                return
            case .repeatedPositional(.postTerminator) where !terminated:
                // Words before `--` belong to a later argument, if there is one.
                guard let later = positionals.dropFirst().first else { throw ArgumentError.unexpectedArgument(word) }
                try definitions[later].accept(word, nil)
                words.removeFirst()
                return
            case .repeatedPositional:
                try definition.accept(word, nil)
                words.removeFirst()
                takenPositionals += 1
                return
            default:
                try definition.accept(word, nil)
                words.removeFirst()
                positionals.removeFirst()
                takenPositionals += 1
                if let next = positionals.first, definitions[next].isPassthrough { try acceptRest(definitions[next]) }
                return
            }
        }
        throw ArgumentError.unexpectedArgument(word)
    }

    private mutating func acceptRest(_ definition: ArgumentDefinition) throws {
        for word in words { try definition.accept(word, nil) }
        takenPositionals += words.count
        words = []
    }

    // MARK: - Options

    /// Whether `word` is an option rather than a value: it begins with a dash and is not `-` or a negative number.
    private func isOptionLike(_ word: String) -> Bool {
        guard word.hasPrefix("-"), word != "-" else { return false }
        guard let digit = word.dropFirst().first, digit.isASCII, digit.isNumber || digit == "." else { return true }
        if Double(word) == nil { return true }
        return definitions.contains { $0.names.contains(.short(digit)) }
    }

    private func definition(named name: ArgumentName) -> ArgumentDefinition? {
        definitions.first { $0.names.contains(name) || $0.inverseNames.contains(name) }
    }

    /// Reads the option at the front of the words; `false` where the command knows none of this name.
    private mutating func readOption(_ word: String, _ configuration: CommandConfiguration) throws -> Bool {
        let isLong = word.hasPrefix("--")
        let body = word.drop { $0 == "-" }
        let equals = body.firstIndex(of: "=")
        let bare = String(equals.map { body[..<$0] } ?? body)
        let joined = equals.map { String(body[body.index(after: $0)...]) }
        let name: ArgumentName = isLong ? .long(bare) : .longWithSingleDash(bare)
        if let definition = definition(named: name) {
            words.removeFirst()
            try read(definition, name, joined: joined)
            return true
        }
        try readBuiltIn(word, name, joined, configuration)
        if !isLong { return try readShortOptions(String(body), configuration) }
        return false
    }

    /// Reads `-n`, `-nVALUE`, `-n=VALUE` and bundles such as `-abn VALUE`.
    private mutating func readShortOptions(_ body: String, _ configuration: CommandConfiguration) throws -> Bool {
        var rest = body[...]
        var found: [(definition: ArgumentDefinition, name: ArgumentName)] = []
        // The whole bundle must be known before any of it counts.
        while let character = rest.popFirst() {
            let name = ArgumentName.short(character)
            if character == "h", definition(named: name) == nil {
                try readBuiltIn("-h", name, nil, configuration)
            }
            guard let definition = definition(named: name) else { return false }
            found.append((definition, name))
            if !definition.isFlag || rest.first == "=" { break }
        }
        words.removeFirst()
        for (index, entry) in found.enumerated() {
            var joined: String?
            if index == found.count - 1, !rest.isEmpty {
                joined = String(rest.first == "=" ? rest.dropFirst() : rest)
            }
            try read(entry.definition, entry.name, joined: joined)
        }
        return true
    }

    private func readBuiltIn(
        _ word: String, _ name: ArgumentName, _ joined: String?, _ configuration: CommandConfiguration
    ) throws {
        let given = name.isShort ? name : (word == "-h" ? .short("h") : name)
        if HelpGenerator.helpNames(configuration).contains(given) {
            throw CleanExit.helpRequest(type(of: command))
        }
        if given == .long("version"), !configuration.version.isEmpty { throw CleanExit.message(configuration.version) }
        if given == .long(CompletionShell.optionName), path.count == 1, let root = path.first {
            let shell = joined ?? words.dropFirst().first
            guard let shell else { throw ArgumentError.missingValue(CompletionShell.optionDisplay, found: nil) }
            guard let known = CompletionShell(rawValue: shell) else {
                throw ArgumentError.invalidValue(
                    shell, display: CompletionShell.optionDisplay, allowed: CompletionShell.allCases.map(\.rawValue),
                    expectation: nil)
            }
            throw CleanExit.message(CompletionModel(root: root).script(for: known))
        }
    }

    private mutating func read(_ definition: ArgumentDefinition, _ name: ArgumentName, joined: String?) throws {
        switch definition.shape {
        case .flag:
            if let joined { throw ArgumentError.unexpectedValue(joined, flag: name.text) }
            try definition.accept("", name)
        case .option(let strategy):
            try definition.accept(joined ?? value(for: definition, strategy), name)
        case .repeatedOption(.singleValue):
            try definition.accept(joined ?? value(for: definition, .next), name)
        case .repeatedOption(.unconditionalSingleValue):
            try definition.accept(joined ?? value(for: definition, .unconditional), name)
        case .repeatedOption(.upToNextOption):
            if let joined { try definition.accept(joined, name) }
            while let word = words.first, !isOptionLike(word) {
                try definition.accept(word, name)
                words.removeFirst()
            }
        case .repeatedOption(.remaining):
            if let joined { try definition.accept(joined, name) }
            for word in words { try definition.accept(word, name) }
            words = []
        case .positional, .repeatedPositional: break
        }
    }

    private mutating func value(
        for definition: ArgumentDefinition, _ strategy: SingleValueParsingStrategy
    ) throws -> String {
        switch strategy {
        case .unconditional:
            guard let word = words.popFirst() else {
                throw ArgumentError.missingValue(definition.display, found: nil)
            }
            return word
        case .next:
            guard let word = words.first, !isOptionLike(word) else {
                throw ArgumentError.missingValue(definition.display, found: words.first)
            }
            words.removeFirst()
            return word
        case .scanningForValue:
            guard let index = words.firstIndex(where: { !isOptionLike($0) }) else {
                throw ArgumentError.missingValue(definition.display, found: nil)
            }
            return words.remove(at: index)
        }
    }

    /// The error for an option that nobody takes.
    private func unknown(_ word: String, _ configuration: CommandConfiguration) -> any Error {
        let bare = String(word.prefix { $0 != "=" })
        var known = definitions.filter(\.isVisible).flatMap { ($0.names + $0.inverseNames).map(\.text) }
        known += HelpGenerator.helpNames(configuration).map(\.text)
        if !configuration.version.isEmpty { known.append("--version") }
        // A single letter is near to too much to be a suggestion.
        return ArgumentError.unknownOption(bare, known: known.filter { $0.count > 2 })
    }
}

extension ParsableCommand {
    /// Whether `word` is the command's name or one of its aliases.
    static func answers(to word: String) -> Bool {
        commandName == word || configuration.aliases.contains(word)
    }
}
