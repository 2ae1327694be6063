// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailJSON
import DovetailTypes

extension PackageMetadata {
    /// Reads the payload of the custom section: a version and JSON.
    ///
    /// - Throws: a ``BinaryError`` when the version is unknown or the rest is not the JSON that is expected.
    init(_ payload: UnsafeRawBufferPointer) throws(BinaryError) {
        guard let version = payload.first, version <= 1 else {
            throw .badMetadata("expected version 0 or 1, found \(payload.first.map { "\($0)" } ?? "nothing")")
        }
        do throws(JSONError) {
            let document = JSONPlace(try JSONTree(reading: UnsafeRawBufferPointer(rebasing: payload.dropFirst())))
            self.init()
            documentation = try document.documentation()
            worlds = try document.entries("worlds", WorldNotes.init(reading:))
            interfaces = try document.entries("interfaces", InterfaceNotes.init(reading:))
        } catch {
            throw .badMetadata("\(error)")
        }
    }
}

extension PackageMetadata.WorldNotes {
    fileprivate init(reading place: JSONPlace) throws(JSONError) {
        self.init()
        note = try PackageMetadata.Note(members: place)
        types = try place.entries("types", PackageMetadata.TypeNotes.init(reading:))
        importedInterfaces = try place.entries("interfaces", PackageMetadata.InterfaceNotes.init(reading:))
        exportedInterfaces = try place.entries("interface_exports", PackageMetadata.InterfaceNotes.init(reading:))
        importedFunctions = try place.entries("funcs", PackageMetadata.Note.init(reading:))
        exportedFunctions = try place.entries("func_exports", PackageMetadata.Note.init(reading:))
        importNotes = try Self.notes(place, docs: "interface_import_docs", stability: "interface_import_stability")
        exportNotes = try Self.notes(place, docs: "interface_export_docs", stability: "interface_export_stability")
    }

    private static func notes(
        _ place: JSONPlace, docs: String, stability: String
    ) throws(JSONError) -> [String: PackageMetadata.Note] {
        var result: [String: PackageMetadata.Note] = [:]
        for (name, text) in try place.member(docs)?.members() ?? [] {
            result[name] = PackageMetadata.Note(documentation: DocumentationText.clean(try text.text()))
        }
        for (name, value) in try place.member(stability)?.members() ?? [] {
            result[name, default: .init()].stability = try Stability(reading: value)
        }
        return result
    }
}

extension PackageMetadata.InterfaceNotes {
    fileprivate init(reading place: JSONPlace) throws(JSONError) {
        self.init()
        note = try PackageMetadata.Note(members: place)
        functions = try place.entries("funcs", PackageMetadata.Note.init(reading:))
        types = try place.entries("types", PackageMetadata.TypeNotes.init(reading:))
    }
}

extension PackageMetadata.TypeNotes {
    fileprivate init(reading place: JSONPlace) throws(JSONError) {
        self.init()
        note = try PackageMetadata.Note(members: place)
        items = try place.entries("items") { item throws(JSONError) in DocumentationText.clean(try item.text()) }
    }
}

extension PackageMetadata.Note {
    /// What is known of a function; older encoders wrote the comment alone.
    fileprivate init(reading place: JSONPlace) throws(JSONError) {
        if place.isText {
            self.init(documentation: DocumentationText.clean(try place.text()))
        } else {
            try self.init(members: place)
        }
    }

    /// The notes among the members of an object.
    fileprivate init(members place: JSONPlace) throws(JSONError) {
        self.init(documentation: try place.documentation())
        if let found = try place.member("stability") { stability = try Stability(reading: found) }
    }
}

extension Stability {
    fileprivate init(reading place: JSONPlace) throws(JSONError) {
        self = .unknown
        // A bare text says that nothing is known.
        if place.isText { return }
        if let stable = try place.member("stable") {
            guard let since = try stable.member("since")?.version() else { return }
            self = .stable(since: since, deprecated: try stable.member("deprecated")?.version())
        } else if let unstable = try place.member("unstable"), let feature = try unstable.member("feature")?.text(),
            ExternName.isLabel(feature)
        {
            self = .unstable(feature: feature, deprecated: try unstable.member("deprecated")?.version())
        }
    }
}

extension JSONPlace {
    /// The comment of the thing that this object describes.
    fileprivate func documentation() throws(JSONError) -> String? {
        try member("docs").map { place throws(JSONError) in DocumentationText.clean(try place.text()) }
    }

    fileprivate func version() throws(JSONError) -> SemanticVersion? { SemanticVersion(try text()) }

    /// The members of the member `name`, each read by `read`.
    fileprivate func entries<Notes>(
        _ name: String, _ read: (JSONPlace) throws(JSONError) -> Notes
    ) throws(JSONError) -> [String: Notes] {
        var result: [String: Notes] = [:]
        for (key, place) in try member(name)?.members() ?? [] { result[key] = try read(place) }
        return result
    }
}
