// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime

/// A core module out of a component, run by the engine with nothing of Dovetail in between: the floor of calls.
final class BareModule {
    /// A host function for the module to import.
    struct Import {
        var parameters: [UInt8]
        var results: [UInt8]
        var callback: wasmtime_func_unchecked_callback_t
        var environment: UnsafeMutableRawPointer?
    }

    /// An exported function, and room for its core values.
    struct Function {
        /// Keeps the store.
        fileprivate let module: BareModule
        fileprivate let api: UnsafePointer<DovetailWasmtimeTable>
        fileprivate let context: OpaquePointer
        fileprivate let function: UnsafeMutablePointer<wasmtime_func_t>
        fileprivate let slots: UnsafeMutablePointer<wasmtime_val_raw_t>

        /// Calls the function with two numbers; those it does not take are ignored.
        @inline(__always)
        func call(_ first: Int32, _ second: Int32 = 0, count: Int = 2) throws(BareError) -> Int32 {
            slots[0].i32 = first
            slots[1].i32 = second
            return try call(count: count)
        }

        /// Calls the function as `realloc` for a new block.
        @inline(__always)
        func allocate(alignment: Int32, size: Int32) throws(BareError) -> Int {
            slots[0].i32 = 0
            slots[1].i32 = 0
            slots[2].i32 = alignment
            slots[3].i32 = size
            return Int(try call(count: 4))
        }

        @inline(__always)
        private func call(count: Int) throws(BareError) -> Int32 {
            var trap: OpaquePointer?
            let error = api.pointee.wasmtime_func_call_unchecked(context, function, slots, count, &trap)
            guard error == nil, trap == nil else { throw BareError("a bare call trapped") }
            return slots[0].i32
        }
    }

    let api: UnsafePointer<DovetailWasmtimeTable>
    let context: OpaquePointer
    private let engine: OpaquePointer
    private let store: OpaquePointer
    private let module: OpaquePointer
    private var instance = wasmtime_instance_t()

    /// Compiles and instantiates the core module at `index` of `component`.
    ///
    /// Something of Dovetail must have loaded the engine before.
    init(_ component: [UInt8], module index: Int = 0, pooled: Bool = false, imports: [Import] = []) throws {
        guard let api = dovetail_wasmtime_load("", nil, 0) else { throw BareError("the engine is not loaded") }
        self.api = api
        let bytes = try Self.coreModule(index, of: component)
        guard let engine = api.pointee.wasm_engine_new_with_config(Self.configuration(api, pooled)) else {
            throw BareError("the engine refuses its configuration")
        }
        self.engine = engine
        store = api.pointee.wasmtime_store_new(engine, nil, nil)
        context = api.pointee.wasmtime_store_context(store)
        api.pointee.wasmtime_context_set_epoch_deadline(context, UInt64.max >> 1)
        var module: OpaquePointer?
        guard api.pointee.wasmtime_module_new(engine, bytes, bytes.count, &module) == nil, let module else {
            throw BareError("a core module does not compile")
        }
        self.module = module

        var externs: [wasmtime_extern_t] = []
        for item in imports {
            guard
                let type = dovetail_wasmtime_functype_new(
                    api, item.parameters, item.parameters.count, item.results, item.results.count)
            else { throw BareError("a function type is not one") }
            var function = wasmtime_func_t()
            api.pointee.wasmtime_func_new_unchecked(context, type, item.callback, item.environment, nil, &function)
            api.pointee.wasm_functype_delete(type)
            externs.append(dovetail_extern_func(function))
        }
        var trap: OpaquePointer?
        let error = api.pointee.wasmtime_instance_new(context, module, externs, externs.count, &instance, &trap)
        guard error == nil, trap == nil else { throw BareError("a core module cannot be instantiated") }
    }

    deinit {
        api.pointee.wasmtime_module_delete(module)
        api.pointee.wasmtime_store_delete(store)
        api.pointee.wasm_engine_delete(engine)
    }

    /// The exported function `name`; lives as long as the process.
    func function(_ name: String) throws -> Function {
        let item = try export(name)
        let function = UnsafeMutablePointer<wasmtime_func_t>.allocate(capacity: 1)
        function.initialize(to: item.of.func)
        let slots = UnsafeMutablePointer<wasmtime_val_raw_t>.allocate(capacity: 16)
        slots.initialize(repeating: dovetail_val_raw_i64(0), count: 16)
        return Function(module: self, api: api, context: context, function: function, slots: slots)
    }

    /// The first byte of the exported memory `name`.
    func memory(_ name: String = "memory") throws -> UnsafeMutableRawPointer {
        var item = try export(name).of.memory
        return UnsafeMutableRawPointer(api.pointee.wasmtime_memory_data(context, &item))
    }

    /// Makes instances of the module in stores of their own.
    func instantiate(_ operations: Int) throws {
        for _ in 0..<operations {
            let store = api.pointee.wasmtime_store_new(engine, nil, nil)
            defer { api.pointee.wasmtime_store_delete(store) }
            let context = api.pointee.wasmtime_store_context(store)
            var instance = wasmtime_instance_t()
            var trap: OpaquePointer?
            let error = api.pointee.wasmtime_instance_new(context, module, nil, 0, &instance, &trap)
            guard error == nil, trap == nil else { throw BareError("a core module cannot be instantiated") }
        }
    }

    private func export(_ name: String) throws -> wasmtime_extern_t {
        var item = wasmtime_extern_t()
        let found = name.withCString { text in
            api.pointee.wasmtime_instance_export_get(context, &instance, text, name.utf8.count, &item)
        }
        guard found else { throw BareError("a core module exports no `\(name)`") }
        return item
    }

    /// What Dovetail's engine has by default, or with a pool.
    private static func configuration(_ api: UnsafePointer<DovetailWasmtimeTable>, _ pooled: Bool) -> OpaquePointer {
        let config = api.pointee.wasm_config_new()
        api.pointee.wasmtime_config_epoch_interruption_set(config, true)
        if pooled {
            let pool = api.pointee.wasmtime_pooling_allocation_config_new()
            api.pointee.wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(pool, 64 << 10)
            api.pointee.wasmtime_pooling_allocation_config_table_keep_resident_set(pool, 16 << 10)
            api.pointee.wasmtime_pooling_allocation_strategy_set(config, pool)
            api.pointee.wasmtime_pooling_allocation_config_delete(pool)
        }
        return config
    }

    /// The bytes of a component's section of core code. (Binary.md: section 1)
    private static func coreModule(_ index: Int, of component: [UInt8]) throws -> [UInt8] {
        var position = 8
        var modules = 0
        while position < component.count {
            let section = component[position]
            position += 1
            var size = 0
            var shift = 0
            while position < component.count, shift < 35 {
                let byte = component[position]
                position += 1
                size |= Int(byte & 0x7f) << shift
                shift += 7
                if byte & 0x80 == 0 { break }
            }
            guard position + size <= component.count else { break }
            if section == 1 {
                if modules == index { return Array(component[position..<position + size]) }
                modules += 1
            }
            position += size
        }
        throw BareError("the component has no core module \(index)")
    }
}

/// Something went wrong without Dovetail's doing.
struct BareError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
