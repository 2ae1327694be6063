// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

extension PlanBuilder {
    /// What the host has to give for a declaration at `path`, entered into the plan's imports leaf by leaf.
    mutating func importedItem(
        _ type: ExternTypeReference, path: [String], in scope: Scope, at offset: Int, depth: Int
    ) throws(ComponentError) -> Item {
        try step(at: offset)
        switch type {
        case .function(let index):
            let item = try element(scope.types, index, "type", at: offset)
            guard case .function(let function) = item else {
                throw .wrongType(expected: "a function type", found: item.kindName, at: offset)
            }
            plan.imports.functions.append(ComponentImports.Function(path: path, type: function))
            return .function(
                FunctionItem(source: .imported(plan.imports.functions.count - 1), type: function))
        case .instance(let index):
            let item = try element(scope.types, index, "type", at: offset)
            guard case .instance(let declarations, let outer) = item else {
                throw .wrongType(expected: "an instance type", found: item.kindName, at: offset)
            }
            plan.imports.instances.append(ComponentImports.Instance(path: path))
            return .instance(try importedInstance(declarations, path: path, outer: outer, depth: depth + 1))
        case .coreModule(let index):
            guard case .module(let module) = try element(scope.coreTypes, index, "core type", at: offset) else {
                throw .wrongType(expected: "a core module type", found: "another core type", at: offset)
            }
            plan.imports.modules.append(ComponentImports.Module(path: path, type: module))
            return .module(.imported(plan.imports.modules.count - 1))
        case .type(.subResource):
            return .type(.resource(addResource(name: path.last ?? "", .imported(path))))
        case .type(.equal(let index)):
            let item = try element(scope.types, index, "type", at: offset)
            if case .resource(let id) = item, let resource = plan.resourceIndex[id] {
                plan.imports.resourceAliases.append((path, resource))
            }
            return .type(item)
        case .component: throw .unsupported("the import of a component (`\(path.joined(separator: "/"))`)", at: offset)
        case .value: throw .unsupported("the import of a value (`\(path.joined(separator: "/"))`)", at: offset)
        }
    }

    private mutating func importedInstance(
        _ declarations: [Located<TypeDeclaration>], path: [String], outer: Scope, depth: Int
    ) throws(ComponentError) -> InstanceItems {
        let scope = Scope(parent: outer, componentInstance: nil)
        guard depth < Self.maximumDepth else {
            throw .tooLarge("nested types", limit: Self.maximumDepth, at: declarations.first?.offset)
        }
        var items = InstanceItems()
        for located in declarations {
            let offset = located.offset
            try step(at: offset)
            switch located.value {
            case .coreType(let definition): try addCoreType(definition, to: scope, at: offset)
            case .type(let definition): scope.types.append(try type(definition, in: scope, at: offset, depth: depth))
            case .alias(let alias): try addAlias(alias, to: scope, at: offset)
            case .import: throw .invalid("an instance type has no imports", at: offset)
            case .export(let export):
                let item = try importedItem(
                    export.type, path: path + [export.name.name], in: scope, at: offset, depth: depth)
                items[export.name.name] = item
                add(item, to: scope)
            }
        }
        return items
    }

    /// Adds a core type definition to the core type index space.
    func addCoreType(_ definition: CoreTypeDefinition, to scope: Scope, at offset: Int) throws(ComponentError) {
        switch definition {
        case .recursive(let subtypes): scope.coreTypes += subtypes.map(CoreTypeItem.init)
        case .module(let declarations):
            let types = Scope(parent: scope, componentInstance: nil)
            var module = ModuleType()
            for located in declarations {
                switch located.value {
                case .type(let definition): try addCoreType(definition, to: types, at: located.offset)
                case .outerAlias(let count, let index):
                    let alias = Alias(sort: .core(.type), target: .outer(count: count, index: index))
                    try addAlias(alias, to: types, at: located.offset)
                case .import(let name, let field, let type):
                    let external = try self.external(type, in: types, at: located.offset)
                    module.imports.append(ModuleType.Import(module: name, name: field, type: external))
                case .export(let name, let type):
                    module.exports[ExactName(name)] = try external(type, in: types, at: located.offset)
                }
            }
            scope.coreTypes.append(.module(module))
        }
    }

    private func external(
        _ type: CoreExternType, in scope: Scope, at offset: Int
    ) throws(ComponentError) -> ModuleType.External {
        switch type {
        case .function(let index, _): return .function(try coreFunctionType(index, in: scope, at: offset))
        case .table(let table): return .table(table)
        case .memory(let memory): return .memory(memory)
        case .global(let global): return .global(global)
        case .tag(let index): return .tag(try coreFunctionType(index, in: scope, at: offset))
        }
    }

    private func coreFunctionType(
        _ index: UInt32, in scope: Scope, at offset: Int
    ) throws(ComponentError) -> CoreFunctionType {
        guard case .function(let type) = try element(scope.coreTypes, index, "core type", at: offset) else {
            throw .wrongType(expected: "a core function type", found: "another core type", at: offset)
        }
        return type
    }
}

extension CoreTypeItem {
    init(_ subtype: CoreSubtype) {
        if case .function(let type) = subtype.composite { self = .function(type) } else { self = .opaque }
    }
}
