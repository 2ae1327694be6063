// SPDX-License-Identifier: Apache-2.0

/// What snapshots of components that are made of the same libraries have in common: they import it, and carry only what differs.
package struct SnapshotBase: Sendable {
    /// A core module after the initialisation.
    package struct Module: Sendable {
        /// The SHA-256 of the module as it was before, or ``memory``.
        package var original: String
        /// Stands for a hash with the module that writes what the memory of another module holds.
        package static let memory = "memory"
        /// The name under which components import what it became.
        package var name: String

        /// Makes a module.
        package init(original: String, name: String) {
            self.original = original
            self.name = name
        }
    }

    /// The modules.
    package var modules: [Module]
    /// The bytes of what a module became, asked for where it has memory or globals; `nil` when they are lost.
    package var contents: @Sendable (Module) -> [UInt8]?
    /// Modules without state of their own that are imported, too, though nothing has made them yet: what their names say of them, by the
    /// SHA-256 of each.
    package var libraries: [String: String] = [:]
    /// Keeps such a module as it is after the initialisation, and tells the name to import it by, which begins with what is said of it.
    package var keep: @Sendable (_ label: String, [UInt8]) throws -> String? = { _, _ in nil }

    /// Makes a base.
    package init(modules: [Module], contents: @escaping @Sendable (Module) -> [UInt8]?) {
        self.modules = modules
        self.contents = contents
    }
}
