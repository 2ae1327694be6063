// SPDX-License-Identifier: Apache-2.0

package import DovetailBinary
import DovetailTypes

/// Reads a decoded component from front to back and unrolls it into a ``ComponentPlan``.
///
/// Every index is checked, so a component that was never validated gives an error and not a crash. What the plan
/// relies on is checked here; the full rules are the validator's.
package struct PlanBuilder {
    /// More steps than any real component has, few enough that nested instantiations cannot exhaust memory.
    static let maximumSteps = 100_000
    /// How deep components and types may be nested. (wasmparser uses the same figure.)
    static let maximumDepth = 100

    var plan = ComponentPlan()
    var steps = 0
    var environmentIndex: [ComponentPlan.EnvironmentPlan: Int] = [:]
    var moduleIndex: [Range<Int>: Int] = [:]

    private init() {}

    /// The plan of `binary`.
    /// - Throws: ``ComponentError`` at the first definition that makes no sense.
    package static func build(_ binary: ComponentBinary) throws(ComponentError) -> ComponentPlan {
        var builder = PlanBuilder()
        let exports = try builder.instantiate(binary, outer: nil, arguments: nil, depth: 0)
        builder.plan.exports = exports
        return builder.plan
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
        _ binary: ComponentBinary, outer: Scope?, arguments: [String: Item]?, depth: Int
    ) throws(ComponentError) -> InstanceItems {
        guard depth < Self.maximumDepth else {
            throw .tooLarge("nested component instances", limit: Self.maximumDepth, at: binary.range.lowerBound)
        }
        let scope = Scope(parent: outer, componentInstance: plan.componentInstanceCount)
        plan.componentInstanceCount += 1
        var exports = InstanceItems()
        for located in binary.definitions {
            let offset = located.offset
            try step(at: offset)
            switch located.value {
            case .coreModule(let range):
                scope.coreModules.append(.embedded(embed(range)))
            case .coreInstance(let expression):
                try addCoreInstance(expression, to: scope, at: offset)
            case .coreType(let definition):
                try addCoreType(definition, to: scope, at: offset)
            case .component(let nested):
                scope.components.append(ComponentItem(binary: nested, scope: scope))
            case .instance(let expression):
                let items = try instance(expression, in: scope, at: offset, depth: depth)
                scope.instances.append(items)
            case .alias(let alias):
                try addAlias(alias, to: scope, at: offset)
            case .type(let definition):
                let item = try type(definition, in: scope, at: offset, depth: depth)
                scope.types.append(item)
            case .canonical(let definition):
                try addCanonical(definition, to: scope, at: offset)
            case .import(let definition):
                let name = definition.name.name
                if let arguments {
                    guard let item = arguments[name] else { throw .missingArgument(name, at: offset) }
                    try bind(item, as: definition.type, name: name, in: scope, at: offset)
                } else {
                    let item = try importedItem(
                        definition.type, path: [name], in: scope, at: offset, depth: depth)
                    plan.imports.roots.append((name, item))
                    add(item, to: scope)
                }
            case .export(let definition):
                let item = try self.item(definition.item, in: scope, at: offset)
                exports[definition.name.name] = item
                name(item, definition.name.name)
                add(item, to: scope)
            case .start:
                throw .unsupported("a component start function (values)", at: offset)
            case .value:
                throw .unsupported("a value definition", at: offset)
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

    /// Puts `item` at the end of the index space of its sort.
    func add(_ item: Item, to scope: Scope) {
        switch item {
        case .function(let function): scope.functions.append(function)
        case .instance(let items): scope.instances.append(items)
        case .module(let module): scope.coreModules.append(module)
        case .component(let component): scope.components.append(component)
        case .type(let type): scope.types.append(type)
        }
    }

    /// Takes an instantiation argument for an import of a nested component.
    private func bind(
        _ item: Item, as type: ExternTypeReference, name: String, in scope: Scope, at offset: Int
    ) throws(ComponentError) {
        let fits =
            switch (type, item) {
            case (.function, .function), (.instance, .instance), (.coreModule, .module), (.component, .component),
                (.type, .type):
                true
            default: false
            }
        guard fits else {
            throw .wrongSort(name, expected: type.sortName, found: item.sortName, at: offset)
        }
        add(item, to: scope)
    }

    /// The item that a sort and index name.
    func item(_ reference: SortIndex, in scope: Scope, at offset: Int) throws(ComponentError) -> Item {
        switch reference.sort {
        case .function: return .function(try element(scope.functions, reference.index, "function", at: offset))
        case .instance: return .instance(try element(scope.instances, reference.index, "instance", at: offset))
        case .component: return .component(try element(scope.components, reference.index, "component", at: offset))
        case .type: return .type(try element(scope.types, reference.index, "type", at: offset))
        case .core(.module): return .module(try element(scope.coreModules, reference.index, "core module", at: offset))
        case .value: throw .unsupported("a value", at: offset)
        case .core: throw .invalid("only core modules among the core sorts can be passed on", at: offset)
        }
    }

    /// `space[index]`, checked.
    func element<Element>(
        _ space: [Element], _ index: UInt32, _ name: String, at offset: Int
    ) throws(ComponentError) -> Element {
        guard index < space.count else { throw .unknownIndex(name, index, count: space.count, at: offset) }
        return space[Int(index)]
    }

    /// A component-level instance expression.
    private mutating func instance(
        _ expression: InstanceExpression, in scope: Scope, at offset: Int, depth: Int
    ) throws(ComponentError) -> InstanceItems {
        switch expression {
        case .instantiate(let component, let arguments):
            let callee = try element(scope.components, component, "component", at: offset)
            var given: [String: Item] = [:]
            for argument in arguments {
                given[argument.name] = try item(argument.item, in: scope, at: offset)
            }
            return try instantiate(callee.binary, outer: callee.scope, arguments: given, depth: depth + 1)
        case .exports(let exports):
            var items = InstanceItems()
            for export in exports {
                let item = try self.item(export.item, in: scope, at: offset)
                items[export.name.name] = item
                name(item, export.name.name)
            }
            return items
        }
    }

    /// A core instance expression.
    private mutating func addCoreInstance(
        _ expression: CoreInstanceExpression, to scope: Scope, at offset: Int
    ) throws(ComponentError) {
        switch expression {
        case .instantiate(let module, let arguments):
            guard let owner = scope.componentInstance else {
                throw .invalid("a core instance inside a type", at: offset)
            }
            let module = try element(scope.coreModules, module, "core module", at: offset)
            var given: [ExactName: CoreInstanceItem] = [:]
            for argument in arguments {
                given[ExactName(argument.name)] = try element(
                    scope.coreInstances, argument.instance, "core instance", at: offset)
            }
            let index = plan.coreInstanceCount
            plan.coreInstanceCount += 1
            plan.initializers.append(
                .instantiate(
                    ComponentPlan.CoreInstantiation(
                        coreInstance: index, componentInstance: owner, module: module, arguments: given,
                        offset: offset)))
            scope.coreInstances.append(.instantiated(index, module))
        case .exports(let exports):
            var items: [ExactName: CoreItem] = [:]
            for export in exports {
                items[ExactName(export.name)] = try coreItem(export.item, in: scope, at: offset)
            }
            scope.coreInstances.append(.bundle(items))
        }
    }

    /// The core item that a sort and index name.
    func coreItem(_ reference: CoreSortIndex, in scope: Scope, at offset: Int) throws(ComponentError) -> CoreItem {
        switch reference.sort {
        case .function, .table, .memory, .global, .tag:
            return try element(
                scope.coreItems[reference.sort] ?? [], reference.index, "core \(reference.sort.name)", at: offset)
        case .type, .module, .instance:
            throw .invalid("a core \(reference.sort.name) cannot be exported from a core instance", at: offset)
        }
    }

    /// The core function at `index`.
    func coreFunction(_ index: UInt32, in scope: Scope, at offset: Int) throws(ComponentError) -> CoreItem {
        try coreItem(CoreSortIndex(sort: .function, index: index), in: scope, at: offset)
    }
}

extension Item {
    /// What the item is, for messages.
    package var sortName: String {
        switch self {
        case .function: "function"
        case .instance: "instance"
        case .module: "core module"
        case .component: "component"
        case .type: "type"
        }
    }
}

extension ExternTypeReference {
    /// What is declared, for messages.
    var sortName: String {
        switch self {
        case .function: "function"
        case .instance: "instance"
        case .coreModule: "core module"
        case .component: "component"
        case .type: "type"
        case .value: "value"
        }
    }
}

extension CoreSort {
    /// The keyword of the text format.
    var name: String {
        switch self {
        case .function: "function"
        case .table: "table"
        case .memory: "memory"
        case .global: "global"
        case .tag: "tag"
        case .type: "type"
        case .module: "module"
        case .instance: "instance"
        }
    }
}
