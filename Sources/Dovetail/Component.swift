// SPDX-License-Identifier: Apache-2.0

import Dispatch
import DovetailABI
package import DovetailBinaryReader
package import DovetailFiles
import DovetailTypes
import DovetailValidation
import Synchronization

/// A component, decoded and compiled, ready to be instantiated many times; share it between tasks.
public final class Component: Sendable {
    /// The engine the component is compiled for.
    public let engine: Engine
    package let binary: ComponentBinary
    package let plan: ComponentPlan
    let modules: [CoreModule]
    /// The types of the core modules that are imported, in the order of the plan's imports.
    let importedModules: [CoreModuleInterface?]
    /// Whether guests may hold references that the engine collects.
    let hasCollectedReferences: Bool
    /// What generated bindings found among the exports.
    let boundExports = BoundExports()

    /// Decodes and compiles a component.
    ///
    /// - Parameters:
    ///   - engine: what it is compiled for, and runs in.
    ///   - bytes: the component, in binary form or as text.
    /// - Throws: ``ComponentError`` when the bytes are no valid component, ``EngineError`` when one of its core modules does not
    ///   compile or text does not parse.
    public convenience init(engine: Engine, bytes: [UInt8]) throws {
        self.init(engine: engine, try bytes.withUnsafeBytes { try Self.load(engine, $0, name: "<text>") })
    }

    /// Reads, decodes and compiles the component in a file, binary (`.wasm`) or text (`.wat`).
    /// - Throws: ``ComponentError`` when the file cannot be read or is no valid component, ``EngineError`` when one of its core
    ///   modules does not compile or text does not parse.
    public convenience init(engine: Engine, path: String) throws {
        try self.init(engine: engine, contents: .open(path), name: path)
    }

    /// Decodes and compiles what was read from the file called `name`.
    package convenience init(engine: Engine, contents: FileContents, name: String) throws {
        let notes = ModuleNotes(engine.cache, contents)
        if notes?.isEmpty ?? true { contents.readAhead() }
        self.init(engine: engine, try contents.withBytes { try Self.load(engine, $0, name: name, notes) })
        notes?.save()
    }

    private struct Parts {
        let binary: ComponentBinary
        let plan: ComponentPlan
        let modules: [CoreModule]
        let importedModules: [CoreModuleInterface?]
    }

    private init(engine: Engine, _ parts: Parts) {
        self.engine = engine
        binary = parts.binary
        plan = parts.plan
        modules = parts.modules
        importedModules = parts.importedModules
        hasCollectedReferences = modules.contains(where: \.interface.hasCollectedReferences)
    }

    private static func load(
        _ engine: Engine, _ bytes: UnsafeRawBufferPointer, name: String, _ notes: ModuleNotes? = nil
    ) throws -> Parts {
        if BinaryKind(bytes) == .text {
            return try WasmText.parse(bytes, name: name).withUnsafeBytes { try load(engine, $0, name: name) }
        }
        return try load(engine, bytes, compile: compiler(engine, bytes, notes))
    }

    /// What gives the code of the core module that lies at a place in the component.
    typealias ModuleCompiler = @Sendable (_ place: Range<Int>) throws(EngineError) -> CoreModule.Compiled

    private static func compiler(
        _ engine: Engine, _ bytes: UnsafeRawBufferPointer, _ notes: ModuleNotes? = nil
    ) -> ModuleCompiler {
        nonisolated(unsafe) let bytes = bytes
        return { (place) throws(EngineError) in
            let module = UnsafeRawBufferPointer(rebasing: bytes[place])
            let compiled = try CoreModule.Compiled(engine, module, known: notes?[place.lowerBound])
            if let note = compiled.note { notes?[place.lowerBound] = note }
            return compiled
        }
    }

    /// Decodes a component whose modules `compile` gives.
    convenience init(_ engine: Engine, _ bytes: UnsafeRawBufferPointer, compile: ModuleCompiler) throws {
        self.init(engine: engine, try Self.load(engine, bytes, compile: compile))
    }

    private static func decode(_ bytes: UnsafeRawBufferPointer) throws(ComponentError) -> ComponentBinary {
        do throws(BinaryError) { return try ComponentDecoder.decode(bytes) } catch { throw ComponentError(error) }
    }

    /// The content of a `.cwasm` file for a component in binary form.
    static func precompile(_ engine: Engine, _ bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
        let binary = try decode(bytes)
        let (_, modules) = try validateAndCompile(binary, bytes, compiler(engine, bytes))
        return try Precompiled.encode(
            .component, Precompiled.Origin(engine), binary: bytes,
            modules: binary.coreModules.compactMap { place in
                try modules[place.lowerBound].map { (place, try CompiledCode($0.compiled)) }
            })
    }

    private static func load(
        _ engine: Engine, _ bytes: UnsafeRawBufferPointer, compile: ModuleCompiler
    ) throws -> Parts {
        let binary = try decode(bytes)
        let (valid, compiled) = try validateAndCompile(binary, bytes, compile)
        let plan = try PlanBuilder.build(valid, for: engine)
        let modules = plan.modules.compactMap { compiled[$0.lowerBound] }
        return Parts(
            binary: binary, plan: plan, modules: modules,
            importedModules: plan.imports.modules.map { valid.importedModule(at: $0.path) })
    }

    /// Validates the component while its core modules are compiled, side by side.
    ///
    /// - Returns: the modules, by the offset at which they begin.
    private static func validateAndCompile(
        _ binary: ComponentBinary, _ bytes: UnsafeRawBufferPointer, _ compile: ModuleCompiler
    ) throws -> (ValidComponent, [Int: CoreModule]) {
        // The largest first, so that none begins when the others are done.
        let ranges = binary.coreModules.sorted { $0.count > $1.count }
        let validated = Mutex<Result<ValidComponent, BinaryError>?>(nil)
        let compiled = Mutex<[Int: Result<CoreModule.Compiled, EngineError>]>([:])
        nonisolated(unsafe) let bytes = bytes
        DispatchQueue.concurrentPerform(iterations: ranges.count + 1) { index in
            // Validation comes after the first module, which takes longer when it is large.
            guard index != min(1, ranges.count) else {
                let result = Result { () throws(BinaryError) in try ComponentValidator.validate(binary, bytes: bytes) }
                return validated.withLock { $0 = result }
            }
            let range = ranges[index > 1 ? index - 1 : index]
            let result = Result { () throws(EngineError) in try compile(range) }
            compiled.withLock { $0[range.lowerBound] = result }
        }
        guard let outcome = validated.withLock({ $0 }) else { preconditionFailure("validation always has an outcome") }
        let valid: ValidComponent
        do throws(BinaryError) { valid = try outcome.get() } catch { throw ComponentError(error) }
        var modules: [Int: CoreModule] = [:]
        let results = compiled.withLock { $0 }
        // In the order of the file, so that of several errors always the same one is reported.
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            guard let compiled = try results[range.lowerBound]?.get(),
                let interface = valid.coreModule(at: range.lowerBound)
            else { continue }
            modules[range.lowerBound] = CoreModule(compiled, interface)
        }
        return (valid, modules)
    }
}
