// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
import DovetailWIT
package import DovetailWITReader

/// Package graphs as text, for comparisons.
package enum WITText {
    /// The text of `root` with all other packages nested behind it.
    package static func text(of root: PackageID, in graph: PackageGraph) -> String {
        let others = graph.packages.indices.map { PackageID($0) }.filter { $0 != root }
        return WITPrinter.text(of: root, nested: others, in: graph)
    }

    /// The texts of all packages, in an order that depends only on the texts.
    package static func sortedText(of graph: PackageGraph) -> String {
        graph.packages.indices.map { WITPrinter.text(of: PackageID($0), in: graph) }.sorted().joined(separator: "\n")
    }
}
