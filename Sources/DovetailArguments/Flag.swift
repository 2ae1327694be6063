// SPDX-License-Identifier: Apache-2.0

/// A flag: present or not, counted, two-sided (`--color`, `--no-color`), or one of several that exclude each other.
@propertyWrapper
package struct Flag<Value>: ArgumentSource {
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
extension Flag: @unchecked Sendable where Value: Sendable {}

extension Flag where Value == Bool {
    /// A flag that turns `false` into `true` (or the reverse, where the default is `true`).
    package init(wrappedValue: Bool, name: NameSpecification = .long, help: ArgumentHelp? = nil) {
        storage = ArgumentStorage(initial: wrappedValue) { storage, key in
            [
                ArgumentDefinition(
                    shape: .flag, names: name.names(for: key), valueName: key, help: help ?? "", isRequired: false,
                    accept: { _, _ in storage.value = !wrappedValue }, finish: { storage.value = storage.read() })
            ]
        }
    }

    /// A flag of two sides, with a default.
    package init(
        wrappedValue: Bool, name: NameSpecification = .long, inversion: FlagInversion,
        exclusivity: FlagExclusivity = .chooseLast, help: ArgumentHelp? = nil
    ) {
        storage = .inverted(name, inversion, exclusivity, help, initial: wrappedValue, wrap: { $0 }, unwrap: { $0 })
    }

    /// A flag of two sides, one of which must be given.
    package init(
        name: NameSpecification = .long, inversion: FlagInversion, exclusivity: FlagExclusivity = .chooseLast,
        help: ArgumentHelp? = nil
    ) {
        storage = .inverted(name, inversion, exclusivity, help, initial: nil, wrap: { $0 }, unwrap: { $0 })
    }
}

extension Flag where Value == Bool? {
    /// A flag of two sides, neither of which need be given.
    package init(
        wrappedValue: _OptionalNilComparisonType = nil, name: NameSpecification = .long, inversion: FlagInversion,
        exclusivity: FlagExclusivity = .chooseLast, help: ArgumentHelp? = nil
    ) {
        storage = .inverted(name, inversion, exclusivity, help, initial: .some(nil), wrap: { $0 }, unwrap: { $0 })
    }
}

extension Flag where Value == Int {
    /// A flag that counts how often it is given.
    package init(wrappedValue: Int = 0, name: NameSpecification = .long, help: ArgumentHelp? = nil) {
        storage = ArgumentStorage(initial: wrappedValue) { storage, key in
            [
                ArgumentDefinition(
                    shape: .flag, names: name.names(for: key), valueName: key, help: help ?? "", isRequired: false,
                    accept: { _, _ in storage.value = storage.read() &+ 1 },
                    finish: { storage.value = storage.read() })
            ]
        }
    }
}

extension Flag where Value: EnumerableFlag {
    /// One flag per case, with a default.
    package init(wrappedValue: Value, exclusivity: FlagExclusivity = .exclusive, help: ArgumentHelp? = nil) {
        storage = .cases(of: Value.self, exclusivity, help, initial: wrappedValue) { $0 }
    }

    /// One flag per case, one of which must be given.
    package init(exclusivity: FlagExclusivity = .exclusive, help: ArgumentHelp? = nil) {
        storage = .cases(of: Value.self, exclusivity, help, initial: nil) { $0 }
    }
}

extension Flag {
    /// One flag per case, none of which need be given.
    package init<Element: EnumerableFlag>(
        wrappedValue: _OptionalNilComparisonType = nil, exclusivity: FlagExclusivity = .exclusive,
        help: ArgumentHelp? = nil
    ) where Value == Element? {
        storage = .cases(of: Element.self, exclusivity, help, initial: .some(nil)) { $0 }
    }

    /// One flag per case, any number of which may be given.
    package init<Element: EnumerableFlag>(wrappedValue: [Element], help: ArgumentHelp? = nil)
    where Value == [Element] {
        storage = ArgumentStorage(initial: wrappedValue) { storage, key in
            Element.definitions(for: key, help: help, isRequired: false) { element, _ in
                storage.value = (storage.value ?? []) + [element]
            } finish: {
                storage.value = storage.read()
            }
        }
    }
}

// A declaration without parentheses asks for an initializer without parameters.

extension Flag where Value == Int {
    /// A flag that counts how often it is given.
    package init() { self.init(wrappedValue: 0) }
}

extension Flag where Value: EnumerableFlag {
    /// One flag per case, one of which must be given.
    package init() { self.init(exclusivity: .exclusive) }
}

extension Flag {
    /// One flag per case, none of which need be given.
    package init<Element: EnumerableFlag>() where Value == Element? { self.init(exclusivity: .exclusive) }
}

/// A type each of whose cases is a flag of its own.
package protocol EnumerableFlag: CaseIterable, Equatable {
    /// The names of the flag for `value`; its own name behind two dashes unless said otherwise.
    static func name(for value: Self) -> NameSpecification
    /// The help of the flag for `value`.
    static func help(for value: Self) -> ArgumentHelp?
}

extension EnumerableFlag {
    /// The case's name in kebab-case.
    package static func name(for value: Self) -> NameSpecification { .long }
    /// None of its own.
    package static func help(for value: Self) -> ArgumentHelp? { nil }

    /// A definition per case.
    static func definitions(
        for key: String, help: ArgumentHelp?, isRequired: Bool, accept: @escaping (Self, ArgumentName) throws -> Void,
        finish: @escaping () throws -> Void
    ) -> [ArgumentDefinition] {
        allCases.map { value in
            let names = name(for: value).names(for: "\(value)")
            return ArgumentDefinition(
                shape: .flag, names: names, valueName: key, help: Self.help(for: value) ?? help ?? "",
                isRequired: isRequired,
                accept: { _, given in
                    if let name = given ?? names.first { try accept(value, name) }
                },
                finish: finish)
        }
    }
}

extension ArgumentStorage {
    /// Storage of a flag with a name for `true` and one for `false`.
    fileprivate static func inverted(
        _ name: NameSpecification, _ inversion: FlagInversion, _ exclusivity: FlagExclusivity, _ help: ArgumentHelp?,
        initial: Value?, wrap: @escaping (Bool) -> Value, unwrap: @escaping (Value) -> Bool?
    ) -> ArgumentStorage {
        ArgumentStorage(initial: initial) { storage, key in
            let plain = name.names(for: key)
            var on: [ArgumentName] = []
            var off: [ArgumentName] = []
            for name in plain {
                // A short name has no room for a prefix: it switches on.
                guard case .long(let text) = name else {
                    on.append(name)
                    continue
                }
                switch inversion {
                case .prefixedNo:
                    on.append(name)
                    off.append(.long("no-\(text)"))
                case .prefixedEnableDisable:
                    on.append(.long("enable-\(text)"))
                    off.append(.long("disable-\(text)"))
                }
            }
            let inverse = off
            var given: ArgumentName?
            var definition = ArgumentDefinition(
                shape: .flag, names: on, inverseNames: off, valueName: key, help: help ?? "",
                isRequired: initial == nil, accept: { _, _ in }, finish: {})
            let display = on.first?.text ?? key
            definition.defaultDescription = initial.flatMap(unwrap).flatMap { value in
                (value ? on : off).first { !$0.isShort }?.text
            }
            definition.accept = { _, name in
                guard let name else { return }
                if try !exclusivity.admits(
                    name, after: given, same: storage.value.flatMap(unwrap) == !inverse.contains(name))
                {
                    return
                }
                given = name
                storage.value = wrap(!inverse.contains(name))
            }
            definition.finish = { try storage.finish(missing: .missing(display)) }
            return [definition]
        }
    }

    /// Storage of one of several flags.
    fileprivate static func cases<Element: EnumerableFlag>(
        of type: Element.Type, _ exclusivity: FlagExclusivity, _ help: ArgumentHelp?, initial: Value?,
        wrap: @escaping (Element) -> Value
    ) -> ArgumentStorage {
        ArgumentStorage(initial: initial) { storage, key in
            var given: (name: ArgumentName, element: Element)?
            let all = Element.allCases.flatMap { Element.name(for: $0).names(for: "\($0)") }
            return Element.definitions(for: key, help: help, isRequired: initial == nil) { element, name in
                guard try exclusivity.admits(name, after: given?.name, same: given?.element == element) else { return }
                given = (name, element)
                storage.value = wrap(element)
            } finish: {
                try storage.finish(missing: .missingFlag(all.filter { !$0.isShort }.map(\.text)))
            }
        }
    }
}

extension FlagExclusivity {
    /// Whether `name` counts when `earlier` was given before it.
    fileprivate func admits(_ name: ArgumentName, after earlier: ArgumentName?, same: Bool) throws -> Bool {
        guard let earlier else { return true }
        switch self {
        case .exclusive:
            if !same { throw ArgumentError.exclusive(earlier.text, name.text) }
            return true
        case .chooseFirst: return false
        case .chooseLast: return true
        }
    }
}
