// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

extension PlanBuilder {
    /// Adds what an alias names to the index space of its sort. (Binary.md, "Alias Definitions")
    func addAlias(_ alias: Alias, to scope: Scope, at offset: Int) throws(ComponentError) {
        switch alias.target {
        case .export(let instance, let name):
            let items = try element(scope.instances, instance, "instance", at: offset)
            guard let item = items[name] else { throw .missingExport(name, of: "instance \(instance)", at: offset) }
            guard item.matches(alias.sort) else {
                throw .wrongSort(name, expected: alias.sort.name, found: item.sortName, at: offset)
            }
            add(item, to: scope)
        case .coreExport(let instance, let name):
            guard case .core(let sort) = alias.sort else {
                throw .invalid("a core export alias needs a core sort, found \(alias.sort.name)", at: offset)
            }
            switch try element(scope.coreInstances, instance, "core instance", at: offset) {
            case .instantiated(let index, _):
                // Whether the module exports it is known once the module is compiled.
                scope.coreItems[sort, default: []].append(
                    CoreItem(sort: sort, source: .export(coreInstance: index, name: ExactName(name))))
            case .bundle(let items):
                guard let item = items[ExactName(name)] else {
                    throw .missingExport(name, of: "core instance \(instance)", at: offset)
                }
                guard item.sort == sort else {
                    throw .wrongSort(name, expected: "core \(sort.name)", found: "core \(item.sort.name)", at: offset)
                }
                scope.coreItems[sort, default: []].append(item)
            }
        case .outer(let count, let index):
            var target: Scope? = scope
            for _ in 0..<min(count, UInt32(Self.maximumDepth) * 2) { target = target?.parent }
            guard let target else {
                throw .invalid("an outer alias counts \(count) scopes, which is more than there are", at: offset)
            }
            switch alias.sort {
            case .type: scope.types.append(try element(target.types, index, "type", at: offset))
            case .component: scope.components.append(try element(target.components, index, "component", at: offset))
            case .core(.module):
                scope.coreModules.append(try element(target.coreModules, index, "core module", at: offset))
            case .core(.type):
                scope.coreTypes.append(try element(target.coreTypes, index, "core type", at: offset))
            default: throw .invalid("an outer alias cannot name a \(alias.sort.name)", at: offset)
            }
        }
    }
}

extension Item {
    /// Whether the item is of `sort`.
    func matches(_ sort: Sort) -> Bool {
        switch (self, sort) {
        case (.function, .function), (.instance, .instance), (.component, .component), (.type, .type),
            (.module, .core(.module)):
            true
        default: false
        }
    }
}

extension Sort {
    /// The keyword of the text format.
    var name: String {
        switch self {
        case .core(let sort): "core \(sort.name)"
        case .function: "function"
        case .value: "value"
        case .type: "type"
        case .component: "component"
        case .instance: "instance"
        }
    }
}
