// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailBinary
package import DovetailTypes

/// A compiled core module with the types of what it imports and exports.
package final class CoreModule: @unchecked Sendable {
    // @unchecked because a compiled module may be used from any thread, and nothing else changes.

    /// What a module needs, in the order the engine wants it.
    package struct Import: Sendable {
        package var module: String
        package var name: String
        package var type: ExternalType
    }

    /// The kind of an import or export, with as much of its type as the runtime looks at.
    package enum ExternalType: Hashable, Sendable {
        case function(CoreSignature)
        case global, table, tag
        case memory(is64: Bool, isShared: Bool)
    }

    package let engine: Engine
    package let raw: OpaquePointer
    package let imports: [Import]
    package let exports: [ExactName: ExternalType]
    /// The whole types of the imports and exports, of a module that other components may import.
    let interface: CoreModuleInterface?

    /// Compiles `bytes`, or maps what an earlier start compiled.
    ///
    /// - Parameter isShareable: whether components may import the module.
    /// - Throws: ``EngineError`` when the module is not valid.
    package init(engine: Engine, bytes: UnsafeRawBufferPointer, isShareable: Bool = false) throws(EngineError) {
        switch BinaryKind(bytes) {
        case .component: throw .notACoreModule("a component")
        case .text: throw .notACoreModule("WebAssembly text; assemble it first")
        case .unknown: throw .notACoreModule("bytes that do not begin as WebAssembly does")
        case .coreModule: break
        }
        self.engine = engine
        raw = try Self.compile(engine, bytes)
        imports = Self.imports(engine.api, raw)
        exports = Self.exports(engine.api, raw)
        do throws(BinaryError) {
            interface = isShareable ? try CoreModuleInterface(bytes) : nil
        } catch {
            engine.api.pointee.wasmtime_module_delete(raw)
            throw .compilation(error.description)
        }
    }

    deinit { engine.api.pointee.wasmtime_module_delete(raw) }

    private static func compile(_ engine: Engine, _ bytes: UnsafeRawBufferPointer) throws(EngineError) -> OpaquePointer
    {
        let api = engine.api
        var module: OpaquePointer?
        let cache = bytes.count >= ArtefactCache.smallestModule ? engine.cache : nil
        let key = cache?.key(bytes)
        if let cache, let key, let path = cache.path(key) {
            if let error = api.pointee.wasmtime_module_deserialize_file(engine.raw, path, &module) {
                api.pointee.wasmtime_error_delete(error)
                cache.remove(key)
            } else if let module {
                return module
            }
        }
        guard let base = bytes.baseAddress else { throw .compilation("the module is empty") }
        let start = base.assumingMemoryBound(to: UInt8.self)
        if let error = api.pointee.wasmtime_module_new(engine.raw, start, bytes.count, &module) {
            throw .compilation(EngineLibrary.message(api, consuming: error))
        }
        guard let module else { throw .compilation("the engine gave no reason") }
        if let cache, let key {
            var artefact = wasm_byte_vec_t()
            if let error = api.pointee.wasmtime_module_serialize(module, &artefact) {
                api.pointee.wasmtime_error_delete(error)
            } else {
                cache.store(UnsafeRawBufferPointer(start: artefact.data, count: artefact.size), key: key)
                api.pointee.wasm_byte_vec_delete(&artefact)
            }
        }
        return module
    }

    private static func imports(_ api: EngineLibrary.Table, _ module: OpaquePointer) -> [Import] {
        var list = wasm_importtype_vec_t()
        api.pointee.wasmtime_module_imports(module, &list)
        defer { api.pointee.wasm_importtype_vec_delete(&list) }
        var result: [Import] = []
        result.reserveCapacity(list.size)
        for index in 0..<list.size {
            guard let item = list.data?[index] else { continue }
            result.append(
                Import(
                    module: String(api.pointee.wasm_importtype_module(item).pointee),
                    name: String(api.pointee.wasm_importtype_name(item).pointee),
                    type: ExternalType(api, api.pointee.wasm_importtype_type(item))))
        }
        return result
    }

    private static func exports(_ api: EngineLibrary.Table, _ module: OpaquePointer) -> [ExactName: ExternalType] {
        var list = wasm_exporttype_vec_t()
        api.pointee.wasmtime_module_exports(module, &list)
        defer { api.pointee.wasm_exporttype_vec_delete(&list) }
        var result: [ExactName: ExternalType] = [:]
        result.reserveCapacity(list.size)
        for index in 0..<list.size {
            guard let item = list.data?[index] else { continue }
            let name = String(api.pointee.wasm_exporttype_name(item).pointee)
            result[ExactName(name)] = ExternalType(api, api.pointee.wasm_exporttype_type(item))
        }
        return result
    }
}

extension CoreModule.ExternalType {
    init(_ api: EngineLibrary.Table, _ type: OpaquePointer) {
        switch api.pointee.wasm_externtype_kind(type) {
        case WASM_EXTERN_FUNC:
            guard let function = api.pointee.wasm_externtype_as_functype_const(type) else { fallthrough }
            self = .function(CoreSignature(api, function))
        case WASM_EXTERN_GLOBAL: self = .global
        case WASM_EXTERN_TABLE: self = .table
        case WASM_EXTERN_MEMORY:
            guard let memory = api.pointee.wasm_externtype_as_memorytype_const(type) else { fallthrough }
            self = .memory(
                is64: api.pointee.wasmtime_memorytype_is64(memory),
                isShared: api.pointee.wasmtime_memorytype_isshared(memory))
        default: self = .tag
        }
    }

    /// What it is, for messages.
    package var name: String {
        switch self {
        case .function(let signature): "a function \(signature)"
        case .global: "a global"
        case .table: "a table"
        case .memory: "a memory"
        case .tag: "a tag"
        }
    }
}
