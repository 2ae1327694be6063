// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailWITReader

// From the notes to the graph. Notes about what is not there are left aside: custom sections are never wrong.
extension PackageMetadata {
    /// Gives the items of `package` their comments and gates.
    func apply(to package: PackageID, in graph: inout PackageGraph) {
        graph[package].documentation = documentation
        for (name, notes) in interfaces {
            if let id = graph[package].interfaces[name] { notes.apply(to: id, in: &graph) }
        }
        for (name, notes) in worlds {
            if let id = graph[package].worlds[name] { notes.apply(to: id, in: &graph) }
        }
    }
}

extension PackageMetadata.Note {
    fileprivate func apply(to function: inout FunctionDefinition) {
        function.documentation = documentation
        function.stability = stability
    }
}

extension PackageMetadata.TypeNotes {
    fileprivate func apply(to id: TypeID, in graph: inout PackageGraph) {
        var type = graph.types[id]
        type.documentation = note.documentation
        type.stability = note.stability
        switch type.kind {
        case .record(var fields):
            for index in fields.indices { fields[index].documentation = items[fields[index].name] }
            type.kind = .record(fields)
        case .variant(var cases):
            for index in cases.indices { cases[index].documentation = items[cases[index].name] }
            type.kind = .variant(cases)
        case .flags(var labels):
            for index in labels.indices { labels[index].documentation = items[labels[index].name] }
            type.kind = .flags(labels)
        case .enum(var labels):
            for index in labels.indices { labels[index].documentation = items[labels[index].name] }
            type.kind = .enum(labels)
        default: break
        }
        graph.types[id] = type
    }
}

extension PackageMetadata.InterfaceNotes {
    fileprivate func apply(to id: InterfaceID, in graph: inout PackageGraph) {
        graph[id].documentation = note.documentation
        graph[id].stability = note.stability
        for (name, notes) in types {
            if let type = graph[id].types[name] { notes.apply(to: type, in: &graph) }
        }
        for (name, note) in functions {
            if var function = graph[id].functions[name] {
                note.apply(to: &function)
                graph.interfaces[id.index].functions[name] = function
            }
        }
    }
}

extension PackageMetadata.WorldNotes {
    fileprivate func apply(to id: WorldID, in graph: inout PackageGraph) {
        graph[id].documentation = note.documentation
        graph[id].stability = note.stability
        for (name, notes) in types {
            if case .type(let type)? = graph[id].imports[.name(name)]?.kind { notes.apply(to: type, in: &graph) }
        }
        var imports = graph[id].imports
        apply(importedInterfaces, importedFunctions, importNotes, to: &imports, in: &graph)
        graph[id].imports = imports
        // Older encoders kept the notes of imports and exports of different names in one place.
        var exports = graph[id].exports
        let rest = { (name: String) in imports[.name(name)] == nil }
        apply(
            exportedInterfaces.merging(importedInterfaces.filter { rest($0.key) }) { own, _ in own },
            exportedFunctions.merging(importedFunctions.filter { rest($0.key) }) { own, _ in own }, exportNotes,
            to: &exports, in: &graph)
        graph[id].exports = exports
    }

    private func apply(
        _ interfaces: [String: PackageMetadata.InterfaceNotes], _ functions: [String: PackageMetadata.Note],
        _ notes: [String: PackageMetadata.Note], to items: inout OrderedMap<WorldKey, WorldItem>,
        in graph: inout PackageGraph
    ) {
        for index in items.indices {
            let key = items.keys[index]
            var item = items.values[index]
            let name = graph.externName(of: key)
            switch item.kind {
            case .interface(let id):
                if graph[id].name == nil {
                    guard let note = interfaces[name] else { continue }
                    note.apply(to: id, in: &graph)
                    item.stability = note.note.stability
                } else {
                    guard let note = notes[name] else { continue }
                    item.documentation = note.documentation
                    item.stability = note.stability
                }
            case .function(var function):
                guard let note = functions[name] else { continue }
                note.apply(to: &function)
                item.kind = .function(function)
            case .type: continue
            }
            items.replaceValue(at: index, with: item)
        }
    }
}
