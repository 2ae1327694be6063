// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes

// Instances and aliases. (Explainer.md, "Instance Definitions", "Alias Definitions")
extension ComponentValidator {
    mutating func coreInstance(_ expression: CoreInstanceExpression) throws(BinaryError) {
        try limit(scope.coreInstances.count + scope.instances.count, Limits.instances, "instances")
        switch expression {
        case .instantiate(let index, let arguments):
            let module = try entry(scope.coreModules, index, "core module")
            var supplied = NamedList<NamedList<CoreExternType>>()
            for argument in arguments {
                let instance = try entry(scope.coreInstances, argument.instance, "core instance")
                guard supplied.add(argument.name, instance) else {
                    throw .name("duplicate module instantiation argument named `\(argument.name)`", at: offset)
                }
            }
            try charge(module.facts.weight)
            let matcher = TypeMatcher(store: store, open: [], at: offset)
            for item in module.imports {
                guard let instance = supplied[item.module] else {
                    throw .missing("module instantiation argument `\(item.module)`", at: offset)
                }
                guard let found = instance[item.name] else {
                    throw .missing(
                        "import: instantiation argument `\(item.module)` does not export an item named `\(item.name)`",
                        at: offset)
                }
                do throws(BinaryError) {
                    try matcher.match(found, item.type)
                } catch {
                    throw error.inside("export `\(item.name)` of module instantiation argument `\(item.module)`")
                }
            }
            scope.coreInstances.append(module.exports)
        case .exports(let exports):
            var list = NamedList<CoreExternType>()
            for export in exports {
                guard list.add(export.name, try coreItem(export.item)) else {
                    throw .name("export name `\(export.name)` is already defined", at: offset)
                }
            }
            scope.coreInstances.append(list)
        }
    }

    private func coreItem(_ item: CoreSortIndex) throws(BinaryError) -> CoreExternType {
        switch item.sort {
        case .function:
            .function(typeIndex: try entry(scope.coreFunctions, item.index, "core function"), isExact: false)
        case .table: .table(try entry(scope.coreTables, item.index, "core table"))
        case .memory: .memory(try entry(scope.coreMemories, item.index, "core memory"))
        case .global: .global(try entry(scope.coreGlobals, item.index, "core global"))
        case .tag: .tag(typeIndex: try entry(scope.coreTags, item.index, "core tag"))
        case .type, .module, .instance:
            throw .invalid("a \(item.sort) cannot be exported by a core instance", at: offset)
        }
    }

    /// What an index means; a value is used up by it.
    mutating func item(_ item: SortIndex) throws(BinaryError) -> ExternNode {
        switch item.sort {
        case .core(.module): return .module(try entry(scope.coreModules, item.index, "core module"))
        case .core(let sort):
            throw .invalid("a \(sort) cannot be imported or exported by a component", at: offset)
        case .function: return .function(try entry(scope.functions, item.index, "function"))
        case .type: return .type(try entry(scope.types, item.index, "type"))
        case .component: return .component(try entry(scope.components, item.index, "component"))
        case .instance: return .instance(try entry(scope.instances, item.index, "instance"))
        case .value:
            try require(.values, "a value")
            return .value(try consume(item.index))
        }
    }

    /// Uses a value up.
    func consume(_ index: UInt32) throws(BinaryError) -> ValueNode {
        let value = try entry(scope.values, index, "value")
        guard !value.isConsumed else { throw .invalid("value \(index) cannot be used more than once", at: offset) }
        scope.values[Int(index)].isConsumed = true
        return value.type
    }

    /// - Returns: the types of the arguments or exports, and the instance.
    mutating func instance(
        _ expression: InstanceExpression
    ) throws(BinaryError) -> (NamedList<ExternNode>, InstanceNode) {
        try limit(scope.coreInstances.count + scope.instances.count, Limits.instances, "instances")
        let node: InstanceNode
        var list = NamedList<ExternNode>()
        switch expression {
        case .instantiate(let index, let arguments):
            let component = try entry(scope.components, index, "component")
            for argument in arguments {
                guard list.add(argument.name, try item(argument.item)) else {
                    throw .name(
                        "instantiation argument `\(argument.name)` conflicts with previous argument `\(argument.name)`",
                        at: offset)
                }
            }
            node = try instantiate(component, list)
        case .exports(let exports):
            var names = NameContext(namesResources: false)
            for export in exports {
                let node = try item(export.item)
                try names.add(export.name, node, what: "export", features: features, at: offset)
                guard list.add(export.name, node) else {
                    throw .conflict("export name", export.name.name, export.name.name, at: offset)
                }
            }
            node = InstanceNode(exports: list, bound: [])
            try bounded(node.facts)
        }
        scope.instances.append(node)
        return (list, node)
    }

    private mutating func instantiate(
        _ component: ComponentNode, _ supplied: NamedList<ExternNode>
    ) throws(BinaryError) -> InstanceNode {
        var matcher = TypeMatcher(store: store, open: component.importBound, at: offset)
        try charge(matcher.cost(of: component.facts))
        for item in component.imports.entries {
            guard let found = supplied[item.name] else { throw .missing("import named `\(item.name)`", at: offset) }
            do throws(BinaryError) {
                try matcher.match(found, item.value)
            } catch {
                throw error.inside("import `\(item.name)`")
            }
        }
        var map = matcher.solved
        for resource in component.exportBound {
            let fresh = freshResource()
            map[resource] = fresh
            scope.created.append(fresh.identity)
        }
        var substitution = Substitution(map, types: matcher.types)
        let node = InstanceNode(exports: substitution.apply(component.exports), bound: [])
        try bounded(node.facts)
        return node
    }

    mutating func alias(_ alias: Alias) throws(BinaryError) {
        if scope.kind != .component {
            switch (alias.sort, alias.target) {
            case (.type, _), (.instance, .export), (.core(.type), .outer): break
            default:
                throw .invalid(
                    "aliases in a component or instance type may only refer to types or instances", at: offset)
            }
        }
        switch alias.target {
        case .export(let index, let name):
            let instance = try entry(scope.instances, index, "instance")
            guard let node = instance.exports[name] else {
                throw .missing("export: instance \(index) has no export named `\(name)`", at: offset)
            }
            guard alias.sort == Self.sort(of: node) else {
                throw .expected(
                    "export `\(name)` of instance \(index) to be a \(alias.sort)",
                    found: "a \(node.description); it is not a \(alias.sort)", at: offset)
            }
            try append(node)
        case .coreExport(let index, let name):
            guard scope.kind == .component else {
                throw .invalid(
                    "aliases in a component or instance type may only refer to types or instances", at: offset)
            }
            let instance = try entry(scope.coreInstances, index, "core instance")
            guard let type = instance[name] else {
                throw .missing("export: core instance \(index) has no export named `\(name)`", at: offset)
            }
            switch (alias.sort, type) {
            case (.core(.function), .function(let id, _)): scope.coreFunctions.append(id)
            case (.core(.table), .table(let table)): scope.coreTables.append(table)
            case (.core(.memory), .memory(let memory)): scope.coreMemories.append(memory)
            case (.core(.global), .global(let global)): scope.coreGlobals.append(global)
            case (.core(.tag), .tag(let id)): scope.coreTags.append(id)
            default:
                throw .expected(
                    "export `\(name)` of core instance \(index) to be a \(alias.sort)",
                    found: "a core \(type.description)", at: offset)
            }
        case .outer(let count, let index): try outer(alias.sort, count: count, index: index)
        }
    }

    private mutating func outer(_ sort: Sort, count: UInt32, index: UInt32) throws(BinaryError) {
        guard Int(count) < scopes.count else { throw .invalid("invalid outer alias count of \(count)", at: offset) }
        let depth = scopes.count - 1 - Int(count)
        let target = scopes[depth]
        // A component can be moved out of the one around it, so it must not depend on resources there.
        let crossesComponent = scopes[(depth + 1)...].contains { $0.kind == .component }
        switch sort {
        case .type:
            let type = try entry(target.types, index, "type")
            if crossesComponent {
                try charge(type.facts.weight)
                var free = FreeResources()
                free.visit(type)
                guard free.found.isEmpty else {
                    throw .invalid(
                        "outer alias transitively refers to resources not defined in the current component", at: offset)
                }
            }
            // A component that is moved out takes copies of such types with it.
            if count > 0 {
                scope.aliasedWeight += type.facts.weight
                guard scope.aliasedWeight <= Limits.typeSize else {
                    throw .limit("effective size of the types of a component", maximum: Limits.typeSize, at: offset)
                }
            }
            scope.types.append(type)
        case .component: scope.components.append(try entry(target.components, index, "component"))
        case .core(.module): scope.coreModules.append(try entry(target.coreModules, index, "core module"))
        case .core(.type): scope.coreTypes.append(try entry(target.coreTypes, index, "core type"))
        default: throw .invalid("a \(sort) cannot be aliased from an outer scope", at: offset)
        }
    }

    static func sort(of node: ExternNode) -> Sort {
        switch node {
        case .module: .core(.module)
        case .function: .function
        case .value: .value
        case .type: .type
        case .instance: .instance
        case .component: .component
        }
    }

    /// Puts a definition at the end of its index space.
    func append(_ node: ExternNode) throws(BinaryError) {
        switch node {
        case .module(let module): scope.coreModules.append(module)
        case .function(let function): scope.functions.append(function)
        case .value(let value): scope.values.append((value, false))
        case .type(let type): scope.types.append(type)
        case .instance(let instance):
            try limit(scope.coreInstances.count + scope.instances.count, Limits.instances, "instances")
            scope.instances.append(instance)
        case .component(let component): scope.components.append(component)
        }
    }
}
