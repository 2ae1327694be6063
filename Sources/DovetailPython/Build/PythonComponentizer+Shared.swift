// SPDX-License-Identifier: Apache-2.0

package import Dovetail
import DovetailBindgen
import DovetailPythonBindgen
import DovetailSnapshot
import DovetailSystem
import DovetailTypes
import DovetailWIT
import DovetailWITReader

extension PythonComponentizer {
    /// What stands in front of the hash in the names of core modules that components share.
    package static let sharedLabel = "cpython"
    /// The same of native extensions, which are kept when a component is made that imports them; the name of the package may follow.
    package static let extensionLabel = "python-extension"

    /// What stands in front of the hash in the name of an extension that the guest knows by a path.
    static func extensionLabel(_ path: String) -> String {
        // Behind the folder of the app that it was found in.
        let package = path.split(separator: "/").dropFirst(2).first?.prefix { $0 != "." } ?? ""
        let isWord = package.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) }
        let begins = package.utf8.first.map { (0x61...0x7a).contains($0) } ?? false
        return isWord && begins ? "\(extensionLabel)-\(package)" : extensionLabel
    }

    /// The modules that components with shared CPython import, made and put into the cache where they are missing.
    ///
    /// They are the same for all apps: CPython when it has just started, in a component that imports and exports nothing.
    ///
    /// - Parameters:
    ///   - waits: whether there is a loop, with the module `asyncio`.
    ///   - reads: whether the modules are read, which finds those that are damaged.
    /// - Throws: ``PythonError`` when they cannot be made or written.
    func sharedBase(
        waits: Bool, engine: Engine, reads: Bool = false, report: (String) -> Void = { _ in }
    ) throws(PythonError) -> SnapshotBase {
        guard let store = SharedModules() else { throw .noCache() }
        let standardLibrary = try carrier.compiledStandardLibrary(report: report)
        let resolution: (graph: PackageGraph, world: WorldID)
        do {
            let found = try WIT.resolve(WITSource(text: "package dovetail:python;\nworld shared {}\n"))
            resolution = (found.graph, try Bindgen.world(nil, in: found.graph, root: found.root))
        } catch {
            throw .notShared("its world cannot be read", cause: error)
        }
        var app = PythonProgram(module: "", folders: [])
        app.sharesPython = true
        let attempt = AppImport(
            componentizer: self, app: app, world: resolution.world,
            graph: resolution.graph, engine: engine, limits: Store.Configuration(),
            standardLibrary: standardLibrary, folders: [], native: try NativeExtensions(AppFolders([]), guest: []),
            needs: PythonBindgen.Needs(resourceModules: [], waits: waits))
        let list = "\(carrier.folder)/shared/\(try key(of: attempt)).txt"
        if let modules = Self.modules(listedIn: list), modules.allSatisfy({ Self.isThere($0, in: store, reads) }) {
            return Self.base(modules, store)
        }
        report("starting the CPython that components share")
        let made = try attempt.sharedModules()
        do throws(SystemError) {
            var modules: [SnapshotBase.Module] = []
            for (original, bytes) in made {
                let name = SharedModules.name(Self.sharedLabel, hash: try store.keep(bytes))
                modules.append(SnapshotBase.Module(original: original, name: name))
            }
            let text = modules.map { "\($0.original) \($0.name)\n" }.joined()
            try Files.makeDirectories(above: list)
            try Array(text.utf8).withRawBytes { (bytes) throws(SystemError) in try Files.replace(list, with: bytes) }
            return Self.base(modules, store)
        } catch {
            throw .unwritable(store.folder, error)
        }
    }

    /// Makes the modules that components with shared CPython import where they are missing, as ``component(of:world:in:engine:limits:report:)``
    /// does.
    ///
    /// - Throws: ``PythonError`` when they cannot be made or written.
    package func restoreSharedModules(engine: Engine, report: (String) -> Void = { _ in }) throws(PythonError) {
        for waits in [false, true] { _ = try sharedBase(waits: waits, engine: engine, reads: true, report: report) }
    }

    /// What the modules depend on: all that is linked, and what runs before there is an app.
    private func key(of attempt: AppImport) throws(PythonError) -> String {
        var bytes = try linked(
            app: AppLoader.name, world: attempt.world, of: attempt.graph, sharesPython: true)
        bytes += Array((attempt.loader.commonText + AppLoader.text).utf8)
        for file in StubModules.files { bytes += Array(file.text.utf8) }
        for file in try Self.bindings(of: attempt.world, in: attempt.graph) { bytes += Array(file.text.utf8) }
        return bytes.withUnsafeBytes { SHA256.hexadecimal(of: $0) } ?? ""
    }

    private static func modules(listedIn path: String) -> [SnapshotBase.Module]? {
        guard let bytes = try? Files.read(path) else { return nil }
        var modules: [SnapshotBase.Module] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2 else { return nil }
            modules.append(SnapshotBase.Module(original: String(words[0]), name: String(words[1])))
        }
        return modules.isEmpty ? nil : modules
    }

    /// Whether a module is in the cache; whoever reads it checks its hash.
    private static func isThere(_ module: SnapshotBase.Module, in store: SharedModules, _ reads: Bool) -> Bool {
        guard let (_, hash) = SharedModules.parts(of: module.name) else { return false }
        return reads ? store.contents(hash) != nil : Files.exists(store.path(hash))
    }

    private static func base(_ modules: [SnapshotBase.Module], _ store: SharedModules) -> SnapshotBase {
        var base = SnapshotBase(modules: modules) { module in
            SharedModules.parts(of: module.name).flatMap { store.contents($0.hash)?.withBytes { Array($0) } }
        }
        base.keep = { SharedModules.name($0, hash: try store.keep($1)) }
        return base
    }
}
