// SPDX-License-Identifier: Apache-2.0

/// A positional argument. An optional one may be left out; an array takes all that are left.
@propertyWrapper
package struct Argument<Value>: ArgumentSource {
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
extension Argument: @unchecked Sendable where Value: Sendable {}

extension Argument where Value: ExpressibleByArgument {
    /// An argument with a default.
    package init(wrappedValue: Value, help: ArgumentHelp? = nil, completion: CompletionKind? = nil) {
        storage = .single(
            .positional, help: help, completion: completion, initial: wrappedValue, reader: .type,
            wrap: { $0 }, unwrap: { $0 })
    }

    /// An argument that must be given.
    package init(help: ArgumentHelp? = nil, completion: CompletionKind? = nil) {
        storage = .single(
            .positional, help: help, completion: completion, initial: nil, reader: .type,
            wrap: { $0 }, unwrap: { $0 })
    }
}

extension Argument {
    /// An argument with a default, read by `transform`.
    package init(
        wrappedValue: Value, help: ArgumentHelp? = nil, completion: CompletionKind? = nil,
        transform: @escaping @Sendable (String) throws -> Value
    ) {
        storage = .single(
            .positional, help: help, completion: completion, initial: wrappedValue, reader: .closure(transform),
            wrap: { $0 }, unwrap: { $0 })
    }

    /// An argument that must be given, read by `transform`.
    package init(
        help: ArgumentHelp? = nil, completion: CompletionKind? = nil,
        transform: @escaping @Sendable (String) throws -> Value
    ) {
        storage = .single(
            .positional, help: help, completion: completion, initial: nil, reader: .closure(transform),
            wrap: { $0 }, unwrap: { $0 })
    }

    /// An optional argument.
    package init<Wrapped: ExpressibleByArgument>(
        wrappedValue: _OptionalNilComparisonType, help: ArgumentHelp? = nil, completion: CompletionKind? = nil
    ) where Value == Wrapped? {
        storage = .single(
            .positional, help: help, completion: completion, initial: .some(nil), reader: ValueReader<Wrapped>.type,
            wrap: { $0 }, unwrap: { $0 })
    }

    /// An optional argument.
    package init<Wrapped: ExpressibleByArgument>(
        help: ArgumentHelp? = nil, completion: CompletionKind? = nil
    ) where Value == Wrapped? {
        storage = .single(
            .positional, help: help, completion: completion, initial: .some(nil), reader: ValueReader<Wrapped>.type,
            wrap: { $0 }, unwrap: { $0 })
    }

    /// An optional argument, read by `transform`.
    package init<Wrapped>(
        wrappedValue: _OptionalNilComparisonType, help: ArgumentHelp? = nil, completion: CompletionKind? = nil,
        transform: @escaping @Sendable (String) throws -> Wrapped
    ) where Value == Wrapped? {
        storage = .single(
            .positional, help: help, completion: completion, initial: .some(nil),
            reader: ValueReader<Wrapped>.closure(transform),
            wrap: { $0 }, unwrap: { $0 })
    }

    /// An optional argument, read by `transform`.
    package init<Wrapped>(
        help: ArgumentHelp? = nil, completion: CompletionKind? = nil,
        transform: @escaping @Sendable (String) throws -> Wrapped
    ) where Value == Wrapped? {
        storage = .single(
            .positional, help: help, completion: completion, initial: .some(nil),
            reader: ValueReader<Wrapped>.closure(transform),
            wrap: { $0 }, unwrap: { $0 })
    }
}

extension Argument {
    /// An argument of many values, with a default.
    package init<Element: ExpressibleByArgument>(
        wrappedValue: [Element], parsing: ArgumentArrayParsingStrategy = .remaining, help: ArgumentHelp? = nil,
        completion: CompletionKind? = nil
    ) where Value == [Element] {
        storage = .many(
            .repeatedPositional(parsing), help: help, completion: completion, initial: wrappedValue, reader: .type)
    }

    /// An argument of many values, at least one of which must be given.
    package init<Element: ExpressibleByArgument>(
        parsing: ArgumentArrayParsingStrategy = .remaining, help: ArgumentHelp? = nil,
        completion: CompletionKind? = nil
    ) where Value == [Element] {
        storage = .many(
            .repeatedPositional(parsing), help: help, completion: completion, initial: nil, reader: .type)
    }

    /// An argument of many values, with a default, read by `transform`.
    package init<Element>(
        wrappedValue: [Element], parsing: ArgumentArrayParsingStrategy = .remaining, help: ArgumentHelp? = nil,
        completion: CompletionKind? = nil, transform: @escaping @Sendable (String) throws -> Element
    ) where Value == [Element] {
        storage = .many(
            .repeatedPositional(parsing), help: help, completion: completion, initial: wrappedValue,
            reader: .closure(transform))
    }

    /// An argument of many values, at least one of which must be given, read by `transform`.
    package init<Element>(
        parsing: ArgumentArrayParsingStrategy = .remaining, help: ArgumentHelp? = nil,
        completion: CompletionKind? = nil, transform: @escaping @Sendable (String) throws -> Element
    ) where Value == [Element] {
        storage = .many(
            .repeatedPositional(parsing), help: help, completion: completion, initial: nil, reader: .closure(transform))
    }
}

// A declaration without parentheses asks for an initializer without parameters.

extension Argument where Value: ExpressibleByArgument {
    /// An argument that must be given.
    package init() { self.init(help: nil) }
}

extension Argument {
    /// An optional argument.
    package init<Wrapped: ExpressibleByArgument>() where Value == Wrapped? { self.init(help: nil) }

    /// An argument of many values, at least one of which must be given.
    package init<Element: ExpressibleByArgument>() where Value == [Element] { self.init(help: nil) }
}
