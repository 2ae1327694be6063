// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI
import DovetailBinary

/// Calls between components as tasks, and the built-ins of tasks, subtasks, waitables, streams, futures and threads.
///
/// What may block keeps no reference to the store in its frames: on a stack that is suspended they would keep the store for ever.
extension TrampolineState {
    /// What a core function answers when the event is still to come. (CanonicalABI.md, `BLOCKED`)
    private static let blocked = UInt32.max

    /// The thread that runs, for what cannot do without one.
    private func thread() throws -> GuestThread {
        guard let thread = GuestThread.current(instance.store) else { throw Trap.cannotBlock() }
        return thread
    }

    // MARK: Lowered functions (CanonicalABI.md, `canon lower`)

    /// Calls a function of a component as a task, which may go on when the call is over.
    func callTask(_ callee: LiftedFunctionState, _ call: LoweredCall, _ slots: UnsafeMutableRawPointer) throws {
        let subtask = Subtask(call, slots, copyBudget: instance.store.configuration.copyBudget)
        let task = try GuestTask(callee, subtask)
        subtask.task = task
        try task.begin()
        try finish(subtask, call, slots)
    }

    /// Calls an async function of the host's, which may go on when the call is over.
    func callHostTask(
        _ start: DirectFunction.Start, _ call: LoweredCall, _ slots: UnsafeMutableRawPointer
    ) throws {
        let core = instance.store.core
        let subtask = Subtask(call, slots, copyBudget: core.pointee.copyBudget)
        let run = try subtask.start(start, Caller(core.pointee.link))
        instance.store.operations.add(subtask, instance, GuestThread.current(instance.store)?.task.scope, run)
        try finish(subtask, call, slots)
    }

    /// Waits for a subtask, or gives the guest a handle to it.
    private func finish(_ subtask: Subtask, _ call: LoweredCall, _ slots: UnsafeMutableRawPointer) throws {
        guard call.isAsync else {
            if !subtask.isResolved { try thread().wait(for: .resolution(subtask)) }
            return subtask.deliverResolve()
        }
        var writer = FlatWriter(slots)
        guard !subtask.isResolved else {
            subtask.deliverResolve()
            return writer.write(subtask.state.rawValue)
        }
        let index = try component.handles.add(object: subtask)
        subtask.index = index
        writer.write(subtask.state.rawValue | index << 4)
    }

    // MARK: Tasks, subtasks and waitables

    func callTaskReturn(
        _ environment: InstanceEnvironment, _ expected: FunctionLayout, _ slots: UnsafeMutableRawPointer
    )
        throws
    {
        let task = try thread().task
        let plan = task.function.plan
        let types = instance.component.plan.types
        guard plan.isAsync, expected.parameters.first?.type == plan.type.result.map(types.dealiased),
            environment.liftsAs(try instance.environment(plan.environment))
        else { throw Trap.task("invalid `task.return` signature and/or options for current task") }
        var reader = FlatReader(slots)
        try task.returnResult(environment, from: &reader)
    }

    func callConcurrency(
        _ builtin: CanonicalBuiltin, _ environment: InstanceEnvironment?, _ slots: UnsafeMutableRawPointer
    ) throws {
        var reader = FlatReader(slots)
        var writer = FlatWriter(slots)
        let handles = component.handles
        func waitableSet(_ index: UInt32) throws -> WaitableSet {
            try handles.object(at: index, as: WaitableSet.self, expected: "a waitable set")
        }
        switch builtin {
        case .taskCancel:
            let task = try thread().task
            guard task.function.plan.isAsync else {
                throw Trap.task("`task.cancel` was called by a task that is not lifted asynchronously")
            }
            try task.cancel()
        case .waitableSetNew: writer.write(try handles.add(object: WaitableSet()))
        case .waitableSetWait, .waitableSetPoll:
            let set = try waitableSet(reader.nextU32())
            let pointer = reader.nextPointer(environment?.is64 ?? false)
            if case .waitableSetWait = builtin {
                set.waitingCount += 1
                defer { set.waitingCount -= 1 }
                if !set.hasPendingEvent { try thread().wait(for: .event(set, isCallback: false)) }
            }
            let event = set.takeEvent() ?? .none
            if let environment {
                environment.core.refresh()
                var cx = CanonicalContext(environment)
                let offset = try cx.check(pointer, size: 8, alignment: 4)
                cx.write(event.index, at: offset)
                cx.write(event.payload, at: offset + 4)
            }
            writer.write(event.code.rawValue)
        case .waitableSetDrop:
            let set = try handles.removeObject(
                at: reader.nextU32(), as: WaitableSet.self, expected: "a waitable set")
            guard set.isEmpty else { throw Trap.task("cannot drop waitable set with waitables in it") }
            guard set.waitingCount == 0 else { throw Trap.task("cannot drop waitable set with waiters") }
        case .waitableJoin:
            let waitable = try handles.object(at: reader.nextU32(), as: Waitable.self, expected: "a waitable")
            try waitable.checkNobodyWaits()
            let set = reader.nextU32()
            waitable.join(set == 0 ? nil : try waitableSet(set))
        case .subtaskCancel(let isAsync): writer.write(try cancelSubtask(reader.nextU32(), isAsync: isAsync))
        case .subtaskDrop:
            let subtask = try handles.removeObject(at: reader.nextU32(), as: Subtask.self, expected: "a subtask")
            guard subtask.isResolveDelivered else {
                throw Trap.task("cannot drop a subtask which has not yet resolved")
            }
            subtask.join(nil)
        default: try callThread(builtin, &reader, &writer)
        }
    }

    private func cancelSubtask(_ index: UInt32, isAsync: Bool) throws -> UInt32 {
        let subtask = try component.handles.object(at: index, as: Subtask.self, expected: "a subtask")
        guard !subtask.isResolveDelivered else {
            throw Trap.task("`subtask.cancel` called after terminal status delivered")
        }
        guard !subtask.isCancellationRequested else {
            throw Trap.task("`subtask.cancel` called twice for a subtask")
        }
        try subtask.checkNotInSet()
        if !subtask.isResolved {
            subtask.isCancellationRequested = true
            subtask.hasSyncWaiter = true
            defer { subtask.hasSyncWaiter = false }
            try subtask.requestCancellation()
            if !isAsync, !subtask.isResolved { try thread().wait(for: .resolution(subtask)) }
            guard subtask.isResolved else { return Self.blocked }
        }
        return subtask.takeEvent().payload
    }

    // MARK: Threads

    private func callThread(
        _ builtin: CanonicalBuiltin, _ reader: inout FlatReader, _ writer: inout FlatWriter
    ) throws {
        let thread = try thread()
        func other() throws -> GuestThread { try component.threads.get(reader.nextU32()) }
        func suspended() throws -> GuestThread {
            let other = try other()
            guard other.isSuspended else { throw Trap.task("cannot resume thread which is not suspended") }
            return other
        }
        func another() throws -> GuestThread {
            let other = try other()
            guard other !== thread else { throw Trap.task("cannot switch to the thread that runs") }
            return other
        }
        switch builtin {
        case .threadIndex: return writer.write(thread.index ?? 0)
        case .threadResumeLater: return try suspended().resumeLater()
        case .threadSuspend: try thread.suspend()
        case .threadYield: try thread.yield()
        case .threadSuspendThenResume: try thread.handOver(to: suspended(), yields: false)
        case .threadYieldThenResume: try thread.handOver(to: suspended(), yields: true)
        case .threadSuspendThenPromote: try thread.promote(another(), yields: false)
        case .threadYieldThenPromote: try thread.promote(another(), yields: true)
        default: throw Trap.unsupported("the built-in `\(name)`")
        }
        writer.write(0 as UInt32)
    }

    /// `thread.new-indirect`
    func callThreadNew(_ table: CoreItem, isWide: Bool, _ slots: UnsafeMutableRawPointer) throws {
        var reader = FlatReader(slots)
        let task = try thread().task
        let index = reader.nextU32()
        guard let function = try instance.coreFunction(at: index, of: table) else {
            throw Trap.task("`thread.new-indirect`: there is no function at index \(index) of the table")
        }
        let argument = isWide ? reader.nextU64() : UInt64(reader.nextU32())
        let store = instance.store
        guard try store.functionTypeTest().accepts(function, isWide: isWide) else {
            throw Trap.task(
                "`thread.new-indirect`: the function at index \(index) of the table is of another type than "
                    + "`(func (param \(isWide ? "i64" : "i32")))`")
        }
        // The task keeps the thread, which is gone once this has run.
        var made: GuestThread?
        let thread = GuestThread(task) { [unowned(unsafe) task, unowned(unsafe) store] in
            defer { made = nil }
            try task.guarding {
                var (function, slot) = (function, wasmtime_val_raw_t())
                try withUnsafeMutablePointer(to: &slot) { slot in
                    var writer = FlatWriter(slot)
                    writer.write(argument)
                    try store.core.call(&function, slot, 1)
                }
                if let made { try task.unregister(made) }
            }
        }
        made = thread
        try task.register(thread)
        var writer = FlatWriter(slots)
        writer.write(thread.index ?? 0)
    }

    // MARK: Streams and futures

    func callCopy(
        _ builtin: CanonicalBuiltin, _ element: ElementType, _ layout: ValueLayout?,
        _ environment: InstanceEnvironment?, _ slots: UnsafeMutableRawPointer
    ) throws {
        var reader = FlatReader(slots)
        var writer = FlatWriter(slots)
        switch builtin {
        case .streamNew, .futureNew:
            let (readable, writable) = AsyncEnd.pair(isStream: builtin.isStream, element, component)
            readable.index = try component.handles.add(object: readable)
            writable.index = try component.handles.add(object: writable)
            writer.write(UInt64(readable.index) | UInt64(writable.index) << 32)
        case .streamRead(_, let options), .streamWrite(_, let options), .futureRead(_, let options),
            .futureWrite(_, let options):
            let end = try end(reader.nextU32(), builtin, element)
            guard end.state == .idle else {
                throw Trap.task(
                    end.state == .done
                        ? "cannot \(builtin.isReading ? "read from" : "write to") \(builtin.noun) after being notified that the "
                            + "\(builtin.isReading ? "writable" : "readable") end dropped"
                        : "cannot have concurrent operations active on a future/stream")
            }
            if !options.isAsync { try end.checkNotInSet() }
            let pointer = reader.nextPointer(environment?.is64 ?? false)
            let length = builtin.isStream ? reader.nextPointer(environment?.is64 ?? false) : 1
            let buffer = try GuestBuffer(environment, layout, pointer: pointer, length: length)
            try end.copy(buffer, copyBudget: instance.store.configuration.copyBudget)
            writer.write(try outcome(end, isAsync: options.isAsync))
        case .streamCancelRead(_, let isAsync), .streamCancelWrite(_, let isAsync),
            .futureCancelRead(_, let isAsync), .futureCancelWrite(_, let isAsync):
            let end = try end(reader.nextU32(), builtin, element)
            guard end.state == .copying else {
                throw Trap.task(
                    "\(builtin.noun) \(builtin.isReading ? "read" : "write") cancelled when no \(builtin.isReading ? "read" : "write") is pending"
                )
            }
            try end.checkNobodyWaits()
            if !isAsync { try end.checkNotInSet() }
            end.cancel()
            writer.write(try outcome(end, isAsync: isAsync))
        case .streamDropReadable, .streamDropWritable, .futureDropReadable, .futureDropWritable:
            let index = reader.nextU32()
            let end = try end(index, builtin, element)
            _ = try component.handles.removeObject(at: index, as: AsyncEnd.self)
            guard !end.isCopying else { throw Trap.task("cannot remove busy stream or future") }
            if !end.isStream, !end.isReadable, end.state != .done {
                throw Trap.task("cannot drop future write end without first writing a value")
            }
            end.drop()
        case .streamForward, .futureForward:
            let isStream = builtin.isStream
            let source = try component.takeEnd(reader.nextU32(), isStream: isStream, isReadable: true, element)
            let target = try component.takeEnd(reader.nextU32(), isStream: isStream, isReadable: false, element)
            try AsyncEnd.forward(source, to: target, copyBudget: instance.store.configuration.copyBudget)
        default: throw Trap.unsupported("the built-in `\(name)`")
        }
    }

    /// The end at `index`, of the kind that the built-in is for.
    private func end(_ index: UInt32, _ builtin: CanonicalBuiltin, _ element: ElementType) throws -> AsyncEnd {
        try component.end(index, isStream: builtin.isStream, isReadable: builtin.isReading, element)
    }

    /// What an operation came to, waiting for it unless it is asynchronous.
    private func outcome(_ end: AsyncEnd, isAsync: Bool) throws -> UInt32 {
        if !end.hasPendingEvent {
            guard !isAsync else { return Self.blocked }
            try end.waitForEvent(thread())
        }
        return end.takeEvent().payload
    }
}

extension CanonicalBuiltin {
    var isStream: Bool {
        switch self {
        case .streamNew, .streamRead, .streamWrite, .streamCancelRead, .streamCancelWrite, .streamDropReadable,
            .streamDropWritable, .streamForward:
            true
        default: false
        }
    }

    /// Whether it is for the readable end.
    fileprivate var isReading: Bool {
        switch self {
        case .streamRead, .streamCancelRead, .streamDropReadable, .futureRead, .futureCancelRead, .futureDropReadable:
            true
        default: false
        }
    }

    fileprivate var noun: String { isStream ? "stream" : "future" }
}
