// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI
import DovetailTypes

// What core instances are made of, for those who write it down. (CoreModule and ComponentPlan say what there is.)
extension Instance {
    /// The core instances that are made of modules in the file, in the order in which they are made.
    package var coreInstances: [(index: Int, module: Range<Int>)] {
        let plan = component.plan
        return plan.initializers.compactMap { step in
            guard case .instantiate(let step) = step, case .embedded(let module) = step.module else { return nil }
            return (step.coreInstance, plan.modules[module])
        }
    }

    /// What the handles of the component and those nested in it are of.
    package var handles: [String] { state.components.flatMap(\.handles.contents) }

    /// The bits of a global that a core instance exports; `nil` when there is none, or it is no number.
    package func coreGlobal(_ name: String, of index: Int) -> UInt64? {
        guard var item = state.coreExport(name, of: index), item.kind == WASMTIME_EXTERN_GLOBAL else { return nil }
        var value = wasmtime_val_t()
        store.api.functions.pointee.wasmtime_global_get(store.context, &item.of.global, &value)
        defer { store.api.functions.pointee.wasmtime_val_unroot(&value) }
        switch value.kind {
        case WASMTIME_I32: return UInt64(UInt32(bitPattern: value.of.i32))
        case WASMTIME_I64: return UInt64(bitPattern: value.of.i64)
        case WASMTIME_F32: return UInt64(value.of.f32.bitPattern)
        case WASMTIME_F64: return value.of.f64.bitPattern
        default: return nil
        }
    }

    /// The size in pages and the content of a memory that a core instance exports.
    package func coreMemory(_ name: String, of index: Int) -> (pages: UInt64, bytes: [UInt8])? {
        guard var item = state.coreExport(name, of: index), item.kind == WASMTIME_EXTERN_MEMORY else { return nil }
        return (
            store.api.functions.pointee.wasmtime_memory_size(store.context, &item.of.memory),
            Array(state.bytes(of: &item.of.memory))
        )
    }

    /// Calls the function without parameters that a core instance exports as `name`, as it would be called at instantiation.
    ///
    /// - Returns: its result, when that is an `i32`.
    /// - Throws: ``CallError`` when no core instance exports such a function, ``Trap``, or what a function of the host throws.
    package func callCoreFunction(_ name: String) throws -> Int32? {
        for step in component.plan.initializers {
            guard case .instantiate(let step) = step, let module = state.module(step.module),
                case .function(let signature)? = module.exports[ExactName(name)]
            else { continue }
            guard signature.parameters.isEmpty, signature.results.count <= 1,
                var item = state.coreExport(name, of: step.coreInstance)
            else { break }
            var results = Array(repeating: wasmtime_val_t(), count: signature.results.count)
            try store.core.enter()
            defer { store.core.leave() }
            var trap: OpaquePointer?
            let error = store.core.withFrame {
                store.api.functions.pointee.wasmtime_func_call(
                    store.context, &item.of.func, nil, 0, &results, results.count, &trap)
            }
            if error != nil || trap != nil { throw store.failure(error, trap) }
            guard let result = results.first, result.kind == WASMTIME_I32 else { return nil }
            return result.of.i32
        }
        throw CallError.noSuchCoreFunction(name)
    }
}

extension InstanceState {
    /// What a core instance exports under a name.
    fileprivate func coreExport(_ name: String, of index: Int) -> wasmtime_extern_t? {
        guard component.plan.coreInstanceCount > index, index >= 0 else { return nil }
        return store.export(name, of: coreInstance(index))
    }

    fileprivate func bytes(of memory: inout wasmtime_memory_t) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(
            start: store.api.functions.pointee.wasmtime_memory_data(store.context, &memory),
            count: store.api.functions.pointee.wasmtime_memory_data_size(store.context, &memory))
    }

    /// A memory that a core instance exports, as far as it has grown; `nil` when there is none.
    func memory(_ name: String, of index: Int) -> UnsafeMutableRawBufferPointer? {
        guard var item = coreExport(name, of: index), item.kind == WASMTIME_EXTERN_MEMORY else { return nil }
        return bytes(of: &item.of.memory)
    }
}
