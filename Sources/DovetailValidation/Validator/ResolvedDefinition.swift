// SPDX-License-Identifier: Apache-2.0

package import DovetailBinaryReader
package import DovetailTypes

/// A component as validation leaves it: its definitions in order, the types that they refer to resolved.
///
/// Types and their aliases are not among the definitions, for everything of a type holds the type itself. Indices are
/// those of the index spaces of things that exist when the component runs; all of them are known to be valid.
package final class ResolvedComponent: Sendable {
    /// The definitions, with the offsets at which they lie in the file.
    package let definitions: [Located<ResolvedDefinition>]
    /// What it imports and exports.
    package let type: ComponentNode
    /// Its bytes, as offsets in the root's file.
    package let range: Range<Int>

    init(definitions: [Located<ResolvedDefinition>], type: ComponentNode, range: Range<Int>) {
        self.definitions = definitions
        self.type = type
        self.range = range
    }
}

/// A definition that adds something to a running component. (Explainer.md, "Component Definitions")
package enum ResolvedDefinition: Sendable {
    case coreModule(Range<Int>)
    case coreInstance(CoreInstanceExpression)
    case component(ResolvedComponent)
    /// An instance, the types of its arguments or exports in their order, and what it exports.
    case instance(InstanceExpression, NamedList<ExternNode>, InstanceNode)
    /// An alias of anything but a type or value.
    case alias(Alias)
    case resource(ResourceReference, ResourceTypeDefinition)
    case lift(ResolvedLift)
    case lower(ResolvedLower)
    case builtin(ResolvedBuiltin)
    case start(StartDefinition)
    case `import`(ExternName, ExternNode)
    /// An export, and what it adds to the index spaces.
    case export(ExportDefinition, ExternNode)
    case value(ValueDefinition)
}

/// A lifted core function. (CanonicalABI.md, `canon lift`)
package struct ResolvedLift: Sendable {
    package let coreFunction: UInt32
    package var type: FunctionNode
    package let options: CanonicalOptions
    /// The type of addresses in the memory of the options.
    package let address: CoreValueType
    /// The type of the core function.
    package let coreType: CoreFunctionType
}

/// A lowered function. (CanonicalABI.md, `canon lower`)
package struct ResolvedLower: Sendable {
    package let function: UInt32
    package let options: CanonicalOptions
    /// The type of addresses in the memory of the options.
    package let address: CoreValueType
    /// The type of the core function that it becomes.
    package let coreType: CoreFunctionType
}

/// A built-in. (CanonicalABI.md, "Canonical Definitions")
package struct ResolvedBuiltin: Sendable {
    package let builtin: CanonicalBuiltin
    /// Its name in the text format.
    package var name: String
    /// The elements of the stream or future it works on, or the result that it returns.
    package var type: ValueNode?
    /// The resource it works on.
    package var resource: ResourceReference?
    /// The type of addresses in the memory of the options.
    package var address = CoreValueType.i32
    /// Its core type.
    package var coreType = CoreFunctionType(parameters: [], results: [])
}
