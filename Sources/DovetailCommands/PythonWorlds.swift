// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailBindgen
import DovetailPython
import DovetailTypes
import DovetailWIT
import DovetailWITReader

/// The world of an app in Python: what is asked for, and what packages bring that the app stands on.
struct PythonWorlds {
    /// The packages, and the world.
    let graph: PackageGraph
    let world: WorldID
    /// What the bindings are called, with those inside packages.
    private(set) var names: PythonBindingNames

    /// What is asked for.
    struct Request {
        /// Files and folders of WIT.
        var paths: [String]
        /// The worlds.
        var worlds: [String]
        /// The worlds of packages, by `--module-worlds`, in the order in which packages stand on each other.
        var moduleWorlds: [(module: String, world: String)] = []
        /// The world that has all that stays.
        var intersection: String?
        var options: WITOptions
    }

    /// - Parameter defaultFolder: the WIT when none is given and no package has any.
    /// - Throws: `WITError`, `BinaryError`, or `ValidationError` for what does not go together.
    init(
        _ request: Request, _ packages: [PackagedWIT], names: PythonBindingNames, defaultFolder: () throws -> String
    ) throws {
        self.names = names
        let packages = try Self.ordered(packages, request.moduleWorlds)
        let inputs = try packages.map { package in
            try package.witFolder.map { try WITInput($0, options: request.options) }
        }
        var paths = request.paths
        if paths.isEmpty, inputs.allSatisfy({ $0 == nil }) { paths = [try defaultFolder()] }
        let given = try paths.map { try WITInput($0, options: request.options) }
        var worlds: [[String]] = []
        for (package, input) in zip(packages, inputs) {
            let own = request.moduleWorlds.filter { $0.module == package.module }.map(\.world)
            worlds.append(
                (own.isEmpty ? request.worlds : own).compactMap { name in
                    input.flatMap { input in (try? input.world(named: name)).map { input.fullName(of: $0) } }
                })
        }
        let joined = try JoinedWorlds(
            inputs.compactMap { $0 } + given, request.worlds, also: worlds.flatMap { $0 },
            defaults: given.isEmpty ? inputs.compactMap { $0 } : given, features: request.options)
        var input = joined.input
        let world = try input.world(named: nil)
        if let name = request.intersection {
            // It may be in a package that the world has nothing of.
            let whole = joined.whole.graph
            let other = whole[try whole.world(name, in: joined.root(of: name, whole))]
            let (imports, exports) = (other.imports.keys, other.exports.keys)
            try input.change {
                try $0.restrict(
                    world, toImports: Set(imports.map { whole.externName(of: $0) }),
                    exports: Set(exports.map { whole.externName(of: $0) }))
            }
        }
        graph = input.graph
        self.world = world
        if !packages.isEmpty { try addPackages(packages, worlds, joined) }
    }

    /// The packages that `--module-worlds` names, in its order, and then the others.
    private static func ordered(
        _ packages: [PackagedWIT], _ named: [(module: String, world: String)]
    ) throws -> [PackagedWIT] {
        var ordered: [PackagedWIT] = []
        for (module, _) in named where !ordered.contains(where: { $0.module == module }) {
            guard let package = packages.first(where: { $0.module == module }) else {
                let known = packages.map { "`\($0.module)`" }.joined(separator: ", ")
                throw ValidationError(
                    "no package `\(module)` with a `componentize-py.toml`, which `--module-worlds` names; "
                        + (known.isEmpty ? "there is no such file at all" : "those that have one: \(known)"))
            }
            ordered.append(package)
        }
        return ordered + packages.filter { package in !ordered.contains { $0.module == package.module } }
    }

    private mutating func addPackages(
        _ packages: [PackagedWIT], _ worlds: [[String]], _ joined: JoinedWorlds
    ) throws {
        let known = OptionNames([world], of: graph)
        var parts: [PythonBindingsPackage] = []
        for (package, own) in zip(packages, worlds) {
            let ids = try own.map { try graph.world($0, in: joined.root(of: $0, graph)) }
            parts.append(
                PythonBindingsPackage(name: package.bindings, worlds: ids, usesFullNames: package.usesFullNames))
            // Of what a package says of interfaces that the component does not have nothing is left.
            for (name, module) in package.importNames where known.hasImport(name) && names.imports[name] == nil {
                names.imports[name] = module
            }
            for (name, module) in package.exportNames where known.hasExport(name) && names.exports[name] == nil {
                names.exports[name] = module
            }
        }
        // Worlds that are asked for come first: an interface is called as the first of them that has it says.
        let asked = try joined.names.map { name in try graph.world(name, in: joined.root(of: name, graph)) }
        for world in asked where !parts.contains(where: { $0.worlds.contains(world) }) {
            names.packages.append(PythonBindingsPackage(name: nil, worlds: [world], usesFullNames: names.areFull))
        }
        names.packages += parts.filter { !$0.worlds.isEmpty }
    }
}

/// Several worlds as one that has what all of them have.
struct JoinedWorlds {
    /// The packages; its world is the one.
    private(set) var input: WITInput
    /// All packages that were given.
    let whole: WITInput
    /// The full names of the worlds that were asked for.
    private(set) var names: [String] = []
    private let roots: [PackageName]

    /// - Parameters:
    ///   - asked: names of worlds, which are looked for in all packages.
    ///   - also: full names of others.
    ///   - defaults: what has the worlds when none is named: the only one of each.
    /// - Throws: `WITError`, or `BinaryError`.
    init(
        _ inputs: [WITInput], _ asked: [String], also: [String], defaults: [WITInput], features options: WITOptions
    ) throws {
        var chosen = inputs[0]
        for other in inputs.dropFirst() { try chosen.merge(other) }
        roots = inputs.map { $0.graph[$0.root].name }
        input = chosen
        whole = chosen
        names = try asked.map { chosen.fullName(of: try chosen.graph.world($0, in: root(of: $0, chosen.graph))) }
        if names.isEmpty, also.isEmpty {
            names = try defaults.map { $0.fullName(of: try $0.world(named: nil)) }
            if inputs.count == 1 {
                input.world = try chosen.world(named: nil)
                return
            }
        }
        var all: [String] = []
        for name in names + also where !all.contains(name) { all.append(name) }
        if all.count == 1 {
            input.world = try chosen.graph.world(all[0], in: chosen.root)
        } else {
            input = try WITInput(joining: all, of: chosen, options: options)
        }
    }

    /// The package in which a world is looked for first.
    func root(of name: String, _ graph: PackageGraph) -> PackageID {
        let packages = roots.compactMap { graph.package(named: $0) }
        return packages.first { graph[$0].worlds[name] != nil } ?? packages.first ?? input.root
    }
}

extension PackageGraph {
    /// Leaves of a world what has certain names, and what that needs.
    ///
    /// - Throws: `WITError` when what is left needs what conflicts with it.
    mutating func restrict(_ world: WorldID, toImports imports: Set<String>, exports: Set<String>) throws(WITError) {
        let whole = self[world]
        self[world].imports = OrderedMap()
        self[world].exports = OrderedMap()
        for (key, item) in whole.imports where imports.contains(externName(of: key)) { self[world].imports[key] = item }
        for (key, item) in whole.exports where exports.contains(externName(of: key)) { self[world].exports[key] = item }
        try elaborate(world)
    }
}
