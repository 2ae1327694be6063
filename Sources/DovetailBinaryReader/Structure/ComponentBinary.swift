// SPDX-License-Identifier: Apache-2.0

/// A component as its bytes describe it, decoded but not validated; nested components are inside.
/// (Binary.md, "Component Definitions")
package struct ComponentBinary: Sendable {
    /// The definitions in file order, one per item: the sections are flattened.
    package var definitions: [Located<Definition>]
    /// The custom sections in file order.
    package var customSections: [CustomSection]
    /// The bytes of the whole component, preamble included, as offsets in the root's file.
    package let range: Range<Int>

    /// Makes a component of its parts.
    package init(definitions: [Located<Definition>], customSections: [CustomSection], range: Range<Int>) {
        self.definitions = definitions
        self.customSections = customSections
        self.range = range
    }
}

/// A value and the byte offset in the root's file at which it begins.
package struct Located<Value: Sendable>: Sendable {
    /// The value.
    package var value: Value
    /// The offset of its first byte.
    package var offset: Int

    /// Puts `value` at `offset`.
    package init(_ value: Value, at offset: Int) {
        self.value = value
        self.offset = offset
    }
}

/// A custom section of a component or of a core module.
package struct CustomSection: Sendable {
    /// The section's name.
    package var name: String
    /// The bytes behind the name, as offsets in the root's file.
    package let range: Range<Int>
    /// The offset of the section's payload, where the name begins.
    package var offset: Int

    /// Makes a section.
    package init(name: String, range: Range<Int>, offset: Int) {
        self.name = name
        self.range = range
        self.offset = offset
    }
}

/// One definition of a component. (Explainer.md, "Component Definitions")
package enum Definition: Sendable {
    /// The bytes of a nested core module.
    case coreModule(Range<Int>)
    case coreInstance(CoreInstanceExpression)
    case coreType(CoreTypeDefinition)
    case component(ComponentBinary)
    case instance(InstanceExpression)
    case alias(Alias)
    case type(ComponentTypeDefinition)
    case canonical(CanonicalDefinition)
    case start(StartDefinition)
    case `import`(ImportDefinition)
    case export(ExportDefinition)
    case value(ValueDefinition)
}

/// A call of a component function while the component is instantiated. (Explainer.md, "Start Definitions")
package struct StartDefinition: Sendable {
    /// The function's index.
    package let function: UInt32
    /// The indices of the values it is called with.
    package let arguments: [UInt32]
    /// How many values it adds to the value index space.
    package let resultCount: UInt32

    /// Makes a start definition.
    package init(function: UInt32, arguments: [UInt32], resultCount: UInt32) {
        self.function = function
        self.arguments = arguments
        self.resultCount = resultCount
    }
}

/// A literal value; its bytes are read once its type is known. (Binary.md, "Value Definitions")
package struct ValueDefinition: Sendable {
    /// The value's type.
    package var type: ValueTypeReference
    /// The bytes of the value.
    package let range: Range<Int>

    /// Makes a value definition.
    package init(type: ValueTypeReference, range: Range<Int>) {
        self.type = type
        self.range = range
    }
}

extension ComponentBinary {
    /// The bytes of all core modules, those of nested components among them, in the order of the file.
    package var coreModules: [Range<Int>] {
        definitions.flatMap { definition -> [Range<Int>] in
            switch definition.value {
            case .coreModule(let range): [range]
            case .component(let nested): nested.coreModules
            default: []
            }
        }
    }
}
