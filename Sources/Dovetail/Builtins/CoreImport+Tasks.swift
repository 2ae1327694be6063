// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI
import DovetailBinaryReader
import DovetailValidation

/// The built-ins of tasks, subtasks, waitables and threads.
///
/// What may block keeps no reference to the store in its frames: on a stack that is suspended they would keep the store for ever.
extension CoreImport {
    /// What a core function answers when the event is still to come. (CanonicalABI.md, `BLOCKED`)
    static let blocked = UInt32.max

    /// The thread that runs, for what cannot do without one.
    func thread() throws -> GuestThread {
        guard let thread = GuestThread.current(instance.store.core) else { throw Trap.cannotBlock() }
        return thread
    }

    func callTaskReturn(
        _ environment: InstanceEnvironment, _ expected: FunctionLayout, _ slots: UnsafeMutableRawPointer
    ) throws {
        let task = try thread().task
        if task.function != checkedFunction {
            let plan = task.function.pointee.plan
            let types = instance.component.plan.types
            guard plan.isAsync, expected.parameters.first?.type == plan.type.result.map(types.dealiased),
                environment.liftsAs(try instance.environment(plan.environment))
            else { throw Trap.task("invalid `task.return` signature and/or options for current task") }
            checkedFunction = task.function
        }
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
            guard task.function.pointee.convention.isAsync else {
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
    func callThreadNew(_ start: ComponentPlan.ThreadStart, _ slots: UnsafeMutableRawPointer) throws {
        var reader = FlatReader(slots)
        let task = try thread().task
        let index = reader.nextPointer(start.is64)
        guard let function = try instance.coreFunction(at: index, of: start.table) else {
            throw Trap.task("`thread.new-indirect`: there is no function at index \(index) of the table")
        }
        let argument = start.isWide ? reader.nextU64() : UInt64(reader.nextU32())
        let store = instance.store
        guard try store.functionTypeTest().accepts(function, isWide: start.isWide) else {
            throw Trap.task(
                "`thread.new-indirect`: the function at index \(index) of the table is of another type than "
                    + "`(func (param \(start.isWide ? "i64" : "i32")))`")
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
}
