// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI

/// The destructor of a resource that a component defines; runs in the instance that defined it.
final class GuestDestructor: ResourceDestructor {
    private unowned(unsafe) let instance: InstanceState
    private unowned(unsafe) let component: ComponentInstance
    private let item: CoreItem?
    private var function: wasmtime_func_t?

    init(_ instance: InstanceState, _ component: ComponentInstance, _ item: CoreItem?) {
        self.instance = instance
        self.component = component
        self.item = item
    }

    func destroy(_ rep: UInt32, in store: Store) throws {
        guard let item else { return }
        try instance.checkAlive()
        do {
            var callee = try function ?? instance.coreFunction(item)
            function = callee
            var slot = wasmtime_val_raw_t()
            try store.core.withFrame {
                try withUnsafeMutablePointer(to: &slot) { slot in
                    var writer = FlatWriter(UnsafeMutableRawPointer(slot))
                    writer.write(rep)
                    try store.core.call(&callee, slot, 1)
                }
            }
        } catch {
            throw instance.poison(error)
        }
    }
}
