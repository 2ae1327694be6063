// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
package import DovetailBindgen
package import DovetailTypes
package import DovetailWITReader

/// Bindings for components in Python out of a package graph, and the library of core functions under them.
package enum PythonBindgen {
    /// The files of the package of a world, with their names.
    ///
    /// - Parameter joined: what the worlds are called that it was made of, where it is none that somebody has written.
    /// - Throws: ``BindgenError`` when the world has something that Python has no form for, or an option does not fit.
    package static func files(
        _ world: WorldID, of graph: PackageGraph, joined: [String] = [], options: BindgenOptions = BindgenOptions()
    ) throws(BindgenError) -> [(name: String, text: String)] {
        let guest = try guest(world, of: graph, options)
        let names = joined.isEmpty ? [guest.model.qualifiedName] : joined
        return PythonPackage(guest, of: names, command: options.command).files()
    }

    /// The shared library of a world for components in Python, with the world in it.
    ///
    /// - Parameter app: the module of the app.
    /// - Throws: ``BindgenError`` when the world has something that Python has no form for, or an option does not fit.
    package static func library(
        _ world: WorldID, of graph: PackageGraph, app: String, options: BindgenOptions
    ) throws(BindgenError) -> [UInt8] {
        let module = try WorldLibrary.module(try guest(world, of: graph, options), app: app)
        do throws(BinaryError) { return try ComponentTypeSection.embed(world, of: graph, in: module) } catch {
            throw .notRepresentable(graph.qualifiedName(of: world), "\(error)")
        }
    }

    /// What of an app in Python is known from its world.
    package struct Needs: Sendable {
        /// The modules of the app, beside its own one, in which the classes of resources that the world exports are looked for.
        package var resourceModules: [String]
        /// Whether anything in the world waits, so that there is a loop.
        package var waits: Bool

        /// Makes what is known.
        package init(resourceModules: [String], waits: Bool) {
            self.resourceModules = resourceModules
            self.waits = waits
        }
    }

    /// What an app in Python needs for a world.
    ///
    /// - Throws: ``BindgenError`` when an option does not fit.
    package static func needs(
        _ world: WorldID, of graph: PackageGraph, options: BindgenOptions
    ) throws(BindgenError) -> Needs {
        let guest = try guest(world, of: graph, options)
        let modules = guest.model.namespaces.indices.filter {
            let namespace = guest.model.namespaces[$0]
            return namespace.direction == .exported && namespace.resources.contains { !$0.methods.isEmpty }
        }.map { guest.modules[$0] }
        return Needs(resourceModules: modules, waits: guest.isAsync)
    }

    private static func guest(
        _ world: WorldID, of graph: PackageGraph, _ options: BindgenOptions
    ) throws(BindgenError) -> PythonGuest {
        try OptionNames([world], of: graph).check(options)
        try PythonGuest.check(options)
        return PythonGuest(try WorldModel(graph, world, options), options)
    }
}
