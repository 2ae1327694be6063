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
    /// - Throws: a sentence when the modules cannot be made.
    static func restore(for component: Component, _ name: String) throws {
        guard let store = SharedModules() else { return }
        let lost = component.sharedModules.first { module in
            guard let (label, hash) = SharedModules.parts(of: module) else { return false }
            return label == PythonComponentizer.sharedLabel && store.contents(hash) == nil
        }
        guard let lost else { return }
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
}
