// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// A call of the host's as a task sees it.
final class HostCall: TaskCaller, HostWait {
    typealias Lower = (inout CanonicalContext, UnsafeMutableRawPointer) throws(ABIError) -> Void
    typealias Lift = (inout CanonicalContext, UnsafeMutableRawPointer, Int) throws(ABIError) -> Void

    /// Both are gone when the call is over; the task may live longer.
    private var lower: Lower?
    private var lift: Lift?
    private var isResolved = false
    private var rejection: ABIError?
    private let function: UnsafeMutablePointer<LiftedFunction>
    private(set) var scope: Unmanaged<CallScope>?
    /// The task, until the call is over.
    private var task: GuestTask?
    /// Whether the task was asked to end.
    private var isCancelling = false

    // Parts of the store, which is not counted by every step then.
    let core: UnsafeMutablePointer<StoreCore>
    let scheduler: Scheduler
    let operations: HostOperations
    var isDone: Bool { isResolved }

    private init(
        _ function: UnsafeMutablePointer<LiftedFunction>, _ lower: @escaping Lower, _ lift: @escaping Lift,
        _ scope: Unmanaged<CallScope>?
    ) {
        self.function = function
        self.lower = lower
        self.lift = lift
        self.scope = scope
        let store = function.pointee.instance.store
        core = store.core
        scheduler = store.scheduler
        operations = store.operations
    }

    /// Calls a function, and runs tasks until it has returned.
    static func run(_ function: UnsafeMutablePointer<LiftedFunction>, lower: Lower, lift: Lift) throws {
        try withoutActuallyEscaping(lower) { lower in
            try withoutActuallyEscaping(lift) { lift in
                let call = HostCall(function, lower, lift, function.pointee.instance.store.core.pointee.running.scope)
                defer { call.forget() }
                try call.waitOnStack { try call.begin() }
                if let rejection = call.rejection { throw rejection }
            }
        }
    }

    /// Calls a function, and runs tasks until it has returned; waits for functions of the host on the caller's executor.
    ///
    /// This is for guests in which nothing waits but tasks, so that nothing of the call is left on a stack.
    nonisolated(nonsending) static func runAsync(
        _ function: UnsafeMutablePointer<LiftedFunction>, lower: @escaping Lower, lift: @escaping Lift
    ) async throws {
        let scope = CallScope()
        let call = HostCall(function, lower, lift, .passUnretained(scope))
        defer { call.forget() }
        try await call.waitOnExecutor(scope) { try call.begin() }
        if let rejection = call.rejection { throw rejection }
    }

    private func forget() {
        lower = nil
        lift = nil
        task = nil
        scope = nil
    }

    private func begin() throws {
        let task = try GuestTask(function, self)
        self.task = task
        try task.begin()
    }

    // MARK: Waiting

    func check() throws { try function.pointee.instance.checkUntold() }

    func stuck() -> any Error { failed(Trap.deadlock()) }

    func failed(_ error: any Error) -> any Error { function.pointee.instance.poison(error) }

    /// Asks a task that can be asked to end, and gives it time; otherwise ends what it waits for, and the instance with that.
    func cancel() throws -> Bool {
        guard let scope, let task else { return false }
        if !isCancelling, function.pointee.convention.isAsyncType {
            isCancelling = true
            let grace = function.pointee.instance.store.configuration.cancellationGrace
            scope._withUnsafeGuaranteedRef { $0.expire(after: grace, operations.inbox) }
            do { try task.requestCancellation() } catch { throw failed(error) }
            return true
        }
        guard !isCancelling || scope._withUnsafeGuaranteedRef({ $0.isExpired }) else { return false }
        // Functions of the host that are cancelled may still say something better.
        scope._withUnsafeGuaranteedRef { $0.cancel() }
        if scope._withUnsafeGuaranteedRef({ $0.isEmpty }) { throw failed(Trap.cancelled()) }
        return false
    }

    /// An argument cannot be passed, which is not the instance's fault.
    func reject(_ error: ABIError) {
        rejection = error
        resolved()
    }

    private func resolved() {
        isResolved = true
        if let scope { scope._withUnsafeGuaranteedRef { operations.wake($0) } }
    }

    // MARK: What the task asks

    func start(_ callee: FunctionLayout, _ cx: inout CanonicalContext, into flat: inout FlatWriter) throws {
        try lower?(&cx, flat.position)
    }

    func resolve(
        _ callee: FunctionLayout, _ cx: inout CanonicalContext, from flat: inout FlatReader, limit: Int
    ) throws {
        core.pointee.liftsResult = true
        defer { core.pointee.liftsResult = false }
        try lift?(&cx, UnsafeMutableRawPointer(mutating: flat.position), limit)
        resolved()
    }

    func cancelled() { resolved() }
}
