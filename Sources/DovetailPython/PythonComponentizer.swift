// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
package import DovetailComponentize
import DovetailPythonBindgen
package import DovetailTypes
package import DovetailWITReader

/// Makes components of programs in Python: CPython, the runtime and the library of a world, linked.
package struct PythonComponentizer: Sendable {
    /// The folders that a component reads Python code from when its first export is called.
    package enum Folder {
        /// The standard library.
        package static let standardLibrary = "/python"
        /// The bindings of the world; of an app that is imported here only what all worlds have.
        package static let bindings = "/bindings"
        /// The bindings that only this world has, of an app that is imported here.
        static let world = "/world"
        /// The app and what it imports.
        package static let app = "/app/0"
    }

    let carrier: PythonCarrier

    /// Makes a componentizer with an installed CPython.
    package init(_ carrier: PythonCarrier) { self.carrier = carrier }

    /// The stack of the interpreter in bytes; Python's own limit on recursion is reached before its end.
    private static let stackSize: UInt32 = 8 << 20

    /// The heap of a component that shares CPython before its native extensions, in bytes: more than CPython takes when it starts, so that all of that
    /// is at the same addresses whatever is imported later.
    private static let sharedHeap: UInt32 = 8 << 20

    /// CPython and what it is linked with, in an order that gives all worlds the same modules.
    static let libraries = [
        "libpython3.14.so", "libc.so", "libwasi-emulated-process-clocks.so", "libwasi-emulated-getpid.so",
        "libwasi-emulated-signal.so",
    ]

    /// What native extensions may need; the linker leaves out what none does.
    private static let extensionLibraries = ["libc++.so", "libc++abi.so"]

    /// The options that bindings for a component are generated with.
    private static func options(_ names: PythonBindingNames) -> BindgenOptions {
        var options = BindgenOptions()
        options.typeName = names.package
        options.importNames = names.imports
        options.exportNames = names.exports
        options.usesFullNames = names.areFull
        options.pythonPackages = names.packages
        options.takesWASI = false
        options.command = "dovetail bindgen --guest python"
        return options
    }

    /// The files of the bindings that the component of a world needs, by their paths in ``Folder/bindings``.
    ///
    /// - Throws: ``PythonError`` when the world has something that Python has no form for.
    package static func bindings(
        of world: WorldID, in graph: PackageGraph, names: PythonBindingNames = PythonBindingNames()
    ) throws(PythonError) -> [(name: String, text: String)] {
        do throws(BindgenError) {
            return try PythonBindgen.files(world, of: graph, options: options(names)).filter {
                !$0.name.hasSuffix(".pyi")
            }
        } catch {
            throw .world(error)
        }
    }

    /// What an app needs for a world.
    static func needs(
        of world: WorldID, in graph: PackageGraph, names: PythonBindingNames
    ) throws(PythonError) -> PythonBindgen.Needs {
        do throws(BindgenError) {
            return try PythonBindgen.needs(world, of: graph, options: options(names))
        } catch {
            throw .world(error)
        }
    }

    /// A component that starts CPython and imports the app when its first export is called, from the folders that its host
    /// gives it (``Folder``).
    ///
    /// - Parameters:
    ///   - app: the module of the app.
    ///   - sharesPython: whether the memory is laid out so that what CPython has there can be shared.
    ///   - extensions: native extension modules, with the paths that CPython opens them by.
    ///   - stubsWASI: whether functions that trap stand for what would be imported of WASI.
    /// - Throws: ``PythonError`` when the world has something that Python has no form for, or the libraries cannot be linked.
    package func linked(
        app: String, world: WorldID, of graph: PackageGraph, stubsWASI: Bool = false, sharesPython: Bool = false,
        extensions: [Componentizer.Library] = [], names: PythonBindingNames = PythonBindingNames()
    ) throws(PythonError) -> [UInt8] {
        var libraries: [Componentizer.Library] = []
        for name in Self.libraries {
            libraries.append(Componentizer.Library(name: name, bytes: try carrier.bytes(ofLibrary: name)))
        }
        libraries.append(Componentizer.Library(name: PythonRuntime.name, bytes: PythonRuntime.library))
        let first = libraries.count
        libraries += extensions
        if !extensions.isEmpty {
            libraries.append(Componentizer.Library(name: EmulatedStatus.name, bytes: EmulatedStatus.library))
        }
        for name in extensions.isEmpty ? [] : Self.extensionLibraries {
            libraries.append(
                Componentizer.Library(name: name, bytes: try carrier.bytes(ofLibrary: name), isOptional: true))
        }
        for index in libraries.indices.dropFirst(first) { libraries[index].isApart = true }
        do throws(BindgenError) {
            let bytes = try PythonBindgen.library(world, of: graph, app: app, options: Self.options(names))
            libraries.append(Componentizer.Library(name: "libworld.so", bytes: bytes))
        } catch {
            throw .world(error)
        }
        var options = Componentizer.Options()
        options.stackSize = Self.stackSize
        options.usesBuiltInLibdl = true
        if sharesPython { options.firstHeap = Self.sharedHeap }
        if stubsWASI { options.stubsImports = { $0.hasPrefix("wasi:") } }
        do throws(ComponentizeError) {
            return try Componentizer.component(linking: libraries, options: options)
        } catch {
            throw .link(error)
        }
    }
}
