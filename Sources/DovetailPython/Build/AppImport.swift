// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary
import DovetailBindgen
import DovetailComponentize
import DovetailPythonBindgen
import DovetailSnapshot
import DovetailSystem
import DovetailTypes
import DovetailWASI
import DovetailWITReader

/// One import of an app, with a set of native extensions.
struct AppImport {
    let componentizer: PythonComponentizer
    let app: PythonProgram
    let world: WorldID
    let graph: PackageGraph
    let engine: Engine
    let limits: Store.Configuration
    let standardLibrary: String
    let folders: [(guest: String, host: String)]
    let native: NativeExtensions
    let needs: PythonBindgen.Needs
    /// What the component imports instead of carrying it.
    var base: SnapshotBase?
    /// The library with the interpreter, and its parts that the component may do without.
    var interpreter: [UInt8] = []
    var parts: [InterpreterPart] = []

    /// The component, and the extensions that the app opened, or could not open since they are not among these.
    func run(
        with extensions: [Componentizer.Library]
    ) throws(PythonError) -> (build: PythonComponentizer.Build, extensions: Set<String>) {
        let linked = try link(extensions, stubsWASI: false)
        let stubbed = app.stubsWASI ? try link(extensions, stubsWASI: true) : nil
        return try importing(reports: !native.libraries.isEmpty) { (snapshot, output, errors) in
            var snapshot = snapshot
            for library in extensions {
                guard let hash = library.bytes.withUnsafeBytes({ SHA256.hexadecimal(of: $0) }) else { continue }
                snapshot.base?.libraries[hash] = PythonComponentizer.extensionLabel(library.name)
            }
            let component = try snapshot.bytes(of: linked, writtenTo: stubbed)
            let report = AppLoader.Report(output.text)
            return (
                PythonComponentizer.Build(
                    component: component, messages: report.output + errors.text, data: report.data),
                report.extensions
            )
        }
    }

    /// The core modules that CPython is after the import, by what they were before.
    func sharedModules() throws(PythonError) -> [(original: String, bytes: [UInt8])] {
        let linked = try link([], stubsWASI: false)
        return try importing(reports: false) { (snapshot, _, _) in try snapshot.sharedModules(of: linked) }
    }

    /// Where a file of the guest's folders is on the host.
    func hostPath(_ guest: String) -> String {
        for (place, host) in folders where guest.hasPrefix(place + "/") {
            return Files.join(host, String(guest.dropFirst(place.count + 1)))
        }
        return guest
    }

    /// The module that imports the app.
    var loader: AppLoader {
        var loader = AppLoader(
            app: app.module, folders: folders.map(\.guest), resourceModules: needs.resourceModules,
            included: app.included, warmUps: app.warmUps)
        loader.waits = needs.waits
        loader.dataPackages = app.dataPackages
        loader.keepsSources = app.isForDebugging
        loader.replaced = app.names.packages.compactMap(\.name)
        loader.parts = parts
        return loader
    }

    private func importing<Result>(
        reports: Bool, _ body: (ComponentSnapshot, OutputCollector, OutputCollector) throws -> Result
    ) throws(PythonError) -> Result {
        var loader = loader
        loader.reportsExtensions = reports
        let files = try LoaderFolders(
            loader, bindings: try PythonComponentizer.bindings(of: world, in: graph, names: app.names),
            folders: folders)
        defer { withExtendedLifetime(files) {} }
        let (output, errors) = (OutputCollector(), OutputCollector())
        var snapshot = ComponentSnapshot(engine: engine)
        snapshot.initializer = .coreFunction(
            app.stubsWASI ? "dovetail_python_initialize_alone" : "dovetail_python_initialize")
        snapshot.limits = limits
        snapshot.base = base
        let keeps: Set = app.isForDebugging ? ["producers", "name"] : ["producers"]
        snapshot.keepsSection = { keeps.contains($0) }
        snapshot.omission = { [interpreter, parts] in
            let omitted = AppLoader.Report(output.text).omitted
            return InterpreterPart.omission(of: parts.filter { omitted.contains($0.name) }, in: interpreter)
        }
        snapshot.wasi = WASIConfiguration(
            preopens: [
                Preopen(standardLibrary, as: PythonComponentizer.Folder.standardLibrary, permissions: .readOnly)
            ] + files.preopens, standardOutput: .collected(output), standardError: .collected(errors))
        do {
            return try body(snapshot, output, errors)
        } catch {
            let text = PythonTraceback.cleaned(errors.text, folders: folders)
            throw .notImported(app, output: AppLoader.Report(output.text).output, text, native, cause: error)
        }
    }

    private func link(_ extensions: [Componentizer.Library], stubsWASI: Bool) throws(PythonError) -> [UInt8] {
        try componentizer.linked(
            app: AppLoader.name, world: world, of: graph, stubsWASI: stubsWASI,
            sharesPython: app.sharesPython, extensions: extensions, names: app.names)
    }
}
