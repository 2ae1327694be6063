// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
package import DovetailTypes
package import DovetailWITReader

/// The WIT that a binary describes.
package struct DecodedWIT: Sendable {
    /// What kind of binary it was.
    package enum Source: Sendable {
        /// A WIT package in binary form.
        case package
        /// A component; its imports and exports are the world.
        case component
        /// A core module; the world is that of its `component-type` sections.
        case coreModule
    }

    /// What was read.
    package var source: Source
    /// All packages; those that others use come first.
    package var graph: PackageGraph
    /// The package that was read, or that was made up for a component: `root:component`.
    package let package: PackageID
    /// The world of a component or core module: `root` for a component.
    package var world: WorldID?

    /// The packages beside ``package``, in order.
    package var otherPackages: [PackageID] {
        graph.packages.indices.map { PackageID($0) }.filter { $0 != package }
    }
}
