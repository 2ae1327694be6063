// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailTypes

extension InstanceState {
    /// A guest's words are not longer than this.
    private static let messageLimit = 1 << 16

    /// A trap that the guest itself raised, with what it says of it.
    func withGuestMessage(_ error: any Error) -> any Error {
        guard let trap = error as? Trap, trap.code == .unreachable, trap.guestMessage == nil, isComplete,
            let message = guestMessage()
        else { return error }
        return trap.with(guestMessage: message)
    }

    /// What the core instance says that has something to say.
    private func guestMessage() -> String? {
        for step in component.plan.initializers {
            guard case .instantiate(let step) = step, let module = module(step.module),
                case .function(let signature)? = module.exports[ExactName(Trap.messageFunction)],
                signature.parameters == [.i32], signature.results == [.i32],
                var item = store.export(Trap.messageFunction, of: coreInstance(step.coreInstance)),
                item.kind == WASMTIME_EXTERN_FUNC
            else { continue }
            let bytes = message(&item.of.func)
            // Nothing is said of a text that is no text, nor where there is none.
            if !bytes.isEmpty { return String(decoding: bytes, as: UTF8.self) }
        }
        return nil
    }

    private func message(_ function: inout wasmtime_func_t) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < Self.messageLimit {
            var trap: OpaquePointer?
            var slot = wasmtime_val_raw_t()
            slot.i32 = Int32(bytes.count)
            let error = store.core.withFrame {
                store.api.functions.pointee.wasmtime_func_call_unchecked(store.context, &function, &slot, 1, &trap)
            }
            if error != nil || trap != nil {
                // The error that is passed on is the first one.
                _ = store.failure(error, trap)
                return bytes
            }
            guard let byte = UInt8(exactly: slot.i32) else { return bytes }
            bytes.append(byte)
        }
        return bytes
    }
}

extension Trap {
    /// The core function by which a guest says why it trapped: it takes an offset and gives the byte of a text in UTF-8 there, or -1
    /// behind the end. Nothing of the component's type speaks of it; a host that does not know it misses nothing but the words.
    package static let messageFunction = "dovetail_trap_message"
}
