// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
public import DovetailABI

/// What a call keeps on the stack while it runs.
@usableFromInline
struct CallFrame {
    @usableFromInline var task = TaskFrame()
    @usableFromInline var scope = BorrowScope()

    @inlinable
    init() {}
}

/// The halves of a call. What is generic is inlined into typed callers, what is large is here and not generic.
extension UnsafeMutablePointer where Pointee == LiftedFunction {
    /// Room for the core values of any call: 16 parameters at most, and one to spare.
    @inlinable static var slotBytes: Int { 17 * FlatReader.stride }

    /// Runs the core function and `post-return` around the two halves of a call.
    ///
    /// - Parameters:
    ///   - lower: writes the arguments to the slots; an error of its own leaves the instance usable.
    ///   - lift: reads the result from the slots, of which so many at most are flat.
    ///   - readsMemory: whether the result refers to memory.
    @inlinable
    func run<Result>(
        readsMemory: Bool,
        lower: (inout CanonicalContext, UnsafeMutableRawPointer) throws(ABIError) -> Void,
        lift: (inout CanonicalContext, UnsafeMutableRawPointer, Int) throws(ABIError) -> Result
    ) throws -> Result {
        if pointee.usesTasks { return try runTask(lower: lower, lift: lift) }
        return try withUnsafeTemporaryAllocation(byteCount: Self.slotBytes, alignment: 16) { buffer in
            // Not empty, so it has a base.
            let slots = buffer.baseAddress.unsafelyUnwrapped
            var frame = CallFrame()
            return try withUnsafeMutablePointer(to: &frame) { frame in
                var cx = try begin(frame)
                do throws(ABIError) {
                    try lower(&cx, slots)
                } catch {
                    throw fail(lowering: error, frame)
                }
                try invoke(slots, frame)
                if readsMemory { refresh(&cx) }
                let result: Result
                do throws(ABIError) {
                    result = try lift(&cx, slots, CanonicalLimits.maxFlatResults)
                } catch {
                    throw fail(error, frame)
                }
                try finish(slots, frame)
                return result
            }
        }
    }

    /// Runs a call as a task, and all tasks until it has returned.
    @inlinable
    func runTask<Result>(
        lower: (inout CanonicalContext, UnsafeMutableRawPointer) throws(ABIError) -> Void,
        lift: (inout CanonicalContext, UnsafeMutableRawPointer, Int) throws(ABIError) -> Result
    ) throws -> Result {
        var result: Result?
        try callTask { (cx, slots) throws(ABIError) in
            try lower(&cx, slots)
        } lift: { (cx, slots, limit) throws(ABIError) in
            result = try lift(&cx, slots, limit)
        }
        guard let result else { throw callCancelled() }
        return result
    }

    @usableFromInline
    func callTask(
        lower: (inout CanonicalContext, UnsafeMutableRawPointer) throws(ABIError) -> Void,
        lift: (inout CanonicalContext, UnsafeMutableRawPointer, Int) throws(ABIError) -> Void
    ) throws {
        try HostCall.run(self, lower: lower, lift: lift)
    }

    @usableFromInline
    func callCancelled() -> any Error { CancellationError() }

    /// Runs a call that was let in, whose arguments are lowered already and whose values are all plain numbers.
    @usableFromInline
    func invokePlain(_ slots: UnsafeMutableRawPointer) throws {
        let store = pointee.store
        try store.enter()
        do {
            try store.withFrame {
                try store.call(&pointee.function, slots, pointee.slotCount)
                if pointee.hasPostReturn { try runPostReturn(slots) }
            }
        } catch {
            store.leave()
            throw poison(error)
        }
        store.leave()
    }

    /// Ends a plain call whose result could not be lifted.
    @usableFromInline @inline(never)
    func poison(_ error: any Error) -> any Error {
        pointee.instance.poison(error)
    }

    /// Enters the instance, unless it trapped before, and starts a task.
    @usableFromInline
    func begin(_ frame: UnsafeMutablePointer<CallFrame>) throws -> CanonicalContext {
        if pointee.isBlocked.pointee { try admit() }
        let store = pointee.store
        try store.enter()
        link(frame)
        // The memory is looked at when something is allocated in it; lowering never touches it before.
        return pointee.environment.context(frame.scope)
    }

    @inline(__always)
    private func link(_ frame: UnsafeMutablePointer<CallFrame>) {
        frame.pointee.task.previous = pointee.store.pointee.running.frame
        pointee.store.pointee.running.frame = frame.task
    }

    /// Lets a blocked call in, or says why not.
    @usableFromInline @inline(never)
    func admit() throws { try pointee.admit() }

    /// Runs the core function over the slots.
    @usableFromInline
    func invoke(
        _ slots: UnsafeMutableRawPointer, _ frame: UnsafeMutablePointer<CallFrame>
    ) throws {
        do {
            try pointee.store.call(&pointee.function, slots, pointee.slotCount)
        } catch {
            throw fail(error, frame)
        }
    }

    /// Looks at the memory as it is after the call.
    @usableFromInline
    func refresh(_ cx: inout CanonicalContext) {
        pointee.environment.refresh()
        cx.reload()
    }

    /// Ends the task once its result is lifted. (CanonicalABI.md, `Task.return_`, `canon lift`)
    @usableFromInline
    func finish(_ slots: UnsafeMutableRawPointer, _ frame: UnsafeMutablePointer<CallFrame>) throws {
        do {
            if frame.pointee.scope.borrowCount != 0 { try frame.pointee.scope.checkReturned() }
            if pointee.hasPostReturn { try runPostReturn(slots) }
        } catch {
            throw fail(error, frame)
        }
        leave(frame)
    }

    /// Ends the task after lowering failed; only a fault of the guest's makes the instance unusable.
    @usableFromInline @inline(never)
    func fail(lowering error: ABIError, _ frame: UnsafeMutablePointer<CallFrame>) -> any Error {
        leave(frame)
        return error.isGuestFault ? poison(error) : error
    }

    /// Ends the task after a trap, and with it the instance.
    @usableFromInline @inline(never)
    func fail(_ error: any Error, _ frame: UnsafeMutablePointer<CallFrame>) -> any Error {
        leave(frame)
        return poison(error)
    }

    @inline(__always)
    private func leave(_ frame: UnsafeMutablePointer<CallFrame>) {
        let store = pointee.store
        if !frame.pointee.scope.isEmpty {
            frame.pointee.scope.release(in: pointee.environment.pointee.site.environment)
        }
        store.pointee.running.frame = frame.pointee.task.previous
        store.leave()
    }

    private func runPostReturn(_ slots: UnsafeMutableRawPointer) throws {
        let component = pointee.component
        component.pointee.mayLeave = false
        defer { component.pointee.mayLeave = true }
        try pointee.store.call(&pointee.postReturn, slots, pointee.resultCount)
    }

    /// A call from the host with dynamic values.
    func call(_ arguments: [Value]) throws -> Value? {
        let layout = pointee.layout
        return try run(readsMemory: layout.resultUsesMemory || layout.resultIsIndirect()) {
            (cx, slots) throws(ABIError) in
            var writer = FlatWriter(slots)
            try layout.lowerParameters(arguments, &cx, into: &writer)
        } lift: { (cx, slots, limit) throws(ABIError) in
            var reader = FlatReader(slots)
            return try layout.liftResult(&cx, from: &reader, limit: limit)
        }
    }
}

extension UnsafeMutablePointer where Pointee == CallFrame {
    // Fields of memory that stays where it is, so their addresses outlive the closures.
    fileprivate var task: UnsafeMutablePointer<TaskFrame> { withUnsafeMutablePointer(to: &pointee.task) { $0 } }
    fileprivate var scope: UnsafeMutablePointer<BorrowScope> { withUnsafeMutablePointer(to: &pointee.scope) { $0 } }
}

extension ABIError {
    /// Whether lowering failed because of what the guest's `realloc` did, and not because of the host's value.
    var isGuestFault: Bool {
        cause != nil || code == .outOfBounds || code == .unalignedPointer || code == .reallocFailed
    }
}

extension FunctionLayout {
    /// Whether the result has a string, list or map in it.
    var resultUsesMemory: Bool { result?.usesMemory ?? false }
}

extension ValueLayout {
    /// Whether the type has a string, list or map in it.
    var usesMemory: Bool {
        switch kind {
        case .string, .list, .map: return true
        case .fixedLengthList(let element, _): return element.usesMemory
        case .record(let fields), .tuple(let fields): return fields.contains { $0.layout.usesMemory }
        case .variant(let cases), .option(let cases), .result(let cases):
            return cases.payloads.contains { $0?.usesMemory ?? false }
        default: return false
        }
    }
}
