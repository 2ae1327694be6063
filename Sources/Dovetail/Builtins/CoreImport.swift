// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI
import DovetailBinary
import DovetailTypes

/// A core function that Dovetail gives to guest code: a lowered function or a built-in of one instance.
///
/// A guest's call of a host function touches constants of this object only, so it counts no references.
final class CoreImport {
    unowned(unsafe) let instance: InstanceState
    unowned(unsafe) let component: ComponentInstance
    let kind: Kind
    let name: String
    /// The core function; `nil` for one of an ``ImportCarrier``.
    private(set) var function: wasmtime_func_t?
    /// The call of a host function that returns before the guest goes on.
    private let direct: DirectCall?
    /// Of `task.return`: the function whose tasks it was last found to fit.
    var checkedFunction: UnsafeMutablePointer<LiftedFunction>?

    /// What the function does, with everything looked up.
    enum Kind {
        case host(DirectFunction, LoweredCall)
        case guest(UnsafeMutablePointer<LiftedFunction>, LoweredCall)
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
        case threadNew(ComponentPlan.ThreadStart)
        case concurrency(CanonicalBuiltin, InstanceEnvironment?)
    }

    init(_ instance: InstanceState, _ index: Int) throws {
        self.instance = instance
        // Not the plan as a whole, which holds a lot that would be counted.
        let trampoline = instance.pre.component.plan.trampolines[index]
        let linked = instance.pre.component.links.trampolines[index]
        component = instance.components[trampoline.componentInstance]
        name = linked.name
        kind = try Self.kind(trampoline, linked, instance, index)
        if case .host(let body, let call) = kind, !call.isAsync, body.start == nil || !call.isAsyncType {
            direct = DirectCall(instance.store.core, component.core, call.environment.core, body)
        } else {
            direct = nil
        }
    }

    /// Makes the core function.
    func makeFunction(_ type: EngineFunctionType) -> wasmtime_func_t {
        var made = wasmtime_func_t()
        instance.store.api.pointee.wasmtime_func_new_unchecked(
            instance.store.context, type.raw, callback, Unmanaged.passUnretained(self).toOpaque(), nil, &made)
        function = made
        return made
    }

    private var callback: wasmtime_func_unchecked_callback_t {
        guard direct == nil else {
            return { env, _, slots, _ in CoreImport.enter(env, slots) { try $0.direct?.run($1) } }
        }
        switch kind {
        case .host: return { env, _, slots, _ in CoreImport.enter(env, slots) { try $0.callHost($1) } }
        case .guest: return { env, _, slots, _ in CoreImport.enter(env, slots) { try $0.callGuest($1) } }
        default: return { env, _, slots, _ in CoreImport.enter(env, slots) { try $0.callBuiltin($1) } }
        }
    }

    /// A guest's call, when the function does not tell what it calls.
    func run(_ slots: UnsafeMutablePointer<wasmtime_val_raw_t>) -> OpaquePointer? {
        let slots = UnsafeMutableRawPointer(slots)
        do {
            if let direct {
                try direct.run(slots)
            } else {
                switch kind {
                case .host: try callHost(slots)
                case .guest: try callGuest(slots)
                default: try callBuiltin(slots)
                }
            }
            return nil
        } catch {
            return park(error)
        }
    }

    /// Runs `body`; what it throws is put aside while the guest's frames are unwound.
    @inline(__always)
    private static func enter(
        _ env: UnsafeMutableRawPointer?, _ slots: UnsafeMutablePointer<wasmtime_val_raw_t>,
        _ body: (CoreImport, UnsafeMutableRawPointer) throws -> Void
    ) -> OpaquePointer? {
        guard let env else { return nil }
        return Unmanaged<CoreImport>.fromOpaque(env)._withUnsafeGuaranteedRef { call in
            do {
                try body(call, UnsafeMutableRawPointer(slots))
                return nil
            } catch {
                return call.park(error)
            }
        }
    }

    @inline(never)
    private func park(_ error: any Error) -> OpaquePointer { instance.store.park(Store.trap(error, in: name)) }
}

/// What a guest's call of a host function touches.
private struct DirectCall {
    let store: UnsafeMutablePointer<StoreCore>
    let component: UnsafeMutablePointer<ComponentCore>
    let environment: UnsafeMutablePointer<EnvironmentCore>
    let function: Unmanaged<DirectFunction>
    let usesMemory: Bool
    let usesHandles: Bool

    init(
        _ store: UnsafeMutablePointer<StoreCore>, _ component: UnsafeMutablePointer<ComponentCore>,
        _ environment: UnsafeMutablePointer<EnvironmentCore>, _ function: DirectFunction
    ) {
        self.store = store
        self.component = component
        self.environment = environment
        self.function = .passUnretained(function)
        usesMemory = function.usesMemory
        usesHandles = function.usesHandles
    }

    @inline(__always)
    func run(_ slots: UnsafeMutableRawPointer) throws {
        guard component.pointee.mayLeave else { throw Trap.cannotLeave() }
        if usesMemory { environment.refresh() }
        guard usesHandles else {
            var cx = environment.context(nil)
            return try call(&cx, slots)
        }
        var scope = BorrowScope()
        try withUnsafeMutablePointer(to: &scope) { scope in
            defer { if !scope.pointee.isEmpty { release(scope) } }
            var cx = environment.context(scope)
            try call(&cx, slots)
        }
    }

    @inline(__always)
    private func call(_ cx: inout CanonicalContext, _ slots: UnsafeMutableRawPointer) throws {
        try function._withUnsafeGuaranteedRef { try $0.body(Caller(store.pointee.link), &cx, slots, false) }
    }

    @inline(__always)
    private func release(_ scope: UnsafeMutablePointer<BorrowScope>) {
        environment.pointee.object._withUnsafeGuaranteedRef { scope.pointee.release(in: $0.handles) }
    }
}
