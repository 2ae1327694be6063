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

    private init(_ lower: @escaping Lower, _ lift: @escaping Lift) {
        self.lower = lower
        self.lift = lift
    }

    /// Calls a function, and runs tasks until it has returned.
    static func run(_ function: LiftedFunctionState, lower: Lower, lift: Lift) throws {
        try withoutActuallyEscaping(lower) { lower in
            try withoutActuallyEscaping(lift) { lift in
                let call = HostCall(lower, lift)
                defer {
                    call.lower = nil
                    call.lift = nil
                }
                try call.run(function)
            }
        }
    }

    private func run(_ function: LiftedFunctionState) throws {
        let store = function.instance.store
        store.core.enter()
        defer { store.core.leave() }
        // What one call settles may be what another one waits for.
        defer { store.operations.wake() }
        try GuestTask(function, self).begin()
        while !isResolved {
            // Another call may have run into a trap, or an error of the host's, on this one's behalf.
            try function.instance.checkUntold()
            guard try store.advance() else { throw function.instance.poison(Trap.deadlock()) }
        }
    }

    func start(_ callee: FunctionLayout, _ cx: inout CanonicalContext, into flat: inout FlatWriter) throws {
        try lower?(&cx, flat.position)
    }

    func resolve(
        _ callee: FunctionLayout, _ cx: inout CanonicalContext, from flat: inout FlatReader, limit: Int
    ) throws {
        try lift?(&cx, UnsafeMutableRawPointer(mutating: flat.position), limit)
        isResolved = true
    }

    func cancelled() { isResolved = true }
}
