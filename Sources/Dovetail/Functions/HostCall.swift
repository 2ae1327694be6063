// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// A call of the host's as a task sees it.
final class HostCall: TaskCaller {
    typealias Lower = (inout CanonicalContext, UnsafeMutableRawPointer) throws(ABIError) -> Void
    typealias Lift = (inout CanonicalContext, UnsafeMutableRawPointer, Int) throws(ABIError) -> Void

    /// Both are gone when the call is over; the task may live longer.
    private var lower: Lower?
    private var lift: Lift?
    private var isResolved = false
    private var rejection: ABIError?
    private let function: UnsafeMutablePointer<LiftedFunction>
    /// What the call is responsible for; `nil` for one that cannot wait. Whoever calls keeps it.
    private var scope: Unmanaged<CallScope>?
    private var store: Store { function.pointee.instance.store }

    private init(
        _ function: UnsafeMutablePointer<LiftedFunction>, _ lower: @escaping Lower, _ lift: @escaping Lift,
        _ scope: Unmanaged<CallScope>?
    ) {
        self.function = function
        self.lower = lower
        self.lift = lift
        self.scope = scope
    }

    /// Calls a function, and runs tasks until it has returned.
    static func run(_ function: UnsafeMutablePointer<LiftedFunction>, lower: Lower, lift: Lift) throws {
        try withoutActuallyEscaping(lower) { lower in
            try withoutActuallyEscaping(lift) { lift in
                let call = HostCall(function, lower, lift, function.pointee.instance.store.core.pointee.running.scope)
                defer { call.forget() }
                try call.run()
            }
        }
    }

    /// Calls a function, and runs tasks until it has returned; waits for functions of the host on the caller's executor.
    ///
    /// This is for guests in which nothing waits but tasks, so that nothing of the call is left on a stack.
    nonisolated(nonsending) static func runAsync(
        _ function: UnsafeMutablePointer<LiftedFunction>, lower: @escaping Lower, lift: @escaping Lift
    ) async throws {
        let (store, scope) = (function.pointee.instance.store, CallScope())
        let call = HostCall(function, lower, lift, .passUnretained(scope))
        defer { call.forget() }
        do {
            try store.inside(scope) { try call.begin() }
            while true {
                let isDone = try store.inside(scope) { try call.advance() }
                store.operations.start(isolation: #isolation)
                if isDone { break }
                await store.operations.change(for: scope)()
            }
            call.leave(failed: false)
        } catch {
            call.leave(failed: true)
            await store.operations.end(scope)
            throw error
        }
    }

    private func forget() {
        lower = nil
        lift = nil
        scope = nil
    }

    private func run() throws {
        try store.core.enter()
        defer { store.core.leave() }
        do {
            try begin()
            while try !advance() {
                // Without a call by `callAsync` there is nothing to wait on, which `wait` says.
                do {
                    guard let scope else { throw Trap.cannotWait() }
                    try scope._withUnsafeGuaranteedRef { try store.wait(for: store.operations.change(for: $0)) }
                } catch {
                    throw function.pointee.instance.poison(error)
                }
            }
        } catch {
            leave(failed: true)
            throw error
        }
        leave(failed: false)
    }

    private func begin() throws { try GuestTask(function, self).begin() }

    /// Lets tasks go on until the call has its result, or nothing can go on but functions of the host; whether it has.
    private func advance() throws -> Bool {
        while !isResolved {
            // Another call may have run into a trap, or an error of the host's, on this one's behalf.
            try function.pointee.instance.checkUntold()
            if store.scheduler.tick() { continue }
            if store.operations.settle() { continue }
            // Functions of the host that were cancelled may still say something better.
            if Task.isCancelled, scope?._withUnsafeGuaranteedRef({ $0.isEmpty }) == true {
                throw function.pointee.instance.poison(Trap.cancelled())
            }
            guard store.operations.isEmpty else { return false }
            throw function.pointee.instance.poison(Trap.deadlock())
        }
        if let rejection { throw rejection }
        return true
    }

    /// Lets another call go on in this one's place.
    private func leave(failed: Bool) {
        store.operations.passOn(failed: failed, hasReadyThreads: store.scheduler.hasReadyThreads)
    }

    /// An argument cannot be passed, which is not the instance's fault.
    func reject(_ error: ABIError) {
        rejection = error
        resolved()
    }

    private func resolved() {
        isResolved = true
        if let scope { store.operations.wake(scope.takeUnretainedValue()) }
    }

    func start(_ callee: FunctionLayout, _ cx: inout CanonicalContext, into flat: inout FlatWriter) throws {
        try lower?(&cx, flat.position)
    }

    func resolve(
        _ callee: FunctionLayout, _ cx: inout CanonicalContext, from flat: inout FlatReader, limit: Int
    ) throws {
        try lift?(&cx, UnsafeMutableRawPointer(mutating: flat.position), limit)
        resolved()
    }

    func cancelled() { resolved() }
}
