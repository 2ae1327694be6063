// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
public import DovetailABI
import DovetailBinary
import DovetailTypes

/// A lifted function of an instance. (CanonicalABI.md, `canon lift`)
@usableFromInline
final class LiftedFunctionState {
    unowned(unsafe) let instance: InstanceState
    let type: FunctionType
    let layout: FunctionLayout
    let environment: InstanceEnvironment
    let function: UnsafeMutablePointer<wasmtime_func_t>
    let postReturn: UnsafeMutablePointer<wasmtime_func_t>?
    let slotCount: Int
    let resultCount: Int
    private let isAsync: Bool

    init(_ instance: InstanceState, _ index: Int, _ plan: ComponentPlan) throws {
        let lifted = plan.lifted[index]
        self.instance = instance
        type = lifted.type
        layout = instance.prepared.component.links.lifted[index]
        isAsync = lifted.isAsync
        guard let environment = instance.environments[lifted.environment] else {
            throw ComponentError.invalid("a lifted function without its canonical options", at: lifted.offset)
        }
        self.environment = environment
        function = try instance.coreFunction(lifted.core)
        postReturn = try lifted.postReturn.map { try instance.coreFunction($0) }
        let core = layout.coreType(.lift, is64: environment.is64, isAsync: lifted.isAsync)
        slotCount = max(core.parameters.count, core.results.count, 1)
        resultCount = core.results.count
    }

    deinit {
        function.deallocate()
        postReturn?.deallocate()
    }

    /// Runs the core function and `post-return` around the two halves of a call; inlined into typed callers.
    ///
    /// - Parameters:
    ///   - lower: writes the arguments to the slots; an error of its own leaves the instance usable.
    ///   - lift: reads the result from the slots.
    @inlinable
    func run<Result>(
        lower: (inout CanonicalContext, UnsafeMutableRawPointer) throws(ABIError) -> Void,
        lift: (inout CanonicalContext, UnsafeMutableRawPointer) throws(ABIError) -> Result
    ) throws -> Result {
        // 17 slots: 16 parameters at most, and room to spare.
        try withUnsafeTemporaryAllocation(byteCount: 17 * FlatReader.stride, alignment: 16) { buffer in
            // Not empty, so it has a base.
            let slots = buffer.baseAddress.unsafelyUnwrapped
            var frame = TaskFrame()
            var scope = BorrowScope()
            return try withUnsafeMutablePointer(to: &scope) { scope in
                try withUnsafeMutablePointer(to: &frame) { frame in
                    var cx = try begin(frame, scope)
                    do throws(ABIError) {
                        try lower(&cx, slots)
                    } catch {
                        throw fail(lowering: error, frame, scope)
                    }
                    do {
                        try invoke(slots, &cx)
                        let result = try lift(&cx, slots)
                        try finish(slots, frame, scope)
                        return result
                    } catch {
                        throw fail(error, frame, scope)
                    }
                }
            }
        }
    }

    /// Enters the instance, unless it trapped before: starts a task, looks at the memory.
    @usableFromInline
    func begin(
        _ frame: UnsafeMutablePointer<TaskFrame>, _ scope: UnsafeMutablePointer<BorrowScope>
    ) throws -> CanonicalContext {
        let store = instance.store
        try instance.checkAlive()
        guard !isAsync else { throw Trap.unsupported("calling an async-lifted function") }
        store.enter()
        frame.pointee.previous = store.frame
        store.frame = frame
        environment.refreshMemory()
        return CanonicalContext(environment, scope: scope, copyBudget: store.configuration.copyBudget)
    }

    /// Runs the core function over the slots.
    @usableFromInline
    func invoke(_ slots: UnsafeMutableRawPointer, _ cx: inout CanonicalContext) throws {
        try instance.callCore(function, slots, slotCount)
        environment.refreshMemory()
        cx.reload()
    }

    /// Ends the task once its result is lifted. (CanonicalABI.md, `Task.return_`, `canon lift`)
    @usableFromInline
    func finish(
        _ slots: UnsafeMutableRawPointer, _ frame: UnsafeMutablePointer<TaskFrame>,
        _ scope: UnsafeMutablePointer<BorrowScope>
    ) throws {
        try scope.pointee.checkReturned()
        if let postReturn { try runPostReturn(postReturn, slots) }
        leave(frame, scope)
    }

    /// Ends the task after lowering failed; only a fault of the guest's makes the instance unusable.
    @usableFromInline
    func fail(
        lowering error: ABIError, _ frame: UnsafeMutablePointer<TaskFrame>, _ scope: UnsafeMutablePointer<BorrowScope>
    ) -> any Error {
        leave(frame, scope)
        return error.isGuestFault ? instance.poison(error) : error
    }

    /// Ends the task after a trap, and with it the instance.
    @usableFromInline
    func fail(
        _ error: any Error, _ frame: UnsafeMutablePointer<TaskFrame>, _ scope: UnsafeMutablePointer<BorrowScope>
    ) -> any Error {
        leave(frame, scope)
        return instance.poison(error)
    }

    private func leave(
        _ frame: UnsafeMutablePointer<TaskFrame>, _ scope: UnsafeMutablePointer<BorrowScope>
    ) {
        let store = instance.store
        if !scope.pointee.isEmpty { scope.pointee.release(in: environment.handles) }
        store.frame = frame.pointee.previous
        store.leave()
    }

    private func runPostReturn(
        _ postReturn: UnsafeMutablePointer<wasmtime_func_t>, _ slots: UnsafeMutableRawPointer
    ) throws {
        environment.component.mayLeave = false
        defer { environment.component.mayLeave = true }
        try instance.callCore(postReturn, slots, max(1, resultCount))
    }

    /// A call from the host with dynamic values.
    func call(_ arguments: [Value]) throws -> Value? {
        try run { (cx, slots) throws(ABIError) in
            var writer = FlatWriter(slots)
            try layout.lowerParameters(arguments, &cx, into: &writer)
        } lift: { (cx, slots) throws(ABIError) in
            var reader = FlatReader(slots)
            return try layout.liftResult(&cx, from: &reader)
        }
    }
}

extension ABIError {
    /// Whether lowering failed because of what the guest's `realloc` did, and not because of the host's value.
    fileprivate var isGuestFault: Bool {
        cause != nil || code == .outOfBounds || code == .unalignedPointer || code == .reallocFailed
    }
}
