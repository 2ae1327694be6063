// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailArguments
import DovetailPython

/// Components in Python that import their interpreter.
enum SharedPython {
    /// Puts the modules of CPython that a component imports into the user's cache where they have been lost, which takes CPython, from
    /// the cache or the network.
    ///
    /// Whoever links the component says what is missing still, as when another version has made it.
    /// - Throws: a sentence when the modules cannot be made, or a native extension is lost.
    static func restore(for component: Component, _ name: String) throws {
        guard let store = SharedModules() else { return }
        let lost = component.sharedModules.filter { module in
            SharedModules.parts(of: module).map { store.contents($0.hash, for: component.engine) == nil } ?? false
        }
        if let (module, package) = lost.lazy.compactMap({ module in package(of: module).map { (module, $0) } }).first {
            throw WasmFile.Failure(
                description:
                    "`\(name)` imports a native extension\(package) as the core module `\(module)`, which is not in "
                    + "`\(store.folder)`; `dovetail componentize --python --shared` puts it there, of this app or any other "
                    + "that imports the same version of the package")
        }
        guard let lost = lost.first(where: { SharedModules.parts(of: $0)?.label == PythonComponentizer.sharedLabel })
        else { return }
        do {
            try withProgress("making the CPython that \(name) imports") { progress in
                let carrier = try PythonCarrier.load { progress.update($0) }
                var configuration = Engine.Configuration()
                configuration.compiler = .winch
                try PythonComponentizer(carrier).restoreSharedModules(engine: try Engine(configuration)) {
                    progress.update($0)
                }
            }
        } catch let error as PythonError {
            throw WasmFile.Failure(
                description:
                    "`\(name)` imports CPython as the core module `\(lost)`, which is neither in `\(store.folder)` "
                    + "nor can be made: \(error)")
        }
    }

    /// Whose native extension a core module is, in words: nothing when its name does not tell, `nil` for other modules.
    private static func package(of module: String) -> String? {
        guard let label = SharedModules.parts(of: module)?.label,
            label.hasPrefix(PythonComponentizer.extensionLabel)
        else { return nil }
        let name = label.dropFirst(PythonComponentizer.extensionLabel.count + 1)
        return name.isEmpty ? "" : " of `\(name)`"
    }
}
