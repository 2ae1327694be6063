// SPDX-License-Identifier: Apache-2.0

internal import DovetailBinary

/// The text of custom sections: those that the text format has a form for, and others as bytes.
enum CustomSectionText {
    /// Prints a section of a core module that stands behind `place`.
    static func print(
        _ name: String, _ payload: ArraySlice<UInt8>, after place: CoreCustomSection.Place, of module: CoreModuleBinary,
        _ writer: inout TextWriter
    ) {
        print(name, payload, place: self.place(place, of: module), &writer)
    }

    /// Prints a section of a component.
    static func print(_ name: String, _ payload: ArraySlice<UInt8>, _ writer: inout TextWriter) {
        print(name, payload, place: nil, &writer)
    }

    private static func print(
        _ name: String, _ payload: ArraySlice<UInt8>, place: String?, _ writer: inout TextWriter
    ) {
        switch name {
        // They are what identifiers are made of.
        case "name", "component-name": return
        case "producers":
            if producers(payload, &writer) { return }
        default: break
        }
        writer.openLine("@custom ")
        writer.quoted(name)
        if let place { writer.put(" (\(place))") }
        writer.put(" ")
        writer.quoted(bytes: payload)
        writer.close()
    }

    private static func producers(_ payload: ArraySlice<UInt8>, _ writer: inout TextWriter) -> Bool {
        let fields = payload.withUnsafeBytes { bytes in
            ProducersSection(CustomSection(name: "producers", range: 0..<bytes.count, offset: 0), in: bytes)?.fields
        }
        // Only what can be read back as the same.
        guard let fields, fields.allSatisfy({ ["language", "processed-by", "sdk"].contains($0.name) }) else {
            return false
        }
        writer.openLine("@producers")
        for field in fields {
            for value in field.values {
                writer.openLine(field.name + " ")
                writer.quoted(value.name)
                writer.put(" ")
                writer.quoted(value.version)
                writer.close()
            }
        }
        writer.close()
        return true
    }

    /// Where a section stands: behind the last section before it that there is.
    private static func place(_ place: CoreCustomSection.Place, of module: CoreModuleBinary) -> String {
        let sections: [(CoreCustomSection.Place, String, Bool)] = [
            (.types, "type", !module.types.isEmpty), (.imports, "import", !module.imports.isEmpty),
            (.functions, "func", !module.functions.isEmpty), (.tables, "table", !module.tables.isEmpty),
            (.memories, "memory", !module.memories.isEmpty), (.tags, "tag", !module.tags.isEmpty),
            (.globals, "global", !module.globals.isEmpty), (.exports, "export", !module.exports.isEmpty),
            (.start, "start", module.start != nil), (.elements, "elem", !module.elements.isEmpty),
            (.dataCount, "datacount", module.countsDataSegments), (.code, "code", !module.functions.isEmpty),
            (.end, "data", !module.data.isEmpty),
        ]
        let last = sections.last { $0.0 <= place && $0.2 }
        return last.map { "after \($0.1)" } ?? "before first"
    }
}
