// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailBinaryReader
package import DovetailTypes
import DovetailValidation

/// A compiled core module with the types of what it imports and exports.
package final class CoreModule: Sendable {
    /// What a module needs, in the order the engine wants it.
    package struct Import: Sendable {
        package let module: String
        package var name: String
        package var type: ExternalType
    }

    /// The kind of an import or export, with as much of its type as the runtime looks at.
    package enum ExternalType: Sendable {
        case function(CoreSignature)
        case global, table, tag
        case memory(is64: Bool, isShared: Bool)
    }

    let compiled: Compiled
    package let imports: [Import]
    package let exports: [ExactName: ExternalType]
    /// The whole types of the imports and exports.
    let interface: CoreModuleInterface

    /// Compiles `bytes`, binary or text, or maps what an earlier start compiled.
    ///
    /// - Throws: ``EngineError`` when the module is not valid, or the text does not parse.
    package convenience init(
        engine: Engine, bytes: UnsafeRawBufferPointer, name: String = "<text>"
    ) throws(EngineError) {
        let (compiled, interface) = try Self.parts(engine, bytes, name, nil)
        self.init(compiled, interface)
    }

    /// The same for a binary about which something is known.
    convenience init(
        engine: Engine, bytes: UnsafeRawBufferPointer, name: String, known: ModuleNotes.Note
    ) throws(EngineError) {
        let (compiled, interface) = try Self.parts(engine, bytes, name, known)
        self.init(compiled, interface)
    }

    private static func parts(
        _ engine: Engine, _ bytes: UnsafeRawBufferPointer, _ name: String, _ known: ModuleNotes.Note?
    ) throws(EngineError) -> (Compiled, CoreModuleInterface) {
        if BinaryKind(bytes) == .text {
            let result = try WasmText.parse(bytes, name: name).withUnsafeBytes { binary in
                Result { () throws(EngineError) in try parts(engine, binary, name, nil) }
            }
            return try result.get()
        }
        let compiled = try Compiled(engine, bytes, known: known)
        let interface: CoreModuleInterface
        do throws(BinaryError) {
            interface = try CoreModuleInterface(bytes)
        } catch {
            throw .compilation(error.description)
        }
        return (compiled, interface)
    }

    /// Puts together what the engine made of a module and what its bytes say about imports and exports.
    ///
    /// The engine is not asked for these: its C API ends the process over types it cannot express.
    init(_ compiled: Compiled, _ interface: CoreModuleInterface) {
        self.compiled = compiled
        self.interface = interface
        imports = interface.importKinds.map { Import(module: $0.module, name: $0.name, type: ExternalType($0.kind)) }
        exports = Dictionary(
            interface.exportKinds.map { (ExactName($0.name), ExternalType($0.kind)) },
            uniquingKeysWith: { first, _ in first })
    }

    package var engine: Engine { compiled.engine }
    package var raw: OpaquePointer { compiled.raw }

    /// What the engine made of a module.
    final class Compiled: @unchecked Sendable {
        // @unchecked because a compiled module may be used from any thread.
        let engine: Engine
        let raw: OpaquePointer
        /// What was found out, where it comes from the cache.
        let note: ModuleNotes.Note?

        init(_ engine: Engine, _ bytes: UnsafeRawBufferPointer, known: ModuleNotes.Note? = nil) throws(EngineError) {
            switch BinaryKind(bytes) {
            case .component: throw .notACoreModule("a component")
            case .text, .unknown: throw .notACoreModule("bytes that do not begin as WebAssembly does")
            case .coreModule: break
            }
            self.engine = engine
            (raw, note) = try CoreModule.compile(engine, bytes, known: known)
        }

        /// Takes over what the engine loads from `code`, which was compiled earlier.
        init(_ engine: Engine, deserializing code: UnsafeRawBufferPointer, name: String) throws(EngineError) {
            self.engine = engine
            note = nil
            do throws(EngineError) {
                raw = try engine.deserialize(code)
            } catch {
                throw .artefact("the engine refuses `\(name)`: \(error)")
            }
        }

        deinit { engine.api.functions.pointee.wasmtime_module_delete(raw) }
    }

    /// Compiles a module, or takes it from the cache.
    ///
    /// - Parameter known: what is known about it.
    /// - Returns: the module, and what is known now, where it comes from the cache.
    static func compile(
        _ engine: Engine, _ bytes: UnsafeRawBufferPointer, known: ModuleNotes.Note? = nil
    ) throws(EngineError) -> (OpaquePointer, ModuleNotes.Note?) {
        let api = engine.api
        var module: OpaquePointer?
        let cache = bytes.count >= ArtefactCache.smallestModule ? engine.cache : nil
        let key = known?.hash ?? cache?.key(bytes)
        if let cache, let key, let (module, version) = cache.load(key, engine, undamaged: known?.artefact) {
            return (module, ModuleNotes.Note(hash: key, artefact: version))
        }
        guard let base = bytes.baseAddress else { throw .compilation("the module is empty") }
        let start = base.assumingMemoryBound(to: UInt8.self)
        if let error = api.functions.pointee.wasmtime_module_new(engine.raw, start, bytes.count, &module) {
            throw .compilation(EngineLibrary.message(api, consuming: error))
        }
        guard let module else { throw .compilation("the engine gave no reason") }
        if let cache, let key {
            var artefact = wasm_byte_vec_t()
            if let error = api.functions.pointee.wasmtime_module_serialize(module, &artefact) {
                api.functions.pointee.wasmtime_error_delete(error)
            } else {
                cache.store(UnsafeRawBufferPointer(start: artefact.data, count: artefact.size), key: key)
                api.functions.pointee.wasm_byte_vec_delete(&artefact)
            }
        }
        return (module, nil)
    }
}

extension CoreModule.ExternalType {
    init(_ item: CoreModuleInterface.Kind) {
        switch item {
        case .function(let type): self = .function(CoreSignature(type))
        case .table: self = .table
        case .memory(let is64, let isShared): self = .memory(is64: is64, isShared: isShared)
        case .global: self = .global
        case .tag: self = .tag
        }
    }

    var sort: CoreSort {
        switch self {
        case .function: .function
        case .global: .global
        case .table: .table
        case .memory: .memory
        case .tag: .tag
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
