// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

extension PackageGraph {
    /// Turns a world around: what it exported it imports, what it imported is gone, types and what they need apart.
    ///
    /// The world of the host that calls such a component. Its name gets `-importized` at the end unless `name` is given.
    ///
    /// - Throws: when an export has the name of a type of the world, or the package has the new name already.
    package mutating func importize(_ world: WorldID, as name: String? = nil) throws(WITError) {
        let name = name ?? self[world].name + "-importized"
        if let package = self[world].package {
            let old = self[world].name
            guard name == old || (self[package].worlds[name] == nil && self[package].interfaces[name] == nil) else {
                throw WITError(.worldNameTaken(name, self[package].name))
            }
            self[package].worlds.remove(old)
            self[package].worlds[name] = world
        }
        self[world].name = name
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
