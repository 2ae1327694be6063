// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

// Items that only one of the graphs has.
extension GraphMerger {
    mutating func append() {
        var next = into.types.definitions.count
        for index in map.types.indices where map.types[index] == nil {
            map.types[index] = TypeID(next)
            next += 1
        }
        var newInterfaces: [Int] = []
        for index in map.interfaces.indices where map.interfaces[index] == nil {
            map.interfaces[index] = InterfaceID(into.interfaces.count + newInterfaces.count)
            newInterfaces.append(index)
        }
        var newWorlds: [Int] = []
        for index in map.worlds.indices where map.worlds[index] == nil {
            map.worlds[index] = WorldID(into.worlds.count + newWorlds.count)
            newWorlds.append(index)
        }
        let oldPackages = map.packages
        var newPackages: [Int] = []
        for index in map.packages.indices where map.packages[index] == nil {
            map.packages[index] = PackageID(into.packages.count + newPackages.count)
            newPackages.append(index)
        }
        let firstNew = into.types.definitions.count
        for (index, id) in map.types.enumerated() {
            guard let id, id.index >= firstNew else { continue }
            _ = into.types.append(map.map(from.types.definitions[index]))
        }
        for id in shared {
            let target = map.map(id)
            for (name, type) in from[id].types where into[target].types[name] == nil {
                into[target].types[name] = map.map(type)
            }
            for (name, function) in from[id].functions where into[target].functions[name] == nil {
                into[target].functions[name] = map.map(function)
            }
        }
        into.interfaces += newInterfaces.map { map.map(from.interfaces[$0]) }
        into.worlds += newWorlds.map { map.map(from.worlds[$0]) }
        into.packages += newPackages.map { map.map(from.packages[$0]) }
        for (index, existing) in oldPackages.enumerated() {
            guard let existing else { continue }
            for (name, id) in from.packages[index].interfaces where into[existing].interfaces[name] == nil {
                into[existing].interfaces[name] = map.map(id)
            }
            for (name, id) in from.packages[index].worlds where into[existing].worlds[name] == nil {
                into[existing].worlds[name] = map.map(id)
            }
        }
    }

    /// Applies the moves of sorting to the map.
    mutating func compose(_ moved: GraphMap) {
        map.types = map.types.map { $0.map { moved.map($0) } }
        map.interfaces = map.interfaces.map { $0.map { moved.map($0) } }
        map.worlds = map.worlds.map { $0.map { moved.map($0) } }
        map.packages = map.packages.map { $0.map { moved.map($0) } }
    }
}
