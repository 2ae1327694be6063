// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailValidation

// Instances and aliases. (Explainer.md, "Instance Definitions", "Alias Definitions")
extension PlanBuilder {
    /// A component-level instance expression; `types` has the types of its arguments or exports.
    mutating func instance(
        _ expression: InstanceExpression, _ types: NamedList<ExternNode>, in scope: Scope
    ) throws(ComponentError) -> InstanceItems {
        switch expression {
        case .instantiate(let component, let arguments):
            let callee = scope.components[Int(component)]
            var given: [String: Item] = [:]
            for (argument, type) in zip(arguments, types.entries) {
                given[argument.name] = item(argument.item, type.value, in: scope)
            }
            return try instantiate(callee.component, outer: callee.scope, arguments: given)
        case .exports(let exports):
            var items = InstanceItems()
            for (export, type) in zip(exports, types.entries) {
                let item = item(export.item, type.value, in: scope)
                items.add(export.name.name, item)
                name(item, export.name.name)
            }
            return items
        }
    }

    /// A core instance expression.
    mutating func addCoreInstance(
        _ expression: CoreInstanceExpression, to scope: Scope, at offset: Int
    ) {
        switch expression {
        case .instantiate(let index, let arguments):
            var given: [ExactName: CoreInstanceItem] = [:]
            for argument in arguments {
                given[ExactName(argument.name)] = scope.coreInstances[Int(argument.instance)]
            }
            let instance = plan.coreInstanceCount
            plan.coreInstanceCount += 1
            let item = scope.coreModules[Int(index)]
            plan.initializers.append(
                .instantiate(
                    ComponentPlan.CoreInstantiation(
                        coreInstance: instance, componentInstance: scope.componentInstance, module: item,
                        arguments: given, imports: imports(of: item, given), offset: offset)))
            scope.coreInstances.append(.instantiated(instance, item))
        case .exports(let exports):
            var items: [ExactName: CoreItem] = [:]
            for export in exports { items[ExactName(export.name)] = coreItem(export.item, in: scope) }
            scope.coreInstances.append(.bundle(items))
        }
    }

    /// What a module of the component is given for its imports, in their order; it may have fewer than the type it was
    /// passed on under.
    private func imports(of module: ModuleItem, _ given: [ExactName: CoreInstanceItem]) -> [CoreItem] {
        guard case .embedded(let index) = module,
            let module = component.moduleNode(at: plan.modules[index].lowerBound)
        else { return [] }
        return module.imports.compactMap { wanted in
            switch given[ExactName(wanted.module)] {
            case .bundle(let items): items[ExactName(wanted.name)]
            case .instantiated(let instance, _):
                CoreItem(
                    sort: wanted.type.sort, source: .export(coreInstance: instance, name: ExactName(wanted.name)))
            case nil: nil
            }
        }
    }

    /// The core item that a sort and index name.
    func coreItem(_ reference: CoreSortIndex, in scope: Scope) -> CoreItem {
        guard let items = scope.coreItems[reference.sort] else {
            preconditionFailure("validation has found a definition there")
        }
        return items[Int(reference.index)]
    }

    /// The core function at `index`.
    func coreFunction(_ index: UInt32, in scope: Scope) -> CoreItem {
        coreItem(CoreSortIndex(sort: .function, index: index), in: scope)
    }

    /// Adds what an alias names to the index space of its sort.
    func add(_ alias: Alias, to scope: Scope) {
        switch alias.target {
        case .export(let instance, let name):
            if let item = scope.instances[Int(instance)][name] { add(item, to: scope) }
        case .coreExport(let instance, let name):
            guard case .core(let sort) = alias.sort else { return }
            switch scope.coreInstances[Int(instance)] {
            case .instantiated(let index, _):
                scope.coreItems[sort, default: []].append(
                    CoreItem(sort: sort, source: .export(coreInstance: index, name: ExactName(name))))
            case .bundle(let items):
                if let item = items[ExactName(name)] { scope.coreItems[sort, default: []].append(item) }
            }
        case .outer(let count, let index):
            var target: Scope? = scope
            for _ in 0..<count { target = target?.parent }
            guard let target else { return }
            switch alias.sort {
            case .component: scope.components.append(target.components[Int(index)])
            case .core(.module): scope.coreModules.append(target.coreModules[Int(index)])
            default: return
            }
        }
    }
}
