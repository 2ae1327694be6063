// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWITBinary
import DovetailWITReader

// From the graph to the notes.
extension PackageMetadata {
    /// The comments and gates of the items of `package`.
    init(of package: PackageID, in graph: PackageGraph) {
        self.init()
        documentation = graph[package].documentation
        for (name, id) in graph[package].interfaces { interfaces[name] = InterfaceNotes(of: id, in: graph) }
        for (name, id) in graph[package].worlds { worlds[name] = WorldNotes(of: id, in: graph) }
    }
}

extension PackageMetadata.Note {
    fileprivate init(_ function: FunctionDefinition) {
        self.init(documentation: function.documentation, stability: function.stability)
    }
}

extension PackageMetadata.TypeNotes {
    fileprivate init(_ type: TypeDefinition) {
        self.init()
        note = PackageMetadata.Note(documentation: type.documentation, stability: type.stability)
        let texts: [(name: String, text: String?)] =
            switch type.kind {
            case .record(let fields): fields.map { ($0.name, $0.documentation) }
            case .variant(let cases): cases.map { ($0.name, $0.documentation) }
            case .flags(let labels), .enum(let labels): labels.map { ($0.name, $0.documentation) }
            default: []
            }
        for (name, text) in texts { items[name] = text }
    }
}

extension PackageMetadata.InterfaceNotes {
    fileprivate init(of id: InterfaceID, in graph: PackageGraph) {
        self.init()
        let interface = graph[id]
        note = PackageMetadata.Note(documentation: interface.documentation, stability: interface.stability)
        for (name, function) in interface.functions { functions[name] = PackageMetadata.Note(function) }
        for (name, type) in interface.types { types[name] = PackageMetadata.TypeNotes(graph.types[type]) }
    }
}

extension PackageMetadata.WorldNotes {
    fileprivate init(of id: WorldID, in graph: PackageGraph) {
        self.init()
        let world = graph[id]
        note = PackageMetadata.Note(documentation: world.documentation, stability: world.stability)
        for (key, item) in world.imports {
            let name = graph.externName(of: key)
            switch item.kind {
            case .type(let type): types[name] = PackageMetadata.TypeNotes(graph.types[type])
            case .function(let function): importedFunctions[name] = PackageMetadata.Note(function)
            case .interface(let id):
                if graph[id].name == nil {
                    importedInterfaces[name] = Self.notes(of: id, item, in: graph)
                } else {
                    importNotes[name] = .init(documentation: item.documentation, stability: item.stability)
                }
            }
        }
        for (key, item) in world.exports {
            let name = graph.externName(of: key)
            switch item.kind {
            case .type: continue
            case .function(let function): exportedFunctions[name] = PackageMetadata.Note(function)
            case .interface(let id):
                if graph[id].name == nil {
                    exportedInterfaces[name] = Self.notes(of: id, item, in: graph)
                } else {
                    exportNotes[name] = .init(documentation: item.documentation, stability: item.stability)
                }
            }
        }
    }

    /// The notes of an interface that is written out in a world, whose gate stands at the import or export.
    private static func notes(
        of id: InterfaceID, _ item: WorldItem, in graph: PackageGraph
    ) -> PackageMetadata.InterfaceNotes {
        var notes = PackageMetadata.InterfaceNotes(of: id, in: graph)
        if notes.note.documentation == nil { notes.note.documentation = item.documentation }
        if notes.note.stability == .unknown { notes.note.stability = item.stability }
        return notes
    }
}
