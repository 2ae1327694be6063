// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI
import DovetailBinary
import DovetailTypes

/// A lifted function of an instance. (CanonicalABI.md, `canon lift`)
final class LiftedFunctionState {
    unowned(unsafe) let instance: InstanceState
    let layout: FunctionLayout
    let core: UnsafeMutablePointer<LiftedCore>
    /// Its position in the plan, where what all instances share stays.
    private let index: Int
    private let component: Component

    var type: FunctionType { component.plan.lifted[index].type }

    init(_ instance: InstanceState, _ index: Int) throws {
        self.instance = instance
        self.index = index
        component = instance.prepared.component
        layout = component.links.lifted[index]
        let environment = try instance.environment(component.plan.lifted[index].environment)
        let signature = component.links.liftedCounts[index]
        let function = try instance.coreFunction(component.plan.lifted[index].core)
        let postReturn = try component.plan.lifted[index].postReturn.map { try instance.coreFunction($0) }
        core = .allocate(capacity: 1)
        core.initialize(
            to: LiftedCore(
                object: .passUnretained(environment), memory: environment.memory, store: instance.store.core,
                environment: environment.core,
                component: environment.core.pointee.component,
                isPoisoned: instance.isPoisoned, state: .passUnretained(self), function: function,
                postReturn: postReturn ?? wasmtime_func_t(), hasPostReturn: postReturn != nil,
                slotCount: max(signature.parameters, signature.results, 1), resultCount: max(1, signature.results),
                isAsync: component.plan.lifted[index].isAsync))
    }

    deinit { core.deallocate() }

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
