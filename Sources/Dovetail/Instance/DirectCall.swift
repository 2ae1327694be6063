// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI

/// What a guest's call of a typed host function touches; the ``TrampolineState`` owns it.
struct DirectCall {
    let store: UnsafeMutablePointer<StoreCore>
    let component: UnsafeMutablePointer<ComponentCore>
    let environment: UnsafeMutablePointer<EnvironmentCore>
    let function: Unmanaged<DirectFunction>
    let usesMemory: Bool
    let usesHandles: Bool
    let trampoline: Unmanaged<TrampolineState>

    /// What the engine calls; the environment is the address of a ``DirectCall``.
    static var callback: wasmtime_func_unchecked_callback_t {
        { env, _, slots, _ in
            guard let env else { return nil }
            let call = env.assumingMemoryBound(to: DirectCall.self)
            do {
                try call.run(UnsafeMutableRawPointer(slots))
                return nil
            } catch {
                return call.park(error)
            }
        }
    }
}

extension UnsafeMutablePointer where Pointee == DirectCall {
    @inline(__always)
    fileprivate func run(_ slots: UnsafeMutableRawPointer) throws {
        guard pointee.component.pointee.mayLeave else { throw Trap.cannotLeave() }
        if pointee.usesMemory { pointee.environment.refresh() }
        guard pointee.usesHandles else {
            var cx = pointee.environment.context(nil)
            return try call(&cx, slots)
        }
        var scope = BorrowScope()
        try withUnsafeMutablePointer(to: &scope) { scope in
            defer { if !scope.pointee.isEmpty { release(scope) } }
            var cx = pointee.environment.context(scope)
            try call(&cx, slots)
        }
    }

    @inline(__always)
    private func call(_ cx: inout CanonicalContext, _ slots: UnsafeMutableRawPointer) throws {
        try pointee.function._withUnsafeGuaranteedRef {
            try $0.body(Caller(pointee.store.pointee.link), &cx, slots, false)
        }
    }

    @inline(__always)
    private func release(_ scope: UnsafeMutablePointer<BorrowScope>) {
        pointee.environment.pointee.object._withUnsafeGuaranteedRef { scope.pointee.release(in: $0.handles) }
    }

    /// Puts an error aside while guest frames are unwound.
    @inline(never)
    fileprivate func park(_ error: any Error) -> OpaquePointer {
        pointee.trampoline._withUnsafeGuaranteedRef {
            $0.instance.store.park(Store.trap(error, in: $0.name))
        }
    }
}
