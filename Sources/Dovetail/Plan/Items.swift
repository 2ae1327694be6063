// SPDX-License-Identifier: Apache-2.0

package import DovetailBinary
package import DovetailTypes

/// A core definition that exists once its instance does, or that Dovetail provides.
package struct CoreItem: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        case export(coreInstance: Int, name: ExactName)
        case trampoline(Int)
    }

    package var sort: CoreSort
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
    /// The declarations of an instance type, to be read in the scope they were written in.
    case instance([Located<TypeDeclaration>], Scope)
    case component([Located<TypeDeclaration>], Scope)
}

/// A component before it is instantiated: its definitions and the scope around it.
package struct ComponentItem: Sendable {
    package var binary: ComponentBinary
    package var scope: Scope
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

    /// The item called `name`; a new name goes to the end.
    package subscript(name: String) -> Item? {
        get { items[name] }
        set {
            if items.updateValue(newValue ?? .instance(InstanceItems()), forKey: name) == nil { names.append(name) }
        }
    }
}

/// The index spaces of one component or component-level type while its definitions are read.
///
/// A class, because nested definitions look outward into it; it is filled by one thread and only read afterwards.
package final class Scope: @unchecked Sendable {
    // @unchecked because the builder alone writes to it, before the plan is shared.
    let parent: Scope?
    /// The component instance under construction; `nil` inside a type.
    let componentInstance: Int?
    var coreItems: [CoreSort: [CoreItem]] = [:]
    var coreTypes: [CoreTypeItem] = []
    var coreModules: [ModuleItem] = []
    var coreInstances: [CoreInstanceItem] = []
    var functions: [FunctionItem] = []
    var types: [TypeItem] = []
    var components: [ComponentItem] = []
    var instances: [InstanceItems] = []

    init(parent: Scope?, componentInstance: Int?) {
        self.parent = parent
        self.componentInstance = componentInstance
    }
}

/// A core type of an index space.
package enum CoreTypeItem: Sendable {
    case function(CoreFunctionType)
    case module(ModuleType)
    /// A type of the garbage collection proposal; nothing at this level looks inside.
    case opaque
}
