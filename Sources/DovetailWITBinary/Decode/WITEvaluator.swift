// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes

/// Follows the definitions of a component as far as they bear on its imports and exports.
///
/// Types are closures over their scopes and are evaluated anew for every import, export or instantiation, so that each
/// name has types of its own, as resources demand. Everything lives in arrays: hostile chains cannot exhaust the stack.
/// Core definitions are stepped over.
struct WITEvaluator {
    private(set) var types: [WITTypeNode] = []
    private(set) var instances: [WITInstance] = []
    private var scopes: [WITScope] = []
    /// Where the definition lies that is being followed.
    private(set) var offset = 0
    /// How many more steps may be taken: small files can describe exponentially large components.
    private var fuel = 1_000_000
    private var depth = 0

    init() {}

    // MARK: - Reading

    /// Accounts for a step.
    mutating func spend(_ steps: Int = 1) throws(BinaryError) {
        fuel -= steps
        guard fuel >= 0 else { throw .limit("steps to find a component's WIT", maximum: 1_000_000, at: offset) }
    }

    /// The type at `index` of the space that `node` was defined in.
    func type(_ index: UInt32, from node: Int) throws(BinaryError) -> Int {
        try entry(scopes[types[node].scope].types, index, "type")
    }

    private func entry<Item>(_ space: [Item], _ index: UInt32, _ what: String) throws(BinaryError) -> Item {
        guard Int(index) < space.count else { throw .unknownIndex(index, what, count: space.count, at: offset) }
        return space[Int(index)]
    }

    // MARK: - Components

    /// The imports and exports of a whole component.
    mutating func root(_ binary: ComponentBinary) throws(BinaryError) -> WITInterfaceOfComponent {
        try component(binary, parent: nil, arguments: nil)
    }

    /// The imports and exports of a component type.
    mutating func open(_ component: WITComponent) throws(BinaryError) -> WITInterfaceOfComponent {
        switch component {
        case .definition(let binary, let scope): try self.component(binary, parent: scope, arguments: nil)
        case .type(let declarations, let scope): try evaluate(declarations, parent: scope, arguments: nil)
        }
    }

    private mutating func enter() throws(BinaryError) {
        guard depth < Limits.componentDepth else {
            throw .nestedTooDeeply("components and types", maximum: Limits.componentDepth, at: offset)
        }
        // A scope costs more than a definition.
        try spend(8)
        depth += 1
    }

    private mutating func newScope(parent: Int?) -> Int {
        scopes.append(WITScope(parent: parent))
        return scopes.count - 1
    }

    private mutating func component(
        _ binary: ComponentBinary, parent: Int?, arguments: WITInstance?
    ) throws(BinaryError) -> WITInterfaceOfComponent {
        try enter()
        defer { depth -= 1 }
        let scope = newScope(parent: parent)
        var result = WITInterfaceOfComponent()
        for definition in binary.definitions {
            try spend()
            offset = definition.offset
            switch definition.value {
            case .coreModule, .coreInstance, .coreType, .start, .value: continue
            case .component(let nested): scopes[scope].components.append(.definition(nested, scope: scope))
            case .instance(let expression):
                let instance = try instance(expression, in: scope)
                scopes[scope].instances.append(instance)
            case .alias(let alias): try self.alias(alias, in: scope)
            case .type(let type): try define(type, in: scope)
            case .canonical(.lift(_, _, let type)):
                scopes[scope].functions.append(try functionType(type, in: scope))
            case .canonical: continue
            case .import(let item):
                let found = try imported(item.name, item.type, arguments, in: scope)
                result.imports.append(WITEntry(name: item.name, item: found))
            case .export(let item):
                let found = try exported(item, in: scope)
                append(found, to: scope)
                result.exports.add(WITEntry(name: item.name, item: found))
            }
        }
        return result
    }

    private mutating func exported(_ export: ExportDefinition, in scope: Int) throws(BinaryError) -> WITItem {
        if let type = export.type { return try introduce(type, in: scope) }
        let item = try item(export.item, in: scope)
        guard case .type(let type) = item else { return item }
        return .type(try rename(type))
    }

    private mutating func imported(
        _ name: ExternName, _ type: ExternTypeReference, _ arguments: WITInstance?, in scope: Int
    ) throws(BinaryError) -> WITItem {
        let item: WITItem
        if let arguments {
            guard let argument = arguments[name.name] else { throw .missing("import named `\(name.name)`", at: offset) }
            item = argument
        } else {
            item = try introduce(type, in: scope)
        }
        append(item, to: scope)
        return item
    }

    private mutating func append(_ item: WITItem, to scope: Int) {
        switch item {
        case .type(let type): scopes[scope].types.append(type)
        case .function(let type): scopes[scope].functions.append(type)
        case .instance(let instance): scopes[scope].instances.append(instance)
        case .component(let component): scopes[scope].components.append(component)
        case .other: break
        }
    }

    private mutating func instance(_ expression: InstanceExpression, in scope: Int) throws(BinaryError) -> Int {
        var list = WITInstance()
        switch expression {
        case .exports(let exports):
            for export in exports {
                try spend()
                list.add(WITEntry(name: export.name, item: try item(export.item, in: scope)))
            }
        case .instantiate(let index, let arguments):
            let component = try entry(scopes[scope].components, index, "component")
            var supplied = WITInstance()
            for argument in arguments {
                try spend()
                supplied.add(
                    WITEntry(name: ExternName(name: argument.name), item: try item(argument.item, in: scope)))
            }
            switch component {
            case .definition(let binary, let parent):
                list = try self.component(binary, parent: parent, arguments: supplied).exports
            case .type(let declarations, let parent):
                list = try evaluate(declarations, parent: parent, arguments: supplied).exports
            }
        }
        instances.append(list)
        return instances.count - 1
    }

    private func item(_ item: SortIndex, in scope: Int) throws(BinaryError) -> WITItem {
        switch item.sort {
        case .core, .value: .other
        case .function: .function(try entry(scopes[scope].functions, item.index, "function"))
        case .type: .type(try entry(scopes[scope].types, item.index, "type"))
        case .component: .component(try entry(scopes[scope].components, item.index, "component"))
        case .instance: .instance(try entry(scopes[scope].instances, item.index, "instance"))
        }
    }

    private mutating func alias(_ alias: Alias, in scope: Int) throws(BinaryError) {
        switch alias.target {
        case .coreExport: return
        case .export(let index, let name):
            if case .core = alias.sort { return }
            if case .value = alias.sort { return }
            let instance = try entry(scopes[scope].instances, index, "instance")
            guard let item = instances[instance][name] else {
                throw .missing("export: instance \(index) has no export named `\(name)`", at: offset)
            }
            switch (alias.sort, item) {
            case (.type, .type), (.function, .function), (.instance, .instance), (.component, .component):
                append(item, to: scope)
            default:
                throw .typeMismatch("export `\(name)` of instance \(index) is not a \(alias.sort)", at: offset)
            }
        case .outer(let count, let index):
            var target = scope
            for _ in 0..<count {
                try spend()
                guard let parent = scopes[target].parent else {
                    throw .invalid("invalid outer alias count of \(count)", at: offset)
                }
                target = parent
            }
            switch alias.sort {
            case .type: scopes[scope].types.append(try entry(scopes[target].types, index, "type"))
            case .component:
                scopes[scope].components.append(try entry(scopes[target].components, index, "component"))
            default: break
            }
        }
    }

    // MARK: - Types

    /// The imports and exports of a component type, or the exports of an instance type, with types of their own.
    private mutating func evaluate(
        _ declarations: [Located<TypeDeclaration>], parent: Int, arguments: WITInstance?
    ) throws(BinaryError) -> WITInterfaceOfComponent {
        try enter()
        defer { depth -= 1 }
        let scope = newScope(parent: parent)
        var result = WITInterfaceOfComponent()
        for declaration in declarations {
            try spend()
            offset = declaration.offset
            switch declaration.value {
            case .coreType: continue
            case .type(let type): try define(type, in: scope)
            case .alias(let alias): try self.alias(alias, in: scope)
            case .import(let item):
                let found = try imported(item.name, item.type, arguments, in: scope)
                result.imports.append(WITEntry(name: item.name, item: found))
            case .export(let item):
                let found = try introduce(item.type, in: scope)
                append(found, to: scope)
                result.exports.add(WITEntry(name: item.name, item: found))
            }
        }
        return result
    }

    private mutating func introduce(_ type: ExternTypeReference, in scope: Int) throws(BinaryError) -> WITItem {
        switch type {
        case .coreModule, .value: return .other
        case .function(let index): return .function(try functionType(index, in: scope))
        case .type(.equal(let index)): return .type(try rename(try entry(scopes[scope].types, index, "type")))
        case .type(.subResource): return .type(add(WITTypeNode(shape: .resource, scope: scope)))
        case .component(let index):
            let node = types[try entry(scopes[scope].types, index, "type")]
            guard case .component(let declarations) = node.shape else {
                throw .typeMismatch("type index \(index) is not a component type", at: offset)
            }
            return .component(.type(declarations, scope: node.scope))
        case .instance(let index):
            let node = types[try entry(scopes[scope].types, index, "type")]
            guard case .instance(let declarations) = node.shape else {
                throw .typeMismatch("type index \(index) is not an instance type", at: offset)
            }
            let exports = try evaluate(declarations, parent: node.scope, arguments: nil).exports
            instances.append(exports)
            return .instance(instances.count - 1)
        }
    }

    private func functionType(_ index: UInt32, in scope: Int) throws(BinaryError) -> Int {
        let node = try entry(scopes[scope].types, index, "type")
        guard case .function = types[node].shape else {
            throw .typeMismatch("type index \(index) is not a function type", at: offset)
        }
        return node
    }

    private mutating func add(_ node: WITTypeNode) -> Int {
        types.append(node)
        return types.count - 1
    }

    /// The same type under another name.
    private mutating func rename(_ type: Int) throws(BinaryError) -> Int {
        try spend()
        var node = types[type]
        node.origin = type
        return add(node)
    }

    private mutating func define(_ definition: ComponentTypeDefinition, in scope: Int) throws(BinaryError) {
        let shape: WITTypeNode.Shape
        switch definition {
        case .value(let type):
            // A definition refers to earlier ones, so types are finite.
            let count = scopes[scope].types.count
            for index in type.references where Int(index) >= count {
                throw .unknownIndex(index, "type", count: count, at: offset)
            }
            shape = .value(type)
        case .function(let type): shape = .function(type)
        case .resource: shape = .resource
        case .component(let declarations): shape = .component(declarations)
        case .instance(let declarations): shape = .instance(declarations)
        }
        scopes[scope].types.append(add(WITTypeNode(shape: shape, scope: scope)))
    }
}

extension DefinedValueType {
    /// The type indices it mentions.
    var references: [UInt32] {
        func index(_ type: ValueTypeReference?) -> [UInt32] {
            if case .index(let index)? = type { [index] } else { [] }
        }
        return switch self {
        case .primitive, .flags, .enum: []
        case .record(let fields): fields.flatMap { index($0.type) }
        case .variant(let cases): cases.flatMap { index($0.type) }
        case .tuple(let elements): elements.flatMap { index($0) }
        case .list(let element), .fixedLengthList(let element, _), .option(let element): index(element)
        case .result(let ok, let error): index(ok) + index(error)
        case .own(let type), .borrow(let type): [type]
        case .stream(let payload), .future(let payload): index(payload)
        case .map(let key, let value): index(key) + index(value)
        }
    }
}
