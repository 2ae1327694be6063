// SPDX-License-Identifier: Apache-2.0

package import DovetailBindgen

/// What bindings of a world are called in Python.
package struct PythonBindingNames: Sendable {
    /// The package.
    package var package = "wit_world"
    /// Modules of imported interfaces, by `ns:pkg/iface`, with or without a version.
    package var imports: [String: String] = [:]
    /// Modules of exported interfaces, by `ns:pkg/iface`, with or without a version.
    package var exports: [String: String] = [:]
    /// Whether other modules are named with the package of the interface and its version.
    package var areFull = false
    /// Packages that expect bindings inside themselves.
    package var packages: [PythonBindingsPackage] = []

    /// The names that nobody has chosen.
    package init() {}
}

/// A program in Python that becomes a component.
package struct PythonProgram: Sendable {
    /// The module with the classes that implement the world, as `import` names it.
    package var module: String
    /// The folders in which modules are looked for, the first that has one counting.
    package var folders: [String]
    /// Modules to carry besides those that are imported, and those that code of the app names.
    package var included: [String] = []
    /// Packages whose files are carried, besides their modules. Those of `tzdata` are, where the app uses `zoneinfo`.
    package var dataPackages: [String] = []
    /// Expressions that are evaluated in the app's module once it has been imported: what they import and keep is there later.
    package var warmUps: [String] = []
    /// Whether the component imports nothing of WASI: what it would call traps, and its random numbers are always the same.
    package var stubsWASI = false

    /// Whether the component imports CPython, as core modules that all of its kind have in common, instead of carrying it.
    package var sharesPython = false

    /// Whether the component keeps what is good for finding mistakes alone: names of functions, and source text of the app.
    package var isForDebugging = false

    /// What lies in the folders, when somebody has looked already.
    package var contents: AppFolders?

    /// Whether built-in modules that the app's code does not name are left out; not where code comes from elsewhere.
    package var omitsParts = true
    /// What the bindings are called.
    package var names = PythonBindingNames()

    /// Makes an app.
    package init(module: String, folders: [String]) {
        self.module = module
        self.folders = folders
    }

    /// Whether `text` could be the name of a module: names with dots between them.
    package static func isModuleName(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { name in
            guard let first = name.unicodeScalars.first else { return false }
            func isName(_ scalar: Unicode.Scalar) -> Bool {
                scalar == "_" || scalar.properties.isXIDStart
            }
            return isName(first)
                && name.unicodeScalars.allSatisfy { isName($0) || $0.properties.isXIDContinue }
        }
    }
}
