// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
import DovetailWITReader

extension PackageGraph {
    /// The name that all compatible versions of an interface share: `a:b/c@0.1`.
    package func compatibilityTrack(of id: InterfaceID) -> String? {
        guard let name = self[id].name, let package = self[id].package, let version = self[package].name.version
        else { return nil }
        var track = self[package].name
        track.version = nil
        return "\(track.qualified(name))@\(version.compatibilityTrack)"
    }

    /// The name of an import or export, whose version is cut to what compatible ones have in common: `a:b/c@0.2`.
    /// (Explainer.md, "Import and Export Definitions", `canonversion`)
    package func canonicalName(of key: WorldKey) -> String {
        if case .interface(let id) = key, let name = compatibilityTrack(of: id) { return name }
        return externName(of: key)
    }

    /// Where `world` imports several versions of an interface that are compatible with each other, keeps the newest of them.
    ///
    /// Interfaces of the world that use types of a removed version use those of the newest instead, also where other worlds
    /// import them; the imports of those worlds are completed. Imports under plain names are not changed.
    /// (Explainer.md, "Canonical Interface Name")
    ///
    /// - Returns: where the graph's packages, in their order, are now.
    /// - Throws: when the newest version lacks something that an older one has, or has it with another type.
    @discardableResult
    package mutating func mergeImportVersions(of world: WorldID) throws(WITError) -> [PackageID] {
        var newest: [String: (version: SemanticVersion, id: InterfaceID)] = [:]
        for case .interface(let id) in self[world].imports.keys {
            guard let track = compatibilityTrack(of: id), let package = self[id].package,
                let version = self[package].name.version
            else { continue }
            if let known = newest[track], known.version >= version { continue }
            newest[track] = (version, id)
        }
        var replaced: [InterfaceID: InterfaceID] = [:]
        for case .interface(let id) in self[world].imports.keys {
            if let track = compatibilityTrack(of: id), let best = newest[track]?.id, best != id { replaced[id] = best }
        }
        guard !replaced.isEmpty else { return packages.indices.map { PackageID($0) } }
        // Interfaces that stay mean the newest versions' resources once they are redirected.
        var changed = self
        try changed.redirect(replaced, in: world)
        try checkSuccessors(replaced, in: world, redirected: changed)
        self = changed
        self[world].imports.removeAll { key in
            if case .interface(let id) = key { replaced[id] != nil } else { false }
        }
        let moved = try sort()
        try elaborateAll()
        return packages.indices.map { moved.map(PackageID($0)) }
    }

    /// Checks that what replaces an interface has all that it has.
    ///
    /// The interfaces are compared in the order of the world, those that stay with themselves: so it is known which resources
    /// the later ones mean that they use of earlier ones.
    private func checkSuccessors(
        _ replaced: [InterfaceID: InterfaceID], in world: WorldID, redirected: PackageGraph
    ) throws(WITError) {
        var matcher = WorldMatcher(supplied: redirected, wanted: self, versions: .compatible)
        for case .interface(let old) in self[world].imports.keys {
            let new = replaced[old] ?? old
            matcher.supplied.key = .interface(new)
            matcher.wanted.key = .interface(old)
            matcher.compared = [:]
            matcher.matchInterfaces(supplied: new, wanted: old)
            guard let first = matcher.differences.first else { continue }
            throw WITError(
                .cannotReplace(
                    qualifiedName(of: old) ?? "?", by: qualifiedName(of: new) ?? "?", first.description))
        }
    }

    /// Redirects the uses of replaced interfaces in the interfaces and types of `world` to the replacements.
    private mutating func redirect(_ replaced: [InterfaceID: InterfaceID], in world: WorldID) throws(WITError) {
        var users: [TypeID] = []
        for item in self[world].imports.values + self[world].exports.values {
            switch item.kind {
            case .interface(let id): users += self[id].types.values
            case .type(let id): users.append(id)
            case .function: break
            }
        }
        for user in users {
            guard let owner = interfaceDependency(of: user), let best = replaced[owner],
                case .alias(.defined(let target)) = types[user].kind, let name = types[target].name
            else { continue }
            // An older version may be the user of a newer one: that is no dependence on itself.
            guard types[user].owner != .interface(best) else { continue }
            guard let successor = self[best].types[name] else {
                throw WITError(
                    .cannotReplace(
                        qualifiedName(of: owner) ?? "?", by: qualifiedName(of: best) ?? "?",
                        "the type `\(name)` is missing"))
            }
            types[user].kind = .alias(.defined(successor))
        }
    }

    /// Completes the imports of all worlds.
    private mutating func elaborateAll() throws(WITError) {
        for index in worlds.indices { try elaborate(WorldID(index)) }
    }
}
