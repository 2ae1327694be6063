// SPDX-License-Identifier: Apache-2.0

package import Dovetail
import DovetailBindgen
import DovetailComponentize
import DovetailPythonBindgen
import DovetailSystem
package import DovetailTypes
package import DovetailWITReader

extension PythonComponentizer {
    /// A component of an app, and what was said while it was made.
    package struct Build: Sendable {
        /// The component.
        package var component: [UInt8]
        /// What the app wrote to standard output and standard error while it was imported.
        package var messages: String
        /// The packages whose files the component carries, with how many and how large these are.
        package var data: [(package: String, text: String)] = []
        /// How many functions of native extensions got the signature that CPython calls, by the paths of the extensions.
        package var mended: [(path: String, count: Int)] = []
        /// The native extensions that nothing imports, and that are left out therefore.
        package var unused: [String] = []
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
        var attempt = AppImport(
            componentizer: self, app: app, world: world, graph: graph, engine: engine, limits: limits,
            standardLibrary: try carrier.compiledStandardLibrary(report: report), folders: folders,
            native: try NativeExtensions(app.contents ?? AppFolders(app.folders), guest: folders.map(\.guest)),
            needs: try Self.needs(of: world, in: graph, names: app.names))
        if app.sharesPython {
            attempt.base = try sharedBase(waits: attempt.needs.waits, engine: engine, report: report)
        } else if app.omitsParts {
            attempt.interpreter = try carrier.bytes(ofLibrary: Self.libraries[0])
            attempt.parts = InterpreterPart.parts(of: attempt.interpreter)
        }
        guard !attempt.native.libraries.isEmpty else { return try attempt.run(with: []).build }
        var (build, used) = try attempt.runWithUsedExtensions()
        build.mended = attempt.native.mended.filter { used.contains($0.guest) }.map { ($0.path, $0.count) }
        build.unused = attempt.native.libraries.filter { !used.contains($0.name) }.map { attempt.hostPath($0.name) }
        return build
    }

    private func check(_ app: PythonProgram) throws(PythonError) {
        guard PythonProgram.isModuleName(app.module) else { throw .badModule(app.module) }
        guard app.module != app.names.package, app.module != AppLoader.name else { throw .takenModule(app.module) }
        for name in app.included + app.dataPackages where !PythonProgram.isModuleName(name) { throw .badModule(name) }
        for folder in app.folders where !Files.isDirectory(folder) { throw .noFolder(folder) }
    }
}
