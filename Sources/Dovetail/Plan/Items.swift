// SPDX-License-Identifier: Apache-2.0

package import DovetailBinaryReader
package import DovetailTypes
package import DovetailValidation

/// A core definition that exists once its instance does, or that Dovetail provides.
package struct CoreItem: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        case export(coreInstance: Int, name: ExactName)
        case trampoline(Int)
    }

    package let sort: CoreSort
    package var source: Source
}

/// A core instance of an index space.
package enum CoreInstanceItem: Sendable {
    /// One that is made at run time, of a module.
    case instantiated(Int, ModuleItem)
    /// A bundle of items under new names.
    case bundle([ExactName: CoreItem])
}

/// A core module of an index space.
package enum ModuleItem: Sendable {
    /// Inside the component: a position in ``ComponentPlan/modules``.
    case embedded(Int)
    /// A position in ``ComponentImports/modules``.
    case imported(Int)
}

/// A component-level function.
package struct FunctionItem: Sendable {
    package enum Source: Sendable {
        /// A position in ``ComponentImports/functions``.
        case imported(Int)
        /// A position in ``ComponentPlan/lifted``.
        case lifted(Int)
    }

    package var source: Source
    package var type: FunctionType
}

/// A type of an index space.
package enum TypeItem: Sendable {
    case value(ValueType)
    case resource(TypeID)
    case function(FunctionType)
    case instance
    case component
}

/// A component before it is instantiated: its definitions and the scope around it.
package struct ComponentItem: Sendable {
    package var component: ResolvedComponent
    package let scope: Scope
}

/// Anything a component can import or export.
package enum Item: Sendable {
    case function(FunctionItem)
    case instance(InstanceItems)
    case module(ModuleItem)
    case component(ComponentItem)
    case type(TypeItem)
}

/// The exports of a component instance, in order.
package struct InstanceItems: Sendable {
    package private(set) var names: [String] = []
    private var items: [String: Item] = [:]

    package init() {}

    /// The item called `name`.
    package subscript(name: String) -> Item? { items[name] }

    /// Adds `item` at the end; validation has found that no name is there twice.
    mutating func add(_ name: String, _ item: Item) {
        if items.updateValue(item, forKey: name) == nil { names.append(name) }
    }
}

/// What exists at run time of the index spaces of one component instance, and what its types are.
///
/// A class, because nested components look outward into it; it is filled by one thread and only read afterwards.
package final class Scope: @unchecked Sendable {
    // @unchecked because the builder alone writes to it, before the plan is shared.
    let parent: Scope?
    let componentInstance: Int
    var coreItems: [CoreSort: [CoreItem]] = [:]
    var coreModules: [ModuleItem] = []
    var coreInstances: [CoreInstanceItem] = []
    var functions: [FunctionItem] = []
    var components: [ComponentItem] = []
    var instances: [InstanceItems] = []
    /// What the component's resources are in this instance of it, by their identities.
    var resources: [Int: TypeID] = [:]
    /// The plan's types of those in which a resource occurs.
    var types: [ObjectIdentifier: ValueType] = [:]

    init(parent: Scope?, componentInstance: Int) {
        self.parent = parent
        self.componentInstance = componentInstance
    }
}
