// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import Foundation
import Testing

/// Runs a module through the table. What the engine fills in lies between guard bytes: it must write no more than declared.
@Suite("The engine through the table", .enabled(if: EngineFiles.arePresent, EngineFiles.hint))
struct EngineTests {
    private final class Fixture {
        let table: UnsafePointer<DovetailWasmtimeTable>
        let engine: OpaquePointer
        let store: OpaquePointer
        let context: OpaquePointer

        init() throws {
            table = try #require(loadShared(EngineFiles.library.path))
            let config = table.pointee.wasm_config_new()
            table.pointee.wasmtime_config_wasm_multi_memory_set(config, true)
            engine = try #require(table.pointee.wasm_engine_new_with_config(config))
            store = table.pointee.wasmtime_store_new(engine, nil, nil)
            context = table.pointee.wasmtime_store_context(store)
        }

        deinit {
            table.pointee.wasmtime_store_delete(store)
            table.pointee.wasm_engine_delete(engine)
        }

        func check(_ error: OpaquePointer?) throws {
            guard let error else { return }
            var message = wasm_byte_vec_t()
            table.pointee.wasmtime_error_message(error, &message)
            let text = String(decoding: UnsafeBufferPointer(start: message.data, count: message.size), as: UTF8.self)
            table.pointee.wasm_byte_vec_delete(&message)
            table.pointee.wasmtime_error_delete(error)
            throw LoadFailure(description: text)
        }

        func module(_ text: String) throws -> OpaquePointer {
            var bytes = wasm_byte_vec_t()
            try check(table.pointee.wasmtime_wat2wasm(text, text.utf8.count, &bytes))
            defer { table.pointee.wasm_byte_vec_delete(&bytes) }
            var module: OpaquePointer?
            try check(table.pointee.wasmtime_module_new(engine, #require(bytes.data), bytes.size, &module))
            return try #require(module)
        }

        /// Instantiates a module without imports.
        func instance(_ text: String) throws -> wasmtime_instance_t {
            let module = try module(text)
            defer { table.pointee.wasmtime_module_delete(module) }
            var trap: OpaquePointer?
            return try EngineTests.guarded(wasmtime_instance_t.self) { instance in
                try check(table.pointee.wasmtime_instance_new(context, module, nil, 0, instance, &trap))
            }
        }

        func export(_ name: String, of instance: wasmtime_instance_t) throws -> wasmtime_extern_t {
            var instance = instance
            return try EngineTests.guarded(wasmtime_extern_t.self) { item in
                let isFound = table.pointee.wasmtime_instance_export_get(
                    context, &instance, name, name.utf8.count, item)
                try #require(isFound)
            }
        }
    }

    fileprivate static func guarded<T>(_ type: T.Type, _ fill: (UnsafeMutablePointer<T>) throws -> Void) throws -> T {
        let margin = 64
        let count = MemoryLayout<T>.stride + 2 * margin
        let memory = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: 0xA5, count: count)
        let value = (memory + margin).bindMemory(to: T.self, capacity: 1)
        try fill(value)
        let bytes = UnsafeRawBufferPointer(start: memory, count: count)
        let intact = bytes[..<margin].allSatisfy { $0 == 0xA5 } && bytes[(count - margin)...].allSatisfy { $0 == 0xA5 }
        #expect(intact, "the engine wrote past a \(type)")
        return value.pointee
    }

    @Test("calls, memories, tables and globals")
    func everyKind() throws {
        let fixture = try Fixture()
        let table = fixture.table.pointee
        let instance = try fixture.instance(
            """
            (module
              (memory (export "memory") 1 2)
              (table (export "table") 3 funcref)
              (global (export "global") (mut i64) (i64.const 42))
              (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
              (func (export "fail") unreachable))
            """)

        let add = try fixture.export("add", of: instance)
        #expect(add.kind == WASMTIME_EXTERN_FUNC)
        var function = add.of.func
        var slots = [dovetail_val_raw_i32(40), dovetail_val_raw_i32(2)]
        var trap: OpaquePointer?
        try fixture.check(table.wasmtime_func_call_unchecked(fixture.context, &function, &slots, 2, &trap))
        #expect(trap == nil)
        #expect(slots[0].i32 == 42)

        let memory = try fixture.export("memory", of: instance)
        #expect(memory.kind == WASMTIME_EXTERN_MEMORY)
        var bytes = memory.of.memory
        #expect(table.wasmtime_memory_data_size(fixture.context, &bytes) == 65536)
        var previous: UInt64 = 0
        try fixture.check(table.wasmtime_memory_grow(fixture.context, &bytes, 1, &previous))
        #expect(previous == 1)
        #expect(table.wasmtime_memory_size(fixture.context, &bytes) == 2)

        let elements = try fixture.export("table", of: instance)
        #expect(elements.kind == WASMTIME_EXTERN_TABLE)
        var references = elements.of.table
        var reference = dovetail_val_funcref(function)
        try fixture.check(table.wasmtime_table_set(fixture.context, &references, 2, &reference))
        let element = try Self.guarded(wasmtime_val_t.self) { value in
            #expect(table.wasmtime_table_get(fixture.context, &references, 2, value))
        }
        #expect(element.kind == WASMTIME_FUNCREF)
        #expect(element.of.funcref.store_id == function.store_id)

        let variable = try fixture.export("global", of: instance)
        #expect(variable.kind == WASMTIME_EXTERN_GLOBAL)
        var global = variable.of.global
        let value = try Self.guarded(wasmtime_val_t.self) { value in
            table.wasmtime_global_get(fixture.context, &global, value)
        }
        #expect(value.kind == WASMTIME_I64)
        #expect(value.of.i64 == 42)

        var fail = try fixture.export("fail", of: instance).of.func
        try fixture.check(table.wasmtime_func_call_unchecked(fixture.context, &fail, &slots, 0, &trap))
        let raised = try #require(trap)
        var code: wasmtime_trap_code_t = 0xff
        #expect(table.wasmtime_trap_code(raised, &code))
        #expect(code == WASMTIME_TRAP_CODE_UNREACHABLE_CODE_REACHED)
        table.wasm_trap_delete(raised)
    }

    @Test("new memories, tables, globals and tags")
    func everyConstructor() throws {
        let fixture = try Fixture()
        let table = fixture.table.pointee

        var limits = wasm_limits_t(min: 1, max: 4)
        let memoryType = table.wasm_memorytype_new(&limits)
        defer { table.wasm_memorytype_delete(memoryType) }
        var memory = try Self.guarded(wasmtime_memory_t.self) { memory in
            try fixture.check(table.wasmtime_memory_new(fixture.context, memoryType, memory))
        }
        #expect(table.wasmtime_memory_size(fixture.context, &memory) == 1)

        let tableType = table.wasm_tabletype_new(table.wasm_valtype_new(WASM_FUNCREF), &limits)
        defer { table.wasm_tabletype_delete(tableType) }
        var null = dovetail_val_funcref(wasmtime_func_t())
        var elements = try Self.guarded(wasmtime_table_t.self) { elements in
            try fixture.check(table.wasmtime_table_new(fixture.context, tableType, &null, elements))
        }
        #expect(table.wasmtime_table_size(fixture.context, &elements) == 1)

        let globalType = table.wasm_globaltype_new(table.wasm_valtype_new(WASM_I32), WASM_VAR)
        defer { table.wasm_globaltype_delete(globalType) }
        var initial = dovetail_val_i32(7)
        _ = try Self.guarded(wasmtime_global_t.self) { global in
            try fixture.check(table.wasmtime_global_new(fixture.context, globalType, &initial, global))
        }

        let exceptionType = try #require(functionType(fixture.table, [WASM_I32], []))
        let tagType = table.wasm_tagtype_new(exceptionType)
        defer { table.wasm_tagtype_delete(tagType) }
        _ = try Self.guarded(wasmtime_tag_t.self) { tag in
            try fixture.check(table.wasmtime_tag_new(fixture.context, tagType, tag))
        }
    }

    @Test("function types from kinds")
    func functionTypes() throws {
        let table = try #require(loadShared(EngineFiles.library.path))
        let kinds = [WASM_I32, WASM_I64, WASM_F32, WASM_F64, WASMTIME_V128, WASM_EXTERNREF, WASM_FUNCREF]
        let type = try #require(functionType(table, kinds, []))
        defer { table.pointee.wasm_functype_delete(type) }
        #expect(table.pointee.wasm_functype_params(type).pointee.size == kinds.count)
        #expect(table.pointee.wasm_functype_results(type).pointee.size == 0)
        #expect(functionType(table, [99], []) == nil)
        #expect(functionType(table, [WASM_I32], [7]) == nil)
    }

    @Test("host functions that trap, and that answer")
    func hostFunctions() throws {
        let fixture = try Fixture()
        let table = fixture.table.pointee
        let type = try #require(functionType(fixture.table, [WASM_I32], [WASM_I32]))
        defer { table.wasm_functype_delete(type) }
        let linker = table.wasmtime_linker_new(fixture.engine)
        defer { table.wasmtime_linker_delete(linker) }
        try fixture.check(
            table.wasmtime_linker_define_func_unchecked(
                linker, "host", 4, "double", 6, type,
                { _, _, slots, _ in
                    slots[0] = dovetail_val_raw_i32(slots[0].i32 &* 2)
                    return nil
                }, nil, nil))
        let module = try fixture.module(
            """
            (module (import "host" "double" (func $double (param i32) (result i32)))
              (func (export "run") (param i32) (result i32) local.get 0 call $double))
            """)
        defer { table.wasmtime_module_delete(module) }
        var trap: OpaquePointer?
        let instance = try Self.guarded(wasmtime_instance_t.self) { instance in
            try fixture.check(table.wasmtime_linker_instantiate(linker, fixture.context, module, instance, &trap))
        }
        var run = try fixture.export("run", of: instance).of.func
        var slots = [dovetail_val_raw_i32(21)]
        try fixture.check(table.wasmtime_func_call_unchecked(fixture.context, &run, &slots, 1, &trap))
        #expect(slots[0].i32 == 42)
    }
}
