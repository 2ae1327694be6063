// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI
import DovetailBinaryReader
import DovetailValidation

/// What instances live in: their memories, resources and limits. Make one for each task or request.
///
/// A store may move between threads but is used by one at a time; a call made while another thread is inside is refused with a
/// ``CallError``. Everything in it is released with it.
public final class Store {
    /// The limits of a store.
    public struct Configuration: Sendable {
        /// How long each outermost call may run; `nil` for no limit.
        public var timeout: Duration?
        /// How long guest code that `callAsync` called may compute before others on its thread have their turn; `nil` for as long as it
        /// likes. No other call can enter the store meanwhile.
        public var timeSlice: Duration?
        /// Whether calls by `callAsync` wait when all that their guests wait for is done by other calls, which may be made later: a
        /// function that receives waits for one that sends. Without it, such a call ends with a ``Trap`` with the code `deadlock`.
        public var waitsForOtherCalls = false
        /// How long the task of an `async` function has to end when the task that called it is cancelled: to clean up, and to return or
        /// confirm. Then what it waits for is cancelled, and its instance cannot be used any more.
        public var cancellationGrace: Duration = .seconds(1)
        /// The bytes that each linear memory may grow to; `nil` for what its type allows.
        public var maximumMemory: Int?
        /// The elements that each table may grow to.
        public var maximumTableElements: Int? = 10_000_000
        /// How many core instances the store may hold.
        public var maximumInstances = 10_000
        /// How many handles a component instance may hold.
        public var maximumHandles = 1_000_000
        /// How many tasks of guests that can block may be under way at once; each has a stack of its own.
        public var maximumStacks = 10_000
        /// The bytes that one call may make the host copy.
        public var copyBudget = CanonicalLimits.defaultCopyBudget

        /// The defaults.
        public init() {}
    }

    /// The engine the store runs on.
    public let engine: Engine
    /// The limits the store was made with.
    public let configuration: Configuration
    /// What host code keeps with the store.
    public var data = StoreData()

    package let api: EngineLibrary.Table
    let raw: OpaquePointer
    package let context: OpaquePointer
    let dropQueue = DropQueue()
    /// What calls touch, see ``StoreCore``.
    let core: UnsafeMutablePointer<StoreCore>
    /// The error of a host function on its way through guest frames.
    var parked: (any Error)?
    private var instances: [InstanceState] = []
    /// The instance whose imports are in an ``ImportCarrier``.
    private(set) unowned(unsafe) var carriedInstance: InstanceState?
    private var fibers: UnsafeMutablePointer<FiberFunctions>?
    private var typeTest: FunctionTypeTest?
    let exclusivity = FiberExclusivity()
    /// Whether a guest may wait on a stack.
    private(set) var mayWait = false
    /// The async functions of the host that guests wait for.
    let operations: HostOperations
    /// Where calls meet that are made on no actor.
    let domain = StoreDomain()
    /// How many threads of guests have a stack of their own.
    package internal(set) var stackCount = 0
    /// Decides which thread of a guest runs next.
    let scheduler = Scheduler()
    /// How many steps scheduling has taken so far.
    package var schedulingSteps: Int { scheduler.steps }
    /// The way to this store for what must not keep it.
    package let link: StoreLink

    /// Makes an empty store.
    public init(engine: Engine, configuration: Configuration = Configuration()) {
        self.engine = engine
        self.configuration = configuration
        api = engine.api
        raw = api.functions.pointee.wasmtime_store_new(engine.raw, nil, nil)
        context = api.functions.pointee.wasmtime_store_context(raw)
        Self.setLimits(api, raw, configuration, instances: configuration.maximumInstances)
        link = StoreLink(engine)
        operations = HostOperations(link, stackReserve: engine.stackReserve)
        let ticks = configuration.timeout.map(EpochTicker.ticks)
        core = .allocate(capacity: 1)
        let slice = configuration.timeSlice.map(EpochTicker.ticks)
        if ticks != nil || slice != nil { engine.ticker.retain() }
        if ticks == nil {
            // The deadline has to be set before the first call: the engine's own is 0, which traps at once.
            api.functions.pointee.wasmtime_context_set_epoch_deadline(context, UInt64.max >> 1)
        }
        core.initialize(
            to: StoreCore(
                api: api, context: context, store: .passUnretained(self), link: .passUnretained(link),
                dropQueue: .passUnretained(dropQueue),
                copyBudget: configuration.copyBudget, waitsForOtherCalls: configuration.waitsForOtherCalls,
                ticks: ticks ?? 0, slice: slice ?? 0, stackReserve: engine.stackReserve))
        if engine.carriesImports { api.functions.pointee.wasmtime_context_set_data(context, core) }
        link.store = self
        if slice != nil { divideTime() }
    }

    deinit {
        link.store = nil
        if core.pointee.ticks != 0 || core.pointee.slice != 0 { engine.ticker.release() }
        // Stacks go before the store they belong to.
        scheduler.abandon()
        for instance in instances { instance.close() }
        instances = []
        api.functions.pointee.wasmtime_store_delete(raw)
        core.deinitialize(count: 1)
        core.deallocate()
        fibers?.deallocate()
    }

    /// The functions that fibers run through, made when the first one is.
    func fiberFunctions() throws(EngineError) -> UnsafeMutablePointer<FiberFunctions> {
        if let fibers { return fibers }
        let made = try FiberFunctions(self)
        let pointer = UnsafeMutablePointer<FiberFunctions>.allocate(capacity: 1)
        pointer.initialize(to: made)
        fibers = pointer
        return pointer
    }

    /// What a core instance exports under a name.
    func export(_ name: String, of instance: UnsafePointer<wasmtime_instance_t>) -> wasmtime_extern_t? {
        var item = wasmtime_extern_t()
        var name = name
        let found = name.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { chars in
                guard let base = chars.baseAddress else {
                    var empty: CChar = 0
                    return api.functions.pointee.wasmtime_instance_export_get(context, instance, &empty, 0, &item)
                }
                return api.functions.pointee.wasmtime_instance_export_get(context, instance, base, chars.count, &item)
            }
        }
        return found ? item : nil
    }

    /// Tells which core functions threads can run.
    func functionTypeTest() throws -> FunctionTypeTest {
        if let typeTest { return typeTest }
        let made = try FunctionTypeTest(self)
        typeTest = made
        return made
    }

    /// Keeps an instance as long as the store.
    func adopt(_ instance: InstanceState) {
        instances.append(instance)
        if instance.pre.mayWait { mayWait = true }
        if instance.pre.component.hasCollectedReferences { exclusivity.isRequired = true }
    }

    private static func setLimits(
        _ api: EngineLibrary.Table, _ raw: OpaquePointer, _ configuration: Configuration, instances: Int
    ) {
        api.functions.pointee.wasmtime_store_limiter(
            raw, Int64(configuration.maximumMemory ?? -1), Int64(configuration.maximumTableElements ?? -1),
            Int64(instances), -1, -1)
    }

    /// Lets the functions of an ``ImportCarrier`` call what `imports` holds.
    func carry(_ imports: UnsafeMutablePointer<Unmanaged<CoreImport>?>, of instance: InstanceState) {
        // That of the carrier is none of the component's.
        let (instances, overflow) = configuration.maximumInstances.addingReportingOverflow(1)
        if !overflow { Self.setLimits(api, raw, configuration, instances: instances) }
        carriedInstance = instance
        core.pointee.carriedImports = imports
    }

    /// Closes all instances while a fiber is suspended beside which nothing may run, and opens them again.
    func setSuspended(_ isSuspended: Bool) {
        scheduler.isSuspended = isSuspended
        for instance in instances { instance.updateGate() }
    }

    /// When the call that runs has to be done, on the system's monotonic clock in nanoseconds; `nil` without a limit.
    package var callDeadline: UInt64? {
        let deadline = core.pointee.running.deadline
        return deadline == 0 ? nil : deadline
    }

    /// Runs the destructors of resources whose last reference went.
    ///
    /// Calls do this by themselves; a destructor that traps makes its own instance unusable and nothing else.
    public func collect() {
        for (type, rep) in dropQueue.take() {
            do { try destroy(type, rep) } catch { continue }
        }
    }

    /// Destroys an owned resource now and reports when its destructor fails.
    /// - Throws: `ABIError` when the handle cannot be dropped, ``CallError`` when another thread is inside the store, ``Trap`` when
    ///   the destructor stops, or what a host function threw.
    public func drop(_ resource: Resource) throws {
        try resource.drop()
        try core.enter()
        defer { core.leave() }
        for (type, rep) in dropQueue.take() { try destroy(type, rep) }
    }

    /// Runs the destructor that belongs to `type`.
    func destroy(_ type: ResourceType, _ rep: UInt32) throws {
        guard let destructor = type.userData as? any ResourceDestructor else { return }
        try destructor.destroy(rep, in: self)
    }

    /// The Swift error behind a failed call of the engine's; takes both pointers over.
    func failure(_ error: OpaquePointer?, _ trap: OpaquePointer?) -> any Error {
        let found = TrapReader(api: api).read(error: error, trap: trap)
        guard let parked else { return found }
        self.parked = nil
        if let trap = parked as? Trap { return trap.with(backtrace: found.backtrace) }
        return parked
    }

    /// Puts an error aside while guest frames are unwound.
    func park(_ error: any Error) -> OpaquePointer {
        parked = Self.trap(error)
        return api.functions.pointee.wasmtime_trap_new("host", 4)
    }

    /// Errors of the canonical ABI are traps for the caller; a guest's trap inside `realloc` stays itself.
    static func trap(_ error: any Error, in function: String? = nil) -> any Error {
        // What a built-in found has no stack yet, and no name.
        if let trap = error as? Trap, trap.isNew, let function {
            return Trap(code: trap.code, message: "\(function): \(trap.message)")
        }
        if error is CancellationError { return Trap.cancelled(error) }
        guard let error = error as? ABIError else { return error }
        if let cause = error.cause { return cause }
        let place = function.map { "\($0): " } ?? ""
        return Trap.abi(ABIErrorBox(text: place + error.description, error: error))
    }
}

/// What runs when an owned resource is dropped.
protocol ResourceDestructor: AnyObject {
    func destroy(_ rep: UInt32, in store: Store) throws
}
