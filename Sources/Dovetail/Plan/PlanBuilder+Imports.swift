// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailValidation

extension PlanBuilder {
    /// What the host has to give for an import of type `node` at `path`, entered into the plan's imports leaf by leaf.
    mutating func imported(
        _ node: ExternNode, path: [String], in scope: Scope, at offset: Int
    ) throws(ComponentError) -> Item {
        try step(at: offset)
        switch node {
        case .function(let function):
            let type = functionType(function, in: scope)
            plan.imports.functions.append(ComponentImports.Function(path: path, type: type))
            return .function(FunctionItem(source: .imported(plan.imports.functions.count - 1), type: type))
        case .instance(let instance):
            plan.imports.instances.append(ComponentImports.Instance(path: path))
            var items = InstanceItems()
            for export in instance.exports.entries {
                let item = try imported(export.value, path: path + [export.name], in: scope, at: offset)
                items.add(export.name, item)
            }
            return .instance(items)
        case .module:
            plan.imports.modules.append(ComponentImports.Module(path: path))
            return .module(.imported(plan.imports.modules.count - 1))
        case .type(.resource(let reference)):
            if let known = scope.resources[reference.identity] {
                if let resource = plan.resourceIndex[known] { plan.imports.resourceAliases.append((path, resource)) }
                return .type(.resource(known))
            }
            let id = addResource(name: path.last ?? "", .imported(path))
            scope.resources[reference.identity] = id
            return .type(.resource(id))
        case .type(let type): return .type(self.type(type, in: scope))
        case .component: throw .unsupported("the import of a component (`\(path.joined(separator: "/"))`)", at: offset)
        case .value: throw .unsupported("the import of a value (`\(path.joined(separator: "/"))`)", at: offset)
        }
    }

    /// Lets the resources that `node` introduces stand for those of `item`.
    func bind(_ node: ExternNode, to item: Item, in scope: Scope) {
        guard node.facts.hasResource else { return }
        switch (node, item) {
        case (.type(.resource(let reference)), .type(.resource(let id))):
            if scope.resources[reference.identity] == nil { scope.resources[reference.identity] = id }
        case (.instance(let instance), .instance(let items)):
            for export in instance.exports.entries {
                if let found = items[export.name] { bind(export.value, to: found, in: scope) }
            }
        default: return
        }
    }
}
