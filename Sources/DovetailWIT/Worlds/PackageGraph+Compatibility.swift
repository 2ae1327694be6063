// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

extension PackageGraph {
    /// What keeps a component of the world `old` from running where `new` is asked for; empty when `new` is a compatible
    /// successor: it imports at least as much and asks for no more exports, and nothing changed in between.
    ///
    /// Versions of interfaces of one compatible series count as the same.
    ///
    /// - Throws: when the worlds are not of one package, versions apart.
    package func incompatibilities(
        of new: WorldID, in newGraph: PackageGraph, withPredecessor old: WorldID
    ) throws(WITError) -> [WorldDifference] {
        if let before = self[old].package.map({ self[$0].name }),
            let after = newGraph[new].package.map({ newGraph[$0].name }),
            before.namespace != after.namespace || before.name != after.name
        {
            throw WITError(.otherWorldPackage(before, after))
        }
        return WorldMatcher.differences(of: old, in: self, toTarget: new, in: newGraph, versions: .compatible)
    }
}
