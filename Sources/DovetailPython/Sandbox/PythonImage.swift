// SPDX-License-Identifier: Apache-2.0

public import Dovetail
import DovetailBindgen
import DovetailSystem
import DovetailWASI
import DovetailWIT

/// CPython as sandboxes find it when they begin: started, with modules imported. Make one, and any number of sandboxes from it.
///
/// ```swift
/// let python = try PythonImage(engine: try Engine(), modules: ["json", "statistics"])
/// ```
///
/// Making one takes about a second, and some more where the engine has not compiled CPython before; ``component`` can be kept and
/// loaded again. CPython itself is fetched from the Python package index once, and kept in the user's cache.
public struct PythonImage: Sendable {
    /// The engine that sandboxes run on.
    public let engine: Engine
    /// The component that sandboxes are instances of, for ``init(engine:component:)``.
    public let component: [UInt8]
    /// What is left to do for a sandbox is to instantiate it.
    let prepared: InstancePre
    /// Whether its sandboxes have calls that wait, as ``PythonSandbox/callAsync(_:with:)``.
    public let isAsync: Bool
    /// The folder of the standard library on this machine.
    let standardLibrary: String?

    /// Starts CPython in a sandbox, imports modules, and keeps what came of it.
    ///
    /// - Parameters:
    ///   - engine: runs the sandboxes.
    ///   - modules: modules to import now; sandboxes that import them later find them ready.
    ///   - folders: where modules are looked for besides the standard library. Those that are not imported now are not there later.
    ///   - isAsync: whether Swift and Python call async functions of each other. `asyncio` is imported then, which makes the image larger.
    ///   - report: is told what takes long.
    /// - Throws: ``PythonError`` when CPython cannot be fetched, or a module cannot be imported.
    public init(
        engine: Engine, modules: [String] = [], folders: [String] = [], isAsync: Bool = false,
        report: @escaping (String) -> Void = { _ in }
    ) throws(PythonError) {
        let carrier = try PythonCarrier.load(report: report)
        let bytes = try Self.build(carrier, modules, folders, isAsync, report)
        try self.init(engine: engine, bytes, standardLibrary: try carrier.compiledStandardLibrary(report: report))
    }

    /// Takes what another image has kept as its ``component``.
    ///
    /// The standard library is offered to sandboxes where this machine has it in its cache.
    ///
    /// - Throws: ``PythonError`` when it is none.
    public init(engine: Engine, component: [UInt8]) throws(PythonError) {
        let library = try PythonCarrier.installed()?.compiledStandardLibrary()
        try self.init(engine: engine, component, standardLibrary: library)
    }

    private init(engine: Engine, _ bytes: [UInt8], standardLibrary: String?) throws(PythonError) {
        self.engine = engine
        component = bytes
        self.standardLibrary = standardLibrary
        var linker = Linker.wasi(engine: engine)
        linker.define("call", SandboxFunctions.call)
        linker.define("call-async", SandboxFunctions.callAsync)
        do {
            prepared = try linker.prepare(try Component(engine: engine, bytes: bytes))
        } catch {
            throw .badImage(error)
        }
        let names = Set(prepared.component.exports.map(\.name))
        isAsync = names.contains(SandboxCall.run.asyncName)
        for call in SandboxCall.allCases
        where !names.contains(call.rawValue) || isAsync && call.mayWait && !names.contains(call.asyncName) {
            throw .badImage(nil)
        }
    }

    private static func build(
        _ carrier: PythonCarrier, _ modules: [String], _ folders: [String], _ isAsync: Bool,
        _ report: (String) -> Void
    ) throws(PythonError) -> [UInt8] {
        for name in modules where !PythonProgram.isModuleName(name) { throw .badModule(name) }
        do {
            let resolution = try WIT.resolve(WITSource(text: SandboxProgram.wit(isAsync: isAsync)))
            let world = try Bindgen.world(nil, in: resolution.graph, root: resolution.root)
            let folder = try TemporaryFolder()
            let text = SandboxProgram.text(importing: modules, isAsync: isAsync)
            try folder.write(Array(text.utf8), to: SandboxProgram.module + ".py")
            var program = PythonProgram(module: SandboxProgram.module, folders: [folder.path] + folders)
            // What it will run may import anything.
            program.omitsParts = false
            var configuration = Engine.Configuration()
            configuration.compiler = .winch
            return try PythonComponentizer(carrier).component(
                of: program, world: world, in: resolution.graph, engine: try Engine(configuration), report: report
            ).component
        } catch let error as PythonError {
            throw error
        } catch {
            throw .badImage(error)
        }
    }
}

/// The functions of the component.
enum SandboxCall: String, CaseIterable {
    case run, evaluate, assign, define, load
    case callFunction = "call-function"

    /// Whether there is one that waits as well.
    var mayWait: Bool {
        switch self {
        case .run, .evaluate, .callFunction: true
        case .assign, .define, .load: false
        }
    }

    /// The name of the one that waits.
    var asyncName: String { rawValue + "-async" }
}
