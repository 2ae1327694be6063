// SPDX-License-Identifier: Apache-2.0

package import Dovetail
import DovetailBinary
import DovetailComponentize
import DovetailSnapshot
import DovetailSystem
package import DovetailTypes
import DovetailWASI

extension PythonComponentizer {
    /// A component of an app, and what was said while it was made.
    package struct Build: Sendable {
        /// The component.
        package var component: [UInt8]
        /// What the app wrote to standard output and standard error while it was imported.
        package var messages: String
        /// How many functions of native extensions got the signature that CPython calls, by the paths of the extensions.
        package var mended: [(path: String, count: Int)] = []
    }

    /// The component of an app: CPython started and the app imported, here and now; its instances begin where that ended.
    ///
    /// The app runs in a sandbox while it is imported: it reads its own folders and the standard library, and nothing else.
    /// What comes out depends on these, the world and this version alone. Modules that the app's code names without having
    /// imported them are carried as byte code.
    ///
    /// - Parameters:
    ///   - engine: runs the import; one with ``Dovetail/Engine/Configuration/Compiler/winch`` is ready sooner.
    ///   - limits: how far the import may go.
    /// - Throws: ``PythonError`` when the app cannot be imported, lacks something that the world exports, or the world has something that Python has no form for.
    package func component(
        of app: PythonProgram, world: WorldID, in graph: PackageGraph, engine: Engine,
        limits: Store.Configuration = Store.Configuration(), report: (String) -> Void = { _ in }
    ) throws(PythonError) -> Build {
        try check(app)
        let folders = app.folders.enumerated().map { (guest: "/app/\($0.offset + 1)", host: $0.element) }
        let attempt = Attempt(
            componentizer: self, app: app, world: world, graph: graph, engine: engine, limits: limits,
            standardLibrary: try carrier.compiledStandardLibrary(report: report), folders: folders,
            native: try NativeExtensions(folders: folders),
            resourceModules: try Self.resourceModules(of: world, in: graph))
        guard !attempt.native.libraries.isEmpty else { return try attempt.run(with: []).build }
        // Which of them the app imports is known once it has been imported.
        let all = attempt.native.libraries
        let first = try attempt.run(with: all, reports: true)
        let used = all.filter { first.extensions.contains($0.name) }
        var build = try attempt.run(with: used).build
        let names = Set(used.map(\.name))
        build.mended = attempt.native.mended.filter { names.contains($0.guest) }.map { ($0.path, $0.count) }
        return build
    }

    private func check(_ app: PythonProgram) throws(PythonError) {
        guard PythonProgram.isModuleName(app.module) else { throw .badModule(app.module) }
        guard app.module != "wit_world", app.module != AppLoader.name else { throw .takenModule(app.module) }
        for name in app.included where !PythonProgram.isModuleName(name) { throw .badModule(name) }
        for folder in app.folders where !Files.isDirectory(folder) { throw .noFolder(folder) }
    }
}

/// One import of an app, with a set of native extensions.
private struct Attempt {
    let componentizer: PythonComponentizer
    let app: PythonProgram
    let world: WorldID
    let graph: PackageGraph
    let engine: Engine
    let limits: Store.Configuration
    let standardLibrary: String
    let folders: [(guest: String, host: String)]
    let native: NativeExtensions
    let resourceModules: [String]

    /// The component, and the extensions that are used in it if that is asked for.
    func run(
        with extensions: [Componentizer.Library], reports: Bool = false
    ) throws(PythonError) -> (build: PythonComponentizer.Build, extensions: Set<String>) {
        var loader = AppLoader(
            app: app.module, folders: folders.map(\.guest), resourceModules: resourceModules, included: app.included,
            warmUps: app.warmUps)
        loader.reportsExtensions = reports
        let bindings = try writeBindings(loader)
        let linked = try link(extensions, stubsWASI: false)
        let stubbed = app.stubsWASI ? try link(extensions, stubsWASI: true) : nil
        let (output, errors) = (OutputCollector(), OutputCollector())
        var snapshot = ComponentSnapshot(engine: engine)
        snapshot.initializer = .coreFunction(
            app.stubsWASI ? "dovetail_python_initialize_alone" : "dovetail_python_initialize")
        snapshot.limits = limits
        snapshot.wasi = WASIConfiguration(
            preopens: [
                Preopen(standardLibrary, as: PythonComponentizer.Folder.standardLibrary, permissions: .readOnly),
                Preopen(bindings.path, as: PythonComponentizer.Folder.bindings, permissions: .readOnly),
            ] + folders.map { Preopen($0.host, as: $0.guest, permissions: .readOnly) },
            standardOutput: .collected(output), standardError: .collected(errors))
        do {
            let ready = try snapshot.bytes(of: linked, writtenTo: stubbed)
            let component = try CustomSections.removed(from: ready) { $0 != "producers" }
            let (text, used) = AppLoader.parts(of: output.text)
            return (PythonComponentizer.Build(component: component, messages: text + errors.text), used)
        } catch {
            let text = PythonTraceback.cleaned(errors.text, folders: folders)
            throw .notImported(app, output: AppLoader.parts(of: output.text).output, text, native, cause: error)
        }
    }

    private func link(
        _ extensions: [Componentizer.Library], stubsWASI: Bool
    ) throws(PythonError) -> [UInt8] {
        try componentizer.linked(
            app: AppLoader.name, world: world, of: graph, stubsWASI: stubsWASI, extensions: extensions)
    }

    private func writeBindings(_ loader: AppLoader) throws(PythonError) -> TemporaryFolder {
        let files = try PythonComponentizer.bindings(of: world, in: graph)
        do throws(SystemError) {
            let folder = try TemporaryFolder()
            for file in files { try folder.write(Array(file.text.utf8), to: file.name) }
            try folder.write(Array(loader.text.utf8), to: AppLoader.name + ".py")
            return folder
        } catch {
            throw .temporary(error)
        }
    }
}
