// SPDX-License-Identifier: Apache-2.0

import Dispatch
import DovetailABI
package import DovetailBinary
import DovetailSystem
import DovetailTypes
import Synchronization

/// A component, decoded and compiled, ready to be instantiated many times; share it between tasks.
public final class Component: Sendable {
    /// The engine the component is compiled for.
    public let engine: Engine
    package let binary: ComponentBinary
    package let plan: ComponentPlan
    let modules: [CoreModule]
    let links: LinkedPlan
    /// The types of the core modules that are imported, in the order of the plan's imports.
    let importedModules: [CoreModuleInterface?]
    /// What generated bindings found among the exports.
    let boundExports = BoundExports()

    /// Decodes and compiles a component.
    ///
    /// - Parameters:
    ///   - engine: what it is compiled for, and runs in.
    ///   - bytes: the component in binary form.
    /// - Throws: ``ComponentError`` when the bytes are no valid component, ``EngineError`` when one of its core modules does not
    ///   compile.
    public convenience init(engine: Engine, bytes: [UInt8]) throws {
        let component = try bytes.withUnsafeBytes { buffer in
            try Self.load(engine, buffer)
        }
        self.init(engine: engine, component)
    }

    /// Reads, decodes and compiles the component in a file.
    /// - Throws: ``ComponentError`` when the file cannot be read or is no valid component, ``EngineError`` when one of its core
    ///   modules does not compile.
    public convenience init(engine: Engine, path: String) throws {
        let file: FileContents
        do throws(SystemError) { file = try FileContents(path) } catch { throw ComponentError.notReadable(path, error) }
        self.init(engine: engine, try file.withBytes { try Self.load(engine, $0) })
    }

    private struct Parts {
        var binary: ComponentBinary
        var plan: ComponentPlan
        var modules: [CoreModule]
        var links: LinkedPlan
        var importedModules: [CoreModuleInterface?]
    }

    private init(engine: Engine, _ parts: Parts) {
        self.engine = engine
        binary = parts.binary
        plan = parts.plan
        modules = parts.modules
        links = parts.links
        importedModules = parts.importedModules
    }

    private static func load(_ engine: Engine, _ bytes: UnsafeRawBufferPointer) throws -> Parts {
        let binary: ComponentBinary
        do throws(BinaryError) { binary = try ComponentDecoder.decode(bytes) } catch { throw ComponentError(error) }
        let (valid, compiled) = try validateAndCompile(engine, binary, bytes)
        let plan = try PlanBuilder.build(binary)
        let modules = plan.modules.compactMap { compiled[$0.lowerBound] }
        let links = try LinkedPlan(plan, modules, engine)
        return Parts(
            binary: binary, plan: plan, modules: modules, links: links,
            importedModules: plan.imports.modules.map { valid.importedModule(at: $0.path) })
    }

    /// Validates the component while its core modules are compiled, side by side.
    ///
    /// - Returns: the modules, by the offset at which they begin.
    private static func validateAndCompile(
        _ engine: Engine, _ binary: ComponentBinary, _ bytes: UnsafeRawBufferPointer
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
            let result = Result { () throws(EngineError) in
                try CoreModule.Compiled(engine, UnsafeRawBufferPointer(rebasing: bytes[range]))
            }
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
