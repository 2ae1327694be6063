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

    var type: FunctionType { instance.component.plan.lifted[index].type }

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
        guard !instance.component.plan.lifted[index].isAsync else {
            throw Trap.unsupported("calling an async-lifted function")
        }
        if core.pointee.isBlocked == LiftedCore.always { try resolve() }
        guard core.pointee.isBlocked.pointee else { return }
        try instance.checkAlive()
        throw Trap.suspendedExclusively()
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
        core.pointee.object = .passUnretained(environment)
        core.pointee.memory = environment.memory
        core.pointee.environment = environment.core
        core.pointee.component = environment.core.pointee.component
        core.pointee.slotCount = max(signature.parameters, signature.results, 1)
        core.pointee.resultCount = max(1, signature.results)
        core.pointee.isBlocked = instance.isPoisoned
    }

    /// A call from the host with dynamic values.
    func call(_ arguments: [Value]) throws -> Value? {
        try core.run(readsMemory: layout.resultUsesMemory || layout.resultIsIndirect()) {
            (cx, slots) throws(ABIError) in
            var writer = FlatWriter(slots)
            try layout.lowerParameters(arguments, &cx, into: &writer)
        } lift: { (cx, slots) throws(ABIError) in
            var reader = FlatReader(slots)
            return try layout.liftResult(&cx, from: &reader)
        }
    }
}
