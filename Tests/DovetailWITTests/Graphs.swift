// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import DovetailWITReader

/// Package graphs from texts.
enum Graphs {
    /// The graph of a text, and its main package.
    static func of(_ text: String) throws -> (graph: PackageGraph, root: PackageID) {
        let resolution = try WIT.resolve(WITSource(text: text), features: .all)
        return (resolution.graph, resolution.root)
    }

    /// Everything in a graph as text: the main package, the others behind it in braces.
    static func text(_ graph: PackageGraph, root: String) -> String {
        guard let name = PackageName(root), let id = graph.package(named: name) else { return "no package \(root)" }
        return WITText.text(of: id, in: graph)
    }

    /// Whether the printed form of a graph can be read and is the same again: what refers to what is right.
    static func isConsistent(_ graph: PackageGraph, root: String) throws -> Bool {
        let printed = text(graph, root: root)
        return text(try of(printed).graph, root: root) == printed
    }
}
