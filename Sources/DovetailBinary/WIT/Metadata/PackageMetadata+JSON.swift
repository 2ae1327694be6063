// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
// The section holds JSON, which only Foundation reads; nothing else in this room needs it.
import FoundationEssentials

extension PackageMetadata {
    /// Reads the payload of the custom section: a version and JSON.
    ///
    /// - Throws: a ``BinaryError`` when the version is unknown or the rest is not the JSON that is expected.
    init(_ payload: UnsafeRawBufferPointer) throws(BinaryError) {
        guard let version = payload.first, version <= 1 else {
            throw .badMetadata("expected version 0 or 1, found \(payload.first.map { "\($0)" } ?? "nothing")")
        }
        do {
            self = try JSONDecoder().decode(Document.self, from: Data(payload.dropFirst())).metadata
        } catch {
            throw .badMetadata("its JSON is not as expected")
        }
    }

    /// The payload of the custom section.
    func encoded() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts and dictionaries of texts always have a JSON form.
        let text = (try? encoder.encode(Document(self))) ?? Data("{}".utf8)
        return [1] + text
    }
}

/// The JSON of the section: what is empty is left out.
private struct Document: Codable {
    var docs: String?
    var worlds: [String: WorldDocument]?
    var interfaces: [String: InterfaceDocument]?

    init(_ metadata: PackageMetadata) {
        docs = metadata.documentation
        worlds = metadata.worlds.filled { $0.isEmpty ? nil : WorldDocument($0) }
        interfaces = metadata.interfaces.filled { $0.isEmpty ? nil : InterfaceDocument($0) }
    }

    var metadata: PackageMetadata {
        var result = PackageMetadata()
        result.documentation = docs.map(DocumentationText.clean)
        result.worlds = worlds?.mapValues(\.notes) ?? [:]
        result.interfaces = interfaces?.mapValues(\.notes) ?? [:]
        return result
    }
}

private struct WorldDocument: Codable {
    var docs: String?
    var stability: StabilityDocument?
    var interfaces: [String: InterfaceDocument]?
    var types: [String: TypeDocument]?
    var funcs: [String: NoteDocument]?
    var interface_exports: [String: InterfaceDocument]?
    var func_exports: [String: NoteDocument]?
    var interface_import_stability: [String: StabilityDocument]?
    var interface_export_stability: [String: StabilityDocument]?
    var interface_import_docs: [String: String]?
    var interface_export_docs: [String: String]?

    init(_ notes: PackageMetadata.WorldNotes) {
        docs = notes.note.documentation
        stability = StabilityDocument(notes.note.stability)
        interfaces = notes.importedInterfaces.filled { $0.isEmpty ? nil : InterfaceDocument($0) }
        types = notes.types.filled { $0.isEmpty ? nil : TypeDocument($0) }
        funcs = notes.importedFunctions.filled { $0.isEmpty ? nil : NoteDocument($0) }
        interface_exports = notes.exportedInterfaces.filled { $0.isEmpty ? nil : InterfaceDocument($0) }
        func_exports = notes.exportedFunctions.filled { $0.isEmpty ? nil : NoteDocument($0) }
        interface_import_stability = notes.importNotes.filled { StabilityDocument($0.stability) }
        interface_export_stability = notes.exportNotes.filled { StabilityDocument($0.stability) }
        interface_import_docs = notes.importNotes.filled(\.documentation)
        interface_export_docs = notes.exportNotes.filled(\.documentation)
    }

    var notes: PackageMetadata.WorldNotes {
        var result = PackageMetadata.WorldNotes()
        result.note = PackageMetadata.Note(documentation: docs.map(DocumentationText.clean), stability: stability.value)
        result.types = types?.mapValues(\.notes) ?? [:]
        result.importedInterfaces = interfaces?.mapValues(\.notes) ?? [:]
        result.exportedInterfaces = interface_exports?.mapValues(\.notes) ?? [:]
        result.importedFunctions = funcs?.mapValues(\.note) ?? [:]
        result.exportedFunctions = func_exports?.mapValues(\.note) ?? [:]
        result.importNotes = Self.notes(interface_import_docs, interface_import_stability)
        result.exportNotes = Self.notes(interface_export_docs, interface_export_stability)
        return result
    }

    private static func notes(
        _ docs: [String: String]?, _ stability: [String: StabilityDocument]?
    ) -> [String: PackageMetadata.Note] {
        var result = (docs ?? [:]).mapValues { PackageMetadata.Note(documentation: DocumentationText.clean($0)) }
        for (name, document) in stability ?? [:] { result[name, default: .init()].stability = document.value }
        return result
    }
}

private struct InterfaceDocument: Codable {
    var docs: String?
    var stability: StabilityDocument?
    var funcs: [String: NoteDocument]?
    var types: [String: TypeDocument]?

    init(_ notes: PackageMetadata.InterfaceNotes) {
        docs = notes.note.documentation
        stability = StabilityDocument(notes.note.stability)
        funcs = notes.functions.filled { $0.isEmpty ? nil : NoteDocument($0) }
        types = notes.types.filled { $0.isEmpty ? nil : TypeDocument($0) }
    }

    var notes: PackageMetadata.InterfaceNotes {
        PackageMetadata.InterfaceNotes(
            note: .init(documentation: docs.map(DocumentationText.clean), stability: stability.value),
            functions: funcs?.mapValues(\.note) ?? [:],
            types: types?.mapValues(\.notes) ?? [:])
    }
}

private struct TypeDocument: Codable {
    var docs: String?
    var stability: StabilityDocument?
    var items: [String: String]?

    init(_ notes: PackageMetadata.TypeNotes) {
        docs = notes.note.documentation
        stability = StabilityDocument(notes.note.stability)
        items = notes.items.isEmpty ? nil : notes.items
    }

    var notes: PackageMetadata.TypeNotes {
        PackageMetadata.TypeNotes(
            note: .init(documentation: docs.map(DocumentationText.clean), stability: stability.value),
            items: items?.mapValues(DocumentationText.clean) ?? [:])
    }
}

/// What is known of a function; older encoders wrote the comment alone.
private struct NoteDocument: Codable {
    var note: PackageMetadata.Note

    private enum Key: CodingKey {
        case docs, stability
    }

    init(_ note: PackageMetadata.Note) {
        self.note = note
    }

    init(from decoder: any Decoder) throws {
        if let single = try? decoder.singleValueContainer(), let text = try? single.decode(String.self) {
            note = PackageMetadata.Note(documentation: DocumentationText.clean(text))
            return
        }
        let members = try decoder.container(keyedBy: Key.self)
        note = PackageMetadata.Note(
            documentation: try members.decodeIfPresent(String.self, forKey: .docs).map(DocumentationText.clean),
            stability: try members.decodeIfPresent(StabilityDocument.self, forKey: .stability).value)
    }

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: Key.self)
        try members.encodeIfPresent(note.documentation, forKey: .docs)
        try members.encodeIfPresent(StabilityDocument(note.stability), forKey: .stability)
    }
}

private struct StabilityDocument: Codable {
    struct Stable: Codable {
        var since: String
        var deprecated: String?
    }

    struct Unstable: Codable {
        var feature: String
        var deprecated: String?
    }

    var stable: Stable?
    var unstable: Unstable?

    private enum Key: CodingKey {
        case stable, unstable
    }

    init?(_ stability: Stability) {
        switch stability {
        case .unknown: return nil
        case .stable(let since, let deprecated):
            stable = Stable(since: since.description, deprecated: deprecated?.description)
        case .unstable(let feature, let deprecated):
            unstable = Unstable(feature: feature, deprecated: deprecated?.description)
        }
    }

    init(from decoder: any Decoder) throws {
        // A bare text says that nothing is known.
        if let single = try? decoder.singleValueContainer(), (try? single.decode(String.self)) != nil { return }
        let members = try decoder.container(keyedBy: Key.self)
        stable = try members.decodeIfPresent(Stable.self, forKey: .stable)
        unstable = try members.decodeIfPresent(Unstable.self, forKey: .unstable)
    }

    var value: Stability {
        if let stable, let since = SemanticVersion(stable.since) {
            return .stable(since: since, deprecated: stable.deprecated.flatMap { SemanticVersion($0) })
        }
        if let unstable, ExternName.isLabel(unstable.feature) {
            return .unstable(
                feature: unstable.feature, deprecated: unstable.deprecated.flatMap { SemanticVersion($0) })
        }
        return .unknown
    }
}

extension StabilityDocument? {
    fileprivate var value: Stability { self?.value ?? .unknown }
}

extension Dictionary {
    /// The values that `transform` keeps; `nil` when there are none.
    fileprivate func filled<Other>(_ transform: (Value) -> Other?) -> [Key: Other]? {
        let kept = compactMapValues(transform)
        return kept.isEmpty ? nil : kept
    }
}
