// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTypes
import DovetailWITReader

/// What a package of the app has of the world: names of interfaces, and of the world's own functions and types.
struct PythonPart {
    /// The package with the bindings; `nil` when they are in that of the world.
    let name: String?
    let usesFullNames: Bool
    private(set) var imports: Set<String> = []
    private(set) var exports: Set<String> = []

    init(_ package: PythonBindingsPackage, _ graph: PackageGraph) {
        name = package.name
        usesFullNames = package.usesFullNames
        for world in package.worlds {
            imports.formUnion(graph[world].imports.keys.map { graph.externName(of: $0) })
            exports.formUnion(graph[world].exports.keys.map { graph.externName(of: $0) })
        }
    }

    func names(_ direction: Direction) -> Set<String> { direction == .imported ? imports : exports }

    /// The class that the functions which its worlds export are methods of.
    var worldClass: String {
        PythonNames.type((name ?? "").split { $0 == "." || $0 == "_" }.joined(separator: "-"))
    }
}

extension PythonPackage {
    /// The packages inside packages of the app: other names for what the world's bindings have, so that a type is the same
    /// whoever speaks of it.
    func partFiles() -> [(name: String, text: String)] {
        var known: Set<String> = []
        return guest.parts.flatMap { part in
            part.name.map { known.insert($0).inserted ? files(of: part, $0) : [] } ?? []
        }
    }

    private func files(of part: PythonPart, _ name: String) -> [(name: String, text: String)] {
        let folder = name.split(separator: ".").joined(separator: "/")
        var files = [(name: "\(folder)/__init__.py", text: names(worldNames(of: part), from: guest.package))]
        var protocols: [String] = []
        for index in model.namespaces.indices.dropFirst() {
            let namespace = model.namespaces[index]
            guard part.names(namespace.direction).contains(namespace.externName ?? "") else { continue }
            let kind = namespace.direction == .imported ? "imports" : "exports"
            let module = guest.modules[index]
            files.append(("\(folder)/\(kind)/\(module).py", replaced("\(guest.package).\(kind)", module)))
            if let name = guest.protocols[index] { protocols.append(name) }
        }
        files.append(
            ("\(folder)/imports/__init__.py", PythonPrinter.print([.documentation(["What the world imports."])])))
        files.append(("\(folder)/exports/__init__.py", names(protocols, from: "\(guest.package).exports")))
        return files
    }

    /// What of the world's own names belongs to a part.
    private func worldNames(of part: PythonPart) -> [String] {
        let root = model.namespaces[0]
        var names: [String] = []
        for id in root.types {
            let definition = model.graph.types[id]
            guard let type = guest.types[0][id], part.imports.union(part.exports).contains(definition.name ?? "") else {
                continue
            }
            names.append(type)
            if case .variant(let cases) = definition.kind { names += cases.map { guest.caseClass(type, $0.name) } }
        }
        for function in root.functions where function.definition.owner == .none {
            if part.imports.contains(function.definition.name) { names.append(guest.name(of: function.definition)) }
        }
        names += guest.transfers.map(\.maker)
        if model.exportedFunctions.contains(where: { guest.worldClass(of: $0.definition).package == part.name }) {
            names.append(part.worldClass)
        }
        return names
    }

    private func names(_ names: [String], from module: String) -> String {
        PythonPrinter.print(names.isEmpty ? [] : [.list("from \(module) import (", names, ")")])
    }

    private func replaced(_ package: String, _ module: String) -> String {
        PythonPrinter.print([
            .line("import sys"), .line("from \(package) import \(module)"), .line("sys.modules[__name__] = \(module)"),
        ])
    }
}
