// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
import DovetailWITReader

extension PackageGraph {
    /// Makes a world import what it exported; its imports are dropped, except for types and what these need.
    ///
    /// The world of the host that calls such a component. Its name gets `-importized` at the end unless `name` is given.
    ///
    /// - Throws: when an export has the name of a type of the world, or the package has the new name already.
    package mutating func importize(_ world: WorldID, as name: String? = nil) throws(WITError) {
        try rename(world, as: name ?? self[world].name + "-importized")
        var imports = OrderedMap<WorldKey, WorldItem>()
        for (key, item) in self[world].imports {
            if case .type = item.kind { imports[key] = item }
        }
        for (key, item) in self[world].exports {
            guard imports[key] == nil else { throw WITError(.exportIsImported(externName(of: key))) }
            imports[key] = item
        }
        self[world].imports = imports
        self[world].exports = OrderedMap()
        try elaborate(world)
    }

    /// Makes a world export what it imported: the world of a component that provides what this one needs.
    ///
    /// The old exports are dropped. If `names` is not empty, only these imports become exports; types stay imports.
    /// The name gets `-exportized` at the end unless `name` is given.
    ///
    /// - Throws: when an import is not there, an export would see one interface as import and export, or the package has the
    ///   new name already.
    package mutating func exportize(
        _ world: WorldID, as name: String? = nil, only names: [String] = []
    ) throws(WITError) {
        var kept = OrderedMap<WorldKey, WorldItem>()
        var exports = OrderedMap<WorldKey, WorldItem>()
        var wanted = Set(names)
        for (key, item) in self[world].imports {
            let full = externName(of: key)
            var short = full
            if case .interface(let id) = key { short = self[id].name ?? full }
            let isNamed = [wanted.remove(full), wanted.remove(short)].contains { $0 != nil }
            if case .type = item.kind {
                kept[key] = item
            } else if names.isEmpty || isNamed {
                exports[key] = item
            } else {
                kept[key] = item
            }
        }
        if let missing = wanted.min() {
            let known = self[world].imports.keys.map { externName(of: $0) }
            throw WITError(
                .importNotFound(missing, near: NameSuggestion.nearest(to: missing, among: known), known: known))
        }
        try rename(world, as: name ?? self[world].name + "-exportized")
        self[world].imports = kept
        self[world].exports = exports
        try elaborate(world)
    }

    /// Renames a world, which makes it the last one of its package.
    private mutating func rename(_ world: WorldID, as name: String) throws(WITError) {
        if let package = self[world].package {
            let old = self[world].name
            guard name == old || (self[package].worlds[name] == nil && self[package].interfaces[name] == nil) else {
                throw WITError(.worldNameTaken(name, self[package].name))
            }
            self[package].worlds.remove(old)
            self[package].worlds[name] = world
        }
        self[world].name = name
    }

    /// The world that a user means: `name`, `package:name/world@1.0.0`, or the only one of `package` when `nil`.
    ///
    /// - Throws: when there is none, or more than one.
    package func world(_ name: String?, in package: PackageID) throws(WITError) -> WorldID {
        let own = self[package].worlds
        guard let name else {
            guard own.count == 1, let only = own.values.first else {
                throw WITError(.ambiguousWorld(self[package].name, known: own.keys))
            }
            return only
        }
        if let found = own[name] { return found }
        var known = own.keys
        var unversioned: [WorldID] = []
        for candidate in packages {
            for (world, id) in candidate.worlds {
                let full = candidate.name.qualified(world)
                if full == name { return id }
                if full.split(separator: "@").first.map(String.init) == name { unversioned.append(id) }
                known.append(full)
            }
        }
        // Without a version it is clear as long as there is only one.
        if unversioned.count == 1, let only = unversioned.first { return only }
        throw WITError(
            .worldNotFound(name, near: NameSuggestion.nearest(to: name, among: known), known: known))
    }
}
