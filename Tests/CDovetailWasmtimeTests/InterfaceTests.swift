// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import Foundation
import Testing

/// Holds the declarations against the description that ships with the engine: one wrong parameter smashes a stack.
@Suite("The declarations match the engine's own description", .enabled(if: EngineFiles.arePresent, EngineFiles.hint))
struct InterfaceTests {
    let ours: Declarations
    let theirs: Declarations

    init() throws {
        ours = try Declarations(
            types: EngineFiles.header("DovetailWasmtimeTypes.h"),
            functions: EngineFiles.header("DovetailWasmtimeFunctions.h"))
        theirs = try Declarations(bindings: String(contentsOf: EngineFiles.bindings, encoding: .utf8))
    }

    /// A callback that returns a pointer is described as one that returns a `size_t`.
    private func comparable(_ type: CType) -> CType {
        switch type {
        case .pointer(let pointee): .pointer(comparable(pointee))
        case .array(let element, let count): .array(comparable(element), count: count)
        case .function(.pointer, let parameters):
            .function(result: .size, parameters: parameters.map(comparable))
        case .function(let result, let parameters):
            .function(result: result, parameters: parameters.map(comparable))
        case .anonymous(let fields):
            .anonymous(fields.map { CType.Field(name: $0.name, type: comparable($0.type)) })
        default: type
        }
    }

    @Test("every function: result and parameters")
    func functions() throws {
        #expect(ours.functions.count == dovetail_wasmtime_function_count())
        #expect(ours.functions.count > 250)
        for (name, function) in ours.functions.sorted(by: { $0.key < $1.key }) {
            let described = try #require(theirs.functions[name], "the engine has no function `\(name)`")
            #expect(comparable(function.result) == comparable(described.result), "result of `\(name)`")
            #expect(function.parameters.map(comparable) == described.parameters.map(comparable), "`\(name)`")
        }
    }

    @Test("the table has the functions of the list, in its order")
    func order() throws {
        let names = try EngineFiles.header("DovetailWasmtimeFunctions.h").split(separator: "\n")
            .filter { $0.hasPrefix("DOVETAIL_FN(") }
            .map { Tokens($0.split(separator: ",")[1]).next ?? "" }
        let inTable = (0..<dovetail_wasmtime_function_count()).map { index in
            dovetail_wasmtime_function_name(index).map { String(cString: $0) }
        }
        #expect(inTable == names)
        #expect(dovetail_wasmtime_function_name(names.count) == nil)
    }

    @Test("every structure and union: fields, offsets, size")
    func aggregates() throws {
        #expect(ours.aggregates.count > 25)
        for (tag, aggregate) in ours.aggregates.sorted(by: { $0.key < $1.key }) {
            let described = try #require(theirs.aggregates[tag], "the engine has no type `\(tag)`")
            #expect(aggregate.isUnion == described.isUnion, "`\(tag)`")
            let fields = aggregate.fields.map { CType.Field(name: $0.name, type: comparable($0.type)) }
            let describedFields = described.fields.map { CType.Field(name: $0.name, type: comparable($0.type)) }
            #expect(fields == describedFields, "fields of `\(tag)`")
            let layout = try #require(ours.layout(of: .aggregate(tag)), "layout of `\(tag)`")
            let describedLayout = try #require(theirs.layout(of: .aggregate(tag)), "layout of `\(tag)`")
            #expect(layout == describedLayout, "layout of `\(tag)`")
        }
    }

    @Test("every callback type that the description names")
    func callbacks() {
        var compared = 0
        for (name, type) in ours.aliases where name.contains("callback") {
            guard let described = theirs.aliases[name] else { continue }
            #expect(comparable(type) == comparable(described), "`\(name)`")
            compared += 1
        }
        #expect(compared >= 7)
    }

    @Test("every constant that the description names")
    func constants() {
        var compared = 0
        for (name, value) in ours.constants {
            guard let described = theirs.constants[name] else { continue }
            #expect(value == described, "`\(name)`")
            compared += 1
        }
        #expect(compared > 40)
    }

    @Test("the compiler lays the types out as computed")
    func compiledLayouts() {
        func computed(_ tag: String) -> [Int] {
            ours.layout(of: .aggregate(tag)).map { [$0.size, $0.alignment] } ?? []
        }
        func compiled<T>(_: T.Type) -> [Int] { [MemoryLayout<T>.stride, MemoryLayout<T>.alignment] }
        #expect(computed("wasmtime_val_raw") == compiled(wasmtime_val_raw_t.self))
        #expect(computed("wasmtime_val") == compiled(wasmtime_val_t.self))
        #expect(computed("wasmtime_extern") == compiled(wasmtime_extern_t.self))
        #expect(computed("wasmtime_func") == compiled(wasmtime_func_t.self))
        #expect(computed("wasmtime_memory") == compiled(wasmtime_memory_t.self))
        #expect(computed("wasmtime_table") == compiled(wasmtime_table_t.self))
        #expect(computed("wasmtime_tag") == compiled(wasmtime_tag_t.self))
        #expect(computed("wasmtime_global") == compiled(wasmtime_global_t.self))
        #expect(computed("wasmtime_instance") == compiled(wasmtime_instance_t.self))
        #expect(computed("wasmtime_exnref") == compiled(wasmtime_exnref_t.self))
        #expect(computed("wasmtime_valtype") == compiled(wasmtime_valtype_t.self))
        #expect(computed("wasmtime_async_continuation_t") == compiled(wasmtime_async_continuation_t.self))
        #expect(computed("wasm_byte_vec_t") == compiled(wasm_byte_vec_t.self))
        #expect(computed("wasm_limits_t") == compiled(wasm_limits_t.self))
    }

    @Test("a difference would be found")
    func sensitivity() throws {
        let changed = try EngineFiles.header("DovetailWasmtimeFunctions.h")
            .replacing(
                "wasmtime_context_set_fuel, wasmtime_context_t *store, uint64_t",
                with: "wasmtime_context_set_fuel, wasmtime_context_t *store, uint32_t")
        let wrong = try Declarations(types: EngineFiles.header("DovetailWasmtimeTypes.h"), functions: changed)
        let function = try #require(wrong.functions["wasmtime_context_set_fuel"])
        #expect(function != theirs.functions["wasmtime_context_set_fuel"])
        #expect(ours.functions["wasmtime_context_set_fuel"] == theirs.functions["wasmtime_context_set_fuel"])
    }
}
