// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes

// Imports and exports. (Binary.md, "Import and Export Definitions")
extension ComponentValidator {
    /// What an import or export of that type introduces; resources of its own become `resources`.
    private mutating func introduce(
        _ type: ExternTypeReference, resources: inout [Int]
    ) throws(BinaryError) -> ExternNode {
        switch type {
        case .coreModule(let index):
            guard case .module(let module) = try entry(scope.coreTypes, index, "core type") else {
                throw .typeMismatch("core type index \(index) is not a module type", at: offset)
            }
            return .module(module)
        case .function(let index):
            guard case .function(let function) = try entry(scope.types, index, "type") else {
                throw .typeMismatch("type index \(index) is not a function type", at: offset)
            }
            return .function(function)
        case .value(let bound):
            try require(.values, "a value")
            switch bound {
            case .equal(let index): return .value(try entry(scope.values, index, "value").type)
            case .type(let reference): return .value(try valueType(reference))
            }
        case .type(.subResource):
            let fresh = freshResource()
            resources.append(fresh.identity)
            return .type(.resource(fresh))
        case .type(.equal(let index)): return .type(renamed(try entry(scope.types, index, "type")))
        case .component(let index):
            guard case .component(let component) = try entry(scope.types, index, "type") else {
                throw .typeMismatch("type index \(index) is not a component type", at: offset)
            }
            return .component(component)
        case .instance(let index):
            guard case .instance(let instance) = try entry(scope.types, index, "type") else {
                throw .typeMismatch("type index \(index) is not an instance type", at: offset)
            }
            return .instance(opened(instance, resources: &resources))
        }
    }

    /// An instance of an instance type, with resources of its own.
    private mutating func opened(_ instance: InstanceNode, resources: inout [Int]) -> InstanceNode {
        guard !instance.bound.isEmpty else { return instance }
        var map: [Int: ResourceReference] = [:]
        for resource in instance.bound {
            let fresh = freshResource()
            map[resource] = fresh
            resources.append(fresh.identity)
        }
        var substitution = Substitution(map)
        return InstanceNode(exports: substitution.apply(instance.exports), bound: [])
    }

    /// The same type under another name.
    private mutating func renamed(_ type: TypeNode) -> TypeNode {
        switch type {
        case .resource(let reference): .resource(freshAlias(reference))
        case .value(let node): .value(DefinedNode(node.shape, origin: node))
        case .function, .instance, .component: type
        }
    }

    @discardableResult
    mutating func `import`(_ name: ExternName, _ type: ExternTypeReference) throws(BinaryError) -> ExternNode {
        let node = try introduce(type, resources: &scope.imported)
        try bounded(node.facts)
        try charge(node.facts.weight + scope.namedForImports.cost(of: node))
        try scope.importNames.add(name, node, what: "import", features: features, at: offset)
        try checkNoExports(in: node)
        guard scope.namedForImports.register(node) else {
            throw .invalid("\(node.description) not valid to be used as import: a type in it has no name", at: offset)
        }
        _ = scope.namedForExports.register(node)
        guard scope.imports.add(name, node) else {
            throw .conflict("import name", name.name, name.name, at: offset)
        }
        try append(node)
        return node
    }

    mutating func export(_ definition: ExportDefinition) throws(BinaryError) -> ExternNode {
        var node = try item(definition.item)
        if let type = definition.type {
            var resources: [Int] = []
            let ascribed = try introduce(type, resources: &resources)
            var matcher = TypeMatcher(store: store, open: resources, at: offset)
            try charge(matcher.cost(of: ascribed.facts))
            do throws(BinaryError) {
                try matcher.match(node, ascribed)
            } catch {
                var outer = BinaryError.typeMismatch("ascribed type of export is not compatible", at: offset)
                outer.cause = error
                throw outer
            }
            scope.created += resources
            node = ascribed
        } else if case .type(let type) = node {
            node = .type(renamed(type))
        }
        try addExport(definition.name, node)
        // What is exported has been used by that.
        if case .value = node { scope.values[scope.values.count - 1].isConsumed = true }
        return node
    }

    /// Adds the export declaration of a component or instance type.
    mutating func declareExport(_ declaration: ExportDeclaration) throws(BinaryError) {
        try addExport(declaration.name, try introduce(declaration.type, resources: &scope.created))
    }

    private mutating func addExport(_ name: ExternName, _ node: ExternNode) throws(BinaryError) {
        try bounded(node.facts)
        try charge(node.facts.weight + scope.namedForExports.cost(of: node))
        if case .value(let value) = node, value.facts.hasBorrow {
            throw .invalid("an exported value cannot contain a `borrow` type", at: offset)
        }
        try scope.exportNames.add(name, node, what: "export", features: features, at: offset)
        // Instance types are looked at where an instance of them is imported or exported.
        if scope.kind != .instanceType {
            guard scope.namedForExports.register(node) else {
                throw .invalid(
                    "\(node.description) not valid to be used as export: a type in it has no name", at: offset)
            }
        }
        guard scope.exports.add(name, node) else {
            throw .conflict("export name", name.name, name.name, at: offset)
        }
        try append(node)
    }
}
