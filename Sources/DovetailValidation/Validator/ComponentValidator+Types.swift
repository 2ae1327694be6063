// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes

// Type definitions. (Binary.md, "Type Definitions")
extension ComponentValidator {
    mutating func type(_ definition: ComponentTypeDefinition) throws(BinaryError) -> TypeNode {
        let start = offset
        let node: TypeNode
        switch definition {
        case .value(let type): node = .value(try defined(type))
        case .function(let type): node = .function(try function(type))
        case .resource(let type): return .resource(try resource(type))
        case .component(let declarations):
            scopes.append(Scope(.componentType))
            try check(declarations)
            offset = start
            node = .component(try closeComponent())
        case .instance(let declarations):
            scopes.append(Scope(.instanceType))
            try check(declarations)
            offset = start
            let scope = scopes.removeLast()
            node = .instance(
                InstanceNode(exports: scope.exports, bound: Self.used(scope.created, in: scope.exports)))
        }
        try bounded(node.facts)
        if case .instance = definition { try charge(node.facts.weight) }
        return node
    }

    private mutating func check(_ declarations: [Located<TypeDeclaration>]) throws(BinaryError) {
        let scope = scope
        for declaration in declarations {
            offset = declaration.offset
            do throws(BinaryError) {
                try check(declaration.value)
            } catch {
                throw error.inside(scope.step(to: declaration.value))
            }
        }
    }

    private mutating func check(_ declaration: TypeDeclaration) throws(BinaryError) {
        switch declaration {
        case .coreType(let type): try coreType(type)
        case .type(.resource):
            throw .invalid("resources can only be defined within a concrete component", at: offset)
        case .type(let type): scope.types.append(try self.type(type))
        case .alias(let alias): try self.alias(alias)
        case .import(let item): try self.import(item.name, item.type)
        case .export(let item): try declareExport(item)
        }
    }

    private mutating func resource(_ type: ResourceTypeDefinition) throws(BinaryError) -> ResourceReference {
        guard scope.kind == .component else {
            throw .invalid("resources can only be defined within a concrete component", at: offset)
        }
        switch type.representation {
        case .i32: break
        case .i64: try require(.wideResources, "a resource represented by `i64`")
        default: throw .invalid("resources can only be represented by `i32`", at: offset)
        }
        if let destructor = type.destructor {
            let id = try entry(scope.coreFunctions, destructor, "core function")
            guard store.function(id) == CoreFunctionType(parameters: [type.representation], results: []) else {
                throw .typeMismatch(
                    "wrong signature for a destructor; expected `(func (param \(type.representation)))`", at: offset)
            }
        }
        let fresh = freshResource()
        scope.created.append(fresh.identity)
        scope.local[fresh.identity] = type.representation
        return fresh
    }

    func valueType(_ reference: ValueTypeReference) throws(BinaryError) -> ValueNode {
        switch reference {
        case .primitive(let type):
            if type == .errorContext { try require(.errorContext, "`error-context`") }
            return .primitive(type)
        case .index(let index):
            guard case .value(let node) = try entry(scope.types, index, "type") else {
                throw .typeMismatch("type index \(index) is not a defined type", at: offset)
            }
            return .defined(node)
        }
    }

    func optional(_ reference: ValueTypeReference?) throws(BinaryError) -> ValueNode? {
        guard let reference else { return nil }
        return try valueType(reference)
    }

    /// The resource that a type index means.
    func resourceType(_ index: UInt32) throws(BinaryError) -> ResourceReference {
        guard case .resource(let reference) = try entry(scope.types, index, "type") else {
            throw .typeMismatch("type index \(index) is not a resource type", at: offset)
        }
        return reference
    }

    private func function(_ type: FunctionTypeDefinition) throws(BinaryError) -> FunctionNode {
        if type.isAsync { try require(.async, "an async function type") }
        try uniqueLabels(type.parameters.map(\.label), "function parameter")
        var parameters: [(label: String, type: ValueNode)] = []
        for parameter in type.parameters { parameters.append((parameter.label, try valueType(parameter.type))) }
        let result = try optional(type.result)
        if let result, result.facts.hasBorrow {
            throw .invalid("function result cannot contain a `borrow` type", at: offset)
        }
        return FunctionNode(isAsync: type.isAsync, parameters: parameters, result: result)
    }

    private func uniqueLabels(_ labels: [String], _ what: String) throws(BinaryError) {
        var seen: [String: String] = [:]
        for label in labels {
            guard !label.isEmpty else { throw .name("\(what) name cannot be empty", at: offset) }
            guard ExternName.isLabel(label) else {
                throw .name("\(what) name `\(label)` is not in kebab case", at: offset)
            }
            if let previous = seen.updateValue(label, forKey: ExternName.canonical(label)) {
                throw .conflict("\(what) name", label, previous, at: offset)
            }
        }
    }

    private func nonEmpty(_ count: Int, _ what: String) throws(BinaryError) {
        guard count > 0 else { throw .invalid("\(what) type must have at least one member", at: offset) }
    }

    private func defined(_ type: DefinedValueType) throws(BinaryError) -> DefinedNode {
        let node = DefinedNode(try shape(type))
        guard node.wide.size < Limits.valueSize else {
            throw .limit(
                "bytes of a value in memory: it exceeds the maximum byte size", maximum: Limits.valueSize - 1,
                at: offset)
        }
        return node
    }

    private func shape(_ type: DefinedValueType) throws(BinaryError) -> DefinedShape {
        switch type {
        case .primitive(let primitive):
            _ = try valueType(.primitive(primitive))
            return .primitive(primitive)
        case .record(let fields):
            try nonEmpty(fields.count, "record")
            try uniqueLabels(fields.map(\.label), "record field")
            var result: [(label: String, type: ValueNode)] = []
            for field in fields { result.append((field.label, try valueType(field.type))) }
            return .record(result)
        case .variant(let cases):
            try nonEmpty(cases.count, "variant")
            try uniqueLabels(cases.map(\.label), "variant case")
            var result: [(label: String, type: ValueNode?)] = []
            for item in cases { result.append((item.label, try optional(item.type))) }
            return .variant(result)
        case .list(let element): return .list(try valueType(element))
        case .fixedLengthList(let element, let count):
            try require(.fixedLengthLists, "a list of fixed length")
            guard count > 0 else {
                throw .invalid("lists of fixed length must have more than zero elements", at: offset)
            }
            return .fixedLengthList(try valueType(element), count)
        case .tuple(let elements):
            try nonEmpty(elements.count, "tuple")
            var result: [ValueNode] = []
            for element in elements { result.append(try valueType(element)) }
            return .tuple(result)
        case .flags(let labels):
            try nonEmpty(labels.count, "flags")
            guard labels.count <= Limits.flags else {
                throw .invalid("cannot have more than \(Limits.flags) flags", at: offset)
            }
            try uniqueLabels(labels, "flag")
            return .flags(labels)
        case .enum(let labels):
            try nonEmpty(labels.count, "enum")
            try uniqueLabels(labels, "enum tag")
            return .enum(labels)
        case .option(let payload): return .option(try valueType(payload))
        case .result(let ok, let error): return .result(ok: try optional(ok), error: try optional(error))
        case .own(let index): return .own(try resourceType(index))
        case .borrow(let index): return .borrow(try resourceType(index))
        case .stream(let payload):
            try require(.async, "`stream`")
            let node = try self.payload(payload, "stream")
            if node?.primitive == .char {
                throw .invalid("`stream<char>` is not valid at this time, use `stream<u8>` instead", at: offset)
            }
            return .stream(node)
        case .future(let payload):
            try require(.async, "`future`")
            return .future(try self.payload(payload, "future"))
        case .map(let key, let value):
            try require(.map, "`map`")
            let keyNode = try valueType(key)
            switch keyNode.primitive {
            case .bool, .s8, .u8, .s16, .u16, .s32, .u32, .s64, .u64, .char, .string: break
            default: throw .invalid("a map's key must be a bool, an integer, a char or a string", at: offset)
            }
            return .map(keyNode, try valueType(value))
        }
    }

    private func payload(_ reference: ValueTypeReference?, _ what: String) throws(BinaryError) -> ValueNode? {
        let node = try optional(reference)
        if let node, node.facts.hasBorrow {
            throw .invalid("`\(what)` payload cannot contain a `borrow` type", at: offset)
        }
        return node
    }
}

// Core types. (Binary.md, `core:deftype`)
extension ComponentValidator {
    mutating func coreType(_ definition: CoreTypeDefinition) throws(BinaryError) {
        switch definition {
        case .recursive(let group):
            scope.coreTypes += try store.add(group, space: scope.coreTypes, at: offset).map { .type($0) }
        case .module(let declarations): scope.coreTypes.append(.module(try moduleType(declarations)))
        }
    }

    private mutating func moduleType(
        _ declarations: [Located<ModuleDeclaration>]
    ) throws(BinaryError) -> ModuleNode {
        var types: [Scope.CoreType] = []
        var imports: [ModuleNode.Import] = []
        var seen: Set<ModuleNode.ImportName> = []
        var exports = NamedList<CoreExternType>()
        for declaration in declarations {
            offset = declaration.offset
            switch declaration.value {
            case .type(.recursive(let group)): types += try store.add(group, space: types, at: offset).map { .type($0) }
            case .type(.module): throw .invalid("a module type cannot hold a module type", at: offset)
            case .outerAlias(let count, let index):
                // Scope 0 is the module type itself.
                guard count > 0 else {
                    types.append(try entry(types, index, "core type"))
                    continue
                }
                guard Int(count) <= scopes.count else {
                    throw .invalid("invalid outer alias count of \(count)", at: offset)
                }
                guard
                    case .type(let id) = try entry(scopes[scopes.count - Int(count)].coreTypes, index, "core type")
                else { throw .typeMismatch("core type index \(index) is a module type", at: offset) }
                types.append(.type(id))
            case .import(let module, let name, let type):
                guard seen.insert(ModuleNode.ImportName(module, name)).inserted else {
                    throw .name("duplicate import name `\(module):\(name)`", at: offset)
                }
                imports.append(ModuleNode.Import(module: module, name: name, type: try resolve(type, types)))
            case .export(let name, let type):
                guard exports.add(name, try resolve(type, types)) else {
                    throw .name("export name `\(name)` is already defined", at: offset)
                }
            }
        }
        return ModuleNode(imports: imports, exports: exports)
    }

    private func resolve(
        _ type: CoreExternType, _ types: [Scope.CoreType]
    ) throws(BinaryError) -> CoreExternType {
        let resolved = try type.mapIndices { index throws(BinaryError) in
            guard case .type(let id) = try entry(types, index, "core type") else {
                throw .typeMismatch("core type index \(index) is a module type", at: offset)
            }
            return id
        }
        switch resolved {
        case .function(let id, _), .tag(let id):
            guard store.function(id) != nil else {
                throw .typeMismatch("core type index is not a function type", at: offset)
            }
        case .memory(let memory):
            let log2 = UInt64(memory.pageSizeLog2 ?? 16)
            let most: UInt64 =
                memory.limits.is64 ? (log2 >= 16 ? 1 << (64 - min(log2, 63)) : .max) : log2 > 32 ? 1 : 1 << (32 - log2)
            guard memory.limits.minimum <= most, (memory.limits.maximum ?? 0) <= most else {
                throw .invalid("memory size must be at most \(most) pages", at: offset)
            }
            try checkOrder(memory.limits)
        case .table(let table): try checkOrder(table.limits)
        case .global(let global): try store.check(global.type, at: offset)
        }
        return resolved
    }

    private func checkOrder(_ limits: CoreLimits) throws(BinaryError) {
        if let maximum = limits.maximum, maximum < limits.minimum {
            throw .invalid("the minimum size must not be greater than the maximum", at: offset)
        }
    }
}
