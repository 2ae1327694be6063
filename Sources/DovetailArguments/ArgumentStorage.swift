// SPDX-License-Identifier: Apache-2.0

/// Where a wrapper keeps its value, so that the parser can fill it through a copy of the wrapper.
///
/// The parser writes once, before anybody sees the command; setting a property replaces the storage, so commands keep value semantics.
final class ArgumentStorage<Value> {
    /// The value given or settled.
    var value: Value?
    /// The default, where the declaration has one.
    let initial: Value?
    /// Makes the definitions; `nil` in the storage of a property that was set by hand.
    let define: ((ArgumentStorage<Value>, String) -> [ArgumentDefinition])?

    init(initial: Value?, define: @escaping (ArgumentStorage<Value>, String) -> [ArgumentDefinition]) {
        self.initial = initial
        self.define = define
    }

    init(value: Value) {
        self.value = value
        self.initial = nil
        self.define = nil
    }

    func read() -> Value {
        guard let result = value ?? initial else {
            preconditionFailure("an argument without a default was read before the command line was parsed")
        }
        return result
    }

    func definitions(for key: String) -> [ArgumentDefinition] { define?(self, key) ?? [] }

    /// Settles the value: what was given, else the default, else an error.
    func finish(missing: @autoclosure () -> ArgumentError) throws {
        if value != nil { return }
        guard let initial else { throw missing() }
        value = initial
    }
}

/// How a word becomes a value, and what help knows of such values.
struct ValueReader<Element> {
    var read: (_ word: String, _ definition: String) throws -> Element
    var describe: (Element) -> String
    var allowedValues: [String] = []
    var completion: CompletionKind.Kind = .default

    /// Reads through the user's closure.
    static func closure(_ transform: @escaping @Sendable (String) throws -> Element) -> ValueReader {
        ValueReader(
            read: { word, display in
                do { return try transform(word) } catch {
                    throw ArgumentError.rejectedValue(word, display: display, reason: error)
                }
            },
            describe: { "\($0)" })
    }
}

extension ValueReader where Element: ExpressibleByArgument {
    /// Reads as the type says.
    static var type: ValueReader {
        ValueReader(
            read: { word, display in
                guard let value = Element(argument: word) else {
                    throw ArgumentError.invalidValue(
                        word, display: display, allowed: Element.allValueStrings,
                        expectation: Element.argumentExpectation)
                }
                return value
            },
            describe: { $0.defaultValueDescription },
            allowedValues: Element.allValueStrings,
            completion: Element.defaultCompletionKind.kind)
    }
}

/// The shapes that the wrappers' initializers choose from: one value, an optional one, or many.
enum ArgumentRole {
    case option(NameSpecification, SingleValueParsingStrategy)
    case repeatedOption(NameSpecification, ArrayParsingStrategy)
    case positional
    case repeatedPositional(ArgumentArrayParsingStrategy)

    /// A definition with names and shape filled in.
    func definition(
        for key: String, help: ArgumentHelp?, isRequired: Bool, finish: @escaping (String) throws -> Void
    ) -> ArgumentDefinition {
        var names: [ArgumentName] = []
        let shape: ArgumentDefinition.Shape
        switch self {
        case .option(let specification, let strategy):
            names = specification.names(for: key)
            shape = .option(strategy)
        case .repeatedOption(let specification, let strategy):
            names = specification.names(for: key)
            shape = .repeatedOption(strategy)
        case .positional: shape = .positional
        case .repeatedPositional(let strategy): shape = .repeatedPositional(strategy)
        }
        let long = names.first { !$0.isShort }?.text.drop { $0 == "-" }
        var definition = ArgumentDefinition(
            shape: shape, names: names, valueName: help?.valueName ?? long.map(String.init) ?? kebabCase(key),
            help: help ?? "", isRequired: isRequired, accept: { _, _ in }, finish: {})
        let display = definition.display
        definition.finish = { try finish(display) }
        return definition
    }
}

extension ArgumentStorage {
    /// Storage of one value, made from each word by `wrap`; a later word replaces an earlier one.
    static func single<Element>(
        _ role: ArgumentRole, help: ArgumentHelp?, completion: CompletionKind?, initial: Value?,
        isOptional: Bool = false, reader: ValueReader<Element>, wrap: @escaping (Element) -> Value,
        unwrap: @escaping (Value) -> Element?
    ) -> ArgumentStorage {
        ArgumentStorage(initial: initial) { storage, key in
            var definition = role.definition(for: key, help: help, isRequired: initial == nil) { display in
                try storage.finish(missing: .missing(display))
            }
            let display = definition.display
            definition.allowedValues = reader.allowedValues
            definition.completion = completion?.kind ?? reader.completion
            definition.defaultDescription = initial.flatMap(unwrap).map(reader.describe)
            definition.accept = { word, _ in storage.value = wrap(try reader.read(word, display)) }
            return [definition]
        }
    }

    /// Storage of many values; the first word given replaces the default.
    static func many<Element>(
        _ role: ArgumentRole, help: ArgumentHelp?, completion: CompletionKind?, initial: [Element]?,
        reader: ValueReader<Element>
    ) -> ArgumentStorage where Value == [Element] {
        ArgumentStorage(initial: initial) { storage, key in
            var definition = role.definition(for: key, help: help, isRequired: initial == nil) { display in
                try storage.finish(missing: .missing(display))
            }
            let display = definition.display
            definition.allowedValues = reader.allowedValues
            definition.completion = completion?.kind ?? reader.completion
            if let initial, !initial.isEmpty {
                definition.defaultDescription = initial.map(reader.describe).joined(separator: ", ")
            }
            definition.accept = { word, _ in storage.value = (storage.value ?? []) + [try reader.read(word, display)] }
            return [definition]
        }
    }
}
