// SPDX-License-Identifier: Apache-2.0

/// An option with a value: `--name value`, `--name=value`, `-n value`, `-nvalue`.
///
/// A property of optional type need not be given; an array takes a value each time the option is given.
@propertyWrapper
package struct Option<Value>: ArgumentSource {
    private var storage: ArgumentStorage<Value>

    /// The value given, or the default.
    package var wrappedValue: Value {
        get { storage.read() }
        set { storage = ArgumentStorage(value: newValue) }
    }

    /// For the compiler alone, which looks here for an initializer without parameters and then takes one of the extensions.
    @available(*, unavailable, message: "the type of the property needs a `transform` or a default")
    package init() { preconditionFailure("unavailable") }

    func definitions(for key: String) -> [ArgumentDefinition] { storage.definitions(for: key) }
}

// @unchecked because the parser alone writes to the storage, before it hands the command out.
extension Option: @unchecked Sendable where Value: Sendable {}

extension Option where Value: ExpressibleByArgument {
    /// An option with a default.
    package init(
        wrappedValue: Value, name: NameSpecification = .long, parsing: SingleValueParsingStrategy = .next,
        help: ArgumentHelp? = nil, completion: CompletionKind? = nil
    ) {
        storage = .single(
            .option(name, parsing), help: help, completion: completion, initial: wrappedValue, reader: .type,
            wrap: { $0 }, unwrap: { $0 })
    }

    /// An option that must be given.
    package init(
        name: NameSpecification = .long, parsing: SingleValueParsingStrategy = .next, help: ArgumentHelp? = nil,
        completion: CompletionKind? = nil
    ) {
        storage = .single(
            .option(name, parsing), help: help, completion: completion, initial: nil, reader: .type,
            wrap: { $0 }, unwrap: { $0 })
    }
}

extension Option {
    /// An option with a default, read by `transform`.
    package init(
        wrappedValue: Value, name: NameSpecification = .long, parsing: SingleValueParsingStrategy = .next,
        help: ArgumentHelp? = nil, completion: CompletionKind? = nil,
        transform: @escaping @Sendable (String) throws -> Value
    ) {
        storage = .single(
            .option(name, parsing), help: help, completion: completion, initial: wrappedValue,
            reader: .closure(transform),
            wrap: { $0 }, unwrap: { $0 })
    }

    /// An option that must be given, read by `transform`.
    package init(
        name: NameSpecification = .long, parsing: SingleValueParsingStrategy = .next, help: ArgumentHelp? = nil,
        completion: CompletionKind? = nil, transform: @escaping @Sendable (String) throws -> Value
    ) {
        storage = .single(
            .option(name, parsing), help: help, completion: completion, initial: nil, reader: .closure(transform),
            wrap: { $0 }, unwrap: { $0 })
    }

    /// An optional option.
    package init<Wrapped: ExpressibleByArgument>(
        wrappedValue: _OptionalNilComparisonType, name: NameSpecification = .long,
        parsing: SingleValueParsingStrategy = .next, help: ArgumentHelp? = nil, completion: CompletionKind? = nil
    ) where Value == Wrapped? {
        storage = .single(
            .option(name, parsing), help: help, completion: completion, initial: .some(nil),
            reader: ValueReader<Wrapped>.type,
            wrap: { $0 }, unwrap: { $0 })
    }

    /// An optional option.
    package init<Wrapped: ExpressibleByArgument>(
        name: NameSpecification = .long, parsing: SingleValueParsingStrategy = .next, help: ArgumentHelp? = nil,
        completion: CompletionKind? = nil
    ) where Value == Wrapped? {
        storage = .single(
            .option(name, parsing), help: help, completion: completion, initial: .some(nil),
            reader: ValueReader<Wrapped>.type,
            wrap: { $0 }, unwrap: { $0 })
    }

    /// An optional option, read by `transform`.
    package init<Wrapped>(
        wrappedValue: _OptionalNilComparisonType, name: NameSpecification = .long,
        parsing: SingleValueParsingStrategy = .next, help: ArgumentHelp? = nil, completion: CompletionKind? = nil,
        transform: @escaping @Sendable (String) throws -> Wrapped
    ) where Value == Wrapped? {
        storage = .single(
            .option(name, parsing), help: help, completion: completion, initial: .some(nil),
            reader: ValueReader<Wrapped>.closure(transform),
            wrap: { $0 }, unwrap: { $0 })
    }

    /// An optional option, read by `transform`.
    package init<Wrapped>(
        name: NameSpecification = .long, parsing: SingleValueParsingStrategy = .next, help: ArgumentHelp? = nil,
        completion: CompletionKind? = nil, transform: @escaping @Sendable (String) throws -> Wrapped
    ) where Value == Wrapped? {
        storage = .single(
            .option(name, parsing), help: help, completion: completion, initial: .some(nil),
            reader: ValueReader<Wrapped>.closure(transform),
            wrap: { $0 }, unwrap: { $0 })
    }
}

extension Option {
    /// An option of many values, with a default.
    package init<Element: ExpressibleByArgument>(
        wrappedValue: [Element], name: NameSpecification = .long, parsing: ArrayParsingStrategy = .singleValue,
        help: ArgumentHelp? = nil, completion: CompletionKind? = nil
    ) where Value == [Element] {
        storage = .many(
            .repeatedOption(name, parsing), help: help, completion: completion, initial: wrappedValue, reader: .type)
    }

    /// An option of many values, at least one of which must be given.
    package init<Element: ExpressibleByArgument>(
        name: NameSpecification = .long, parsing: ArrayParsingStrategy = .singleValue, help: ArgumentHelp? = nil,
        completion: CompletionKind? = nil
    ) where Value == [Element] {
        storage = .many(
            .repeatedOption(name, parsing), help: help, completion: completion, initial: nil, reader: .type)
    }

    /// An option of many values, with a default, read by `transform`.
    package init<Element>(
        wrappedValue: [Element], name: NameSpecification = .long, parsing: ArrayParsingStrategy = .singleValue,
        help: ArgumentHelp? = nil, completion: CompletionKind? = nil,
        transform: @escaping @Sendable (String) throws -> Element
    ) where Value == [Element] {
        storage = .many(
            .repeatedOption(name, parsing), help: help, completion: completion, initial: wrappedValue,
            reader: .closure(transform))
    }

    /// An option of many values, at least one of which must be given, read by `transform`.
    package init<Element>(
        name: NameSpecification = .long, parsing: ArrayParsingStrategy = .singleValue, help: ArgumentHelp? = nil,
        completion: CompletionKind? = nil, transform: @escaping @Sendable (String) throws -> Element
    ) where Value == [Element] {
        storage = .many(
            .repeatedOption(name, parsing), help: help, completion: completion, initial: nil,
            reader: .closure(transform))
    }
}

// A declaration without parentheses asks for an initializer without parameters.

extension Option where Value: ExpressibleByArgument {
    /// An option that must be given.
    package init() { self.init(name: .long) }
}

extension Option {
    /// An optional option.
    package init<Wrapped: ExpressibleByArgument>() where Value == Wrapped? { self.init(name: .long) }

    /// An option of many values, at least one of which must be given.
    package init<Element: ExpressibleByArgument>() where Value == [Element] { self.init(name: .long) }
}
