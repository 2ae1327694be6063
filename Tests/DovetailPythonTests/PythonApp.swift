// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBindgen
import DovetailPython
import DovetailTestSupport
import DovetailWASI
import DovetailWIT
import Testing

/// A world in Python, linked once; apps for it are written by the tests.
struct PythonApp {
    let engine: Engine
    let component: Component
    private let bindings: [(name: String, text: String)]

    init(_ wit: String) throws {
        let resolution = try WIT.resolve(WITSource(text: wit))
        let carrier = try #require(RealCarrier.carrier)
        let world = try Bindgen.world(nil, in: resolution.graph, root: resolution.root)
        engine = try Engine()
        bindings = try PythonComponentizer.bindings(of: world, in: resolution.graph)
        component = try Component(
            engine: engine,
            bytes: PythonComponentizer(carrier).linked(app: "app", world: world, of: resolution.graph))
    }

    /// The configuration of WASI for an app, whose files are in `app` of a folder.
    func surroundings(
        _ folder: ScratchFolder, arguments: [String] = [], environment: [(String, String)] = [],
        output: OutputCollector = OutputCollector(), errors: OutputCollector = OutputCollector()
    ) throws -> WASIConfiguration {
        for file in bindings { try folder.write(file.text.utf8, to: "bindings/" + file.name) }
        let carrier = try #require(RealCarrier.carrier)
        let folders = PythonComponentizer.Folder.self
        return WASIConfiguration(
            arguments: arguments, environment: environment,
            preopens: [
                Preopen(
                    try carrier.compiledStandardLibrary(), as: folders.standardLibrary, permissions: .readOnly),
                Preopen(folder.file("bindings"), as: folders.bindings, permissions: .readOnly),
                Preopen(folder.file("app"), as: folders.app, permissions: .readOnly),
            ], standardOutput: .collected(output), standardError: .collected(errors))
    }

    /// Runs `body` with an instance of an app.
    func with<Result>(
        _ files: [String: String], linker: Linker? = nil, errors: OutputCollector = OutputCollector(),
        _ body: (Instance, Store) throws -> Result
    ) throws -> Result {
        try ScratchFolder.with { folder in
            for (name, text) in files { try folder.write(text.utf8, to: "app/" + name) }
            let store = try Store(engine: engine, wasi: surroundings(folder, errors: errors))
            return try body((linker ?? .wasi(engine: engine)).instantiate(component, in: store), store)
        }
    }
}
