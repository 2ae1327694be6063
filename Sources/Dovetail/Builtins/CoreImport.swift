// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI
import DovetailBinaryReader
import DovetailTypes
import DovetailValidation

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
        component = instance.components[trampoline.componentInstance]
        name = trampoline.name
        kind = try Self.kind(trampoline, instance, index)
        if case .host(let body, let call) = kind, !call.isAsync, body.start == nil || !call.isAsyncType {
            direct = DirectCall(component.core, call.environment, body)
        } else {
            direct = nil
        }
    }

    /// Makes the core function.
    func makeFunction(_ type: EngineFunctionType) -> wasmtime_func_t {
        var made = wasmtime_func_t()
        instance.store.api.functions.pointee.wasmtime_func_new_unchecked(
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
    let component: UnsafeMutablePointer<ComponentCore>
    let site: UnsafePointer<CallSite>
    let function: Unmanaged<DirectFunction>

    init(
        _ component: UnsafeMutablePointer<ComponentCore>, _ environment: InstanceEnvironment, _ function: DirectFunction
    ) {
        self.component = component
        site = environment.core.site
        self.function = .passUnretained(function)
    }

    @inline(__always)
    func run(_ slots: UnsafeMutableRawPointer) throws {
        guard component.pointee.mayLeave else { throw Trap.cannotLeave() }
        try function._withUnsafeGuaranteedRef { try $0.body(site, slots, false) }
    }
}
