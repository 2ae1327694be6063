// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI
import DovetailBinary
import DovetailTypes

/// A lifted function of an instance; what it needs of the instance is looked up by its first call. (CanonicalABI.md, `canon lift`)
final class LiftedFunctionState {
    unowned(unsafe) let instance: InstanceState
    let layout: FunctionLayout
    let core: UnsafeMutablePointer<LiftedCore>
    /// Its position in the plan, where what all instances share stays.
    private let index: Int

    var plan: ComponentPlan.LiftedFunction { instance.component.plan.lifted[index] }
    var type: FunctionType { instance.component.plan.lifted[index].type }
    /// Whether calls are tasks, and not only core functions around which values are lifted and lowered.
    var usesTasks: Bool { instance.component.links.usesTasks }
    /// The function that events are delivered to, once the function was looked up.
    private(set) var callback = wasmtime_func_t()
    private var isResolved = false

    init(_ instance: InstanceState, _ index: Int) {
        self.instance = instance
        self.index = index
        layout = instance.component.links.lifted[index]
        core = .allocate(capacity: 1)
        core.initialize(to: LiftedCore(unresolved: self, instance.store.core))
    }

    deinit { core.deallocate() }

    /// Lets a call in, unless it cannot be made.
    func admit() throws {
        try resolveForTask()
        guard core.pointee.isBlocked.pointee else { return }
        try instance.checkAlive()
        throw Trap.suspendedExclusively()
    }

    /// Looks up what a task needs to begin.
    func resolveForTask() throws {
        if !isResolved { try resolve() }
    }

    private func resolve() throws {
        let component = instance.component
        let environment = try instance.environment(component.plan.lifted[index].environment)
        let signature = component.links.liftedCounts[index]
        core.pointee.function = try instance.coreFunction(component.plan.lifted[index].core)
        if let postReturn = component.plan.lifted[index].postReturn {
            core.pointee.postReturn = try instance.coreFunction(postReturn)
            core.pointee.hasPostReturn = true
        }
        if let item = component.plan.lifted[index].callback { callback = try instance.coreFunction(item) }
        core.pointee.object = .passUnretained(environment)
        core.pointee.memory = environment.memory
        core.pointee.environment = environment.core
        core.pointee.component = environment.core.pointee.component
        core.pointee.slotCount = max(signature.parameters, signature.results, 1)
        core.pointee.resultCount = max(1, signature.results)
        isResolved = true
        if !usesTasks { core.pointee.isBlocked = instance.isClosed }
    }

    /// A call from the host with dynamic values.
    func call(_ arguments: [Value]) throws -> Value? {
        try core.run(readsMemory: layout.resultUsesMemory || layout.resultIsIndirect()) {
            (cx, slots) throws(ABIError) in
            var writer = FlatWriter(slots)
            try layout.lowerParameters(arguments, &cx, into: &writer)
        } lift: { (cx, slots, limit) throws(ABIError) in
            var reader = FlatReader(slots)
            return try layout.liftResult(&cx, from: &reader, limit: limit)
        }
    }
}
