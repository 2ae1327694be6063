// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// A package in Python that stands on a part of the world, which it expects the bindings of inside itself.
package struct PythonBindingsPackage: Sendable {
    /// The package with the bindings, as `import` names it; `nil` when they are those of the world.
    package var name: String?
    /// The worlds that its part is made of.
    package let worlds: [WorldID]
    /// Whether modules of their interfaces are named with their package and its version.
    package let usesFullNames: Bool

    /// Describes one.
    package init(name: String?, worlds: [WorldID], usesFullNames: Bool = false) {
        self.name = name
        self.worlds = worlds
        self.usesFullNames = usesFullNames
    }
}

/// How bindings are to be written.
package struct BindgenOptions: Sendable {
    /// Who the bindings are for.
    package enum Output: Sendable {
        /// Swift programs that run components.
        case swiftHost
        /// Components that are written in Swift.
        case swiftGuest
    }

    /// Who may use what is generated.
    package enum Access: String, Sendable, CaseIterable {
        case `public`, package, `internal`

        /// The modifiers of declarations; the default is left out.
        package var modifiers: [String] { self == .internal ? [] : [rawValue] }
    }

    /// Which functions are generated as `async`.
    package enum AsyncFunctions: Sendable {
        /// Those that WIT declares so.
        case declared
        /// All of them.
        case all
        /// Those with these names, as `ns:pkg/iface#function` or `function`, and those that WIT declares so.
        case named(Set<String>)
    }

    /// Who the bindings are for.
    package var output = Output.swiftHost
    /// The access level of all declarations.
    package var access = Access.internal
    /// Interfaces whose types exist already: `ns:pkg/iface`, with or without a version, and the Swift type that holds them.
    package var with: [String: String] = [:]
    /// The Swift names of interfaces whose own do not do: by `ns:pkg/iface`, with or without a version.
    package var interfaceNames: [String: String] = [:]
    /// The same for imported interfaces alone, which counts more.
    package var importNames: [String: String] = [:]
    /// The same for exported interfaces alone, which counts more.
    package var exportNames: [String: String] = [:]
    /// Whether modules of interfaces in Python are named with their package and its version, even where nothing else has the name.
    package var usesFullNames = false
    /// Packages in Python that expect the bindings of worlds inside them.
    package var pythonPackages: [PythonBindingsPackage] = []
    /// Which functions are `async`.
    package var async = AsyncFunctions.declared
    /// Further protocols for records, variants, enums and flags, as `Codable`; those that hold handles are left out.
    package var conformances: [String] = []
    /// Imports to leave out, by interface, package or function name.
    package var excludedImports: Set<String> = []
    /// Exports to leave out, by interface, package or function name.
    package var excludedExports: Set<String> = []
    /// Whether WASI is DovetailWASI's business: its interfaces are not generated, their types are taken from there, and
    /// instances are made with its definitions.
    package var takesWASI = true
    /// What makes the same bindings again, for error messages.
    package var command = "dovetail bindgen --host swift"
    /// The Swift type of the world, `nil` for its name in Swift's spelling; the Python package, `nil` for `wit_world`.
    package var typeName: String?
    /// Whether only what the interfaces declare is wanted, to be used by other bindings: the world is a namespace.
    package var interfacesOnly = false
    /// Whether bindings for guests end with a type to fill in for everything that is exported.
    package var stubs = false
    /// Modules to import besides.
    package var imports: [String] = []

    /// The defaults.
    package init() {}
}
