// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
package import DovetailBinaryReader
package import DovetailFiles
import DovetailValidation

extension Engine {
    /// Compiles a component or core module ahead of time (wasmtime: `Engine::precompile_component` and `precompile_module`).
    ///
    /// The result is the content of a `.cwasm` file, to be loaded by ``Component/deserialize(engine:path:)`` or
    /// ``Module/deserialize(engine:path:)`` without compiling anything: by the same version of the engine, with the same configuration, on
    /// the same kind of machine.
    /// - Parameter bytes: the component or module, in binary form or as text.
    /// - Throws: ``ComponentError`` or ``EngineError`` when it is not valid, or the text does not parse.
    public func precompile(_ bytes: [UInt8]) throws -> [UInt8] {
        try precompile(FileContents(bytes), name: "<bytes>")
    }

    /// Compiles what was read from the file called `name`.
    package func precompile(_ contents: FileContents, name: String) throws -> [UInt8] {
        try contents.withBytes { bytes in
            switch BinaryKind(bytes) {
            case .text: try precompile(FileContents(WasmText.parse(bytes, name: name)), name: name)
            case .coreModule:
                try Precompiled.encode(
                    .coreModule, Precompiled.Origin(self), binary: bytes,
                    modules: [(0..<bytes.count, CompiledCode(CoreModule.Compiled(self, bytes)))])
            default: try Component.precompile(self, bytes)
            }
        }
    }

    /// Maps the code of a core module.
    func deserialize(_ code: UnsafeRawBufferPointer) throws(EngineError) -> OpaquePointer {
        var module: OpaquePointer?
        guard let base = code.baseAddress else { throw .artefact("the code of a core module is empty") }
        let start = base.assumingMemoryBound(to: UInt8.self)
        if let error = api.functions.pointee.wasmtime_module_deserialize(raw, start, code.count, &module) {
            throw .artefact(EngineLibrary.message(api, consuming: error))
        }
        guard let module else { throw .artefact("the engine gave no reason") }
        return module
    }
}

extension Component {
    /// Loads a component that ``Engine/precompile(_:)`` or `dovetail compile` compiled, from a `.cwasm` file.
    ///
    /// - Warning: The file holds native code, which runs with all rights of the process and which nothing checks but for damage. Load only
    ///   what you or somebody you trust compiled.
    /// - Throws: ``EngineError`` with code ``EngineError/Code/artefact`` when the file is damaged, or was made for another version,
    ///   configuration or target; ``ComponentError`` when it cannot be read or holds no component.
    public static func deserialize(engine: Engine, path: String) throws -> Component {
        try deserialize(engine: engine, contents: .open(path), name: path)
    }

    /// Loads a component that was compiled, from memory; see ``deserialize(engine:path:)``, with its warning.
    /// - Throws: as that does.
    public static func deserialize(engine: Engine, bytes: [UInt8]) throws -> Component {
        try deserialize(engine: engine, contents: FileContents(bytes), name: "<bytes>")
    }

    /// Loads a component that was compiled.
    package static func deserialize(engine: Engine, contents: FileContents, name: String) throws -> Component {
        contents.readAhead()
        return try contents.withBytes { bytes in
            let file = try Precompiled(bytes, name: name)
            try file.check(for: engine, name: name)
            guard file.kind == .component else {
                throw EngineError.artefact("`\(name)` holds a core module, expected a component")
            }
            nonisolated(unsafe) let bytes = bytes
            let codes = Dictionary(file.modules.map { ($0.source, $0.code) }, uniquingKeysWith: { $1 })
            return try Component(engine, UnsafeRawBufferPointer(rebasing: bytes[file.binary])) {
                (range) throws(EngineError) in
                guard let code = codes[range] else { throw .damaged(name) }
                return try CoreModule.Compiled(
                    engine, deserializing: UnsafeRawBufferPointer(rebasing: bytes[code]), name: name)
            }
        }
    }
}

extension Module {
    /// Loads a core module that ``Engine/precompile(_:)`` or `dovetail compile` compiled, from a `.cwasm` file.
    ///
    /// - Warning: The file holds native code, which runs with all rights of the process and which nothing checks but for damage. Load only
    ///   what you or somebody you trust compiled.
    /// - Throws: ``EngineError`` with code ``EngineError/Code/artefact`` when the file is damaged, or was made for another version,
    ///   configuration or target; ``ComponentError`` when it cannot be read.
    public static func deserialize(engine: Engine, path: String) throws -> Module {
        Module(try CoreModule.deserialize(engine: engine, contents: .open(path), name: path))
    }

    /// Loads a core module that was compiled, from memory; see ``deserialize(engine:path:)``, with its warning.
    /// - Throws: as that does.
    public static func deserialize(engine: Engine, bytes: [UInt8]) throws -> Module {
        Module(try CoreModule.deserialize(engine: engine, contents: FileContents(bytes), name: "<bytes>"))
    }
}

extension CoreModule {
    /// Loads a core module that was compiled.
    package static func deserialize(
        engine: Engine, contents: FileContents, name: String
    ) throws(EngineError) -> CoreModule {
        contents.readAhead()
        return try contents.withBytes { (bytes) throws(EngineError) in
            let file = try Precompiled(bytes, name: name)
            try file.check(for: engine, name: name)
            guard file.kind == .coreModule, let code = file.modules.first?.code else {
                throw .artefact("`\(name)` holds a component, expected a core module")
            }
            let compiled = try Compiled(
                engine, deserializing: UnsafeRawBufferPointer(rebasing: bytes[code]), name: name)
            do throws(BinaryError) {
                let binary = UnsafeRawBufferPointer(rebasing: bytes[file.binary])
                return CoreModule(compiled, try CoreModuleInterface(binary))
            } catch {
                throw .damaged(name)
            }
        }
    }
}

/// What the header of a `.cwasm` file claims, for tools; the file may be damaged all the same.
package struct PrecompiledFile {
    /// What the file holds.
    package let kind: BinaryKind
    private let configuration: String?

    /// Reads the header; `nil` for a file of another format.
    package init?(_ contents: FileContents) {
        let header = contents.withBytes { bytes in
            Precompiled.kind(bytes).map { (kind: $0, configuration: Precompiled.configuration(bytes)) }
        }
        guard let header else { return nil }
        kind =
            switch header.kind {
            case .component: .component
            case .coreModule: .coreModule
            }
        configuration = header.configuration
    }

    /// Where the engine that the file was compiled for has the memory of instances from, with the usual numbers.
    package var allocation: Engine.Configuration.Allocation? {
        configuration.flatMap { Engine.Configuration.Allocation(artefactKey: $0) }
    }

    /// Whether the file was compiled for an engine that can interrupt its code.
    package var isInterruptible: Bool? { configuration.map { Engine.Configuration.isInterruptible(artefactKey: $0) } }

    /// The component or module that the file called `name` was compiled from, whatever engine it was compiled for.
    /// - Throws: ``EngineError`` when the file is damaged.
    package static func binary(of contents: FileContents, name: String) throws(EngineError) -> [UInt8] {
        try contents.withBytes { (bytes) throws(EngineError) in
            Array(bytes[try Precompiled(bytes, name: name).binary])
        }
    }
}
