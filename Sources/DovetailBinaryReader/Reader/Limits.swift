// SPDX-License-Identifier: Apache-2.0

/// How large and how deep a component may be. Counts are of items, unless a name says otherwise.
package enum Limits {
    /// Bytes of one name.
    package static let nameBytes = 100_000
    /// Definitions and declarations of a file, those of nested components and types included.
    package static let definitions = 2_000_000
    /// How deep components may lie in each other.
    package static let componentDepth = 100
    /// Core modules and components in one component, at any depth.
    package static let modulesAndComponents = 1_000
    /// Core instances or component instances that one component makes, imports and aliases.
    package static let instances = 4_096
    /// How deep component, instance and value types may lie in each other.
    package static let typeDepth = 100
    /// Items of one section.
    package static let sectionItems = 1_000_000
    /// Declarations of one component, instance or module type.
    package static let typeDeclarations = 100_000
    /// Arguments and inline exports of an instance.
    static let arguments = 100_000
    /// Fields, cases, labels of one value type.
    package static let fields = 10_000
    /// Flags of one flags type. (Explainer.md, "Defined Value Types")
    package static let flags = 32
    /// Parameters of a function.
    package static let parameters = 1_000
    /// Results of a core function.
    static let coreResults = 1_000
    /// Fields of a core struct.
    static let coreFields = 10_000
    /// Members of one recursion group.
    package static let recursionGroup = 1_000_000
    /// Supertypes of a core type: the grammar allows a vector, WebAssembly 3.0 one.
    static let supertypes = 1
    /// Options of one canonical definition.
    static let canonicalOptions = 32
    /// How deep core subtypes may lie below their topmost supertype.
    package static let subtypeDepth = 63
    /// In-memory size of a value in bytes, exclusive. (Binary.md, "Type Definitions")
    package static let valueSize = 1 << 28
    /// The size of a type, counted in the parts it is made of; stops exponential growth.
    package static let typeSize = 1_000_000
    /// Parts of types that one validation looks at, those that are looked at again included.
    package static let work = 20_000_000
}
