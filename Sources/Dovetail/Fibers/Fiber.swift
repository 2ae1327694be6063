// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailFiles

/// A stack of its own for a call that may wait; the engine's own fiber under a Swift name.
///
/// Several may be suspended in one store. What is particular to a running call in ``StoreCore`` is swapped whenever a fiber is
/// entered or left. Only frames of this runtime and of guests may lie on a fiber while it is suspended: it can go on on another
/// thread, which user code that holds an access to a variable would not survive.
final class Fiber {
    /// What a suspended fiber waits for.
    typealias Operation = nonisolated(nonsending) () async -> Void

    /// Why a fiber is suspended.
    enum Suspension {
        /// Until an operation of the host's is complete; whether it ends by itself when the store's time is up.
        case operation(Operation, keepsTime: Bool)
        /// Until somebody resumes it.
        case blocked
        /// Until others had their turn: its slice of time is up.
        case preempted
    }

    /// Whoever resumes it keeps the store.
    private unowned(unsafe) let store: Store
    private var body: (() throws -> Void)?
    /// What the body threw.
    private var failure: (any Error)?
    private var future: OpaquePointer?
    private let outcome: UnsafeMutablePointer<Outcome>
    private var saved: StoreCore.Running
    private var suspension = Suspension.blocked
    private(set) var isFinished = false
    /// Whether the fiber may go on, which the engine asks when it is resumed.
    private(set) var isReady = true
    /// Why the wait ended without what it waited for.
    private var cancellation: (any Error)?
    /// When its time is up, on the system's monotonic clock in nanoseconds; 0 for one whose time is another's, or has no limit.
    private let deadline: UInt64
    private var isCancelled = false
    /// Whether it was not resumed yet, so that all of its time is left.
    private var isFresh = true

    /// Where the engine writes how the call ended.
    private struct Outcome {
        var argument = wasmtime_val_t()
        var trap: OpaquePointer?
        var error: OpaquePointer?
    }

    /// Makes a fiber that will run `body`.
    ///
    /// - Parameters:
    ///   - scope: what the host's call is responsible for that it is made for; the owner of the fiber keeps it.
    ///   - inheritsDeadline: whether the time of the call that runs is its time, too.
    init(
        _ store: Store, _ scope: CallScope?, inheritsDeadline: Bool = false, _ body: @escaping () throws -> Void
    ) throws {
        self.store = store
        self.body = body
        let ticks = store.core.pointee.ticks
        deadline = inheritsDeadline || ticks == 0 ? 0 : EpochTicker.instant(after: ticks)
        outcome = .allocate(capacity: 1)
        outcome.initialize(to: Outcome())
        saved = StoreCore.Running()
        saved.depth = 1
        saved.scope = scope.map(Unmanaged.passUnretained)
        saved.deadline = inheritsDeadline ? store.core.pointee.running.deadline : deadline
        let address = Unmanaged.passUnretained(self).toOpaque()
        saved.fiber = UnsafeRawPointer(address)
        outcome.pointee.argument = dovetail_val_i64(Int64(Int(bitPattern: address)))
        let functions = try store.fiberFunctions()
        future = store.api.functions.pointee.wasmtime_func_call_async(
            store.context, &functions.pointee.main, &outcome.pointee.argument, 1, nil, 0, &outcome.pointee.trap,
            &outcome.pointee.error)
    }

    deinit {
        // The engine unwinds a fiber that is still suspended; it must not suspend again meanwhile.
        if let future {
            isCancelled = true
            let outer = store.core.pointee.running
            store.core.pointee.running = saved
            store.api.functions.pointee.wasmtime_call_future_delete(future)
            store.core.pointee.running = outer
        }
        if let trap = outcome.pointee.trap { store.api.functions.pointee.wasm_trap_delete(trap) }
        if let error = outcome.pointee.error { store.api.functions.pointee.wasmtime_error_delete(error) }
        outcome.deallocate()
    }

    /// The fiber that a core value represents.
    static func from(_ address: UInt64) -> Fiber? {
        UnsafeRawPointer(bitPattern: UInt(truncatingIfNeeded: address)).map {
            Unmanaged<Fiber>.fromOpaque($0).takeUnretainedValue()
        }
    }

    /// What runs on the fiber.
    func main() {
        let engine = store.engine
        // What the engine itself used of the stack so far is covered by the reserve.
        let size = UInt(clamping: engine.configuration.fiberStack)
        let top = dovetail_stack_pointer()
        store.core.pointee.running.stackLimit =
            size > engine.stackReserve + Self.slack ? top - size + engine.stackReserve + Self.slack : top
        let body = self.body
        self.body = nil
        do { try body?() } catch { failure = error }
    }

    /// How its body has ended.
    func result() throws {
        if let failure { throw failure }
        // Without an engine that lets it run.
        if body != nil { throw Trap.cannotWait() }
    }

    private static let slack: UInt = 32 << 10

    /// Runs the fiber until it waits or ends.
    ///
    /// - Returns: why it is suspended, `nil` when it has ended.
    /// - Throws: ``Trap`` when the fiber itself could not go on.
    func resume() throws -> Suspension? {
        guard let future else { return nil }
        let core = store.core
        let outer = core.pointee.running
        core.pointee.running = saved
        core.pointee.running.thread = dovetail_thread_mark()
        let slice = core.pointee.slice
        if deadline != 0 {
            let left = isFresh ? core.pointee.ticks : EpochTicker.ticks(until: deadline)
            store.api.functions.pointee.wasmtime_context_set_epoch_deadline(
                store.context, slice == 0 ? left : min(left, slice))
        } else if slice != 0 {
            store.api.functions.pointee.wasmtime_context_set_epoch_deadline(store.context, slice)
        }
        isReady = true
        isFresh = false
        let done = store.api.functions.pointee.wasmtime_call_future_poll(future)
        saved = core.pointee.running
        core.pointee.running = outer
        guard done else {
            defer { suspension = .blocked }
            return suspension
        }
        isFinished = true
        self.future = nil
        store.api.functions.pointee.wasmtime_call_future_delete(future)
        let (trap, error) = (outcome.pointee.trap, outcome.pointee.error)
        outcome.pointee.trap = nil
        outcome.pointee.error = nil
        if trap != nil || error != nil { throw store.failure(error, trap) }
        return nil
    }

    /// Suspends the fiber, on which this is called, until `operation` is complete.
    ///
    /// - Throws: ``Trap`` when the store's time is up before.
    func wait(keepsTime: Bool, for operation: @escaping Operation) throws {
        try suspend(.operation(operation, keepsTime: keepsTime))
        if let cancellation {
            self.cancellation = nil
            throw cancellation
        }
    }

    /// The engine is about to suspend the fiber, which computed for long.
    func preempt() { suspension = .preempted }

    /// Suspends the fiber, on which this is called, until somebody resumes it.
    func suspend() throws { try suspend(.blocked) }

    private func suspend(_ reason: Suspension) throws {
        guard !isCancelled else { throw Trap.cancelled() }
        suspension = reason
        isReady = false
        var slot = dovetail_val_raw_i64(Int64(Int(bitPattern: Unmanaged.passUnretained(self).toOpaque())))
        let functions = try store.fiberFunctions()
        try withUnsafeMutablePointer(to: &slot) { try store.core.call(&functions.pointee.suspend, $0, 1) }
        suspension = .blocked
    }

    /// Lets the wait of the fiber end with an error.
    func cancel(_ error: any Error) { cancellation = error }

    /// Waits, outside of the fiber, for what it waits for, at most until the store's time is up.
    nonisolated(nonsending) func complete(_ operation: @escaping Operation, keepsTime: Bool) async {
        if deadline != 0, !keepsTime {
            let left = Int64(clamping: deadline) - Int64(clamping: SystemClock.monotonic)
            if await Self.run(operation, until: .now + .nanoseconds(left), #isolation) { cancellation = Trap.timeout() }
        } else {
            await operation()
        }
    }

    /// Runs an operation and cancels it at an instant; whether that came first.
    private static func run(
        _ operation: @escaping Operation, until deadline: ContinuousClock.Instant, _ isolation: isolated (any Actor)?
    ) async -> Bool {
        // It stays on the executor of the caller, which waits for it here.
        nonisolated(unsafe) let operation = operation
        let task = Task.staying(on: SystemThread.taskLoop, isolation) { await operation() }
        let timer = Task {
            try await Task.sleep(until: deadline, clock: .continuous)
            task.cancel()
        }
        await withTaskCancellationHandler {
            _ = isolation
            await task.value
        } onCancel: {
            task.cancel()
        }
        timer.cancel()
        return ContinuousClock.now >= deadline
    }
}
