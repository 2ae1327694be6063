// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailValidation

/// Unrolls a valid component into a ``ComponentPlan``: runs its definitions, and for each instantiation of a nested
/// component that component's.
///
/// Indices are not checked again. A type of the component becomes one of the plan once its resources are known, which
/// differ from instance to instance.
struct PlanBuilder {
    /// More steps than any real component has, few enough that nested instantiations cannot exhaust memory.
    static let maximumSteps = 100_000
    /// How deep instances may be nested. (wasmparser uses the same figure.)
    static let maximumDepth = 100

    let component: ValidComponent
    let engine: Engine
    var plan = ComponentPlan()
    /// Works out the layouts of the plan's functions; its table becomes the plan's.
    let layouts = LayoutCache(TypeTable())
    var steps = 0
    private var depth = 0
    var environmentIndex: [ComponentPlan.EnvironmentPlan: Int] = [:]
    var moduleIndex: [Range<Int>: Int] = [:]
    /// The plan's types of those in which no resource occurs; these are the same in all instances.
    var types: [ObjectIdentifier: ValueType] = [:]

    private init(_ component: ValidComponent, _ engine: Engine) {
        self.component = component
        self.engine = engine
    }

    /// The plan of `component` for `engine`.
    /// - Throws: ``ComponentError`` when the component needs what the runtime does not support, or its nested instances are
    ///   too many.
    static func build(_ component: ValidComponent, for engine: Engine) throws(ComponentError) -> ComponentPlan {
        var builder = PlanBuilder(component, engine)
        builder.plan.exports = try builder.instantiate(component.root, outer: nil, arguments: nil)
        builder.plan.types = builder.layouts.table
        builder.numberSharedImports()
        return builder.plan
    }

    /// Gives the items that are imported more than once a place each: those of linked libraries import the same functions of each other.
    private mutating func numberSharedImports() {
        var counts: [CoreItem: Int] = [:]
        for case .instantiate(let step) in plan.initializers {
            for item in step.imports { counts[item, default: 0] += 1 }
        }
        let shared = counts.filter { $0.value > 1 }.keys
        let slots = Dictionary(uniqueKeysWithValues: zip(shared, 0...))
        plan.importSlotCount = slots.count
        for index in plan.initializers.indices {
            guard case .instantiate(var step) = plan.initializers[index] else { continue }
            step.importSlots = step.imports.map { slots[$0] }
            plan.initializers[index] = .instantiate(step)
        }
    }

    /// Counts work, so that a small file cannot ask for a large plan.
    mutating func step(at offset: Int) throws(ComponentError) {
        steps += 1
        guard steps <= Self.maximumSteps else {
            throw .tooLarge(
                "definitions after its nested components are unrolled", limit: Self.maximumSteps, at: offset)
        }
    }

    /// Runs the definitions of one component. Without `arguments` it is the root and its imports are the host's.
    mutating func instantiate(
        _ component: ResolvedComponent, outer: Scope?, arguments: [String: Item]?
    ) throws(ComponentError) -> InstanceItems {
        guard depth < Self.maximumDepth else {
            throw .tooLarge("nested component instances", limit: Self.maximumDepth, at: component.range.lowerBound)
        }
        depth += 1
        defer { depth -= 1 }
        let scope = Scope(parent: outer, componentInstance: plan.componentInstanceCount)
        plan.mayBlock.append(false)
        var exports = InstanceItems()
        for located in component.definitions {
            let offset = located.offset
            try step(at: offset)
            switch located.value {
            case .coreModule(let range): scope.coreModules.append(.embedded(embed(range)))
            case .coreInstance(let expression): addCoreInstance(expression, to: scope, at: offset)
            case .component(let nested): scope.components.append(ComponentItem(component: nested, scope: scope))
            case .instance(let expression, let types, let node):
                let items = try instance(expression, types, in: scope)
                bind(.instance(node), to: .instance(items), in: scope)
                scope.instances.append(items)
            case .alias(let alias): add(alias, to: scope)
            case .resource(let reference, let definition):
                try addResource(reference, definition, to: scope, at: offset)
            case .lift(let lift): try add(lift, to: scope, at: offset)
            case .lower(let lower): try add(lower, to: scope, at: offset)
            case .builtin(let builtin): try add(builtin, to: scope, at: offset)
            case .import(let name, let node):
                let item: Item
                if let argument = arguments?[name.name] {
                    item = argument
                    bind(node, to: item, in: scope)
                } else {
                    item = try imported(node, path: [name.name], in: scope, at: offset)
                    plan.imports.roots.append((name.name, item))
                }
                add(item, to: scope)
            case .export(let definition, let node):
                let item = item(definition.item, node, in: scope)
                bind(node, to: item, in: scope)
                exports.add(definition.name.name, item)
                name(item, definition.name.name)
                add(item, to: scope)
            case .start: throw .unsupported("a component start function (values)", at: offset)
            case .value: throw .unsupported("a value definition", at: offset)
            }
        }
        return exports
    }

    /// One module stands in the plan once, however often its component is instantiated.
    private mutating func embed(_ range: Range<Int>) -> Int {
        if let known = moduleIndex[range] { return known }
        plan.modules.append(range)
        moduleIndex[range] = plan.modules.count - 1
        return plan.modules.count - 1
    }

    /// Puts `item` at the end of the index space of its sort; types are not looked up by index.
    func add(_ item: Item, to scope: Scope) {
        switch item {
        case .function(let function): scope.functions.append(function)
        case .instance(let items): scope.instances.append(items)
        case .module(let module): scope.coreModules.append(module)
        case .component(let component): scope.components.append(component)
        case .type: return
        }
    }

    /// What a sort and index mean; `node` is the type of it.
    mutating func item(_ reference: SortIndex, _ node: ExternNode, in scope: Scope) -> Item {
        let index = Int(reference.index)
        switch node {
        case .function: return .function(scope.functions[index])
        case .instance: return .instance(scope.instances[index])
        case .component: return .component(scope.components[index])
        case .module: return .module(scope.coreModules[index])
        case .type(let type): return .type(self.type(type, in: scope))
        case .value: preconditionFailure("the definition of a value has been refused")
        }
    }
}
