// SPDX-License-Identifier: Apache-2.0

package import DovetailBinaryReader
package import DovetailTypes
import DovetailValidation

/// What has to be done to instantiate a component: its nested components unrolled into one list of steps.
///
/// Everything that can be known before there are imports is decided here, once per component; an instantiation only
/// walks ``initializers``. Indices are positions in the arrays of the plan.
package struct ComponentPlan: Sendable {
    /// All value types in use, interned; resources have one identifier each.
    package var types = TypeTable()
    /// The core modules inside the file, as byte ranges.
    package var modules: [Range<Int>] = []
    /// What the component imports, leaf by leaf.
    package var imports = ComponentImports()
    /// The steps, in order.
    package var initializers: [Initializer] = []
    /// How many items core instances import more than once.
    package var importSlotCount = 0
    /// How many core instances the steps make.
    package var coreInstanceCount = 0
    /// Of each component instance, the root among them as number 0, whether code of it can block.
    package var mayBlock: [Bool] = []
    /// How many component instances there are.
    package var componentInstanceCount: Int { mayBlock.count }
    /// Whether the component has tasks, subtasks, streams or threads, so that its calls have to be told apart.
    package var usesTasks = false
    /// Core functions that Dovetail provides: lowered functions and built-ins.
    package var trampolines: [Trampoline] = []
    /// Functions lifted from core functions.
    package var lifted: [LiftedFunction] = []
    /// The distinct sets of memory, `realloc` and string encoding.
    package var environments: [EnvironmentPlan] = []
    /// Every resource type of the component, imported or defined.
    package var resources: [ResourcePlan] = []
    /// The position in ``resources`` of each resource's ``TypeID``.
    package var resourceIndex: [TypeID: Int] = [:]
    /// What the component exports.
    package var exports = InstanceItems()
}

extension ComponentPlan {
    /// One step of an instantiation.
    package enum Initializer: Sendable {
        /// Instantiates a core module on behalf of a component instance.
        case instantiate(CoreInstantiation)
        /// Makes a new resource type.
        case resource(Int)
    }

    package struct CoreInstantiation: Sendable {
        package let coreInstance: Int
        package let componentInstance: Int
        package let module: ModuleItem
        package let arguments: [ExactName: CoreInstanceItem]
        /// What the module is given for its imports, in their order; a module that the host supplies may have another one.
        package let imports: [CoreItem]
        /// Where an instance keeps those that are imported more than once, parallel to ``imports``; `nil` for the others.
        package var importSlots: [Int?] = []
        package var offset: Int
    }

    package struct LiftedFunction: Sendable {
        package let core: CoreItem
        package let coreType: CoreFunctionType
        package let type: FunctionType
        package let layout: FunctionLayout
        package let environment: Int
        package let componentInstance: Int
        package let postReturn: CoreItem?
        package let callback: CoreItem?
        package let isAsync: Bool
        package let offset: Int
    }

    package struct Trampoline: Sendable {
        package let kind: Kind
        /// The name of the lowered function or built-in, for messages.
        package let name: String
        package let coreType: CoreFunctionType
        /// The same as a type of the engine's.
        let engineType: EngineFunctionType
        package let componentInstance: Int
        package let offset: Int

        package enum Kind: Sendable {
            case lower(FunctionItem, FunctionLayout, environment: Int, isAsync: Bool)
            case resourceNew(Int)
            case resourceDrop(Int)
            case resourceRep(Int)
            /// `task.return`; its parameter is the result of the task.
            case taskReturn(FunctionLayout, environment: Int)
            case contextGet(CoreValueType, UInt32)
            case contextSet(CoreValueType, UInt32)
            case backpressure(increment: Bool)
            case errorContextNew(environment: Int)
            case errorContextDebugMessage(environment: Int)
            case errorContextDrop
            /// A stream or future built-in with what it transfers, if that is anything.
            case copy(CanonicalBuiltin, element: ValueLayout?, environment: Int?)
            /// Makes a thread out of a function in a table.
            case threadNew(ThreadStart)
            /// A built-in of tasks, threads and waitables, whose core signature is fixed.
            case concurrency(CanonicalBuiltin, environment: Int?)
        }
    }

    /// Where a thread finds its start function.
    package struct ThreadStart: Sendable {
        package let table: CoreItem
        /// Whether the table is indexed by i64.
        package let is64: Bool
        /// Whether the argument of the function is an i64.
        package let isWide: Bool
    }

    package struct EnvironmentPlan: Hashable, Sendable {
        package let componentInstance: Int
        package let stringEncoding: StringEncoding
        package var memory: CoreItem?
        package var realloc: CoreItem?
        /// Whether the memory has 64-bit addresses.
        package let is64: Bool
    }

    package struct ResourcePlan: Sendable {
        package var type: TypeID
        package var name: String
        package let origin: Origin

        package enum Origin: Sendable {
            /// The resource at a path of names below the component's imports.
            case imported([String])
            case defined(componentInstance: Int, destructor: CoreItem?)
        }
    }
}

/// What a component imports, flattened to leaves; a path is an import's name and the names of exports below it.
package struct ComponentImports: Sendable {
    package struct Function: Sendable {
        package let path: [String]
        package var type: FunctionType
    }

    package struct Module: Sendable {
        package let path: [String]
    }

    package struct Instance: Sendable {
        package let path: [String]
    }

    package var functions: [Function] = []
    package var modules: [Module] = []
    package var instances: [Instance] = []
    /// Paths that must hold a resource already known (`(type (eq $r))`), with its position in the plan.
    package var resourceAliases: [(path: [String], resource: Int)] = []
    /// The names of the component's imports, in order, with what they are.
    package var roots: [(name: String, item: Item)] = []
}
