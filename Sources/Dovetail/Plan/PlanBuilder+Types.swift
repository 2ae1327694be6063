// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailValidation

// The plan's types; value types are interned in its table.
extension PlanBuilder {
    /// The plan's type for an entry of a type index space.
    mutating func type(_ type: TypeNode, in scope: Scope) -> TypeItem {
        switch type {
        case .value(let node): .value(valueType(.defined(node), in: scope))
        case .resource(let reference): .resource(resource(reference, in: scope))
        case .function(let node): .function(functionType(node, in: scope))
        case .instance: .instance
        case .component: .component
        }
    }

    /// Adds a resource that the component defines.
    mutating func addResource(
        _ reference: ResourceReference, _ definition: ResourceTypeDefinition, to scope: Scope, at offset: Int
    ) throws(ComponentError) {
        guard definition.representation == .i32 else {
            throw .unsupported("a resource representation other than i32", at: offset)
        }
        let destructor = definition.destructor.map { coreFunction($0, in: scope) }
        scope.resources[reference.identity] = addResource(
            name: Self.unnamed,
            .defined(componentInstance: scope.componentInstance, destructor: destructor))
        plan.initializers.append(.resource(plan.resources.count - 1))
    }

    /// A new resource type of the plan.
    mutating func addResource(name: String, _ origin: ComponentPlan.ResourcePlan.Origin) -> TypeID {
        let id = layouts.table.append(TypeDefinition(kind: .resource, name: name))
        plan.resourceIndex[id] = plan.resources.count
        plan.resources.append(ComponentPlan.ResourcePlan(type: id, name: name, origin: origin))
        return id
    }

    /// Lets a resource that the component defines be called as its first export, in messages.
    mutating func name(_ item: Item, _ name: String) {
        guard case .type(.resource(let id)) = item, let index = plan.resourceIndex[id],
            plan.resources[index].name == Self.unnamed
        else { return }
        plan.resources[index].name = name
        layouts.table[id].name = name
    }

    private static var unnamed: String { "resource" }

    /// What a resource of the component is in this instance of it.
    func resource(_ reference: ResourceReference, in scope: Scope) -> TypeID {
        guard let id = scope.resources[reference.identity] else {
            preconditionFailure("a resource is introduced before it is used")
        }
        return id
    }

    /// The position in the plan of a resource.
    func resourceIndex(_ reference: ResourceReference, in scope: Scope) -> Int {
        guard let index = plan.resourceIndex[resource(reference, in: scope)] else {
            preconditionFailure("every resource has a position")
        }
        return index
    }

    /// The plan's function type.
    mutating func functionType(_ node: FunctionNode, in scope: Scope) -> FunctionType {
        var parameters: [FunctionType.Parameter] = []
        for parameter in node.parameters {
            parameters.append(FunctionType.Parameter(name: parameter.label, type: valueType(parameter.type, in: scope)))
        }
        return FunctionType(
            parameters: parameters, result: optional(node.result, in: scope), isAsync: node.isAsync)
    }

    /// The plan's type of an optional one.
    mutating func optional(_ node: ValueNode?, in scope: Scope) -> ValueType? {
        guard let node else { return nil }
        return valueType(node, in: scope)
    }

    /// The plan's value type. Validation has limited how deep types nest.
    mutating func valueType(_ node: ValueNode, in scope: Scope) -> ValueType {
        guard case .defined(let node) = node else { return node.primitive ?? .bool }
        let key = ObjectIdentifier(node)
        if let known = node.facts.hasResource ? scope.types[key] : types[key] { return known }
        let type = type(of: node.shape, in: scope)
        if node.facts.hasResource { scope.types[key] = type } else { types[key] = type }
        return type
    }

    private mutating func type(of shape: DefinedShape, in scope: Scope) -> ValueType {
        let kind: TypeKind
        switch shape {
        case .primitive(let type): return type
        case .record(let fields):
            var result: [Field] = []
            for field in fields { result.append(Field(name: field.label, type: valueType(field.type, in: scope))) }
            kind = .record(result)
        case .variant(let cases):
            var result: [Case] = []
            for item in cases { result.append(Case(name: item.label, type: optional(item.type, in: scope))) }
            kind = .variant(result)
        case .list(let element): kind = .list(valueType(element, in: scope))
        case .fixedLengthList(let element, let count):
            kind = .fixedLengthList(valueType(element, in: scope), count: count)
        case .tuple(let elements):
            var result: [ValueType] = []
            for element in elements { result.append(valueType(element, in: scope)) }
            kind = .tuple(result)
        case .flags(let labels): kind = .flags(labels.map { Label(name: $0) })
        case .enum(let labels): kind = .enum(labels.map { Label(name: $0) })
        case .option(let payload): kind = .option(valueType(payload, in: scope))
        case .result(let ok, let error):
            let success = optional(ok, in: scope)
            kind = .result(ok: success, error: optional(error, in: scope))
        case .own(let reference): kind = .own(resource(reference, in: scope))
        case .borrow(let reference): kind = .borrow(resource(reference, in: scope))
        case .stream(let payload): kind = .stream(optional(payload, in: scope))
        case .future(let payload): kind = .future(optional(payload, in: scope))
        case .map(let key, let value):
            let first = valueType(key, in: scope)
            kind = .map(key: first, value: valueType(value, in: scope))
        }
        return .defined(layouts.table.intern(kind))
    }
}
