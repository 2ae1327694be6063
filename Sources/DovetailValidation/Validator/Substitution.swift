// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader

/// Replaces resources in types. One value replaces consistently: a node that occurs twice is replaced by one node.
struct Substitution {
    private let map: [Int: ResourceReference]
    /// Whether value types are replaced too, so that types without resources have to be walked as well.
    private let replacesValues: Bool
    private var values: [ObjectIdentifier: DefinedNode] = [:]
    private var functions: [ObjectIdentifier: FunctionNode] = [:]
    private var instances: [ObjectIdentifier: InstanceNode] = [:]
    private var components: [ObjectIdentifier: ComponentNode] = [:]

    /// Replaces the resources in `map` and the types that are expected by those that are supplied in `types`.
    init(_ map: [Int: ResourceReference], types: [(expected: DefinedNode, supplied: DefinedNode)] = []) {
        self.map = map
        replacesValues = !types.isEmpty
        for pair in types { values[ObjectIdentifier(pair.expected)] = pair.supplied }
    }

    private func mayChange(_ facts: TypeFacts) -> Bool {
        facts.hasResource || replacesValues
    }

    func apply(_ reference: ResourceReference) -> ResourceReference {
        guard let replacement = map[reference.identity] else { return reference }
        // The name that introduced the resource goes with it, other names of it stay themselves.
        if reference.alias == reference.identity { return replacement }
        return ResourceReference(identity: replacement.identity, alias: reference.alias)
    }

    mutating func apply(_ node: ExternNode) -> ExternNode {
        guard mayChange(node.facts) else { return node }
        switch node {
        case .module: return node
        case .function(let function): return .function(apply(function))
        case .value(let value): return .value(apply(value))
        case .type(let type): return .type(apply(type))
        case .instance(let instance): return .instance(apply(instance))
        case .component(let component): return .component(apply(component))
        }
    }

    mutating func apply(_ list: NamedList<ExternNode>) -> NamedList<ExternNode> {
        list.mapValues { apply($0) }
    }

    mutating func apply(_ type: TypeNode) -> TypeNode {
        switch type {
        case .resource(let reference): .resource(apply(reference))
        case .value(let node): .value(apply(node))
        case .function(let node): .function(apply(node))
        case .instance(let node): .instance(apply(node))
        case .component(let node): .component(apply(node))
        }
    }

    mutating func apply(_ value: ValueNode) -> ValueNode {
        if case .defined(let node) = value { .defined(apply(node)) } else { value }
    }

    mutating func apply(_ node: DefinedNode) -> DefinedNode {
        guard mayChange(node.facts) else { return node }
        if let done = values[ObjectIdentifier(node)] { return done }
        let shape: DefinedShape
        switch node.shape {
        case .primitive, .flags, .enum: return node
        case .record(let fields):
            var mapped: [(label: String, type: ValueNode)] = []
            for field in fields { mapped.append((field.label, apply(field.type))) }
            shape = .record(mapped)
        case .variant(let cases):
            var mapped: [(label: String, type: ValueNode?)] = []
            for item in cases { mapped.append((item.label, apply(item.type))) }
            shape = .variant(mapped)
        case .list(let element): shape = .list(apply(element))
        case .fixedLengthList(let element, let count): shape = .fixedLengthList(apply(element), count)
        case .tuple(let elements):
            var mapped: [ValueNode] = []
            for element in elements { mapped.append(apply(element)) }
            shape = .tuple(mapped)
        case .option(let payload): shape = .option(apply(payload))
        case .result(let ok, let error): shape = .result(ok: apply(ok), error: apply(error))
        case .own(let reference): shape = .own(apply(reference))
        case .borrow(let reference): shape = .borrow(apply(reference))
        case .stream(let payload): shape = .stream(apply(payload))
        case .future(let payload): shape = .future(apply(payload))
        case .map(let key, let value): shape = .map(apply(key), apply(value))
        }
        // Without a change the node keeps its identity, and with it its name.
        let isSame =
            switch node.shape {
            case .own(let reference), .borrow(let reference): apply(reference) == reference
            default:
                zip(node.shape.children, shape.children).allSatisfy { one, other in
                    guard case .defined(let a) = one, case .defined(let b) = other else { return true }
                    return a === b
                }
            }
        let result = isSame ? node : DefinedNode(shape)
        values[ObjectIdentifier(node)] = result
        return result
    }

    private mutating func apply(_ value: ValueNode?) -> ValueNode? {
        guard let value else { return nil }
        return .some(apply(value))
    }

    mutating func apply(_ node: FunctionNode) -> FunctionNode {
        guard mayChange(node.facts) else { return node }
        if let done = functions[ObjectIdentifier(node)] { return done }
        var parameters: [(label: String, type: ValueNode)] = []
        for parameter in node.parameters { parameters.append((parameter.label, apply(parameter.type))) }
        let result = FunctionNode(isAsync: node.isAsync, parameters: parameters, result: apply(node.result))
        functions[ObjectIdentifier(node)] = result
        return result
    }

    mutating func apply(_ node: InstanceNode) -> InstanceNode {
        guard mayChange(node.facts) else { return node }
        if let done = instances[ObjectIdentifier(node)] { return done }
        let result = InstanceNode(exports: apply(node.exports), bound: node.bound)
        instances[ObjectIdentifier(node)] = result
        return result
    }

    mutating func apply(_ node: ComponentNode) -> ComponentNode {
        guard mayChange(node.facts) else { return node }
        if let done = components[ObjectIdentifier(node)] { return done }
        let result = ComponentNode(
            imports: apply(node.imports), exports: apply(node.exports), importBound: node.importBound,
            exportBound: node.exportBound)
        components[ObjectIdentifier(node)] = result
        return result
    }
}

/// The resources that occur in types and are not bound by them.
struct FreeResources {
    private(set) var found: Set<Int> = []
    private var seen: Set<ObjectIdentifier> = []

    mutating func visit(_ node: ExternNode, bound: Set<Int> = []) {
        guard node.facts.hasResource else { return }
        switch node {
        case .module: return
        case .function(let function): visit(function, bound: bound)
        case .value(let value): visit(value, bound: bound)
        case .type(let type): visit(type, bound: bound)
        case .instance(let instance): visit(instance, bound: bound)
        case .component(let component): visit(component, bound: bound)
        }
    }

    mutating func visit(_ type: TypeNode, bound: Set<Int> = []) {
        switch type {
        case .resource(let reference): add(reference, bound)
        case .value(let node): visit(.defined(node), bound: bound)
        case .function(let node): visit(node, bound: bound)
        case .instance(let node): visit(node, bound: bound)
        case .component(let node): visit(node, bound: bound)
        }
    }

    private mutating func add(_ reference: ResourceReference, _ bound: Set<Int>) {
        if !bound.contains(reference.identity) { found.insert(reference.identity) }
    }

    private mutating func visit(_ value: ValueNode, bound: Set<Int>) {
        guard case .defined(let node) = value, node.facts.hasResource else { return }
        guard seen.insert(ObjectIdentifier(node)).inserted else { return }
        switch node.shape {
        case .own(let reference), .borrow(let reference): add(reference, bound)
        default: for child in node.shape.children { visit(child, bound: bound) }
        }
    }

    private mutating func visit(_ node: FunctionNode, bound: Set<Int>) {
        for parameter in node.parameters { visit(parameter.type, bound: bound) }
        if let result = node.result { visit(result, bound: bound) }
    }

    private mutating func visit(_ node: InstanceNode, bound: Set<Int>) {
        guard seen.insert(ObjectIdentifier(node)).inserted else { return }
        let bound = bound.union(node.bound)
        for export in node.exports.entries { visit(export.value, bound: bound) }
    }

    private mutating func visit(_ node: ComponentNode, bound: Set<Int>) {
        guard seen.insert(ObjectIdentifier(node)).inserted else { return }
        let bound = bound.union(node.importBound).union(node.exportBound)
        for item in node.imports.entries { visit(item.value, bound: bound) }
        for item in node.exports.entries { visit(item.value, bound: bound) }
    }
}
