// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailValidation

// Lifted functions, lowered functions and built-ins. (Binary.md, "Canonical Definitions")
extension PlanBuilder {
    mutating func add(_ lift: ResolvedLift, to scope: Scope, at offset: Int) throws(ComponentError) {
        let options = lift.options
        let type = functionType(lift.type, in: scope)
        if options.isAsync || type.isAsync { plan.usesTasks = true }
        plan.lifted.append(
            ComponentPlan.LiftedFunction(
                core: coreFunction(lift.coreFunction, in: scope), coreType: lift.coreType, type: type,
                layout: try layout(of: type, at: offset),
                environment: try environment(options, lift.address, in: scope, at: offset),
                componentInstance: scope.componentInstance,
                postReturn: options.postReturn.map { coreFunction($0, in: scope) },
                callback: options.callback.map { coreFunction($0, in: scope) }, isAsync: options.isAsync,
                offset: offset))
        scope.functions.append(FunctionItem(source: .lifted(plan.lifted.count - 1), type: type))
    }

    mutating func add(_ lower: ResolvedLower, to scope: Scope, at offset: Int) throws(ComponentError) {
        let callee = scope.functions[Int(lower.function)]
        let environment = try environment(lower.options, lower.address, in: scope, at: offset)
        let layout = try layout(of: callee.type, at: offset)
        try addTrampoline(
            .lower(callee, layout, environment: environment, isAsync: lower.options.isAsync), plan.name(of: callee),
            lower.coreType, to: scope, at: offset)
    }

    mutating func add(_ builtin: ResolvedBuiltin, to scope: Scope, at offset: Int) throws(ComponentError) {
        try addTrampoline(
            try kind(of: builtin, in: scope, at: offset), builtin.name, builtin.coreType, to: scope, at: offset)
    }

    private mutating func addTrampoline(
        _ kind: ComponentPlan.Trampoline.Kind, _ name: String, _ type: CoreFunctionType, to scope: Scope, at offset: Int
    ) throws(ComponentError) {
        guard let engineType = EngineFunctionType(engine.api, CoreSignature(type)) else {
            throw .invalid("a core function type the engine refuses", at: offset)
        }
        if kind.usesTasks { plan.usesTasks = true }
        if kind.mayBlock { plan.mayBlock[scope.componentInstance] = true }
        plan.trampolines.append(
            ComponentPlan.Trampoline(
                kind: kind, name: name, coreType: type, engineType: engineType,
                componentInstance: scope.componentInstance, offset: offset))
        scope.coreItems[.function, default: []].append(
            CoreItem(sort: .function, source: .trampoline(plan.trampolines.count - 1)))
    }

    private func layout(of type: FunctionType, at offset: Int) throws(ComponentError) -> FunctionLayout {
        do throws(LayoutError) { return try layouts.function(type) } catch { throw ComponentError(error, at: offset) }
    }

    private func layout(of type: ValueType, at offset: Int) throws(ComponentError) -> ValueLayout {
        do throws(LayoutError) { return try layouts.layout(of: type) } catch { throw ComponentError(error, at: offset) }
    }

    /// The environment with the memory, `realloc` and encoding of `options`, shared by all definitions that agree on them.
    private mutating func environment(
        _ options: CanonicalOptions, _ address: CoreValueType, in scope: Scope, at offset: Int
    ) throws(ComponentError) -> Int {
        guard !options.usesGarbageCollection, options.coreType == nil else {
            throw .unsupported("the garbage-collected canonical ABI", at: offset)
        }
        let environment = ComponentPlan.EnvironmentPlan(
            componentInstance: scope.componentInstance, stringEncoding: options.stringEncoding ?? .utf8,
            memory: options.memory.map { coreItem(CoreSortIndex(sort: .memory, index: $0), in: scope) },
            realloc: options.realloc.map { coreFunction($0, in: scope) }, is64: address == .i64)
        if let known = environmentIndex[environment] { return known }
        plan.environments.append(environment)
        let index = plan.environments.count - 1
        environmentIndex[environment] = index
        return index
    }

    private mutating func kind(
        of resolved: ResolvedBuiltin, in scope: Scope, at offset: Int
    ) throws(ComponentError) -> ComponentPlan.Trampoline.Kind {
        let builtin = resolved.builtin
        let environment: Int? =
            if let options = builtin.options {
                try environment(options, resolved.address, in: scope, at: offset)
            } else {
                nil
            }
        let type = optional(resolved.type, in: scope)
        if builtin.transferType != nil {
            var element: ValueLayout?
            if let type { element = try layout(of: type, at: offset) }
            return .copy(builtin, element: element, environment: environment)
        }
        let resource = resolved.resource.map { resourceIndex($0, in: scope) } ?? 0
        switch builtin {
        case .resourceNew: return .resourceNew(resource)
        case .resourceDrop: return .resourceDrop(resource)
        case .resourceRep: return .resourceRep(resource)
        case .contextGet(let type, let slot): return .contextGet(type, slot)
        case .contextSet(let type, let slot): return .contextSet(type, slot)
        case .backpressureIncrement: return .backpressure(increment: true)
        case .backpressureDecrement: return .backpressure(increment: false)
        case .taskReturn:
            let parameters = type.map { [FunctionType.Parameter(name: "result", type: $0)] } ?? []
            return .taskReturn(
                try layout(of: FunctionType(parameters: parameters, result: nil), at: offset),
                environment: environment ?? 0)
        case .errorContextNew: return .errorContextNew(environment: environment ?? 0)
        case .errorContextDebugMessage: return .errorContextDebugMessage(environment: environment ?? 0)
        case .errorContextDrop: return .errorContextDrop
        case .threadNewIndirect(_, let table):
            let item = coreItem(CoreSortIndex(sort: .table, index: table), in: scope)
            let parameters = resolved.coreType.parameters
            return .threadNew(
                ComponentPlan.ThreadStart(
                    table: item, is64: parameters.first == .i64, isWide: parameters.last == .i64))
        case .threadSpawnRef, .threadSpawnIndirect, .threadAvailableParallelism:
            throw .unsupported("shared-everything threads", at: offset)
        default: return .concurrency(builtin, environment: environment)
        }
    }
}

extension ComponentPlan {
    /// A function's name for messages.
    func name(of function: FunctionItem) -> String {
        switch function.source {
        case .imported(let index): imports.functions[index].path.joined(separator: "#")
        case .lifted: "function of another component"
        }
    }
}
