// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

extension PlanBuilder {
    /// Adds a lifted function, a lowered function or a built-in. (Binary.md, "Canonical Definitions")
    mutating func addCanonical(
        _ definition: CanonicalDefinition, to scope: Scope, at offset: Int
    ) throws(ComponentError) {
        guard let owner = scope.componentInstance else {
            throw .invalid("a canonical definition inside a type", at: offset)
        }
        switch definition {
        case .lift(let core, let options, let typeIndex):
            let item = try element(scope.types, typeIndex, "type", at: offset)
            guard case .function(let type) = item else {
                throw .wrongType(expected: "a function type", found: item.kindName, at: offset)
            }
            let environment = try environment(options, in: scope, at: offset)
            var postReturn: CoreItem?
            var callback: CoreItem?
            if let index = options.postReturn { postReturn = try coreFunction(index, in: scope, at: offset) }
            if let index = options.callback { callback = try coreFunction(index, in: scope, at: offset) }
            plan.lifted.append(
                ComponentPlan.LiftedFunction(
                    core: try coreFunction(core, in: scope, at: offset), type: type, environment: environment,
                    componentInstance: owner, postReturn: postReturn, callback: callback, isAsync: options.isAsync,
                    offset: offset))
            scope.functions.append(FunctionItem(source: .lifted(plan.lifted.count - 1), type: type))
        case .lower(let function, let options):
            let callee = try element(scope.functions, function, "function", at: offset)
            let environment = try environment(options, in: scope, at: offset)
            addTrampoline(.lower(callee, environment: environment, isAsync: options.isAsync), to: scope, at: offset)
        case .builtin(let builtin):
            addTrampoline(try kind(of: builtin, in: scope, at: offset), to: scope, at: offset)
        }
    }

    private mutating func addTrampoline(_ kind: ComponentPlan.Trampoline.Kind, to scope: Scope, at offset: Int) {
        plan.trampolines.append(
            ComponentPlan.Trampoline(kind: kind, componentInstance: scope.componentInstance ?? 0, offset: offset))
        scope.coreItems[.function, default: []].append(
            CoreItem(sort: .function, source: .trampoline(plan.trampolines.count - 1)))
    }

    /// The environment with the memory, `realloc` and encoding of `options`, shared by all definitions that agree on them.
    private mutating func environment(
        _ options: CanonicalOptions, in scope: Scope, at offset: Int
    ) throws(ComponentError) -> Int {
        if let conflict = options.conflict {
            throw .invalid("canonical option `\(conflict)` is given twice", at: offset)
        }
        guard !options.usesGarbageCollection, options.coreType == nil else {
            throw .unsupported("the garbage-collected canonical ABI", at: offset)
        }
        var memory: CoreItem?
        var realloc: CoreItem?
        if let index = options.memory {
            memory = try coreItem(CoreSortIndex(sort: .memory, index: index), in: scope, at: offset)
        }
        if let index = options.realloc { realloc = try coreFunction(index, in: scope, at: offset) }
        return environment(
            ComponentPlan.EnvironmentPlan(
                componentInstance: scope.componentInstance ?? 0, stringEncoding: options.stringEncoding ?? .utf8,
                memory: memory, realloc: realloc))
    }

    private mutating func environment(_ environment: ComponentPlan.EnvironmentPlan) -> Int {
        if let known = environmentIndex[environment] { return known }
        plan.environments.append(environment)
        let index = plan.environments.count - 1
        environmentIndex[environment] = index
        return index
    }

    private mutating func kind(
        of builtin: CanonicalBuiltin, in scope: Scope, at offset: Int
    ) throws(ComponentError) -> ComponentPlan.Trampoline.Kind {
        switch builtin {
        case .resourceNew(let index): return .resourceNew(try resourceIndex(index, in: scope, at: offset))
        case .resourceDrop(let index): return .resourceDrop(try resourceIndex(index, in: scope, at: offset))
        case .resourceRep(let index): return .resourceRep(try resourceIndex(index, in: scope, at: offset))
        case .contextGet(let type, let slot), .contextSet(let type, let slot):
            guard type == .i32 || type == .i64, slot < 2 else {
                throw .invalid("context slots are 0 and 1, of type i32 or i64", at: offset)
            }
            if case .contextGet = builtin { return .contextGet(type, slot) }
            return .contextSet(type, slot)
        case .backpressureIncrement: return .backpressure(increment: true)
        case .backpressureDecrement: return .backpressure(increment: false)
        case .taskReturn(let result, let options):
            var type: ValueType?
            if let result { type = try valueType(result, in: scope, at: offset) }
            return .taskReturn(result: type, environment: try environment(options, in: scope, at: offset))
        case .errorContextNew(let options):
            return .errorContextNew(environment: try environment(options, in: scope, at: offset))
        case .errorContextDebugMessage(let options):
            return .errorContextDebugMessage(environment: try environment(options, in: scope, at: offset))
        case .errorContextDrop: return .errorContextDrop
        case .streamRead(let index, let options), .streamWrite(let index, let options):
            let element = try payload(index, isStream: true, in: scope, at: offset)
            return .copy(builtin, element: element, environment: try environment(options, in: scope, at: offset))
        case .futureRead(let index, let options), .futureWrite(let index, let options):
            let element = try payload(index, isStream: false, in: scope, at: offset)
            return .copy(builtin, element: element, environment: try environment(options, in: scope, at: offset))
        case .streamNew(let index), .streamCancelRead(let index, _), .streamCancelWrite(let index, _),
            .streamDropReadable(let index), .streamDropWritable(let index), .streamForward(let index):
            return .copy(
                builtin, element: try payload(index, isStream: true, in: scope, at: offset), environment: nil)
        case .futureNew(let index), .futureCancelRead(let index, _), .futureCancelWrite(let index, _),
            .futureDropReadable(let index), .futureDropWritable(let index), .futureForward(let index):
            return .copy(
                builtin, element: try payload(index, isStream: false, in: scope, at: offset), environment: nil)
        case .waitableSetWait(let memory), .waitableSetPoll(let memory):
            let item = try coreItem(CoreSortIndex(sort: .memory, index: memory), in: scope, at: offset)
            let environment = environment(
                ComponentPlan.EnvironmentPlan(
                    componentInstance: scope.componentInstance ?? 0, stringEncoding: .utf8, memory: item, realloc: nil))
            return .concurrency(builtin, environment: environment)
        case .taskCancel, .subtaskCancel, .subtaskDrop, .waitableSetNew, .waitableSetDrop, .waitableJoin, .threadIndex,
            .threadResumeLater, .threadSuspend, .threadYield, .threadSuspendThenResume,
            .threadYieldThenResume, .threadSuspendThenPromote, .threadYieldThenPromote:
            return .concurrency(builtin, environment: nil)
        case .threadNewIndirect(let type, let table):
            guard case .function(let function) = try element(scope.coreTypes, type, "core type", at: offset) else {
                throw .invalid("`thread.new-indirect` needs a core function type", at: offset)
            }
            let item = try coreItem(CoreSortIndex(sort: .table, index: table), in: scope, at: offset)
            return .threadNew(table: item, isWide: function.parameters.first == .i64)
        case .threadSpawnRef, .threadSpawnIndirect, .threadAvailableParallelism:
            throw .unsupported("shared-everything threads", at: offset)
        }
    }
}
