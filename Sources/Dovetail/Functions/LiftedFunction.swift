// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
public import DovetailABI
import DovetailBinaryReader
import DovetailTypes
import DovetailValidation

/// A lifted function of an instance. (CanonicalABI.md, `canon lift`)
///
/// It is behind a pointer, which callers hold: what a call touches is reached without counting references. What it needs of
/// the instance is looked up by its first call.
@usableFromInline
struct LiftedFunction {
    /// How calls are made: what they ask for each time.
    struct CallConvention: BitwiseCopyable {
        /// Whether it is lifted with `async`, and whether its type is.
        let isAsync: Bool
        let isAsyncType: Bool
        let hasCallback: Bool
        /// Whether code of its component instance can block.
        let mayBlock: Bool
        let componentInstance: Int

        // The component and not its plan, whose parts would all be counted.
        fileprivate init(_ component: Component, _ index: Int) {
            isAsync = component.plan.lifted[index].isAsync
            isAsyncType = component.plan.lifted[index].type.isAsync
            hasCallback = component.plan.lifted[index].callback != nil
            componentInstance = component.plan.lifted[index].componentInstance
            mayBlock = component.plan.mayBlock[componentInstance]
        }
    }

    /// Whether a call has to ask first: before the function was looked up, when the instance trapped, or is suspended.
    @usableFromInline var isBlocked: UnsafeMutablePointer<Bool>
    @usableFromInline var object: Unmanaged<CanonicalEnvironment>
    @usableFromInline var memory: UnsafeMutablePointer<GuestMemory>
    /// Whether calls are tasks, and not only core functions around which values are lifted and lowered.
    @usableFromInline let usesTasks: Bool
    let store: UnsafeMutablePointer<StoreCore>
    var environment: UnsafeMutablePointer<EnvironmentCore>
    var component: UnsafeMutablePointer<ComponentCore>
    var function = wasmtime_func_t()
    var postReturn = wasmtime_func_t()
    var hasPostReturn = false
    var slotCount = 0
    var resultCount = 0
    /// The function that events are delivered to, once the function was looked up.
    private(set) var callback = wasmtime_func_t()
    /// How its calls are made, as the plan says.
    let convention: CallConvention
    private let unmanagedInstance: Unmanaged<InstanceState>
    let layout: FunctionLayout
    /// Its position in the plan, where what all instances share stays.
    private let index: Int
    private var isResolved = false

    /// Stands for every function that was not looked up yet; it is never written to.
    nonisolated(unsafe) private static let always: UnsafeMutablePointer<Bool> = {
        let flag = UnsafeMutablePointer<Bool>.allocate(capacity: 1)
        flag.initialize(to: true)
        return flag
    }()

    /// The function at a position of the plan, not looked up yet.
    init(_ instance: InstanceState, _ index: Int) {
        isBlocked = Self.always
        usesTasks = instance.component.plan.usesTasks
        unmanagedInstance = .passUnretained(instance)
        self.index = index
        convention = CallConvention(instance.component, index)
        layout = instance.component.plan.lifted[index].layout
        store = instance.store.core
        // Nothing follows these before `resolve` has set them; any address does.
        let nowhere = UnsafeMutableRawPointer(store)
        object = .fromOpaque(nowhere)
        memory = nowhere.assumingMemoryBound(to: GuestMemory.self)
        environment = nowhere.assumingMemoryBound(to: EnvironmentCore.self)
        component = nowhere.assumingMemoryBound(to: ComponentCore.self)
    }

    /// The instance, which owns the function.
    var instance: InstanceState { unmanagedInstance.takeUnretainedValue() }
    var plan: ComponentPlan.LiftedFunction { instance.component.plan.lifted[index] }
    var type: FunctionType { instance.component.plan.lifted[index].type }

    /// Lets a call in, unless it cannot be made.
    mutating func admit() throws {
        try resolve()
        guard isBlocked.pointee else { return }
        try instance.checkAlive()
        throw Trap.suspendedExclusively()
    }

    /// Looks up what a call needs.
    mutating func resolve() throws {
        guard !isResolved else { return }
        let instance = instance
        let component = instance.component
        let environment = try instance.environment(component.plan.lifted[index].environment)
        let signature = component.plan.lifted[index].coreType
        function = try instance.coreFunction(component.plan.lifted[index].core)
        if let item = component.plan.lifted[index].postReturn {
            postReturn = try instance.coreFunction(item)
            hasPostReturn = true
        }
        if let item = component.plan.lifted[index].callback { callback = try instance.coreFunction(item) }
        object = .passUnretained(environment)
        memory = environment.memory
        self.environment = environment.core
        self.component = environment.core.pointee.component
        slotCount = max(signature.parameters.count, signature.results.count, 1)
        resultCount = max(1, signature.results.count)
        isResolved = true
        if !usesTasks { isBlocked = instance.isClosed }
    }
}
