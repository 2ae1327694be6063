// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI
import DovetailTypes

/// What every call touches of a store.
///
/// Behind a pointer, so that access needs neither checks of exclusivity nor reference counts; the ``Store`` owns it.
struct StoreCore {
    let api: EngineLibrary.Table
    let context: OpaquePointer
    let store: Unmanaged<Store>
    let link: Unmanaged<StoreLink>
    let dropQueue: Unmanaged<DropQueue>
    /// The bytes that one call may make the host copy.
    let copyBudget: Int
    /// See ``Store/Configuration/waitsForOtherCalls``.
    let waitsForOtherCalls: Bool
    /// How many ticks of the epoch an outermost call may run; 0 for no limit.
    let ticks: UInt64
    /// How many ticks a fiber may compute before others have their turn; 0 for no limit.
    let slice: UInt64
    /// The stack that must be left when guest code is entered: what it may use, and some for the host.
    let stackReserve: UInt
    /// What belongs to the call that runs now; fibers have one each.
    var running = Running()
    var hostObjects = HostObjectTable()
    /// Whether what is lifted now is the result of a call of the host's: streams in it keep the store.
    var liftsResult = false
    /// What functions of an ``ImportCarrier`` call, by their positions; the ``InstanceState`` owns it.
    var carriedImports: UnsafeMutablePointer<Unmanaged<CoreImport>?>?

    /// What is swapped when a fiber is entered or left.
    struct Running {
        /// The storage of the current task; `nil` outside of guest code.
        var frame: UnsafeMutablePointer<TaskFrame>?
        /// How many calls are inside one another: from the host, and of components by components.
        var depth = 0
        /// How many of them are calls of components by components.
        var transfers = 0
        /// What the store runs on: a mark of the thread.
        var thread: UInt = 0
        /// The lowest address of the stack at which guest code may still be entered.
        var stackLimit: UInt = 0
        /// When the outermost call has to be done, on the system's monotonic clock in nanoseconds; 0 for no limit.
        var deadline: UInt64 = 0
        /// The ``Fiber`` that runs.
        var fiber: UnsafeRawPointer?
        /// What the host's call by `callAsync` is responsible for.
        var scope: Unmanaged<CallScope>?
    }
}

/// What a running task keeps: the two words of `context.get` and `context.set`.
@usableFromInline
struct TaskFrame {
    @usableFromInline var context: (UInt64, UInt64) = (0, 0)
    @usableFromInline var previous: UnsafeMutablePointer<TaskFrame>?
    /// The ``GuestThread`` that runs; `nil` for calls that cannot be told from plain ones.
    @usableFromInline var thread: UnsafeRawPointer?

    @inlinable
    init() {}
}

extension UnsafeMutablePointer where Pointee == StoreCore {
    /// Begins a call from the host; the outermost one starts the clock.
    ///
    /// - Throws: ``CallError`` when another thread is inside the store.
    @inline(__always)
    func enter() throws {
        let thread = dovetail_thread_mark()
        if pointee.running.depth == 0 {
            pointee.running.thread = thread
            pointee.running.stackLimit = dovetail_stack_low() &+ pointee.stackReserve
            if pointee.ticks != 0 {
                pointee.api.functions.pointee.wasmtime_context_set_epoch_deadline(pointee.context, pointee.ticks)
                pointee.running.deadline = EpochTicker.instant(after: pointee.ticks)
            }
        } else {
            guard pointee.running.thread == thread else { throw CallError.storeBusy() }
        }
        pointee.running.depth &+= 1
        if pointee.dropQueue._withUnsafeGuaranteedRef({ !$0.isEmpty }) { collect() }
    }

    /// Ends what ``enter()`` began.
    @inline(__always)
    func leave() { pointee.running.depth &-= 1 }

    @inline(never)
    private func collect() { pointee.store.takeUnretainedValue().collect() }

    /// Calls a core function; `slots` holds arguments and takes results.
    @inline(__always)
    func call(
        _ function: UnsafeMutablePointer<wasmtime_func_t>, _ slots: UnsafeMutableRawPointer, _ count: Int
    ) throws {
        var trap: OpaquePointer?
        // Each entry into guest code has the whole allowance of stack, however deep the host is already.
        guard dovetail_stack_pointer() > pointee.running.stackLimit else { throw Trap.stackExhausted() }
        let error = pointee.api.functions.pointee.wasmtime_func_call_unchecked(
            pointee.context, function, slots.assumingMemoryBound(to: wasmtime_val_raw_t.self), count, &trap)
        if error != nil || trap != nil { throw failure(error, trap) }
    }

    @inline(never)
    private func failure(_ error: OpaquePointer?, _ trap: OpaquePointer?) -> any Error {
        pointee.store.takeUnretainedValue().failure(error, trap)
    }

    /// Runs `body` as a task of its own, with context words of its own.
    @inline(__always)
    func withFrame<Result>(_ body: () throws -> Result) rethrows -> Result {
        var frame = TaskFrame()
        return try withUnsafeMutablePointer(to: &frame) { frame in
            frame.pointee.previous = pointee.running.frame
            pointee.running.frame = frame
            defer { pointee.running.frame = frame.pointee.previous }
            return try body()
        }
    }
}

/// What every call touches of a component instance; the ``ComponentInstance`` owns it.
struct ComponentCore {
    /// False while `realloc` or `post-return` runs: imports must not be called then.
    var mayLeave = true
    var backpressure = 0
}

/// What every call touches of an environment; the ``InstanceEnvironment`` owns it.
struct EnvironmentCore {
    let store: UnsafeMutablePointer<StoreCore>
    let component: UnsafeMutablePointer<ComponentCore>
    let site: CallSite
    var hasMemory = false
    var hasRealloc = false
    var memory = wasmtime_memory_t()
    var realloc = wasmtime_func_t()
}

extension UnsafeMutablePointer where Pointee == EnvironmentCore {
    /// What host functions get.
    var site: UnsafePointer<CallSite> { UnsafePointer(pointer(to: \.site).unsafelyUnwrapped) }

    /// See ``CallSite``.
    @inline(__always)
    func refresh() { site.refresh() }

    /// Brings base and size of the memory up to date.
    @inline(never)
    func look() {
        guard pointee.hasMemory else { return }
        let api = pointee.store.pointee.api
        let context = pointee.store.pointee.context
        pointee.site.memory.pointee = GuestMemory(
            base: UnsafeMutableRawPointer(api.functions.pointee.wasmtime_memory_data(context, &pointee.memory)),
            count: api.functions.pointee.wasmtime_memory_data_size(context, &pointee.memory))
    }

    /// What one call's lifting and lowering goes through.
    @inline(__always)
    func context(_ scope: UnsafeMutablePointer<BorrowScope>?) -> CanonicalContext { site.context(scope) }
}
