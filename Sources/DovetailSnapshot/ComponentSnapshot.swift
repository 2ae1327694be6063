// SPDX-License-Identifier: Apache-2.0

package import Dovetail
package import DovetailABI
import DovetailBinary
import DovetailComponentize
package import DovetailWASI

/// Initialises a component once, on this host, and writes what came of it back into it: memories, globals and the sizes of
/// memories. An instance of the result begins where the initialisation ended.
///
/// ```swift
/// var snapshot = ComponentSnapshot(engine: try Engine())
/// snapshot.initializer = .function("init")
/// let ready = try snapshot.bytes(of: component)
/// ```
///
/// The result depends on the component and on what the initialisation reads, and on nothing else: clocks stand still while it
/// runs, files do not tell their times, and random numbers are always the same. Whatever a guest makes of these is public: it has to take new random numbers
/// once it runs.
///
/// Tables are filled again at each instantiation as the component says; code that changes them is refused. Handles cannot be
/// kept: the guest has to drop them before the initialisation ends.
package struct ComponentSnapshot: Sendable {
    /// What is called after the instantiation.
    package enum Initializer: Sendable {
        /// Nothing: constructors and start functions were it.
        case none
        /// An exported function of the component, by name and interface, with these arguments. A result that is an error is one.
        case function(String, in: String? = nil, [Value] = [])
        /// A function without parameters that a core module exports. A result that is not 0 is an error.
        case coreFunction(String)
    }

    /// Compiles and runs the component; one with ``Dovetail/Engine/Configuration/Compiler/winch`` is ready sooner.
    package var engine: Engine
    /// What is called after the instantiation.
    package var initializer = Initializer.none
    /// What the component gets of WASI; its clocks and random numbers are replaced.
    package var wasi = WASIConfiguration()
    /// How much the component may use.
    package var limits = Store.Configuration()
    /// Whether code that cannot be reached after the initialisation is left out, and core instances that share a memory become one.
    package var prunes = true
    /// Which custom sections are kept.
    package var keepsSection: @Sendable (String) -> Bool = { _ in true }
    /// What other components have, too, and is imported therefore.
    package var base: SnapshotBase?
    /// What is left out though something seems to need it, asked for after the initialisation.
    package var omission: @Sendable () -> SnapshotOmission? = { nil }
    /// Adds what the component imports besides WASI. What is missing then throws an ``UnknownImport`` when it is called.
    package var define: @Sendable (inout Linker) -> Void = { _ in }

    /// Makes a snapshot of what instantiation alone does.
    package init(engine: Engine) { self.engine = engine }

    /// The component after its initialisation.
    ///
    /// - Parameter target: a component of the same core modules to take what came of it, where others may stand for imports;
    ///   `nil` for the one that was initialised.
    /// - Throws: ``SnapshotError`` when the component cannot be snapshotted, or its initialisation said that it failed;
    ///   `ComponentError`, `LinkError`, `Trap` and others when it cannot be run.
    package func bytes(of component: [UInt8], writtenTo target: [UInt8]? = nil) throws -> [UInt8] {
        let (modules, states, plan) = try initialized(component)
        guard let target else { return try restored(modules, consume states, plan) }
        let others = try ComponentModules(target, keepingSections: keepsSection)
        return try restored(
            others, try others.states(states, of: modules),
            try Component(engine: engine, bytes: others.instrumented).plan)
    }

    /// What components of the same libraries can import instead of carrying it: the core modules after the initialisation, with the
    /// SHA-256 of what they were before.
    ///
    /// - Throws: as ``bytes(of:writtenTo:)`` does.
    package func sharedModules(of component: [UInt8]) throws -> [(original: String, bytes: [UInt8])] {
        let (modules, states, plan) = try initialized(component)
        return try modules.base(states, plan)
    }

    private func restored(
        _ modules: ComponentModules, _ states: consuming [Int: ModuleSnapshot.State], _ plan: ComponentPlan
    ) throws -> [UInt8] {
        guard let base else {
            return try modules.restored(
                consume states, plan, prunes: prunes, merges: prunes, without: omission())
        }
        return try modules.restored(states, plan, prunes: prunes, on: base)
    }

    private func initialized(
        _ component: [UInt8]
    ) throws -> (ComponentModules, [Int: ModuleSnapshot.State], ComponentPlan) {
        let modules = try ComponentModules(component, keepingSections: keepsSection)
        let instrumented = try Component(engine: engine, bytes: modules.instrumented)
        let store = try Store(engine: engine, configuration: limits, wasi: deterministic)
        var linker = Linker.wasi(engine: engine)
        define(&linker)
        linker.defineUnknownImportsAsTraps(instrumented)
        let instance = try linker.instantiate(instrumented, in: store)
        try initialize(instance)
        let open = instance.handles
        guard open.isEmpty else { throw SnapshotError.openHandles(open) }
        return (modules, try modules.states(of: instance, instrumented.plan), instrumented.plan)
    }

    private var deterministic: WASIConfiguration {
        var wasi = wasi
        wasi.monotonicClock = ManualClock()
        wasi.wallClock = StandingClock()
        wasi.random = SeededRandomSource(seed: 0)
        wasi.insecureRandom = SeededRandomSource(seed: 0)
        for index in wasi.preopens.indices { wasi.preopens[index].permissions.showsTimes = false }
        return wasi
    }

    private func initialize(_ instance: Instance) throws {
        switch initializer {
        case .none: break
        case .function(let name, let interface, let arguments):
            let result = try instance.function(name, in: interface).call(arguments)
            if case .error(let value)? = result { throw SnapshotError.failed(name, value.map { "\($0)" }) }
        case .coreFunction(let name):
            if let code = try instance.callCoreFunction(name), code != 0 {
                throw SnapshotError.failed(name, "\(code)")
            }
        }
    }
}

/// A clock that shows the beginning of 1980, the earliest time that every file format can hold.
private struct StandingClock: WallClock {
    func now() -> WallTime { WallTime(seconds: 315_532_800) }
    func resolution() -> WallTime { WallTime(seconds: 1) }
}
