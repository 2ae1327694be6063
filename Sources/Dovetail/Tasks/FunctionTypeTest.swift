// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI

/// Finds out whether a core function takes one number and returns nothing, which a thread's function has to.
///
/// The engine's C API cannot be asked: it ends the process over function types it cannot express. A small module can.
final class FunctionTypeTest {
    private let store: UnsafeMutablePointer<StoreCore>
    private var table = wasmtime_table_t()
    private let tests: (narrow: wasmtime_func_t, wide: wasmtime_func_t)

    /// `(table (export "f") 1 funcref)` and two functions, `n` and `w`, that are `ref.test` of its element: for
    /// `(func (param i32))` and for `(func (param i64))`.
    private static let bytes: [UInt8] = [
        0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
        // The types: the two that are tested for, and that of the tests.
        0x01, 0x0d, 0x03, 0x60, 0x01, 0x7f, 0x00, 0x60, 0x01, 0x7e, 0x00, 0x60, 0x00, 0x01, 0x7f,
        // Two functions, a table, three exports.
        0x03, 0x03, 0x02, 0x02, 0x02,
        0x04, 0x04, 0x01, 0x70, 0x00, 0x01,
        0x07, 0x0d, 0x03, 0x01, 0x66, 0x01, 0x00, 0x01, 0x6e, 0x00, 0x00, 0x01, 0x77, 0x00, 0x01,
        // i32.const 0, table.get 0, ref.test (ref $type)
        0x0a, 0x15, 0x02,
        0x09, 0x00, 0x41, 0x00, 0x25, 0x00, 0xfb, 0x14, 0x00, 0x0b,
        0x09, 0x00, 0x41, 0x00, 0x25, 0x00, 0xfb, 0x14, 0x01, 0x0b,
    ]

    /// The compiled module, one for an engine.
    final class Module: @unchecked Sendable {
        // @unchecked because a compiled module may be used from any thread.
        let raw: OpaquePointer
        private let api: EngineLibrary.Table

        init(_ engine: Engine) throws(EngineError) {
            api = engine.api
            let compiled = FunctionTypeTest.bytes.withUnsafeBytes { bytes in
                Result { () throws(EngineError) in try CoreModule.compile(engine, bytes).0 }
            }
            raw = try compiled.get()
        }

        deinit { api.functions.pointee.wasmtime_module_delete(raw) }
    }

    init(_ store: Store) throws {
        let api = store.api.functions
        let module = try store.engine.functionTypeTest()
        self.store = store.core
        var instance = wasmtime_instance_t()
        var trap: OpaquePointer?
        let error = api.pointee.wasmtime_instance_new(store.context, module.raw, nil, 0, &instance, &trap)
        if error != nil || trap != nil { throw store.failure(error, trap) }
        func export(_ name: String) -> wasmtime_extern_t { store.export(name, of: &instance) ?? wasmtime_extern_t() }
        table = export("f").of.table
        tests = (export("n").of.func, export("w").of.func)
    }

    /// Whether `function` is `(func (param i32))`, or `(func (param i64))`.
    func accepts(_ function: wasmtime_func_t, isWide: Bool) throws -> Bool {
        var value = dovetail_val_funcref(function)
        if let error = store.pointee.api.functions.pointee.wasmtime_table_set(store.pointee.context, &table, 0, &value)
        {
            throw store.pointee.store.takeUnretainedValue().failure(error, nil)
        }
        var slot = wasmtime_val_raw_t()
        return try withUnsafeMutablePointer(to: &slot) { slot in
            var test = isWide ? tests.wide : tests.narrow
            try store.withFrame { try store.call(&test, slot, 1) }
            return FlatReader.first(slot) != 0
        }
    }
}
