// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI
import DovetailBinary
import DovetailTypes

/// A core function that Dovetail gives to guest code: a lowered function or a built-in of one instance.
final class TrampolineState {
    unowned(unsafe) let instance: InstanceState
    unowned(unsafe) let component: ComponentInstance
    let kind: Kind
    let name: String
    private(set) var function = wasmtime_func_t()
    /// What calls of a typed host function touch.
    private var direct: UnsafeMutablePointer<DirectCall>?

    /// What the function does, with everything looked up.
    enum Kind {
        case host(DirectFunction, LoweredCall)
        case guest(LiftedFunctionState, LoweredCall)
        case resourceNew(ResourceType)
        case resourceDrop(ResourceType)
        case resourceRep(ResourceType)
        case contextGet(Int)
        case contextSet(Int, isWide: Bool)
        case backpressure(increment: Bool)
        case errorContextNew(InstanceEnvironment)
        case errorContextDebugMessage(InstanceEnvironment)
        case errorContextDrop
        case taskReturn(InstanceEnvironment, FunctionLayout)
        case copy(CanonicalBuiltin, ElementType, ValueLayout?, InstanceEnvironment?)
        case threadNew(CoreItem, isWide: Bool)
        case concurrency(CanonicalBuiltin, InstanceEnvironment?)
    }

    /// The caller's side of a lowered function.
    struct LoweredCall {
        let layout: FunctionLayout
        let environment: InstanceEnvironment
        let isAsync: Bool
        /// Whether the function itself is async, so that whoever calls it may have to wait.
        let isAsyncType: Bool
        /// How many parameters may be passed flat, and how many results.
        var parameterLimit: Int { CanonicalLimits.flatParameters(isAsync: isAsync) }
        var resultLimit: Int { CanonicalLimits.flatResults(isAsync: isAsync) }
        /// How many core values an asynchronous call has.
        var slotCount: Int {
            let parameters =
                layout.parametersAreIndirect(limit: parameterLimit)
                ? 1 : layout.flatParameters(environment.is64).count
            return layout.result == nil ? parameters : parameters + 1
        }
    }

    init(_ instance: InstanceState, _ index: Int) throws {
        self.instance = instance
        let plan = instance.pre.component.plan
        let trampoline = plan.trampolines[index]
        let linked = instance.pre.component.links.trampolines[index]
        component = instance.components[trampoline.componentInstance]
        name = linked.name
        kind = try Self.kind(trampoline, linked, instance, plan, index)
        let api = instance.store.api.pointee
        let context = instance.store.context
        if case .host(let body, let call) = kind, !call.isAsync, body.start == nil || !call.isAsyncType {
            let pointer = UnsafeMutablePointer<DirectCall>.allocate(capacity: 1)
            pointer.initialize(
                to: DirectCall(
                    store: instance.store.core, component: component.core, environment: call.environment.core,
                    function: .passUnretained(body), usesMemory: body.usesMemory, usesHandles: body.usesHandles,
                    trampoline: .passUnretained(self)))
            direct = pointer
            api.wasmtime_func_new_unchecked(context, linked.type.raw, DirectCall.callback, pointer, nil, &function)
        } else {
            api.wasmtime_func_new_unchecked(
                context, linked.type.raw, Self.callback(kind), Unmanaged.passUnretained(self).toOpaque(), nil,
                &function)
        }
    }

    deinit { direct?.deallocate() }

    private static func kind(
        _ trampoline: ComponentPlan.Trampoline, _ linked: LinkedPlan.Trampoline, _ instance: InstanceState,
        _ plan: ComponentPlan, _ position: Int
    ) throws -> Kind {
        func resource(_ index: Int) throws -> ResourceType {
            guard let type = instance.resourceTypes[plan.resources[index].type.index] else {
                throw ComponentError.invalid("a resource is used before it is defined", at: trampoline.offset)
            }
            return type
        }
        func environment(_ index: Int) throws -> InstanceEnvironment { try instance.environment(index) }
        switch trampoline.kind {
        case .lower(let function, let index, let isAsync):
            guard let layout = linked.layout else {
                throw ComponentError.invalid("a lowered function without a layout", at: trampoline.offset)
            }
            let call = LoweredCall(
                layout: layout, environment: try environment(index), isAsync: isAsync,
                isAsyncType: function.type.isAsync)
            switch function.source {
            case .imported(let index):
                switch instance.pre.functions[index] {
                case .host(let host): return .host(instance.pre.hosts[position] ?? host.direct(layout), call)
                case .guest(let reference):
                    guard reference.store === instance.store else {
                        throw LinkError(
                            LinkError.mismatch(linked.name, "the instance that defines it is in another store"))
                    }
                    return .guest(reference.function, call)
                }
            case .lifted(let index):
                return .guest(instance.lifted(index), call)
            }
        case .resourceNew(let index): return .resourceNew(try resource(index))
        case .resourceDrop(let index): return .resourceDrop(try resource(index))
        case .resourceRep(let index): return .resourceRep(try resource(index))
        case .contextGet(_, let slot): return .contextGet(Int(slot))
        case .contextSet(let type, let slot): return .contextSet(Int(slot), isWide: type == .i64)
        case .backpressure(let increment): return .backpressure(increment: increment)
        case .errorContextNew(let index): return .errorContextNew(try environment(index))
        case .errorContextDebugMessage(let index): return .errorContextDebugMessage(try environment(index))
        case .errorContextDrop: return .errorContextDrop
        case .taskReturn(_, let index):
            guard let layout = linked.layout else {
                throw ComponentError.invalid("`task.return` without a layout", at: trampoline.offset)
            }
            return .taskReturn(try environment(index), layout)
        case .copy(let builtin, let element, let index):
            return .copy(
                builtin, ElementType(instance: instance, type: element), linked.element, try index.map(environment))
        case .threadNew(let table, let isWide):
            // Now, because nothing is instantiated on a fiber.
            _ = try instance.store.functionTypeTest()
            return .threadNew(table, isWide: isWide)
        case .concurrency(let builtin, let index): return .concurrency(builtin, try index.map(environment))
        }
    }

    private static func callback(_ kind: Kind) -> wasmtime_func_unchecked_callback_t {
        switch kind {
        case .host:
            { env, _, slots, _ in TrampolineState.enter(env, slots) { try $0.callHost($1) } }
        case .guest:
            { env, _, slots, _ in TrampolineState.enter(env, slots) { try $0.callGuest($1) } }
        default:
            { env, _, slots, _ in TrampolineState.enter(env, slots) { try $0.callBuiltin($1) } }
        }
    }

    /// Runs `body`; what it throws is parked while the guest's frames are unwound.
    @inline(__always)
    static func enter(
        _ env: UnsafeMutableRawPointer?, _ slots: UnsafeMutablePointer<wasmtime_val_raw_t>,
        _ body: (TrampolineState, UnsafeMutableRawPointer) throws -> Void
    ) -> OpaquePointer? {
        guard let env else { return nil }
        return Unmanaged<TrampolineState>.fromOpaque(env)._withUnsafeGuaranteedRef { state in
            do {
                try body(state, UnsafeMutableRawPointer(slots))
                return nil
            } catch {
                return state.instance.store.park(Store.trap(error, in: state.name))
            }
        }
    }

    // MARK: Lowered functions (CanonicalABI.md, `canon lower`)

    private func callHost(_ slots: UnsafeMutableRawPointer) throws {
        guard case .host(let function, let call) = kind else { return }
        guard component.core.pointee.mayLeave else { throw Trap.cannotLeave() }
        if let start = function.start {
            // What can neither go on nor block waits together with whoever called it.
            let canBlock = call.isAsyncType && GuestThread.current(instance.store)?.task.mayBlock == true
            if call.isAsync || canBlock { return try callHostTask(start, call, slots) }
        }
        let store = instance.store
        let environment = call.environment
        environment.core.refresh()
        var scope = BorrowScope()
        try withUnsafeMutablePointer(to: &scope) { scope in
            defer { if !scope.pointee.isEmpty { scope.pointee.release(in: environment.handles) } }
            var cx = CanonicalContext(environment, scope: scope, copyBudget: store.configuration.copyBudget)
            try function.body(Caller(store), &cx, slots, call.isAsync)
        }
        if call.isAsync { finishAsync(slots) }
    }

    private func callGuest(_ slots: UnsafeMutableRawPointer) throws {
        guard case .guest(let callee, let call) = kind else { return }
        guard component.core.pointee.mayLeave else { throw Trap.cannotLeave() }
        if callee.usesTasks { return try callTask(callee, call, slots) }
        let environment = call.environment
        environment.core.refresh()
        var scope = BorrowScope()
        try withUnsafeMutablePointer(to: &scope) { scope in
            defer { if !scope.pointee.isEmpty { scope.pointee.release(in: environment.handles) } }
            var caller = CanonicalContext(
                environment, scope: scope, copyBudget: instance.store.configuration.copyBudget)
            var reader = FlatReader(slots)
            let store = instance.store.core
            store.pointee.running.transfers &+= 1
            defer { store.pointee.running.transfers &-= 1 }
            try callee.core.run(readsMemory: true) { (cx, target) throws(ABIError) in
                var writer = FlatWriter(target)
                try call.layout.transferParameters(
                    &caller, from: &reader, limit: call.parameterLimit, to: callee.layout, &cx, into: &writer)
            } lift: { (cx, source, _) throws(ABIError) in
                environment.core.refresh()
                caller.reload()
                var results = FlatReader(source)
                var writer = FlatWriter(slots)
                try callee.layout.transferResult(
                    &cx, from: &results, to: call.layout, &caller, returnPointer: &reader, into: &writer,
                    callerLimit: call.resultLimit)
            }
        }
        if call.isAsync { finishAsync(slots) }
    }

    /// The callee returned at once: the subtask is in state RETURNED and has no index.
    private func finishAsync(_ slots: UnsafeMutableRawPointer) {
        var writer = FlatWriter(slots)
        writer.write(UInt32(2))
    }

    // MARK: Built-ins

    private func callBuiltin(_ slots: UnsafeMutableRawPointer) throws {
        var reader = FlatReader(slots)
        var writer = FlatWriter(slots)
        // No reference to the store stays in this frame, as some built-ins block.
        let core = instance.store.core
        switch kind {
        case .contextGet(let slot):
            guard let frame = core.pointee.running.frame else { return writer.write(UInt64(0)) }
            return writer.write(slot == 0 ? frame.pointee.context.0 : frame.pointee.context.1)
        case .contextSet(let slot, let isWide):
            let value = isWide ? reader.nextU64() : UInt64(reader.nextU32())
            if slot == 0 {
                core.pointee.running.frame?.pointee.context.0 = value
            } else {
                core.pointee.running.frame?.pointee.context.1 = value
            }
            return
        case .backpressure(let increment):
            component.core.pointee.backpressure += increment ? 1 : -1
            guard (0..<(1 << 16)).contains(component.core.pointee.backpressure) else {
                throw Trap(code: .other, message: "the backpressure counter leaves its range of 0 to 65535")
            }
            if component.core.pointee.backpressure == 0 { instance.store.scheduler.opened(component) }
            return
        case .resourceRep(let type):
            return writer.write(try component.handles.rep(reader.nextU32(), type))
        default: break
        }
        guard component.core.pointee.mayLeave else { throw Trap.cannotLeave() }
        switch kind {
        case .resourceNew(let type):
            writer.write(try component.handles.addOwn(type, rep: reader.nextU32()))
        case .resourceDrop(let type):
            let (rep, wasOwned) = try component.handles.drop(reader.nextU32(), type)
            if wasOwned { try instance.store.destroy(type, rep) }
        case .errorContextNew(let environment):
            environment.core.refresh()
            var cx = CanonicalContext(environment, copyBudget: instance.store.configuration.copyBudget)
            let message = try String.lift(&cx, from: &reader)
            writer.write(try component.handles.add(object: ErrorContext(message)))
        case .errorContextDebugMessage(let environment):
            let object = try component.handles.object(at: reader.nextU32(), as: ErrorContext.self)
            environment.core.refresh()
            var cx = CanonicalContext(environment, copyBudget: instance.store.configuration.copyBudget)
            let offset = try cx.check(
                reader.nextPointer(environment.is64), size: String.abi.size(environment.is64),
                alignment: String.abi.alignment(environment.is64))
            try object.debugMessage.store(&cx, at: offset)
        case .errorContextDrop:
            _ = try component.handles.removeObject(at: reader.nextU32(), as: ErrorContext.self)
        case .taskReturn(let environment, let expected): try callTaskReturn(environment, expected, slots)
        case .copy(let builtin, let element, let layout, let environment):
            try callCopy(builtin, element, layout, environment, slots)
        case .threadNew(let table, let isWide): try callThreadNew(table, isWide: isWide, slots)
        case .concurrency(let builtin, let environment): try callConcurrency(builtin, environment, slots)
        default: throw Trap.unsupported("the built-in `\(name)`")
        }
    }
}

/// An error context. (CanonicalABI.md, `canon error-context.new`)
final class ErrorContext {
    let debugMessage: String
    init(_ debugMessage: String) { self.debugMessage = debugMessage }
}
