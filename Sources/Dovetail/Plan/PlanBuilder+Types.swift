// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

extension PlanBuilder {
    /// Evaluates a type definition; value types are interned in the plan's table.
    mutating func type(
        _ definition: ComponentTypeDefinition, in scope: Scope, at offset: Int, depth: Int
    ) throws(ComponentError) -> TypeItem {
        switch definition {
        case .value(let value): return .value(try valueType(value, in: scope, at: offset))
        case .function(let function): return .function(try functionType(function, in: scope, at: offset))
        case .component(let declarations): return .component(declarations, scope)
        case .instance(let declarations): return .instance(declarations, scope)
        case .resource(let resource):
            guard let owner = scope.componentInstance else {
                throw .invalid("a resource type can only be defined by a component", at: offset)
            }
            guard resource.representation == .i32 else {
                throw .unsupported("a resource representation other than i32", at: offset)
            }
            var destructor: CoreItem?
            if let index = resource.destructor { destructor = try coreFunction(index, in: scope, at: offset) }
            let id = addResource(name: Self.unnamed, .defined(componentInstance: owner, destructor: destructor))
            plan.initializers.append(.resource(plan.resources.count - 1))
            return .resource(id)
        }
    }

    /// A new resource type of the plan.
    mutating func addResource(name: String, _ origin: ComponentPlan.ResourcePlan.Origin) -> TypeID {
        let id = plan.types.append(TypeDefinition(kind: .resource, name: name))
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
        plan.types[id].name = name
    }

    private static var unnamed: String { "resource" }

    /// The type of a function definition.
    mutating func functionType(
        _ definition: FunctionTypeDefinition, in scope: Scope, at offset: Int
    ) throws(ComponentError) -> FunctionType {
        var parameters: [FunctionType.Parameter] = []
        for parameter in definition.parameters {
            let type = try valueType(parameter.type, in: scope, at: offset)
            parameters.append(FunctionType.Parameter(name: parameter.label, type: type))
        }
        let result = try optional(definition.result, in: scope, at: offset)
        return FunctionType(parameters: parameters, result: result, isAsync: definition.isAsync)
    }

    /// The type that a reference names.
    func valueType(
        _ reference: ValueTypeReference, in scope: Scope, at offset: Int
    ) throws(ComponentError) -> ValueType {
        switch reference {
        case .primitive(let type): return type
        case .index(let index):
            let item = try element(scope.types, index, "type", at: offset)
            guard case .value(let type) = item else {
                throw .wrongType(expected: "a value type", found: item.kindName, at: offset)
            }
            return type
        }
    }

    private func optional(
        _ reference: ValueTypeReference?, in scope: Scope, at offset: Int
    ) throws(ComponentError) -> ValueType? {
        guard let reference else { return nil }
        return try valueType(reference, in: scope, at: offset)
    }

    private func resource(_ index: UInt32, in scope: Scope, at offset: Int) throws(ComponentError) -> TypeID {
        let item = try element(scope.types, index, "type", at: offset)
        guard case .resource(let id) = item else {
            throw .wrongType(expected: "a resource type", found: item.kindName, at: offset)
        }
        return id
    }

    /// The position in the plan of the resource type at `index`.
    func resourceIndex(_ index: UInt32, in scope: Scope, at offset: Int) throws(ComponentError) -> Int {
        let id = try resource(index, in: scope, at: offset)
        guard let position = plan.resourceIndex[id] else {
            throw .wrongType(expected: "a resource type", found: "a type of no component", at: offset)
        }
        return position
    }

    /// The payload type of the stream or future type at `index`.
    func payload(
        _ index: UInt32, isStream: Bool, in scope: Scope, at offset: Int
    ) throws(ComponentError) -> ValueType? {
        let type = try valueType(.index(index), in: scope, at: offset)
        switch plan.types.resolvedKind(of: type) {
        case .stream(let element) where isStream: return element
        case .future(let element) where !isStream: return element
        default:
            throw .wrongType(
                expected: isStream ? "a stream type" : "a future type", found: "another value type", at: offset)
        }
    }

    private mutating func valueType(
        _ definition: DefinedValueType, in scope: Scope, at offset: Int
    ) throws(ComponentError) -> ValueType {
        let kind: TypeKind
        switch definition {
        case .primitive(let type): return type
        case .record(let fields):
            var result: [Field] = []
            for field in fields {
                result.append(Field(name: field.label, type: try valueType(field.type, in: scope, at: offset)))
            }
            kind = .record(result)
        case .variant(let cases):
            var result: [Case] = []
            for one in cases {
                result.append(Case(name: one.label, type: try optional(one.type, in: scope, at: offset)))
            }
            kind = .variant(result)
        case .list(let element): kind = .list(try valueType(element, in: scope, at: offset))
        case .fixedLengthList(let element, let count):
            kind = .fixedLengthList(try valueType(element, in: scope, at: offset), count: count)
        case .tuple(let elements):
            var result: [ValueType] = []
            for element in elements { result.append(try valueType(element, in: scope, at: offset)) }
            kind = .tuple(result)
        case .flags(let labels): kind = .flags(labels.map { Label(name: $0) })
        case .enum(let labels): kind = .enum(labels.map { Label(name: $0) })
        case .option(let element): kind = .option(try valueType(element, in: scope, at: offset))
        case .result(let ok, let error):
            kind = .result(
                ok: try optional(ok, in: scope, at: offset), error: try optional(error, in: scope, at: offset))
        case .own(let index): kind = .own(try resource(index, in: scope, at: offset))
        case .borrow(let index): kind = .borrow(try resource(index, in: scope, at: offset))
        case .stream(let element): kind = .stream(try optional(element, in: scope, at: offset))
        case .future(let element): kind = .future(try optional(element, in: scope, at: offset))
        case .map(let key, let value):
            kind = .map(
                key: try valueType(key, in: scope, at: offset), value: try valueType(value, in: scope, at: offset))
        }
        return .defined(plan.types.intern(kind))
    }
}

extension TypeItem {
    /// What kind of type it is, for messages.
    var kindName: String {
        switch self {
        case .value: "a value type"
        case .resource: "a resource type"
        case .function: "a function type"
        case .instance: "an instance type"
        case .component: "a component type"
        }
    }
}
