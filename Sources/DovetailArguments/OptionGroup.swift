// SPDX-License-Identifier: Apache-2.0

/// Declarations shared by several commands, kept in a type of their own.
@propertyWrapper
package struct OptionGroup<Value: ParsableArguments>: ArgumentSource {
    private let title: String
    /// The group's values.
    package var wrappedValue: Value

    /// A group whose options stand among the others.
    package init() { self.init(title: "") }

    /// A group whose options stand under `title` in the help.
    package init(title: String) {
        self.title = title
        self.wrappedValue = Value()
    }

    func definitions(for key: String) -> [ArgumentDefinition] {
        DovetailArguments.definitions(of: wrappedValue).map { definition in
            var definition = definition
            if definition.sectionTitle.isEmpty { definition.sectionTitle = title }
            return definition
        }
    }

    func validateValue() throws {
        var value = wrappedValue
        try validateGroups(of: value)
        try value.validate()
    }
}

extension OptionGroup: Sendable where Value: Sendable {}
