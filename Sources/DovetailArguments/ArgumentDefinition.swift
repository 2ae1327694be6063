// SPDX-License-Identifier: Apache-2.0

/// What the parser, the help and the completions know of one declared argument, without its type.
struct ArgumentDefinition {
    /// How words are given to the argument.
    enum Shape {
        case flag
        case option(SingleValueParsingStrategy)
        case repeatedOption(ArrayParsingStrategy)
        case positional
        case repeatedPositional(ArgumentArrayParsingStrategy)
    }

    var shape: Shape
    /// Empty for a positional argument.
    var names: [ArgumentName] = []
    /// The names that switch a flag off, for those that have them.
    var inverseNames: [ArgumentName] = []
    var valueName: String
    var help: ArgumentHelp
    var completion: CompletionKind.Kind = .default
    /// The default as help shows it.
    var defaultDescription: String?
    /// The words that stand for a value, where they can be listed.
    var allowedValues: [String] = []
    /// Whether leaving the argument out is wrong usage.
    var isRequired: Bool
    /// Takes one word (empty for a flag), given under a name.
    var accept: (_ word: String, _ name: ArgumentName?) throws -> Void
    /// Settles the value when all words are read: the default, or an error where one was needed.
    var finish: () throws -> Void
    /// The heading of the option group that declares the argument.
    var sectionTitle: String = ""

    var isPositional: Bool {
        switch shape {
        case .positional, .repeatedPositional: true
        case .flag, .option, .repeatedOption: false
        }
    }

    var isFlag: Bool {
        if case .flag = shape { true } else { false }
    }

    var isRepeating: Bool {
        switch shape {
        case .repeatedOption, .repeatedPositional: true
        case .flag, .option, .positional: false
        }
    }

    var isPassthrough: Bool {
        if case .repeatedPositional(.captureForPassthrough) = shape { true } else { false }
    }

    var isVisible: Bool { help.visibility == .default }

    /// The name shown first where only one is: the first long one.
    var preferredName: ArgumentName? { names.first { !$0.isShort } ?? names.first }

    /// `<file>`, `--name <name>` or `--flag`, as errors name it.
    var display: String {
        if isPositional { return "<\(valueName)>" }
        let name = preferredName?.text ?? ""
        return isFlag ? name : "\(name) <\(valueName)>"
    }

    /// What a shell offers for the value.
    var effectiveCompletion: CompletionKind.Kind {
        if case .default = completion, !allowedValues.isEmpty { return .list(allowedValues) }
        return completion
    }
}

/// A property wrapper that declares arguments; the key is the property's name.
protocol ArgumentSource {
    func definitions(for key: String) -> [ArgumentDefinition]
    /// Checks that run when every value is settled.
    func validateValue() throws
}

extension ArgumentSource {
    func validateValue() throws {}
}

/// The declarations of `arguments`, in the order of its properties.
func definitions(of arguments: Any) -> [ArgumentDefinition] {
    var result: [ArgumentDefinition] = []
    for child in Mirror(reflecting: arguments).children {
        guard let source = child.value as? any ArgumentSource, let label = child.label else { continue }
        // The storage of a wrapped property carries an underscore before its name.
        result += source.definitions(for: label.hasPrefix("_") ? String(label.dropFirst()) : label)
    }
    return result
}

/// Runs the checks of the option groups in `arguments`.
func validateGroups(of arguments: Any) throws {
    for child in Mirror(reflecting: arguments).children {
        try (child.value as? any ArgumentSource)?.validateValue()
    }
}
