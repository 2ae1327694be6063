// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI

/// Who called: gives the arguments when the task starts, takes the result when it is resolved.
/// (CanonicalABI.md, `OnStart`, `OnResolve`)
protocol TaskCaller: AnyObject {
    func start(_ callee: FunctionLayout, _ cx: inout CanonicalContext, into flat: inout FlatWriter) throws
    /// - Parameter limit: how many core values of the result may be flat.
    func resolve(_ callee: FunctionLayout, _ cx: inout CanonicalContext, from flat: inout FlatReader, limit: Int) throws
    func cancelled()
}

/// A call of a lifted function. (CanonicalABI.md, "Tasks", `canon lift`)
final class GuestTask {
    enum State {
        case initial, started, pendingCancel, cancelDelivered, resolved
    }

    let function: LiftedFunctionState
    unowned(unsafe) let instance: InstanceState
    unowned(unsafe) let component: ComponentInstance
    let mayBlock: Bool
    private(set) var state = State.initial
    /// Who called; nobody is told any more once the task is resolved.
    private var caller: (any TaskCaller)?
    private let borrows: UnsafeMutablePointer<BorrowScope>
    private var implicitThread: GuestThread?
    private var threads: [GuestThread] = []
    private let plan: ComponentPlan.LiftedFunction
    /// What the host's call that it serves is responsible for; `nil` in a call that cannot wait.
    let scope: CallScope?

    var store: Store { instance.store }
    private var isAsyncType: Bool { plan.type.isAsync }
    private var hasCallback: Bool { plan.callback != nil }
    var needsExclusive: Bool { !plan.isAsync || hasCallback }

    init(_ function: LiftedFunctionState, _ caller: any TaskCaller) throws {
        try function.resolveForTask()
        self.function = function
        self.caller = caller
        instance = function.instance
        plan = function.plan
        component = instance.components[plan.componentInstance]
        mayBlock = instance.component.links.mayBlock[plan.componentInstance]
        let store = instance.store
        scope =
            GuestThread.current(store)?.task.scope ?? store.core.pointee.running.scope?.takeUnretainedValue()
        borrows = .allocate(capacity: 1)
        borrows.initialize(to: BorrowScope())
    }

    deinit {
        borrows.deinitialize(count: 1)
        borrows.deallocate()
    }

    // MARK: The course of a task

    /// Runs the task until it blocks; one that is not async has to be resolved after that.
    func begin() throws {
        try instance.checkAlive()
        let thread = GuestThread(self) { [unowned(unsafe) self] in try guarding { try enter() } }
        implicitThread = thread
        try thread.resume()
        guard !isAsyncType else { return }
        while state != .resolved {
            guard try store.scheduler.tick(component) else { throw instance.poison(Trap.cannotBlock()) }
        }
    }

    /// Whether its component instance lets no task like this one start.
    var hasBackpressure: Bool {
        component.core.pointee.backpressure > 0 || (needsExclusive && component.exclusiveThread != nil)
    }

    private func enter() throws {
        guard isAsyncType, hasBackpressure || component.waitingToEnter > 0 else { return try start() }
        component.waitingToEnter += 1
        implicitThread?.park(for: .entry) { [unowned(unsafe) self] in
            component.waitingToEnter -= 1
            try guarding {
                if deliverCancel() { try cancel() } else { try start() }
            }
        }
    }

    private func start() throws {
        guard let thread = implicitThread else { return }
        if isAsyncType, needsExclusive { component.exclusiveThread = ObjectIdentifier(thread) }
        try register(thread)
        state = .started
        var core = function.core.pointee
        try withUnsafeTemporaryAllocation(byteCount: UnsafeMutablePointer<LiftedCore>.slotBytes, alignment: 16) {
            buffer in
            // Not empty, so it has a base.
            let slots = buffer.baseAddress.unsafelyUnwrapped
            var cx = core.environment.context(borrows)
            var writer = FlatWriter(slots)
            do {
                try caller?.start(function.layout, &cx, into: &writer)
            } catch let error as ABIError where !error.isGuestFault {
                guard let call = caller as? HostCall else { throw error }
                withdraw()
                return call.reject(error)
            }
            try store.core.call(&core.function, slots, core.slotCount)
            if plan.isAsync {
                guard hasCallback else { return try exit() }
                return try run(FlatReader.first(slots))
            }
            core.environment.refresh()
            cx.reload()
            var reader = FlatReader(slots)
            try resolve(&cx, from: &reader, limit: CanonicalLimits.maxFlatResults)
            if core.hasPostReturn {
                core.component.pointee.mayLeave = false
                defer { core.component.pointee.mayLeave = true }
                try store.core.call(&core.postReturn, slots, core.resultCount)
            }
            try exit()
        }
    }

    /// What a `callback` function returned: it ends, lets others run, or waits.
    private func run(_ packed: UInt32) throws {
        guard let thread = implicitThread else { return }
        let argument = packed >> 4
        switch packed & 0xf {
        case 0: return try exit()
        case 1, 2: break
        default: throw Trap.task("unsupported callback code \(packed & 0xf)")
        }
        if deliverCancel() { return try deliver(.taskCancelled) }
        component.exclusiveThread = nil
        if packed & 0xf == 1 {
            return thread.park(for: .exclusiveAccess) { [unowned(unsafe) self] in
                try guarding { try deliver(deliverCancel() ? .taskCancelled : .none) }
            }
        }
        let set = try component.handles.object(at: argument, as: WaitableSet.self, expected: "a waitable set")
        set.waitingCount += 1
        thread.park(for: .event(set, isCallback: true)) { [unowned(unsafe) self] in
            set.waitingCount -= 1
            try guarding {
                guard deliverCancel() else { return try deliver(set.takeEvent() ?? .none) }
                set.passChanceOn()
                try deliver(.taskCancelled)
            }
        }
    }

    private func deliver(_ event: Event) throws {
        component.exclusiveThread = implicitThread.map(ObjectIdentifier.init)
        var callback = function.callback
        let packed = try withUnsafeTemporaryAllocation(byteCount: 3 * FlatReader.stride, alignment: 16) { buffer in
            // Not empty, so it has a base.
            let slots = buffer.baseAddress.unsafelyUnwrapped
            var writer = FlatWriter(slots)
            writer.write(event.code.rawValue)
            writer.write(event.index)
            writer.write(event.payload)
            try store.core.call(&callback, slots, 3)
            return FlatReader.first(slots)
        }
        try run(packed)
    }

    private func exit() throws {
        guard let thread = implicitThread else { return }
        try unregister(thread)
        if isAsyncType, needsExclusive { component.exclusiveThread = nil }
        implicitThread = nil
    }

    /// Ends the task before any of its code ran.
    private func withdraw() {
        state = .resolved
        caller = nil
        if let thread = implicitThread { try? unregister(thread) }
        if isAsyncType, needsExclusive { component.exclusiveThread = nil }
        implicitThread = nil
        borrows.pointee.release(in: component.handles)
    }

    /// Runs guest code; what it runs into makes the instance unusable.
    func guarding(_ body: () throws -> Void) throws {
        do { try body() } catch { throw instance.poison(error) }
    }

    // MARK: Threads

    func register(_ thread: GuestThread) throws {
        guard component.threads.count < store.configuration.maximumHandles else {
            throw Trap.limit("threads of a component instance", store.configuration.maximumHandles)
        }
        threads.append(thread)
        thread.index = component.threads.add(thread)
    }

    func unregister(_ thread: GuestThread) throws {
        threads.removeAll { $0 === thread }
        if threads.isEmpty, state != .resolved {
            throw Trap.task("a task ended without having returned a result or having been cancelled")
        }
        if let index = thread.index { component.threads.remove(index) }
        thread.index = nil
    }

    /// Forgets its threads and their stacks, when the store goes.
    func abandon() {
        implicitThread?.abandon()
        implicitThread = nil
        for thread in threads { thread.abandon() }
        threads = []
        caller = nil
    }

    // MARK: Results

    private func resolve(_ cx: inout CanonicalContext, from flat: inout FlatReader, limit: Int) throws {
        guard state != .resolved else { throw Trap.task("`task.return` was called a second time") }
        try borrows.pointee.checkReturned()
        try caller?.resolve(function.layout, &cx, from: &flat, limit: limit)
        state = .resolved
        caller = nil
        borrows.pointee.release(in: component.handles)
    }

    /// `task.return`
    func returnResult(_ environment: InstanceEnvironment, from flat: inout FlatReader) throws {
        environment.core.refresh()
        var cx = environment.core.context(borrows)
        try resolve(&cx, from: &flat, limit: CanonicalLimits.maxFlatParameters)
    }

    // MARK: Cancellation

    private func deliverCancel() -> Bool {
        guard state == .pendingCancel else { return false }
        state = .cancelDelivered
        return true
    }

    /// `task.cancel`
    func cancel() throws {
        guard state == .cancelDelivered else {
            throw Trap.task("`task.cancel` was called by a task that was not asked to be cancelled")
        }
        try borrows.pointee.checkReturned()
        caller?.cancelled()
        caller = nil
        state = .resolved
        borrows.pointee.release(in: component.handles)
    }

    /// Asks the task to end early.
    func requestCancellation() throws {
        let hadStarted = state != .initial
        state = .pendingCancel
        guard hadStarted else {
            try implicitThread?.resume()
            return
        }
        if let thread = implicitThread { store.scheduler.reconsider(thread) }
        // Whatever is ready when it begins has a turn, and what that makes ready; not what only yields again and again.
        var turns = component.threads.count + 1
        while state != .resolved, turns > 0, try store.scheduler.tick(component) { turns -= 1 }
    }
}

extension FlatReader {
    /// The first core value, an `i32`.
    static func first(_ slots: UnsafeMutableRawPointer) -> UInt32 {
        var reader = FlatReader(slots)
        return reader.nextU32()
    }
}
