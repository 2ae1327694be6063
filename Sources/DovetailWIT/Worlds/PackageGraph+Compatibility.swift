// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
import DovetailWITReader

extension PackageGraph {
    private static let newExport = "it is new: components of the old world do not export it"

    /// What keeps a component of the world `old` from running where `new` is asked for; empty when `new` is a compatible
    /// successor: it imports at least as much and asks for no more exports, and nothing changed in between.
    ///
    /// Versions of interfaces of one compatible series count as the same.
    ///
    /// - Throws: when the worlds are in packages of different names.
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
    /// interfaces are compared as imports of one world, worlds as ``incompatibilities(of:in:withPredecessor:)`` does.
    ///
    /// - Throws: when the packages have different names.
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
        func missing(_ what: String, _ name: String, _ known: [String]) {
            // Finding near names is costly, so only the first ones get one.
            let near = differences.count < 100 ? NameSuggestion.nearest(to: name, among: known) : nil
            differences.append(
                WorldDifference("it is missing" + (near.map { "; there is `\($0)`" } ?? ""), at: [what]))
        }
        var pairs: [(old: InterfaceID, new: InterfaceID)] = []
        for (name, interface) in before.interfaces {
            if let successor = after.interfaces[name] {
                pairs.append((interface, successor))
            } else {
                missing("interface `\(name)`", name, after.interfaces.keys)
            }
        }
        var shortNames: [String: String] = [:]
        for name in before.interfaces.keys {
            shortNames["import `\(before.name.qualified(name))`"] = "interface `\(name)`"
        }
        differences += try WorldMatcher.differences(of: pairs, in: self, toSuccessorsIn: newGraph).map { difference in
            var difference = difference
            // Interfaces of the package itself go by their short names.
            if let first = difference.path.first, let short = shortNames[first] { difference.path[0] = short }
            return difference
        }
        for (name, world) in before.worlds {
            let what = "world `\(name)`"
            guard let successor = after.worlds[name] else {
                missing(what, name, after.worlds.keys)
                continue
            }
            differences += WorldMatcher.differences(
                of: world, in: self, toTarget: successor, in: newGraph, versions: .compatible,
                missingExport: Self.newExport
            ).map { WorldDifference($0.message, at: [what] + $0.path) }
        }
        return differences
    }
}
