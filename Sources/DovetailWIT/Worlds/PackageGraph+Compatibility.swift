// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

extension PackageGraph {
    private static let newExport = "it is new: components of the old world do not export it"

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
        return WorldMatcher.differences(
            of: old, in: self, toTarget: new, in: newGraph, versions: .compatible, missingExport: Self.newExport)
    }

    /// What keeps a package from standing for an older one: every interface and world that the old one has must be there;
    /// interfaces are compared as imports, worlds as ``incompatibilities(of:in:withPredecessor:)`` does.
    ///
    /// - Throws: when the packages have other names, versions apart.
    package func incompatibilities(
        ofPackage new: PackageID, in newGraph: PackageGraph, withPredecessor old: PackageID
    ) throws(WITError) -> [WorldDifference] {
        let before = self[old]
        let after = newGraph[new]
        guard before.name.namespace == after.name.namespace, before.name.name == after.name.name else {
            throw WITError(.otherPackages(before.name, after.name))
        }
        // Whatever the versions are, the one is to stand for the other.
        var newGraph = newGraph
        newGraph[new].name.version = before.name.version
        var differences: [WorldDifference] = []
        func collect(_ what: String, _ found: [WorldDifference]) {
            differences += found.map { WorldDifference($0.message, at: [what] + $0.path) }
        }
        func missing(_ what: String, _ name: String, _ known: [String]) {
            let near = NameSuggestion.nearest(to: name, among: known)
            collect(what, [WorldDifference("it is missing" + (near.map { "; there is `\($0)`" } ?? ""), at: [])])
        }
        for (name, interface) in before.interfaces {
            let what = "interface `\(name)`"
            guard let successor = after.interfaces[name] else {
                missing(what, name, after.interfaces.keys)
                continue
            }
            collect(
                what,
                WorldMatcher.differences(ofInterface: interface, in: self, toSuccessor: successor, in: newGraph))
        }
        for (name, world) in before.worlds {
            let what = "world `\(name)`"
            guard let successor = after.worlds[name] else {
                missing(what, name, after.worlds.keys)
                continue
            }
            collect(
                what,
                WorldMatcher.differences(
                    of: world, in: self, toTarget: successor, in: newGraph, versions: .compatible,
                    missingExport: Self.newExport))
        }
        return differences
    }
}
