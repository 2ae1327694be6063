// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// Swift bindings out of a package graph, for hosts and for guests.
///
/// A world goes through three stages. `Model/` says what there is, in WIT's words and without a language: namespaces, resources
/// and who implements them, what values need when they cross, and which interfaces DovetailWASI has already. `Swift/` gives
/// things their names and types in Swift; `SwiftHost/` and `SwiftGuest/` build declarations for a host and for a guest. `Code/` is
/// what those are made of, and lays them out. Another output is another folder beside these over the same model, or a room of its
/// own, as that of components in Python is.
package enum Bindgen {
    /// The world that is meant.
    ///
    /// - Parameters:
    ///   - name: `world`, `ns:pkg/world` or `ns:pkg/world@1.0.0`; `nil` for the only world of `root`.
    ///   - root: the package to look in first.
    /// - Throws: ``BindgenError`` when there is none, or more than one that could be meant.
    package static func world(_ name: String?, in graph: PackageGraph, root: PackageID) throws(BindgenError) -> WorldID
    {
        let package = graph[root]
        guard let name else {
            switch package.worlds.count {
            case 1: return package.worlds.values[0]
            case 0: throw .noWorld("\(package.name)")
            default: throw .ambiguousWorld("\(package.name)", package.worlds.keys)
            }
        }
        if let found = package.worlds[name] { return found }
        var known: [String] = package.worlds.keys
        var found: [(name: String, id: WorldID)] = []
        for (index, other) in graph.packages.enumerated() {
            for (key, id) in other.worlds {
                let full = other.name.qualified(key)
                if full == name { return id }
                if full.prefix(while: { $0 != "@" }) == name { found.append((full, id)) }
                if index != root.index { known.append(full) }
            }
        }
        guard found.count < 2 else { throw .ambiguousVersion(name, found.map(\.name)) }
        guard let only = found.first else { throw .unknownWorld(name, known: known) }
        return only.id
    }

    /// The bindings of some worlds, as one Swift source file.
    ///
    /// - Throws: ``BindgenError`` when a world has something that cannot be written in Swift, or an option does not fit.
    package static func generate(
        _ worlds: [WorldID], of graph: PackageGraph, options: BindgenOptions = BindgenOptions()
    ) throws(BindgenError) -> String {
        try file(worlds, names(of: worlds, in: graph, options), of: graph, options)
    }

    /// The bindings of each of some worlds, with the names of their files.
    ///
    /// - Throws: ``BindgenError`` when a world has something that cannot be written in Swift, or an option does not fit.
    package static func generateFiles(
        _ worlds: [WorldID], of graph: PackageGraph, options: BindgenOptions = BindgenOptions()
    ) throws(BindgenError) -> [(name: String, text: String)] {
        let names = try names(of: worlds, in: graph, options)
        var files: [(name: String, text: String)] = []
        for world in worlds {
            files.append((fileName(of: world, in: graph), try file([world], names, of: graph, options)))
        }
        return files
    }

    /// The Swift types of worlds that are generated together, after a look at the options.
    private static func names(
        of worlds: [WorldID], in graph: PackageGraph, _ options: BindgenOptions
    ) throws(BindgenError) -> Set<String> {
        try OptionNames(worlds, of: graph).check(options)
        try SwiftWorldNames.check(options)
        var known: [String: WorldID] = [:]
        for world in worlds {
            let name = SwiftWorldNames.type(of: graph[world], options)
            if let other = known.updateValue(world, forKey: name) {
                throw .sameType(name, graph.qualifiedName(of: other), graph.qualifiedName(of: world))
            }
        }
        return Set(known.keys)
    }

    private static func file(
        _ worlds: [WorldID], _ names: Set<String>, of graph: PackageGraph, _ options: BindgenOptions
    ) throws(BindgenError) -> String {
        var file = SwiftFile()
        var callsWASI = false
        var namesWASI = false
        var isConcurrent = false
        for world in worlds {
            let model = try WorldModel(graph, world, options)
            if options.output == .swiftGuest {
                let guest = SwiftGuest(model, options, beside: names)
                file.declarations += try GuestWriter(guest).declarations()
                isConcurrent = isConcurrent || guest.isConcurrent
                continue
            }
            let host = SwiftHost(model, options, beside: names)
            file.declarations += try WorldWriter(host).declarations()
            callsWASI = callsWASI || !options.interfacesOnly && model.namespaces.contains(where: \.isServed)
            namesWASI = namesWASI || host.usesWASITypes
        }
        let list = worlds.map { "`\(graph.qualifiedName(of: $0))`" }.joined(separator: ", ")
        file.header = [
            "Generated by `dovetail bindgen` from the world \(list).",
            "Changes are lost; make it again with `\(options.command)`.", "swift-format-ignore-file",
        ]
        if options.output == .swiftGuest {
            let modules = ["DovetailGuest"] + options.imports.filter { $0 != "DovetailGuest" }
            file.imports = modules.sorted().map { SwiftImport(modifiers: options.access.modifiers, module: $0) }
            // Where there is no module of its own to be found, the compiler does not import it by itself.
            if isConcurrent { file.imports.append(SwiftImport(modifiers: ["@_exported"], module: "_Concurrency")) }
            return SwiftPrinter.print(file)
        }
        var modules = ["Dovetail", "DovetailABI"]
        if callsWASI || namesWASI { modules.append("DovetailWASI") }
        modules += options.imports.filter { !modules.contains($0) }
        // WASI is only called, unless types are taken from it.
        file.imports = modules.sorted().map { module in
            let isCalledOnly = module == "DovetailWASI" && !namesWASI && !options.imports.contains(module)
            // What generated code of other modules has for this one is no API of theirs.
            let hidden = module == "DovetailABI" || isCalledOnly ? [] : ["@_spi(Bindings)"]
            return SwiftImport(modifiers: hidden + (isCalledOnly ? [] : options.access.modifiers), module: module)
        }
        return SwiftPrinter.print(file)
    }

    /// The name of the file for a world: `KvStore.swift`.
    package static func fileName(of world: WorldID, in graph: PackageGraph) -> String {
        SwiftNames.type(graph[world].name) + ".swift"
    }
}

extension PackageGraph {
    /// The full name of a world, `ns:pkg/world@1.0.0`.
    package func qualifiedName(of id: WorldID) -> String {
        self[id].package.map { self[$0].name.qualified(self[id].name) } ?? self[id].name
    }
}
