// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// A call of a guest's, as the guest sees it. (CanonicalABI.md, "Subtask State", `canon lower`)
final class Subtask: Waitable, TaskCaller {
    enum State: UInt32 {
        case starting = 0
        case started, returned, cancelledBeforeStarted, cancelledBeforeReturned
    }

    private(set) var state = State.starting
    var isCancellationRequested = false
    private(set) var isResolveDelivered = false
    /// Its handle, when it has one.
    var index: UInt32?
    /// What was called, when it is a component's function.
    var task: GuestTask?
    /// What was called, when it is a function of the host's.
    var operation: HostOperations.Operation?
    private let call: CoreImport.LoweredCall
    private let copyBudget: Int
    private let scope: UnsafeMutablePointer<BorrowScope>
    /// The core values: where the call has them, or a copy when it goes on without them.
    private var slots: UnsafeMutableRawPointer
    private var ownsSlots = false
    /// Behind the last parameter, where the place for the result is.
    private var rest: FlatReader

    init(_ call: CoreImport.LoweredCall, _ slots: UnsafeMutableRawPointer, copyBudget: Int) {
        self.call = call
        self.copyBudget = copyBudget
        scope = .allocate(capacity: 1)
        scope.initialize(to: BorrowScope())
        self.slots = slots
        rest = FlatReader(slots)
        super.init()
        if call.isAsync {
            let count = call.slotCount * FlatReader.stride
            self.slots = .allocate(byteCount: max(count, FlatReader.stride), alignment: 16)
            self.slots.copyMemory(from: slots, byteCount: count)
            rest = FlatReader(self.slots)
            ownsSlots = true
        }
    }

    deinit {
        scope.deinitialize(count: 1)
        scope.deallocate()
        if ownsSlots { slots.deallocate() }
    }

    var isResolved: Bool { state != .starting && state != .started }

    private func context() -> CanonicalContext {
        call.environment.core.refresh()
        return CanonicalContext(call.environment, scope: scope, copyBudget: copyBudget)
    }

    /// Makes progress known to a guest that has a handle.
    private func notify() { if index != nil { raiseEvent() } }

    // MARK: What the task asks

    func start(_ callee: FunctionLayout, _ cx: inout CanonicalContext, into flat: inout FlatWriter) throws {
        notify()
        state = .started
        var source = context()
        try call.layout.transferParameters(
            &source, from: &rest, limit: call.parameterLimit, to: callee, &cx, into: &flat)
    }

    func resolve(
        _ callee: FunctionLayout, _ cx: inout CanonicalContext, from flat: inout FlatReader, limit: Int
    ) throws {
        notify()
        var target = context()
        var writer = FlatWriter(slots)
        try callee.transferResult(
            &cx, from: &flat, limit: limit, to: call.layout, &target, returnPointer: &rest, into: &writer,
            callerLimit: call.resultLimit)
        state = .returned
        task = nil
        wakeWaiter()
    }

    func cancelled() {
        notify()
        task = nil
        state = state == .starting ? .cancelledBeforeStarted : .cancelledBeforeReturned
        wakeWaiter()
    }

    // MARK: Functions of the host

    /// Lifts the arguments of a function of the host's.
    func start(_ start: DirectFunction.Start, _ caller: Caller) throws -> DirectFunction.Run {
        state = .started
        var source = context()
        return try start(caller, &source, &rest, call.isAsync)
    }

    /// Gives the guest what a function of the host's returned.
    func resolve(with lower: DirectFunction.Lower) throws {
        notify()
        var target = context()
        try lower(&target, &rest, slots, call.isAsync)
        state = .returned
        wakeWaiter()
    }

    // MARK: What the guest asks

    /// Asks that what was called ends; a function of the host's does so at once.
    func requestCancellation() throws {
        if let operation {
            operation.cancel()
            cancelled()
        }
        try task?.requestCancellation()
    }

    /// Gives back what was lent, once the guest knows that the call is over.
    func deliverResolve() {
        guard !isResolveDelivered else { return }
        isResolveDelivered = true
        scope.pointee.release(in: call.environment.handles)
    }

    override func takeEvent() -> Event {
        clearEvent()
        if isResolved { deliverResolve() }
        return Event(code: .subtask, index: index ?? 0, payload: state.rawValue)
    }
}
