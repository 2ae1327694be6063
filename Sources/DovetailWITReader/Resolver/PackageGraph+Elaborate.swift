// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

extension PackageGraph {
    /// Adds what `world` imports implicitly, and puts its imports in order.
    /// (WIT.md, "Transitive imports and worlds")
    ///
    /// - Throws: a ``WITError`` when what it imports and what its exports need conflict, or interfaces depend on each other too deeply.
    package mutating func elaborate(_ world: WorldID) throws(WITError) {
        let resolver = WITResolver(features: .all)
        swap(&resolver.graph, &self)
        resolver.elaborate(world, at: SourceSpan(file: 0, start: 0, end: 0))
        swap(&resolver.graph, &self)
        guard let first = resolver.diagnostics.diagnostics.first else { return }
        throw WITError(Diagnostic(first.message))
    }
}
