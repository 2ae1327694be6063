// SPDX-License-Identifier: Apache-2.0

/// How large and how deep a component may be. Counts are of items, unless a name says otherwise.
enum Limits {
    /// Bytes of one name.
    static let nameBytes = 100_000
    /// Definitions and declarations of a file, those of nested components and types included.
    static let definitions = 2_000_000
    /// How deep components may lie in each other.
    static let componentDepth = 100
    /// Core modules and components in one component, at any depth.
    static let modulesAndComponents = 1_000
    /// Core instances or component instances that one component makes, imports and aliases.
    static let instances = 4_096
    /// How deep component, instance and value types may lie in each other.
    static let typeDepth = 100
    /// Items of one section.
    static let sectionItems = 1_000_000
    /// Declarations of one component, instance or module type.
    static let typeDeclarations = 100_000
    /// Arguments and inline exports of an instance.
    static let arguments = 100_000
    /// Fields, cases, labels of one value type.
    static let fields = 10_000
    /// Flags of one flags type. (Explainer.md, "Defined Value Types")
    static let flags = 32
    /// Parameters of a function.
    static let parameters = 1_000
    /// Results of a core function.
    static let coreResults = 1_000
    /// Fields of a core struct.
    static let coreFields = 10_000
    /// Members of one recursion group.
    static let recursionGroup = 1_000_000
    /// Supertypes of a core type: the grammar allows a vector, WebAssembly 3.0 one.
    static let supertypes = 1
    /// Options of one canonical definition.
    static let canonicalOptions = 32
    /// How deep core subtypes may lie below their topmost supertype.
    static let subtypeDepth = 63
    /// In-memory size of a value in bytes, exclusive. (Binary.md, "Type Definitions")
    static let valueSize = 1 << 28
    /// The size of a type, counted in the parts it is made of; stops exponential growth.
    static let typeSize = 1_000_000
    /// Parts of types that one validation looks at, those that are looked at again included.
    static let work = 20_000_000
}
