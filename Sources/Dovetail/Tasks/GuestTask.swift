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

    let function: UnsafeMutablePointer<LiftedFunction>
    unowned(unsafe) let instance: InstanceState
    unowned(unsafe) let component: ComponentInstance
    private let core: UnsafeMutablePointer<StoreCore>
    var state = State.initial
    /// Who called; `nil` once the task is resolved.
    var caller: (any TaskCaller)?
    let borrows: UnsafeMutablePointer<BorrowScope>
    var implicitThread: GuestThread?
    var threads: [GuestThread] = []
    /// What the host's call that it serves is responsible for; `nil` in a call that cannot wait.
    let scope: CallScope?

    var store: Store { instance.store }
    private var isAsyncType: Bool { function.pointee.convention.isAsyncType }
    var mayBlock: Bool { function.pointee.convention.mayBlock }
    private var hasCallback: Bool { function.pointee.convention.hasCallback }
    var needsExclusive: Bool { !function.pointee.convention.isAsync || hasCallback }

    init(_ function: UnsafeMutablePointer<LiftedFunction>, _ caller: any TaskCaller) throws {
        try function.pointee.resolve()
        self.function = function
        self.caller = caller
        instance = function.pointee.instance
        component = instance.components[function.pointee.convention.componentInstance]
        core = function.pointee.store
        scope =
            if let thread = GuestThread.current(core) { thread.task.scope } else {
                core.pointee.running.scope?.takeUnretainedValue()
            }
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
        let function = function
        try withUnsafeTemporaryAllocation(byteCount: UnsafeMutablePointer<LiftedFunction>.slotBytes, alignment: 16) {
            buffer in
            // Not empty, so it has a base.
            let slots = buffer.baseAddress.unsafelyUnwrapped
            var cx = function.pointee.environment.context(borrows)
            var writer = FlatWriter(slots)
            do {
                try caller?.start(function.pointee.layout, &cx, into: &writer)
            } catch let error as ABIError where !error.isGuestFault {
                guard let call = caller as? HostCall else { throw error }
                withdraw()
                return call.reject(error)
            }
            try core.call(&function.pointee.function, slots, function.pointee.slotCount)
            if function.pointee.convention.isAsync {
                guard hasCallback else { return try exit() }
                return try run(FlatReader.first(slots))
            }
            function.pointee.environment.refresh()
            cx.reload()
            var reader = FlatReader(slots)
            try resolve(&cx, from: &reader, limit: CanonicalLimits.maxFlatResults)
            if function.pointee.hasPostReturn {
                function.pointee.component.pointee.mayLeave = false
                defer { function.pointee.component.pointee.mayLeave = true }
                try core.call(&function.pointee.postReturn, slots, function.pointee.resultCount)
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
        var callback = function.pointee.callback
        let packed = try withUnsafeTemporaryAllocation(byteCount: 3 * FlatReader.stride, alignment: 16) { buffer in
            // Not empty, so it has a base.
            let slots = buffer.baseAddress.unsafelyUnwrapped
            var writer = FlatWriter(slots)
            writer.write(event.code.rawValue)
            writer.write(event.index)
            writer.write(event.payload)
            try core.call(&callback, slots, 3)
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
}

extension FlatReader {
    /// The first core value, an `i32`.
    static func first(_ slots: UnsafeMutableRawPointer) -> UInt32 {
        var reader = FlatReader(slots)
        return reader.nextU32()
    }
}
