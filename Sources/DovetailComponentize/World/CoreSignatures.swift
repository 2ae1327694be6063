// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import DovetailWITReader

/// Works out the core functions that stand for functions of the world. (CanonicalABI.md, "Flattening")
struct CoreSignatures {
    private let graph: PackageGraph
    private let layouts: LayoutCache
    private let is64: Bool

    init(_ graph: PackageGraph, is64: Bool) {
        self.graph = graph
        layouts = LayoutCache(graph.types)
        self.is64 = is64
    }

    /// How an export is called.
    enum Lifting: Hashable, Sendable {
        case sync
        /// The event loop is the caller's; the function says what it waits for.
        case callback
        /// The function has a stack of its own, and waits on it.
        case stackful
    }

    /// A core function, and what goes through memory.
    struct Signature {
        var type: CoreFunctionType
        var parametersInMemory: Bool
        var resultInMemory: Bool
    }

    private var pointer: CoreValueType { is64 ? .i64 : .i32 }

    private func layout(of type: ValueType, _ name: String) throws(ComponentizeError) -> ValueLayout {
        do throws(LayoutError) {
            return try layouts.layout(of: type)
        } catch {
            throw ComponentizeError(.world, "the types of `\(name)` cannot be passed", cause: error)
        }
    }

    private func flat(_ types: [ValueType], _ name: String) throws(ComponentizeError) -> [CoreValueType] {
        var parts: [ValueLayout] = []
        for type in types { parts.append(try layout(of: type, name)) }
        let function = FunctionLayout(parameters: parts, names: parts.map { _ in "" }, result: nil)
        return function.flatParameters(is64).map { type in
            switch type {
            case .i32: .i32
            case .i64: .i64
            case .f32: .f32
            case .f64: .f64
            }
        }
    }

    /// The core function that a module imports to call `function`.
    func lowered(_ function: FunctionDefinition, isAsync: Bool) throws(ComponentizeError) -> Signature {
        var parameters = try flat(function.parameters.map(\.type), function.name)
        var results = try flat(function.result.map { [$0] } ?? [], function.name)
        let limit = isAsync ? CanonicalLayout.maxFlatAsyncParameters : CanonicalLayout.maxFlatParameters
        let parametersInMemory = parameters.count > limit
        if parametersInMemory { parameters = [pointer] }
        let resultInMemory = isAsync ? function.result != nil : results.count > CanonicalLayout.maxFlatResults
        if resultInMemory {
            parameters.append(pointer)
            results = []
        }
        if isAsync { results = [.i32] }
        return Signature(
            type: CoreFunctionType(parameters: parameters, results: results),
            parametersInMemory: parametersInMemory, resultInMemory: resultInMemory)
    }

    /// The core function that a module exports to implement `function`.
    func lifted(_ function: FunctionDefinition, _ lifting: Lifting) throws(ComponentizeError) -> Signature {
        var parameters = try flat(function.parameters.map(\.type), function.name)
        let parametersInMemory = parameters.count > CanonicalLayout.maxFlatParameters
        if parametersInMemory { parameters = [pointer] }
        var results: [CoreValueType] = []
        var resultInMemory = false
        switch lifting {
        case .sync:
            results = try flat(function.result.map { [$0] } ?? [], function.name)
            resultInMemory = results.count > CanonicalLayout.maxFlatResults
            if resultInMemory { results = [pointer] }
        case .callback: results = [.i32]
        case .stackful: break
        }
        return Signature(
            type: CoreFunctionType(parameters: parameters, results: results),
            parametersInMemory: parametersInMemory, resultInMemory: resultInMemory)
    }

    /// The core function that a module calls with the result of `function`.
    func taskReturn(_ function: FunctionDefinition) throws(ComponentizeError) -> Signature {
        var parameters = try flat(function.result.map { [$0] } ?? [], function.name)
        let isInMemory = parameters.count > CanonicalLayout.maxFlatParameters
        if isInMemory { parameters = [pointer] }
        return Signature(
            type: CoreFunctionType(parameters: parameters, results: []), parametersInMemory: isInMemory,
            resultInMemory: false)
    }

    /// What is called when the result of an export has been read.
    func postReturn(_ function: FunctionDefinition) throws(ComponentizeError) -> CoreFunctionType {
        CoreFunctionType(parameters: try lifted(function, .sync).type.results, results: [])
    }

    /// The allocator.
    var realloc: CoreFunctionType {
        CoreFunctionType(parameters: [pointer, pointer, pointer, pointer], results: [pointer])
    }

    /// What a callback looks like.
    static let callback = CoreFunctionType(parameters: [.i32, .i32, .i32], results: [.i32])

    /// What a function needs of the module that it is called by or that implements it.
    func needs(lowering function: FunctionDefinition, isAsync: Bool) throws(ComponentizeError) -> CanonicalNeeds {
        var needs = CanonicalNeeds()
        for parameter in function.parameters { needs.formUnion(contents(parameter.type).whenRead) }
        if let result = function.result { needs.formUnion(contents(result).whenWritten) }
        let signature = try lowered(function, isAsync: isAsync)
        if signature.parametersInMemory || signature.resultInMemory { needs.insert(.memory) }
        return needs
    }

    /// What an export needs of the module that implements it.
    func needs(lifting function: FunctionDefinition, _ lifting: Lifting) throws(ComponentizeError) -> CanonicalNeeds {
        var needs = CanonicalNeeds()
        for parameter in function.parameters { needs.formUnion(contents(parameter.type).whenWritten) }
        let signature = try lifted(function, lifting)
        if signature.parametersInMemory { needs.formUnion([.memory, .realloc]) }
        if let result = function.result { needs.formUnion(contents(result).whenRead) }
        var resultInMemory = signature.resultInMemory
        if lifting != .sync { resultInMemory = try taskReturn(function).parametersInMemory }
        if resultInMemory { needs.insert(.memory) }
        return needs
    }

    /// What returning a task's result needs.
    func needs(returning function: FunctionDefinition) throws(ComponentizeError) -> CanonicalNeeds {
        var needs = function.result.map { contents($0).whenRead } ?? []
        if try taskReturn(function).parametersInMemory { needs.insert(.memory) }
        return needs
    }

    /// What moving elements of a stream or future needs.
    func needs(element: ValueType?, isRead: Bool) -> CanonicalNeeds {
        guard let element else { return .memory }
        let contents = contents(element)
        return (isRead ? contents.whenWritten : contents.whenRead).union(.memory)
    }

    /// What values of a type have inside.
    private struct Contents {
        var hasPointers = false
        var hasStrings = false

        /// What reading such a value out of the module needs.
        var whenRead: CanonicalNeeds {
            var needs: CanonicalNeeds = hasPointers ? .memory : []
            if hasStrings { needs.insert(.strings) }
            return needs
        }

        /// What writing such a value into the module needs.
        var whenWritten: CanonicalNeeds { hasPointers ? whenRead.union(.realloc) : whenRead }
    }

    private final class ContentsCache {
        var known: [TypeID: Contents] = [:]
    }

    private let contentsCache = ContentsCache()

    private func contents(_ type: ValueType) -> Contents {
        switch type {
        case .string: return Contents(hasPointers: true, hasStrings: true)
        case .defined(let id):
            if let known = contentsCache.known[id] { return known }
            var result = Contents()
            switch graph.types[id].kind {
            case .stream, .future: break
            case .list, .map:
                result.hasPointers = true
                fallthrough
            default:
                for part in graph.types[id].kind.parts {
                    let inner = contents(part)
                    result.hasPointers = result.hasPointers || inner.hasPointers
                    result.hasStrings = result.hasStrings || inner.hasStrings
                }
            }
            contentsCache.known[id] = result
            return result
        default: return Contents()
        }
    }
}

/// What a canonical definition needs of its module.
struct CanonicalNeeds: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let memory = CanonicalNeeds(rawValue: 1)
    static let realloc = CanonicalNeeds(rawValue: 2)
    static let strings = CanonicalNeeds(rawValue: 4)
}
